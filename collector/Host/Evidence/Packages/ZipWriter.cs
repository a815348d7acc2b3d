using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>Writes a zip (APPNOTE 6.3.10) of stored files, one after the other, to a stream that can't seek. No times, no compression, no attributes: the same content gives the same bytes.</summary>
internal sealed class ZipWriter(Stream to)
{
    private const uint LocalHeader = 0x04034b50;
    private const uint CentralHeader = 0x02014b50;
    private const uint End = 0x06054b50;
    private const uint End64 = 0x06064b50;
    private const uint End64Locator = 0x07064b50;
    private const ushort Utf8Names = 1 << 11;
    private const ushort Version = 45; // zip64, 4.4.3.2
    private const ushort FirstOfJanuary1980 = 0x21;
    private const int BufferBytes = 1 << 17;

    private readonly List<Entry> entries = [];
    private long at;

    /// <summary>Adds a small file.</summary>
    public async Task Add(string name, ReadOnlyMemory<byte> content, CancellationToken cancelled)
    {
        await Begin(name, content.Length, Crc32.Of(content.Span), cancelled).ConfigureAwait(false);
        await Write(content, cancelled).ConfigureAwait(false);
    }

    /// <summary>Adds a file from a stream.</summary>
    /// <exception cref="InvalidDataException">It has not the bytes that were said: the zip is spoilt.</exception>
    public async Task Add(string name, Stream content, long bytes, uint crc32, CancellationToken cancelled)
    {
        await Begin(name, bytes, crc32, cancelled).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var (seen, crc) = (0L, new Crc32());
            int read;
            while ((read = await content.ReadAsync(buffer, cancelled).ConfigureAwait(false)) > 0)
            {
                crc.Append(buffer.AsSpan(0, read));
                seen += read;
                await Write(buffer.AsMemory(0, read), cancelled).ConfigureAwait(false);
            }
            if (seen != bytes || crc.Value != crc32) throw new InvalidDataException($"{name} changed while it was packed");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the directory: the zip is whole.</summary>
    public async Task Finish(CancellationToken cancelled)
    {
        var (start, directory) = (at, new ArrayBufferWriter<byte>());
        foreach (var entry in entries) WriteCentral(directory, entry);
        var bytes = directory.WrittenCount;
        Put(directory, End64, (ulong)44, Version, Version, 0u, 0u, (ulong)entries.Count, (ulong)entries.Count, (ulong)bytes, (ulong)start);
        Put(directory, End64Locator, 0u, (ulong)(start + bytes), 1u);
        Put(directory, End, (ushort)0, (ushort)0, (ushort)Math.Min(entries.Count, ushort.MaxValue), (ushort)Math.Min(entries.Count, ushort.MaxValue),
            (uint)bytes, (uint)Math.Min(start, uint.MaxValue), (ushort)0);
        await Write(directory.WrittenMemory, cancelled).ConfigureAwait(false);
        await to.FlushAsync(cancelled).ConfigureAwait(false);
    }

    private async Task Begin(string name, long bytes, uint crc32, CancellationToken cancelled)
    {
        var (entry, header) = (new Entry(Encoding.UTF8.GetBytes(name), bytes, crc32, at), new ArrayBufferWriter<byte>());
        entries.Add(entry);
        Put(header, LocalHeader, Version, Utf8Names, (ushort)0, (ushort)0, FirstOfJanuary1980, crc32, uint.MaxValue, uint.MaxValue, (ushort)entry.Name.Length, (ushort)20);
        header.Write(entry.Name);
        Put(header, (ushort)1, (ushort)16, (ulong)bytes, (ulong)bytes); // 4.5.3: sizes of 64 bits, always, so that there is one form
        await Write(header.WrittenMemory, cancelled).ConfigureAwait(false);
    }

    private static void WriteCentral(ArrayBufferWriter<byte> to, Entry entry)
    {
        Put(to, CentralHeader, Version, Version, Utf8Names, (ushort)0, (ushort)0, FirstOfJanuary1980, entry.Crc32, uint.MaxValue, uint.MaxValue, (ushort)entry.Name.Length, (ushort)28,
            (ushort)0, (ushort)0, (ushort)0, 0u, uint.MaxValue);
        to.Write(entry.Name);
        Put(to, (ushort)1, (ushort)24, (ulong)entry.Bytes, (ulong)entry.Bytes, (ulong)entry.Offset);
    }

    private async Task Write(ReadOnlyMemory<byte> bytes, CancellationToken cancelled)
    {
        await to.WriteAsync(bytes, cancelled).ConfigureAwait(false);
        at += bytes.Length;
    }

    private static void Put(ArrayBufferWriter<byte> to, params ReadOnlySpan<object> fields)
    {
        foreach (var field in fields)
        {
            switch (field)
            {
                case ushort value: BinaryPrimitives.WriteUInt16LittleEndian(to.GetSpan(2), value); to.Advance(2); break;
                case uint value: BinaryPrimitives.WriteUInt32LittleEndian(to.GetSpan(4), value); to.Advance(4); break;
                case ulong value: BinaryPrimitives.WriteUInt64LittleEndian(to.GetSpan(8), value); to.Advance(8); break;
                default: throw new ArgumentException($"a field of a zip is no {field.GetType().Name}", nameof(fields));
            }
        }
    }

    private sealed record Entry(byte[] Name, long Bytes, uint Crc32, long Offset);
}
