using System.Globalization;

namespace SignalWatch.Probe.Spool;

/// <summary>What a spool's folder holds when a probe starts.</summary>
/// <param name="Boot">The life that goes on, or a new one.</param>
/// <param name="Segments">Readable segments, oldest first.</param>
/// <param name="Next">The number that the next record gets.</param>
/// <param name="Acknowledged">What the collector has, as far as is known.</param>
/// <param name="Gaps">What was lost.</param>
internal sealed record SpoolRecovery(Guid Boot, List<Segment> Segments, long Next, long Acknowledged, List<SpoolGap> Gaps)
{
    // The shortest record that an observation makes. It bounds from above how many records a damaged stretch can have held.
    private const int LeastRecord = SegmentFile.RecordHeaderBytes + 100;

    /// <summary>Reads a folder. It always succeeds where the folder can be read and written: what is damaged is set aside and becomes a gap.</summary>
    /// <exception cref="IOException">The folder can't be read or written.</exception>
    public static SpoolRecovery Of(string folder)
    {
        Directory.CreateDirectory(folder);
        var gaps = new List<SpoolGap>();
        var segments = new List<Segment>();
        Guid? boot = null;
        foreach (var file in Directory.GetFiles(folder, "*.seg").Order(StringComparer.Ordinal))
        {
            if (new FileInfo(file).Length < SegmentFile.HeaderBytes)
            {
                File.Delete(file); // the end came between its creation and its first record: no number of it was ever sent
                continue;
            }
            if (ReadHeader(file) is { } header && (boot ??= header.Boot) == header.Boot) segments.Add(new Segment(file, header.First, header.First - 1, new FileInfo(file).Length));
            else SetAside(file);
        }
        var dropped = DroppedSegment.In(folder);
        // Where all segments had to go, what is left of them knows the boot.
        boot ??= dropped.Select(d => ReadHeader(d.File)?.Boot).FirstOrDefault(b => b is not null);
        for (var i = 0; i + 1 < segments.Count; i++) segments[i].Last = segments[i + 1].First - 1;
        var cursor = Path.Combine(folder, Cursor.Name);
        if (boot is null)
        {
            File.Delete(cursor); // it is of another life
            return new SpoolRecovery(Guid.CreateVersion7(), [], 1, 0, gaps);
        }
        var acknowledged = Cursor.Read(cursor, boot.Value);
        foreach (var (_, from, to) in dropped)
        {
            if (from > acknowledged + 1) gaps.Add(Hole(acknowledged, from));
            gaps.Add(new SpoolGap(from, to, to - from + 1, Texts.GapFull));
            acknowledged = Math.Max(acknowledged, to);
        }
        if (segments.Count == 0) return new SpoolRecovery(boot.Value, [], acknowledged + 1, acknowledged, gaps);
        if (segments[0].First > acknowledged + 1) gaps.Add(Hole(acknowledged, segments[0].First));
        var next = EndOf(segments[^1], gaps);
        // Numbers that a set-aside file held were perhaps sent. Used again they would be taken for duplicates, and the new records would be lost.
        var highest = Directory.GetFiles(folder, "*.damaged").Select(NumbersBelow).DefaultIfEmpty(0).Max();
        var safe = Math.Max(Math.Max(next, acknowledged + 1), highest);
        if (safe > next) gaps.Add(new SpoolGap(next, safe - 1, safe - next, Texts.GapDamaged));
        return new SpoolRecovery(boot.Value, segments, safe, acknowledged, gaps);
    }

    /// <summary>Renames a file that can't be read: evidence of what happened, and out of the way.</summary>
    public static void SetAside(string file)
    {
        try { File.Move(file, Path.ChangeExtension(file, ".damaged"), overwrite: true); }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) { /* then it is found again at the next start */ }
    }

    private static SpoolGap Hole(long before, long after) => new(before + 1, after - 1, after - before - 1, Texts.GapDamaged);

    private static (Guid Boot, long First)? ReadHeader(string file)
    {
        Span<byte> head = stackalloc byte[SegmentFile.HeaderBytes];
        using var handle = File.OpenHandle(file);
        return RandomAccess.Read(handle, head, 0) == head.Length && SegmentFile.TryReadHeader(head, out var boot, out var first) ? (boot, first) : null;
    }

    // Finds the end of the last segment. A torn tail was never acknowledged to anybody: it is cut, and its number used again.
    // Damage further in may hide records that were sent: their numbers are passed over.
    private static long EndOf(Segment segment, List<SpoolGap> gaps)
    {
        var bytes = File.ReadAllBytes(segment.File);
        var (at, next) = (SegmentFile.HeaderBytes, segment.First);
        while (true)
        {
            var tail = SegmentFile.ReadRecord(bytes.AsSpan(at), next, out var record);
            if (tail != SegmentTail.Record)
            {
                (segment.Bytes, segment.Last) = (at, next - 1);
                if (tail != SegmentTail.Damaged) return next;
                segment.Damaged = true;
                var after = next + (bytes.Length - at) / LeastRecord + 1;
                gaps.Add(new SpoolGap(next, after - 1, after - next, Texts.GapDamaged));
                return after;
            }
            at += record.Bytes;
            next++;
        }
    }

    // The first number that a damaged file can't have held: its name says where it began.
    private static long NumbersBelow(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first is > 0 and < long.MaxValue / 2
            ? first + new FileInfo(file).Length / LeastRecord + 1
            : 0;
}
