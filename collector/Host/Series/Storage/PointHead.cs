namespace SignalWatch.Collector.Series.Storage;

/// <summary>Values that are not in files yet, in order of arrival. Plain columns of a bounded length: 20 B a value, nothing for each series, however many there are.</summary>
internal sealed class PointHead(int most)
{
    private const int Least = 4_096;

    private int[] ids = new int[Math.Min(Least, most)];
    private long[] times = new long[Math.Min(Least, most)];
    private double[] values = new double[Math.Min(Least, most)];

    public int Count { get; private set; }

    public bool IsFull => Count == most;

    /// <summary>Adds a value.</summary>
    /// <returns>False where there is no room.</returns>
    public bool Add(int id, long ms, double value)
    {
        if (IsFull) return false;
        if (Count == ids.Length) Grow();
        (ids[Count], times[Count], values[Count]) = (id, ms, value);
        Count++;
        return true;
    }

    /// <summary>Forgets all; the room stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>The values of one series between two times, in order of arrival.</summary>
    public void Find(int id, long from, long to, List<(long Ms, double Value)> into)
    {
        var all = ids.AsSpan(0, Count);
        for (var at = 0; at < all.Length; at++)
        {
            var next = all[at..].IndexOf(id);
            if (next < 0) return;
            at += next;
            if (times[at] >= from && times[at] < to) into.Add((times[at], values[at]));
        }
    }

    /// <summary>The values grouped by series, in order of arrival within each.</summary>
    public GroupedPoints Group(int seriesCount)
    {
        var starts = new int[seriesCount + 1];
        for (var i = 0; i < Count; i++) starts[ids[i] + 1]++;
        for (var i = 0; i < seriesCount; i++) starts[i + 1] += starts[i];
        var (next, groupedTimes, groupedValues) = (starts.AsSpan(0, seriesCount).ToArray(), new long[Count], new double[Count]);
        for (var i = 0; i < Count; i++)
        {
            var at = next[ids[i]]++;
            (groupedTimes[at], groupedValues[at]) = (times[i], values[i]);
        }
        return new(starts, groupedTimes, groupedValues);
    }

    private void Grow()
    {
        var length = (int)Math.Min(most, ids.Length * 2L);
        Array.Resize(ref ids, length);
        Array.Resize(ref times, length);
        Array.Resize(ref values, length);
    }
}

/// <summary>Values grouped by series.</summary>
/// <param name="Starts">Where each series begins; one longer than there are series.</param>
/// <param name="Times">Milliseconds.</param>
/// <param name="Values">Values.</param>
internal sealed record GroupedPoints(int[] Starts, long[] Times, double[] Values);
