using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace SignalWatch.Collector.Series.Storage;

/// <summary>Which file: its resolution and window, and the flushes that are in it.</summary>
/// <param name="Rollup">Resolution.</param>
/// <param name="WindowMs">Beginning of its window.</param>
/// <param name="From">Number of the first flush in it.</param>
/// <param name="To">Number of the last.</param>
/// <param name="Tier">How often it was merged.</param>
internal sealed record SegmentName(Rollup Rollup, long WindowMs, long From, long To, int Tier)
{
    public const string Extension = ".seg";

    /// <summary>A merged file takes the place of all that lie within it: what a kill left of them is recognised by this.</summary>
    public bool Covers(SegmentName other) => other != this && Rollup == other.Rollup && WindowMs == other.WindowMs && From <= other.From && other.To <= To && Tier > other.Tier;

    public string File => string.Create(CultureInfo.InvariantCulture, $"{Rollup.Name}_{WindowMs / 1000}_{From:D10}_{To:D10}_{Tier}{Extension}");

    public static SegmentName? Parse(string file)
    {
        if (!file.EndsWith(Extension, StringComparison.Ordinal) || file[..^Extension.Length].Split('_') is not [var name, var window, var from, var to, var tier]) return null;
        var numbers = new long[4];
        foreach (var (text, i) in ((string[])[window, from, to, tier]).Select((t, i) => (t, i)))
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return Rollup.All.FirstOrDefault(r => r.Name == name) is { } rollup ? new(rollup, numbers[0] * 1000, numbers[1], numbers[2], (int)Math.Clamp(numbers[3], 0, 100)) : null;
    }
}

/// <summary>A file of blocks, one for each series, with a directory at its end in order of the series' numbers. Written once, never changed.
/// <code>
/// blocks     CRC-guarded bytes of <see cref="CellBlock"/>, one behind the other
/// directory  24 B a series: number u32, length u32, offset u64, CRC-32 of number and block u32, 0 u32
/// footer     32 B: magic u64, directory's offset u64, series u32, resolution u32, cells u32 (capped), CRC-32 of the 28 B before u32
/// </code></summary>
internal sealed class Segment : IDisposable
{
    public const int EntryBytes = 24, FooterBytes = 32;
    public const ulong Magic = 0x31474553_57535253; // "SRSWSEG1", little-endian

    // A block of a whole window with nothing in common takes some 80 B a cell; more is damage.
    private const int MostBlockBytes = 1 << 20;

    private readonly SafeFileHandle file;
    private readonly long directory;

    private Segment(SafeFileHandle file, Rollup rollup, long directory, int series) => (this.file, Rollup, this.directory, Series) = (file, rollup, directory, series);

    public Rollup Rollup { get; }

    public int Series { get; }

    /// <exception cref="InvalidDataException">It is not whole.</exception>
    public static Segment Open(string path)
    {
        var file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            var length = RandomAccess.GetLength(file);
            Span<byte> footer = stackalloc byte[FooterBytes];
            if (length < FooterBytes || RandomAccess.Read(file, footer, length - FooterBytes) != FooterBytes) throw new InvalidDataException("too short");
            if (BinaryPrimitives.ReadUInt64LittleEndian(footer) != Magic || Crc32.HashToUInt32(footer[..28]) != BinaryPrimitives.ReadUInt32LittleEndian(footer[28..]))
                throw new InvalidDataException("the footer is damaged");
            var directory = BinaryPrimitives.ReadInt64LittleEndian(footer[8..]);
            var series = BinaryPrimitives.ReadInt32LittleEndian(footer[16..]);
            var rollup = BinaryPrimitives.ReadInt32LittleEndian(footer[20..]);
            if (rollup < 0 || rollup >= Rollup.All.Count || series < 0 || directory < 0 || directory + ((long)series * EntryBytes) + FooterBytes != length)
                throw new InvalidDataException("the footer does not fit the file");
            return new(file, Rollup.All[rollup], directory, series);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds the cells of a series to <paramref name="into"/>.</summary>
    /// <returns>False where it has none of that series.</returns>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public bool Read(int id, List<Cell> into)
    {
        var (low, high) = (0, Series - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var entry = Entry(middle);
            if (entry.Id == id)
            {
                Read(entry, into);
                return true;
            }
            if (entry.Id < id) low = middle + 1;
            else high = middle - 1;
        }
        return false;
    }

    public SegmentEntry Entry(int index)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        if (RandomAccess.Read(file, bytes, directory + ((long)index * EntryBytes)) != EntryBytes) throw new InvalidDataException("the directory ends early");
        return SegmentEntry.Read(bytes);
    }

    /// <summary>Adds the cells of an entry to <paramref name="into"/>.</summary>
    public void Read(in SegmentEntry entry, List<Cell> into)
    {
        if (entry.Length is < 1 or > MostBlockBytes || entry.Offset < 0 || entry.Offset + entry.Length > directory) throw new InvalidDataException("an entry beyond the file");
        var bytes = ArrayPool<byte>.Shared.Rent(entry.Length);
        try
        {
            var block = bytes.AsSpan(0, entry.Length);
            if (RandomAccess.Read(file, block, entry.Offset) != entry.Length || Guard(entry.Id, block) != entry.Crc) throw new InvalidDataException("a block is damaged");
            CellBlock.Read(block, Rollup, into);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The number is guarded with the block: a damaged directory must not give one series' values to another.</summary>
    public static uint Guard(int id, ReadOnlySpan<byte> block)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, id);
        var crc = new Crc32();
        crc.Append(number);
        crc.Append(block);
        return crc.GetCurrentHashAsUInt32();
    }

    public void Dispose() => file.Dispose();
}

/// <summary>Where a series' block is.</summary>
internal readonly record struct SegmentEntry(int Id, int Length, long Offset, uint Crc)
{
    public static SegmentEntry Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Id);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], Crc);
    }
}
