namespace SignalWatch.Collector.Series;

/// <summary>One resolution that is kept. Times are milliseconds of Unix time; buckets and windows lie at their multiples, in UTC.</summary>
/// <param name="Index">Its place, finest first.</param>
/// <param name="Name">As files and people call it.</param>
/// <param name="StepMs">Length of a bucket.</param>
/// <param name="WindowMs">What one set of files covers: the unit that is dropped when its time is over.</param>
internal sealed record Rollup(int Index, string Name, long StepMs, long WindowMs)
{
    public static readonly Rollup Second = new(0, "1s", 1_000, 3_600_000);
    public static readonly Rollup Minute = new(1, "1min", 60_000, 86_400_000);
    public static readonly Rollup Hour = new(2, "1h", 3_600_000, 30L * 86_400_000);

    /// <summary>All, finest first.</summary>
    public static readonly IReadOnlyList<Rollup> All = [Second, Minute, Hour];

    /// <summary>Buckets in a window.</summary>
    public int Buckets => (int)(WindowMs / StepMs);

    public long WindowOf(long ms) => Floor(ms, WindowMs);

    public int BucketOf(long ms) => (int)((ms - WindowOf(ms)) / StepMs);

    /// <summary>The multiple of <paramref name="step"/> at or before <paramref name="ms"/>, also before 1970.</summary>
    public static long Floor(long ms, long step) => ms - (((ms % step) + step) % step);
}
