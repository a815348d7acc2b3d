using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace SignalWatch.Collector.Series.Storage;

/// <summary>Writes a <see cref="Segment"/> under another name, and gives it its own when all of it is on disk: a file with a segment's name is whole.</summary>
internal sealed class SegmentWriter : IDisposable
{
    public const string Unfinished = ".tmp";

    private readonly string folder;
    private readonly FileStream stream;
    private readonly ArrayBufferWriter<byte> block = new(1024);
    private readonly List<SegmentEntry> entries = [];
    private long offset;
    private long cells;

    public SegmentWriter(string folder, SegmentName name)
    {
        (this.folder, Name) = (folder, name);
        stream = new FileStream(Path.Combine(folder, name.File + Unfinished), FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024);
    }

    public SegmentName Name { get; }

    /// <summary>Adds the cells of a series, whose number is greater than those before.</summary>
    public void Add(int id, List<Cell> of)
    {
        block.ResetWrittenCount();
        CellBlock.Write(CollectionsMarshal.AsSpan(of), block);
        stream.Write(block.WrittenSpan);
        entries.Add(new(id, block.WrittenCount, offset, Segment.Guard(id, block.WrittenSpan)));
        offset += block.WrittenCount;
        cells += of.Count;
    }

    /// <summary>Makes it durable and gives it its name.</summary>
    public void Finish()
    {
        Span<byte> entry = stackalloc byte[Segment.EntryBytes];
        foreach (var item in entries)
        {
            item.Write(entry);
            stream.Write(entry);
        }
        Span<byte> footer = stackalloc byte[Segment.FooterBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(footer, Segment.Magic);
        BinaryPrimitives.WriteInt64LittleEndian(footer[8..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(footer[16..], entries.Count);
        BinaryPrimitives.WriteInt32LittleEndian(footer[20..], Name.Rollup.Index);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[24..], (uint)Math.Min(cells, uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(footer[28..], Crc32.HashToUInt32(footer[..28]));
        stream.Write(footer);
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(stream.Name, Path.Combine(folder, Name.File), overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
