namespace SignalWatch.Collector.Series.Storage;

/// <summary>What is known of one bucket. Cells of the same bucket can be merged in any grouping, which is what makes late values, flushes and merges of files simple.</summary>
/// <param name="Bucket">Which bucket of its window.</param>
/// <param name="Count">How many values.</param>
/// <param name="Min">Least.</param>
/// <param name="Max">Greatest.</param>
/// <param name="Sum">Sum; the mean is derived.</param>
/// <param name="Last">The value with the latest source time.</param>
/// <param name="LastAt">Its milliseconds since the bucket began; 0 where a single value's time within its bucket was not kept.</param>
internal readonly record struct Cell(int Bucket, int Count, double Min, double Max, double Sum, double Last, int LastAt)
{
    public double Mean => Sum / Count;

    /// <summary>A cell of one value.</summary>
    public static Cell Of(int bucket, double value, int atMs) => new(bucket, 1, value, value, value, value, atMs);

    /// <summary>This cell with a value more.</summary>
    public Cell With(double value, int atMs) => Merge(Of(Bucket, value, atMs));

    /// <summary>Both together. Where their last values have the same time, the one that came later counts.</summary>
    public Cell Merge(in Cell later) => new(Bucket, Count > int.MaxValue - later.Count ? int.MaxValue : Count + later.Count, Math.Min(Min, later.Min), Math.Max(Max, later.Max), Sum + later.Sum,
        later.LastAt >= LastAt ? later.Last : Last, Math.Max(LastAt, later.LastAt));

    /// <summary>Brings cells in order of their buckets, one for each. The sort is stable: of equal times the later arrival is the last value.</summary>
    public static void Settle(List<Cell> cells)
    {
        var ordered = true;
        for (var i = 1; ordered && i < cells.Count; i++) ordered = cells[i].Bucket > cells[i - 1].Bucket;
        if (ordered) return;
        var sorted = cells.Select((cell, arrival) => (cell, arrival)).OrderBy(c => c.cell.Bucket).ThenBy(c => c.arrival).Select(c => c.cell).ToList();
        cells.Clear();
        foreach (var cell in sorted)
        {
            if (cells.Count > 0 && cells[^1].Bucket == cell.Bucket) cells[^1] = cells[^1].Merge(cell);
            else cells.Add(cell);
        }
    }
}
