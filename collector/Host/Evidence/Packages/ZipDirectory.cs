using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>A file in a zip.</summary>
/// <param name="Name">As it stands there; never used as a path.</param>
/// <param name="Bytes">Its size unpacked, as the directory claims.</param>
/// <param name="Packed">Its size in the zip.</param>
/// <param name="Offset">Where its local header is.</param>
/// <param name="Deflated">False where it is stored.</param>
internal sealed record ZipEntry(string Name, long Bytes, long Packed, long Offset, bool Deflated);

/// <summary>Reads the directory of a zip that may have been made to harm: memory is bounded by what is read of it, not by what it claims, and nothing is ever written anywhere.</summary>
internal static class ZipDirectory
{
    private const int MostEntries = 200_000;
    private const int MostDirectoryBytes = 64 << 20;
    private const int EndBytes = 22;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int MostComment = ushort.MaxValue;

    /// <summary>The files of a zip.</summary>
    /// <exception cref="InvalidDataException">It is no zip, or one that is not taken.</exception>
    public static List<ZipEntry> Read(Stream zip)
    {
        var tail = ReadAt(zip, Math.Max(0, zip.Length - EndBytes - MostComment), (int)Math.Min(zip.Length, EndBytes + MostComment));
        var end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || end + EndBytes > tail.Length) throw new InvalidDataException("it has no end record");
        var record = tail.AsSpan(end);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]), bytes = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]), start = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        var locator = end - 20;
        if (locator >= 0 && tail.AsSpan(locator, 4).SequenceEqual("PK\u0006\u0007"u8))
        {
            var end64 = ReadAt(zip, BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(locator + 8)), 56);
            if (!end64.AsSpan(0, 4).SequenceEqual("PK\u0006\u0006"u8)) throw new InvalidDataException("its zip64 end record is not where it should be");
            (count, bytes, start) = (BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(32)), BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(40)), BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(48)));
        }
        if (count is < 0 or > MostEntries || bytes is < 0 or > MostDirectoryBytes) throw new InvalidDataException($"it claims {count} files");
        return Entries(ReadAt(zip, start, (int)bytes), count);
    }

    /// <summary>A file's bytes; at most one more than its entry claims.</summary>
    /// <exception cref="InvalidDataException">The entry leads nowhere.</exception>
    public static Stream Open(Stream zip, ZipEntry entry)
    {
        var local = ReadAt(zip, entry.Offset, LocalBytes);
        if (!local.AsSpan(0, 4).SequenceEqual("PK\u0003\u0004"u8)) throw new InvalidDataException("its local header is missing");
        var start = entry.Offset + LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        if (entry.Packed < 0 || start > zip.Length - entry.Packed) throw new InvalidDataException("it reaches beyond the end");
        zip.Position = start;
        Stream packed = new Part(zip, entry.Packed);
        return entry.Deflated ? new DeflateStream(packed, CompressionMode.Decompress) : packed;
    }

    private static List<ZipEntry> Entries(ReadOnlySpan<byte> directory, long count)
    {
        var entries = new List<ZipEntry>();
        while (directory.Length > 0)
        {
            if (directory.Length < CentralBytes || !directory[..4].SequenceEqual("PK\u0001\u0002"u8)) throw new InvalidDataException("its directory is damaged");
            var (method, name, extra, comment) = (BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]), BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]),
                BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]), BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]));
            var length = CentralBytes + name + extra + comment;
            if (directory.Length < length) throw new InvalidDataException("its directory is cut off");
            if ((BinaryPrimitives.ReadUInt16LittleEndian(directory[8..]) & 1) == 1 || method is not (0 or 8)) throw new InvalidDataException("it has an encrypted file, or one packed in an unknown way");
            long packed = BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]), bytes = BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]), offset = BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]);
            Widen(directory.Slice(CentralBytes + name, extra), ref bytes, ref packed, ref offset);
            if (bytes < 0 || packed < 0 || offset < 0) throw new InvalidDataException("its directory is damaged");
            entries.Add(new(Encoding.UTF8.GetString(directory.Slice(CentralBytes, name)), bytes, packed, offset, method == 8));
            directory = directory[length..];
        }
        return entries.Count == count ? entries : throw new InvalidDataException($"its directory has {entries.Count} files, not {count}");
    }

    // APPNOTE 4.5.3: those of the three that were too large for 32 bits, in this order.
    private static void Widen(ReadOnlySpan<byte> extra, ref long bytes, ref long packed, ref long offset)
    {
        while (extra.Length >= 4)
        {
            var (id, size) = (BinaryPrimitives.ReadUInt16LittleEndian(extra), BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]));
            if (extra.Length < 4 + size) return;
            if (id == 1)
            {
                var wide = extra.Slice(4, size);
                Take(ref wide, ref bytes);
                Take(ref wide, ref packed);
                Take(ref wide, ref offset);
                return;
            }
            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref ReadOnlySpan<byte> wide, ref long value)
    {
        if (value != uint.MaxValue || wide.Length < sizeof(long)) return;
        value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[sizeof(long)..];
    }

    private static byte[] ReadAt(Stream zip, long at, int count)
    {
        if (at < 0 || at > zip.Length - count) throw new InvalidDataException("it is cut off");
        var bytes = new byte[count];
        zip.Position = at;
        zip.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The next bytes of a stream, and no more.</summary>
    private sealed class Part(Stream of, long bytes) : Stream
    {
        private long left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = of.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
            left -= read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await of.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken).ConfigureAwait(false);
            left -= read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
