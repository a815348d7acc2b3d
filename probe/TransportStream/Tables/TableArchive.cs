namespace SignalWatch.TransportStream;

/// <summary>
/// Sections of a stream → its tables, each content once. Tables whose content changes are kept as versions, also where the version number stayed.
/// Bounded by bytes: what passes (data carousels, then schedules, then events and times) goes before what lasts, the oldest first, and is counted.
/// A section that is known costs no allocation. Not for several threads.
/// </summary>
/// <param name="maxBytes">What complete tables may take, and as much again those under way.</param>
public sealed class TableArchive(long maxBytes = TableArchive.DefaultMaxBytes)
{
    /// <summary>For a multiplex that is watched for long.</summary>
    public const long DefaultMaxBytes = 1 << 20;

    private const int StateBytes = 160; // what an entry costs besides its sections, roughly
    private const int VersionBytes = 240;
    private const int MaxShortTables = 512; // on all PIDs: a multiplex has a few times and cues, random bytes have any number

    private readonly Dictionary<TableKey, TableCollection> collections = [];
    private readonly Queue<TableKey> collectionOrder = [];
    private readonly Dictionary<(int Pid, int TableId), RecentSections> shortSections = [];
    private readonly Queue<(TableVersion Table, long Order)>[] kept = [new(), new(), new(), new()]; // by Lasting
    private long keptBytes;
    private long collectingBytes;
    private long completed;

    /// <summary>Called for each table that became complete.</summary>
    public Action<TableVersion>? Completed { get; set; }

    /// <summary>Complete tables that are kept, in the order in which they became complete.</summary>
    public IReadOnlyList<TableVersion> Tables => kept.SelectMany(queue => queue).OrderBy(entry => entry.Order).Select(entry => entry.Table).ToArray();

    /// <summary>Tables of which sections are missing still, with what came.</summary>
    public IReadOnlyList<TableVersion> Incomplete =>
        collections.Where(pair => !pair.Value.IsComplete).Select(pair => pair.Value.ToTable(pair.Key)).OrderBy(table => table.FirstPacket).ToArray();

    /// <summary>Complete tables that had to go for want of room.</summary>
    public long Dropped { get; private set; }

    /// <summary>Tables whose collection had to go for want of room: one of them that is sent again counts as new.</summary>
    public long Forgotten { get; private set; }

    /// <summary>splice_info_sections with a wrong CRC: they are not kept.</summary>
    public long BadSplices { get; private set; }

    /// <summary>Takes a section whose CRC, if it has one, is right. The bytes are copied where they are new.</summary>
    /// <param name="pid">The PID that carried it.</param>
    /// <param name="section">From table_id to CRC.</param>
    /// <param name="packetIndex">Index of the packet that ended it.</param>
    /// <param name="firstPacketIndex">Index of the packet in which it began.</param>
    /// <returns>True where a table is complete with it, and new.</returns>
    public bool Add(int pid, ReadOnlySpan<byte> section, long packetIndex, long firstPacketIndex)
    {
        if (section.Length < 3 || section[0] is TableIdentifiers.Stuffing or TableIdentifiers.Forbidden) return false;
        if ((section[1] & 0x80) == 0) return AddShort(pid, section, packetIndex, firstPacketIndex);
        if (!Section.TryRead(section, out var header)) return false;
        var key = new TableKey(pid, header.TableId, header.Extension, TableVersion.Owner(section), header.Current);
        if (!collections.TryGetValue(key, out var collection))
        {
            collections.Add(key, collection = new TableCollection());
            collectionOrder.Enqueue(key);
            collectingBytes += StateBytes;
        }
        collectingBytes -= collection.Bytes;
        var isComplete = collection.Add(header, section, packetIndex, firstPacketIndex);
        if (isComplete) Keep(collection.Take(key));
        collectingBytes += collection.Bytes;
        Forget(key);
        return isComplete;
    }

    // Tables of short sections have no version: each content that differs from the recent ones is one.
    private bool AddShort(int pid, ReadOnlySpan<byte> section, long packetIndex, long firstPacketIndex)
    {
        // A short section with a CRC that only this table has: whoever checks the CRCs of long sections passes over it.
        if (section[0] == TableIdentifiers.SpliceInformation && Crc32Mpeg.Compute(section) != 0)
        {
            BadSplices++;
            return false;
        }
        if (!shortSections.TryGetValue((pid, section[0]), out var recent))
        {
            if (shortSections.Count == MaxShortTables)
            {
                Forgotten += shortSections.Count;
                shortSections.Clear();
            }
            shortSections.Add((pid, section[0]), recent = new RecentSections());
        }
        if (!recent.IsNew(Crc32Mpeg.Compute(section), section.Length)) return false;
        Keep(new TableVersion(pid, section[0], null, null, true, firstPacketIndex, packetIndex, [section.ToArray()]));
        return true;
    }

    private void Keep(TableVersion table)
    {
        kept[(int)Rank(table.TableId)].Enqueue((table, completed++));
        keptBytes += Size(table);
        for (var rank = 0; rank < kept.Length && keptBytes > maxBytes; rank++)
            while (keptBytes > maxBytes && kept[rank].Count > 0)
            {
                keptBytes -= Size(kept[rank].Dequeue().Table);
                Dropped++;
            }
        Completed?.Invoke(table);
    }

    private void Forget(TableKey current)
    {
        while (collectingBytes > maxBytes && collectionOrder.Count > 1)
        {
            var oldest = collectionOrder.Dequeue();
            if (oldest == current)
            {
                collectionOrder.Enqueue(oldest); // it is under way: the next oldest goes
                continue;
            }
            collectingBytes -= collections[oldest].Bytes + StateBytes;
            collections.Remove(oldest);
            Forgotten++;
        }
    }

    private static long Size(TableVersion table)
    {
        long size = VersionBytes;
        foreach (var section in table.Sections) size += section.Length + 32;
        return size;
    }

    private static Lasting Rank(int tableId) => tableId switch
    {
        >= TableIdentifiers.FirstDsmcc and <= TableIdentifiers.LastDsmcc => Lasting.Data,
        >= TableIdentifiers.FirstUserDefined and not TableIdentifiers.SpliceInformation => Lasting.Data,
        >= TableIdentifiers.FirstSchedule and <= TableIdentifiers.LastEvent => Lasting.Schedule,
        TableIdentifiers.FirstEvent or TableIdentifiers.EventOther => Lasting.Passing,
        TableIdentifiers.TimeAndDate or TableIdentifiers.TimeOffset or TableIdentifiers.RunningStatus or TableIdentifiers.SpliceInformation => Lasting.Passing,
        _ => Lasting.Long,
    };

    /// <summary>How long a table is worth its room; the least first.</summary>
    private enum Lasting
    {
        Data,
        Schedule,
        Passing,
        Long,
    }

    /// <summary>The contents of short sections that came last.</summary>
    private sealed class RecentSections
    {
        private const int Depth = 32;

        private readonly ulong[] contents = new ulong[Depth];
        private int next;

        public bool IsNew(uint check, int length)
        {
            var content = (ulong)(uint)length << 32 | check;
            if (contents.AsSpan().Contains(content)) return false;
            contents[next++ % Depth] = content;
            return true;
        }
    }
}

/// <summary>Which table a section belongs to. The owner is what the extension is counted in: the transport stream and network of an EIT.</summary>
internal readonly record struct TableKey(int Pid, int TableId, int Extension, ulong Owner, bool IsCurrent);

/// <summary>The sections of one table, while they come, and afterwards what tells whether they come again.</summary>
internal sealed class TableCollection
{
    private const int SegmentSections = 8; // EN 300 468 5.2.4: a schedule leaves the ends of its segments empty

    private uint[] checks = [];
    private byte[]?[] sections = [];
    private byte[] segmentEnds = [];
    private bool[] came = [];
    private int version = -1;
    private long firstPacket;
    private long lastPacket;
    private int heldBytes;

    public bool IsComplete { get; private set; }

    /// <summary>What it holds.</summary>
    public int Bytes => heldBytes + checks.Length * 16;

    /// <returns>True where the table is complete with the section.</returns>
    public bool Add(in Section header, ReadOnlySpan<byte> section, long packetIndex, long firstPacketIndex)
    {
        var known = version == header.Version && came.Length == header.Last + 1;
        if (known && came[header.Number] && checks[header.Number] == header.Crc) return false;
        // A section that changed without a new version starts the table anew, as a new version does.
        if (!known || came[header.Number]) Restart(header, firstPacketIndex);
        if (IsComplete) Restart(header, firstPacketIndex); // a section in a gap of a schedule
        came[header.Number] = true;
        checks[header.Number] = header.Crc;
        sections[header.Number] = section.ToArray();
        heldBytes += section.Length + 32;
        segmentEnds[header.Number] = IsSchedule(header.TableId) && header.Body.Length > 4 ? header.Body[4] : (byte)header.Last;
        (firstPacket, lastPacket) = (Math.Min(firstPacket, firstPacketIndex), packetIndex);
        IsComplete = Missing(header.TableId) == 0;
        return IsComplete;
    }

    /// <summary>The table, with the sections that there are.</summary>
    public TableVersion ToTable(TableKey key) =>
        new(key.Pid, key.TableId, key.Extension, version, key.IsCurrent, firstPacket, lastPacket, sections.Where(section => section is not null).Select(section => new ReadOnlyMemory<byte>(section)).ToArray())
        {
            MissingSections = Missing(key.TableId),
        };

    /// <summary>The whole table; from now on only the checks are held.</summary>
    public TableVersion Take(TableKey key)
    {
        var table = ToTable(key);
        Array.Clear(sections);
        heldBytes = 0;
        return table;
    }

    private static bool IsSchedule(int tableId) => tableId is >= TableIdentifiers.FirstSchedule and <= TableIdentifiers.LastEvent;

    private void Restart(in Section header, long firstPacketIndex)
    {
        var count = header.Last + 1;
        if (came.Length != count) (checks, sections, segmentEnds, came) = (new uint[count], new byte[]?[count], new byte[count], new bool[count]);
        Array.Clear(came);
        Array.Clear(sections);
        (version, heldBytes, firstPacket, IsComplete) = (header.Version, 0, firstPacketIndex, false);
    }

    private int Missing(int tableId)
    {
        if (!IsSchedule(tableId)) return came.AsSpan().Count(false);
        var missing = 0;
        for (var start = 0; start < came.Length; start += SegmentSections)
        {
            var segment = came.AsSpan(start, Math.Min(SegmentSections, came.Length - start));
            var seen = segment.IndexOf(true);
            // Of a segment that nothing came of at least one section is missing.
            if (seen < 0) missing++;
            else missing += segment[..Math.Clamp(segmentEnds[start + seen] - start + 1, seen + 1, segment.Length)].Count(false);
        }
        return missing;
    }
}
