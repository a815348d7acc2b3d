using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>
/// SMPTE ST 2022-1: rebuilds media packets from rows and columns. A packet that is the only one missing in its row or column is the parity of the others;
/// rebuilt, it may be the one that another row or column was waiting for, so this goes on until nothing more comes.
/// </summary>
/// <param name="media">Datagrams that came; rebuilt ones are put there.</param>
internal sealed class FecDecoder(DatagramRing media)
{
    private const int MostGroups = 128; // L + D is 40 at most (ST 2022-1 8.2), and two matrices are under way
    private const int MostFecBytes = 192 << 10;
    private const int UsualMatrix = 100;  // L × D at most (ST 2022-1 8.2): assumed until the stream tells
    private const int MostSpan = 4096;    // L × D can't be larger here: what is larger can't be kept

    private const byte ColumnType = 1;
    private const byte RowType = 2;

    private readonly DatagramRing parities = new(MostFecBytes, MostGroups);
    private readonly Group[] groups = new Group[MostGroups];
    private readonly FecSequence columnSequence = new();
    private readonly FecSequence rowSequence = new();
    private int active;
    private long taken;
    private int columns;
    private int rows;
    private long unsupported;
    private FecUnsupported reason;
    private byte fecTypes;

    /// <summary>FEC came.</summary>
    public bool IsInUse => fecTypes != 0;

    /// <summary>Some row or column waits for packets.</summary>
    public bool IsWaiting => active > 0;

    /// <summary>L × D as learnt. Where only rows came yet, columns may still follow.</summary>
    public int MatrixPackets => columns * rows > 0 ? columns * rows : UsualMatrix;

    /// <summary>Takes a FEC datagram.</summary>
    /// <param name="datagram">RTP and all.</param>
    /// <param name="from">The first media packet that is still wanted.</param>
    /// <param name="highest">Extended sequence number of the latest media packet: the 16 bits of the FEC header belong near it.</param>
    /// <returns>False where it can't be used.</returns>
    public bool Take(ReadOnlySpan<byte> datagram, long from, long highest)
    {
        var why = FecHeader.TryRead(datagram, out var header);
        if (why == FecUnsupported.None && header.Offset * header.Count > MostSpan) why = FecUnsupported.Matrix;
        if (why != FecUnsupported.None)
        {
            unsupported++;
            reason = why;
            return false;
        }
        fecTypes |= header.IsRow ? RowType : ColumnType;
        if (header.IsRow) columns = header.Count;
        else (columns, rows) = (header.Offset, header.Count);
        (header.IsRow ? rowSequence : columnSequence).Count(header.Sequence);
        var first = highest + (short)(header.Base - (ushort)highest);
        var group = new Group { First = first, Offset = header.Offset, Count = header.Count, Parity = taken, Unchecked = true };
        if (first < 0 || group.Last < from || Missing(group, out _) == 0 || Knows(group)) return true;
        DropUseless(from);
        if (active == MostGroups) Drop(0);
        parities.Reserve(Math.Min(MostGroups, 2 * (columns + rows) + 8));
        parities.Widen(datagram.Length);
        if (!parities.Store(taken, datagram)) return true;
        taken++;
        groups[active++] = group;
        return true;
    }

    /// <summary>A media packet came, or was rebuilt: rows and columns that hold it are worth a look.</summary>
    public void Arrived(long sequence)
    {
        for (var i = 0; i < active; i++)
            if (groups[i].Holds(sequence)) groups[i].Unchecked = true;
    }

    /// <summary>A hole opened: whatever holds it is worth a look.</summary>
    public void HoleOpened()
    {
        for (var i = 0; i < active; i++) groups[i].Unchecked = true;
    }

    /// <summary>Rebuilds one packet into the media ring.</summary>
    /// <param name="from">The first that is still wanted.</param>
    /// <param name="highest">The latest that came: what is beyond is not missing but to come.</param>
    /// <param name="ssrc">Of the media; parity does not cover it.</param>
    /// <param name="sequence">Which it was.</param>
    /// <returns>False where nothing more can be rebuilt now.</returns>
    public bool TryRebuild(long from, long highest, uint ssrc, out long sequence)
    {
        sequence = -1;
        for (var i = 0; i < active; i++)
        {
            ref var group = ref groups[i];
            if (!group.Unchecked) continue;
            group.Unchecked = false;
            var missing = Missing(group, out var only);
            if (missing == 0 || group.Last < from || !parities.Has(group.Parity))
            {
                Drop(i--);
                continue;
            }
            if (missing > 1 || only < from || only > highest) continue;
            var rebuilt = Rebuild(group, only, ssrc);
            Drop(i--);
            if (!rebuilt) continue;
            sequence = only;
            Arrived(only);
            return true;
        }
        return false;
    }

    /// <summary>Another stream: what was kept fits no more.</summary>
    public void Restart() => (active, columns, rows) = (0, 0, 0);

    public FecStatistics? Snapshot() => fecTypes == 0 && unsupported == 0 ? null : new FecStatistics
    {
        Columns = columns == 0 ? null : columns,
        Rows = rows == 0 ? null : rows,
        ColumnPackets = columnSequence.Received,
        RowPackets = rowSequence.Received,
        Lost = columnSequence.Lost + rowSequence.Lost,
        Unsupported = unsupported,
        UnsupportedReason = reason,
    };

    private bool Knows(in Group group)
    {
        for (var i = 0; i < active; i++)
            if (groups[i].First == group.First && groups[i].Offset == group.Offset && groups[i].Count == group.Count) return true;
        return false;
    }

    private void DropUseless(long from)
    {
        for (var i = active - 1; i >= 0; i--)
            if (groups[i].Last < from) Drop(i);
    }

    private int Missing(in Group group, out long only)
    {
        only = -1;
        var missing = 0;
        for (var (i, sequence) = (0, group.First); i < group.Count && missing < 2; i++, sequence += group.Offset)
        {
            if (media.Has(sequence)) continue;
            missing++;
            only = sequence;
        }
        return missing;
    }

    // RFC 2733 8.1. Lengths differ: the parity is as long as the longest packet, shorter ones count as padded with zeros.
    private bool Rebuild(in Group group, long missing, uint ssrc)
    {
        if (group.Last - group.First >= media.Slots) return false; // its own members would take each other's room
        var parity = parities.Get(group.Parity);
        _ = FecHeader.TryRead(parity, out var header);
        var (length, flags, type, timestamp) = (header.LengthRecovery, header.FlagsRecovery, header.TypeRecovery, header.TimestampRecovery);
        for (var (i, sequence) = (0, group.First); i < group.Count; i++, sequence += group.Offset)
        {
            if (sequence == missing) continue;
            var packet = media.Get(sequence);
            length ^= (ushort)(packet.Length - RtpHeader.FixedBytes);
            flags ^= (byte)(packet[0] & 0x3F);
            type ^= packet[1];
            timestamp ^= BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        }
        if (length > parity.Length - FecHeader.Bytes) return false; // contradicts the parity's own length: some packet is not what was sent
        var rebuilt = media.Room(missing, RtpHeader.FixedBytes + length);
        if (rebuilt.IsEmpty) return false;
        rebuilt[0] = (byte)(0x80 | flags);
        rebuilt[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(rebuilt[2..], (ushort)missing);
        BinaryPrimitives.WriteUInt32BigEndian(rebuilt[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(rebuilt[8..], ssrc);
        var body = rebuilt[RtpHeader.FixedBytes..];
        parity.Slice(FecHeader.Bytes, length).CopyTo(body);
        for (var (i, sequence) = (0, group.First); i < group.Count; i++, sequence += group.Offset)
            if (sequence != missing) Parity.Add(body, media.Get(sequence)[RtpHeader.FixedBytes..]);
        if (RtpHeader.TryRead(rebuilt, out _)) return true;
        media.Remove(missing);
        return false;
    }

    private void Drop(int index)
    {
        groups.AsSpan(index + 1, active - index - 1).CopyTo(groups.AsSpan(index));
        active--;
    }

    private struct Group
    {
        public long First;
        public int Offset;
        public int Count;
        public long Parity;
        public bool Unchecked;

        public readonly long Last => First + (long)Offset * (Count - 1);

        public readonly bool Holds(long sequence) => sequence >= First && sequence <= Last && (sequence - First) % Offset == 0;
    }

    // A FEC stream's own numbers, on which its own loss shows.
    private sealed class FecSequence
    {
        private long first = -1;
        private long highest = -1;

        public long Received { get; private set; }

        public long Lost => first < 0 ? 0 : Math.Max(0, highest - first + 1 - Received);

        public void Count(ushort sequence)
        {
            Received++;
            if (first < 0)
            {
                first = highest = sequence;
                return;
            }
            highest = Math.Max(highest, highest + (short)(sequence - (ushort)highest));
        }
    }
}
