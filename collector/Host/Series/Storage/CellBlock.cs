using System.Buffers;

namespace SignalWatch.Collector.Series.Storage;

/// <summary>The cells of one series in one window as bytes: a column for each of their parts. Where each cell has one value, which is the rule at 1 s, that value is all there is.</summary>
internal static class CellBlock
{
    private const byte Dense = 1, Single = 2;

    // Sums of decimals are off by a few units in the last place; 1e-12 of a sum is far below any measurement.
    private const double SumTolerance = 1e-12;

    /// <summary>Appends cells.</summary>
    /// <param name="cells">At least one, in order of their buckets, one for each.</param>
    /// <param name="to">Where they go.</param>
    public static void Write(ReadOnlySpan<Cell> cells, ArrayBufferWriter<byte> to)
    {
        var dense = cells[^1].Bucket - cells[0].Bucket == cells.Length - 1;
        var single = true;
        foreach (ref readonly var cell in cells) single &= cell.Count == 1;
        to.GetSpan(1)[0] = (byte)((dense ? Dense : 0) | (single ? Single : 0));
        to.Advance(1);
        Column.WriteWhole(to, (ulong)cells.Length);
        Column.WriteWhole(to, (ulong)cells[0].Bucket);
        for (var i = 1; !dense && i < cells.Length; i++) Column.WriteWhole(to, (ulong)(cells[i].Bucket - cells[i - 1].Bucket));
        var values = ArrayPool<double>.Shared.Rent(cells.Length);
        var column = values.AsSpan(0, cells.Length);
        if (!single)
        {
            foreach (ref readonly var cell in cells) Column.WriteWhole(to, (ulong)cell.Count);
            foreach (ref readonly var cell in cells) Column.WriteWhole(to, (ulong)cell.LastAt);
            for (var i = 0; i < cells.Length; i++) column[i] = cells[i].Min;
            Column.Write(to, column, 0);
            for (var i = 0; i < cells.Length; i++) column[i] = cells[i].Max;
            Column.Write(to, column, 0);
            for (var i = 0; i < cells.Length; i++) column[i] = cells[i].Sum;
            Column.Write(to, column, SumTolerance);
        }
        for (var i = 0; i < cells.Length; i++) column[i] = cells[i].Last;
        Column.Write(to, column, 0);
        ArrayPool<double>.Shared.Return(values);
    }

    /// <summary>Reads cells.</summary>
    /// <param name="block">The bytes.</param>
    /// <param name="rollup">Of which resolution they are.</param>
    /// <param name="into">They are added to it.</param>
    /// <exception cref="InvalidDataException">The bytes are not a block; nothing was added.</exception>
    public static void Read(ReadOnlySpan<byte> block, Rollup rollup, List<Cell> into)
    {
        var from = new ByteReader(block);
        var flags = from.Byte();
        if (flags > (Dense | Single)) throw new InvalidDataException("unknown flags");
        var n = from.Whole(rollup.Buckets);
        if (n == 0) throw new InvalidDataException("a block without cells");
        var (buckets, counts, lasts) = (new int[n], new int[n], new int[n]);
        ReadBuckets(ref from, buckets, (flags & Dense) != 0, rollup.Buckets);
        var (min, max, sum, last) = (new double[n], new double[n], new double[n], new double[n]);
        if ((flags & Single) == 0)
        {
            foreach (ref var count in counts.AsSpan()) count = Math.Max(1, from.Whole(int.MaxValue));
            foreach (ref var at in lasts.AsSpan()) at = from.Whole((int)rollup.StepMs);
            Column.Read(ref from, min);
            Column.Read(ref from, max);
            Column.Read(ref from, sum);
        }
        Column.Read(ref from, last);
        if (!from.IsAtEnd) throw new InvalidDataException("bytes behind the block");
        for (var i = 0; i < n; i++) into.Add((flags & Single) != 0 ? Cell.Of(buckets[i], last[i], 0) : new(buckets[i], counts[i], min[i], max[i], sum[i], last[i], lasts[i]));
    }

    private static void ReadBuckets(ref ByteReader from, int[] buckets, bool dense, int limit)
    {
        buckets[0] = from.Whole(limit - 1);
        for (var i = 1; i < buckets.Length; i++)
        {
            buckets[i] = buckets[i - 1] + (dense ? 1 : Math.Max(1, from.Whole(limit)));
            if (buckets[i] >= limit) throw new InvalidDataException("a bucket beyond the window");
        }
    }
}
