using SignalWatch.Collector.Series.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>One curve of an answer: arrays of equal length, a bucket in each place. A bucket without values is not there: draw no line across it.</summary>
/// <param name="Subject">About what.</param>
/// <param name="Probe">Who measured.</param>
/// <param name="Watch">With which watch.</param>
/// <param name="Origin">Live, replay or simulated: never mixed in one curve.</param>
/// <param name="Apart">What tells it from others of its subject, <c>pid=256</c>; absent where nothing does.</param>
/// <param name="T">Beginning of each bucket, milliseconds of Unix time (UTC), by the probe's clock.</param>
/// <param name="Min">Least value.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="Last">Latest value.</param>
/// <param name="Count">How many values.</param>
internal sealed record SeriesCurve(Subject Subject, ProbeId Probe, WatchId Watch, Origin Origin, string? Apart, long[] T, double[] Min, double[] Mean, double[] Max, double[] Last, long[] Count);

/// <summary>Curves of one metric.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Unit">Of all values; empty for counts and ratios.</param>
/// <param name="Title">For people.</param>
/// <param name="StepSeconds">Length of a bucket. Buckets lie at its multiples in UTC.</param>
/// <param name="Rollup">The resolution that was read: 1s, 1min, 1h.</param>
/// <param name="From">Begin.</param>
/// <param name="To">End, not included.</param>
/// <param name="Series">The curves.</param>
/// <param name="More">True where there are more curves than an answer holds: ask for one probe or subject.</param>
internal sealed record SeriesAnswer(string Metric, string Unit, Text Title, long StepSeconds, string Rollup, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SeriesCurve> Series, bool More);

/// <summary>Which step a picture needs, and the reading of it.</summary>
internal static class SeriesQuery
{
    // Steps that people count in; beyond the last, whole days.
    private static readonly long[] StepsSeconds = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

    /// <summary>The least step that gives at most <paramref name="points"/>, and the coarsest resolution that it can be made of.</summary>
    /// <param name="from">Begin, ms.</param>
    /// <param name="to">End, ms.</param>
    /// <param name="points">Buckets at most.</param>
    /// <param name="kept">Whether a resolution still has values as old as the begin.</param>
    public static (long StepMs, Rollup Rollup) Plan(long from, long to, int points, Func<Rollup, bool> kept)
    {
        // One bucket more than fits, as neither end need lie on a step.
        var least = (to - from + Math.Max(1, points - 1) - 1) / Math.Max(1, points - 1);
        var step = StepsSeconds.Select(s => s * 1000).FirstOrDefault(s => s >= least, (least + 86_399_999) / 86_400_000 * 86_400_000);
        var rollup = Rollup.All.Last(r => step % r.StepMs == 0);
        // What is no longer kept finely can only be had coarsely.
        while (!kept(rollup) && rollup.Index + 1 < Rollup.All.Count) rollup = Rollup.All[rollup.Index + 1];
        return (Math.Max(step, rollup.StepMs), rollup);
    }

    /// <summary>Reads one curve.</summary>
    public static SeriesCurve Read(SeriesStore store, int number, in SeriesKey key, long from, long to, long stepMs, Rollup rollup)
    {
        var (times, cells) = (new List<long>(), new List<Cell>());
        foreach (var (ms, cell) in store.Read(number, rollup, from, to))
        {
            var start = Rollup.Floor(ms, stepMs);
            // Later within its step: its last value is the step's.
            var placed = cell with { Bucket = 0, LastAt = (int)Math.Min(int.MaxValue, ms - start + cell.LastAt) };
            if (times.Count > 0 && times[^1] == start) cells[^1] = cells[^1].Merge(placed);
            else
            {
                times.Add(start);
                cells.Add(placed);
            }
        }
        return new(key.Subject, key.Probe, key.Watch, key.Origin, key.Apart.Length > 0 ? key.Apart : null, [.. times],
            [.. cells.Select(c => c.Min)], [.. cells.Select(c => c.Mean)], [.. cells.Select(c => c.Max)], [.. cells.Select(c => c.Last)], [.. cells.Select(c => (long)c.Count)]);
    }
}
