using System.Buffers.Binary;
using System.Text;

namespace SignalWatch.Collector.Storage.Sqlite.Salvage;

/// <summary>Rows in the pages of a file that may be damaged anywhere. Layout by "Database File Format", sqlite.org/fileformat2.html, §1.6 (b-trees), §1.7 (overflow) and §2.1 (records).</summary>
internal sealed class SqliteCells(SqlitePages pages)
{
    public const byte TableLeaf = 0x0d;
    private const byte TableInterior = 0x05, IndexLeaf = 0x0a, IndexInterior = 0x02;
    private const int FileHeaderBytes = 100;
    private const int MostBytes = 64 << 20; // far above the largest entry that is taken
    private const int DeepestTree = 20;

    /// <summary>The rows of the page where it is the leaf of a table: row id and columns; cells that can't be read are left out and counted.</summary>
    public List<(long Id, object?[] Columns)> Leaf(ReadOnlySpan<byte> page, ref long badCells)
    {
        var rows = new List<(long, object?[])>();
        if (page[0] != TableLeaf) return rows;
        foreach (var cell in Cells(page, 0))
        {
            var at = cell;
            if (Varint(page, ref at) is { } bytes && Varint(page, ref at) is { } id && Payload(page, at, bytes, pages.PageBytes - 35) is { } record && Columns(record) is { } columns) rows.Add((id, columns));
            else badCells++;
        }
        return rows;
    }

    /// <summary>All rows of the tree under <paramref name="root"/>, in its order; null where a page of it is damaged.</summary>
    public List<object?[]>? Tree(long root)
    {
        var rows = new List<object?[]>();
        return Walk(root, rows, 0, new HashSet<long>()) ? rows : null;
    }

    /// <summary>The first pages of the tables, by their names; empty where the schema can't be read.</summary>
    public Dictionary<string, long> Roots()
    {
        var roots = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in Tree(1) ?? [])
            if (row is ["table", string name, _, long root, ..]) roots[name] = root;
        return roots;
    }

    /// <summary>Pages that are free: what they still hold was removed.</summary>
    public HashSet<long> Free()
    {
        var free = new HashSet<long>();
        var page = new byte[pages.PageBytes];
        if (!pages.Read(1, page) || !page.AsSpan().StartsWith("SQLite format 3\0"u8)) return free;
        for (var trunk = (long)BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(32)); trunk != 0 && free.Add(trunk) && pages.Read(trunk, page); trunk = BinaryPrimitives.ReadUInt32BigEndian(page))
        {
            var leaves = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(4)), (uint)(pages.PageBytes / 4) - 2);
            for (var i = 0; i < leaves; i++) free.Add(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(8 + 4 * i)));
        }
        return free;
    }

    private bool Walk(long number, List<object?[]> rows, int depth, HashSet<long> seen)
    {
        var page = new byte[pages.PageBytes];
        if (depth > DeepestTree || !seen.Add(number) || !pages.Read(number, page)) return false;
        var start = number == 1 ? FileHeaderBytes : 0;
        var type = page[start];
        if (type is not (TableLeaf or TableInterior or IndexLeaf or IndexInterior)) return false;
        var cells = Cells(page, start);
        if (cells.Count != BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 3))) return false;
        foreach (var cell in cells)
        {
            var at = cell;
            if (type is TableInterior or IndexInterior)
            {
                if (at + 4 > page.Length || !Walk(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at)), rows, depth + 1, seen)) return false;
                at += 4;
            }
            if (type == TableInterior) continue;
            if (Varint(page, ref at) is not { } bytes || (type == TableLeaf && Varint(page, ref at) is null)) return false;
            var most = type == TableLeaf ? pages.PageBytes - 35 : (pages.PageBytes - 12) * 64 / 255 - 23;
            if (Payload(page, at, bytes, most) is not { } record || Columns(record) is not { } columns) return false;
            rows.Add(columns);
        }
        return type is TableLeaf or IndexLeaf || Walk(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(start + 8)), rows, depth + 1, seen);
    }

    private static List<int> Cells(ReadOnlySpan<byte> page, int start)
    {
        var cells = new List<int>();
        var first = start + (page[start] is TableInterior or IndexInterior ? 12 : 8);
        var count = BinaryPrimitives.ReadUInt16BigEndian(page[(start + 3)..]);
        for (var i = 0; i < count && first + 2 * i + 2 <= page.Length; i++)
            if (BinaryPrimitives.ReadUInt16BigEndian(page[(first + 2 * i)..]) is var at && at >= first && at < page.Length) cells.Add(at);
        return cells;
    }

    /// <summary>The bytes of a record, which may go on in overflow pages.</summary>
    private byte[]? Payload(ReadOnlySpan<byte> page, int at, long bytes, int mostLocal)
    {
        if (bytes is < 2 or > MostBytes) return null;
        var least = (pages.PageBytes - 12) * 32 / 255 - 23;
        var kept = least + (bytes - least) % (pages.PageBytes - 4);
        var local = (int)(bytes <= mostLocal ? bytes : kept <= mostLocal ? kept : least);
        if (at + local + (local < bytes ? 4 : 0) > page.Length) return null;
        var record = new byte[bytes];
        page.Slice(at, local).CopyTo(record);
        var next = local < bytes ? BinaryPrimitives.ReadUInt32BigEndian(page[(at + local)..]) : 0L;
        var more = new byte[pages.PageBytes];
        for (var have = local; have < bytes;)
        {
            if (!pages.Read(next, more)) return null;
            var piece = (int)Math.Min(bytes - have, pages.PageBytes - 4);
            more.AsSpan(4, piece).CopyTo(record.AsSpan(have));
            next = BinaryPrimitives.ReadUInt32BigEndian(more);
            have += piece;
        }
        return record;
    }

    /// <summary>Null, long, text or bytes for each column; null where the record is none.</summary>
    private static object?[]? Columns(ReadOnlySpan<byte> record)
    {
        var at = 0;
        if (Varint(record, ref at) is not { } headBytes || headBytes > record.Length || headBytes < at) return null;
        var body = (int)headBytes;
        var columns = new List<object?>();
        while (at < headBytes)
        {
            if (Varint(record, ref at) is not { } type || at > headBytes) return null;
            var bytes = type switch { >= 12 => (type - 12) / 2, 7 => -1, 5 => 6, 6 => 8, 8 or 9 or 0 => 0, >= 1 and <= 4 => type, _ => -1 };
            if (bytes < 0 || body + bytes > record.Length) return null;
            var value = record.Slice(body, (int)bytes);
            body += (int)bytes;
            if (type >= 13 && (type & 1) == 1 && !System.Text.Unicode.Utf8.IsValid(value)) return null;
            columns.Add(type switch { 0 => null, 8 => 0L, 9 => 1L, <= 6 => Integer(value), _ when (type & 1) == 0 => value.ToArray(), _ => Encoding.UTF8.GetString(value) });
        }
        return body == record.Length ? [.. columns] : null;
    }

    private static long Integer(ReadOnlySpan<byte> bytes)
    {
        var value = (long)(sbyte)bytes[0];
        foreach (var b in bytes[1..]) value = (value << 8) | b;
        return value;
    }

    private static long? Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0L;
        for (var i = 0; i < 9; i++)
        {
            if (at >= bytes.Length) return null;
            var b = bytes[at++];
            if (i == 8) return (value << 8) | b;
            value = (value << 7) | (uint)(b & 0x7f);
            if (b < 0x80) return value;
        }
        return null;
    }
}
