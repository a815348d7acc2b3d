using System.Buffers;

namespace SignalWatch.Probe.Spool;

/// <summary>Reads a segment from its beginning, a stretch at a time.</summary>
internal sealed class SegmentReader(Segment segment)
{
    private const int StretchBytes = 1 << 20; // four times the longest record: the first of a stretch is always whole
    private long offset = SegmentFile.HeaderBytes;

    public Segment Segment => segment;

    /// <summary>Number of the record that comes next.</summary>
    public long Number { get; private set; } = segment.First;

    /// <summary>Reads on, and gives the payloads from <paramref name="wanted"/> on, each with a line feed.</summary>
    /// <param name="end">Bytes of the segment that are good.</param>
    /// <param name="last">Number of its last record.</param>
    /// <param name="wanted">Records before this one are passed over.</param>
    /// <param name="most">Most records to give.</param>
    /// <param name="lines">Where they go.</param>
    /// <returns>False where the next record can't be read, and nothing was given.</returns>
    /// <exception cref="IOException">The disk can't be read just now.</exception>
    public bool TryRead(long end, long last, long wanted, int most, IBufferWriter<byte> lines)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(StretchBytes);
        try
        {
            var stretch = bytes.AsSpan(0, (int)Math.Clamp(end - offset, 0, StretchBytes));
            using (var handle = File.OpenHandle(segment.File, share: FileShare.ReadWrite | FileShare.Delete)) stretch = stretch[..RandomAccess.Read(handle, stretch, offset)];
            var (at, begin) = (0, Number);
            while (Number <= last && Number - wanted < most)
            {
                if (SegmentFile.ReadRecord(stretch[at..], Number, out var record) != SegmentTail.Record) break;
                if (Number >= wanted)
                {
                    lines.Write(stretch.Slice(at + record.PayloadAt, record.PayloadBytes));
                    lines.Write("\n"u8);
                }
                at += record.Bytes;
                Number++;
            }
            offset += at;
            return Number > begin;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
