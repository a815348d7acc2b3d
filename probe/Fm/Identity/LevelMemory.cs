namespace SignalWatch.Fm.Identity;

/// <summary>A day's level.</summary>
/// <param name="Day">The legal day.</param>
/// <param name="MedianDb">Median, dB.</param>
/// <param name="MadDb">Median of the distances from it, dB.</param>
/// <param name="Seconds">Time of signal, s.</param>
public readonly record struct DayLevel(DateOnly Day, double MedianDb, double MadDb, double Seconds);

/// <summary>The level of a station over 30 days: a histogram of today in steps of 0.5 dB, and what is left of each day before. Its median is that of the days' medians, weighed by time.</summary>
internal sealed class LevelMemory
{
    private const double LowestDb = -150;
    private const double StepDb = 0.5;
    private const int Days = 30;
    private const double LeastSeconds = 86_400;

    private readonly double[] today = new double[400];
    private readonly List<DayLevel> days = [];
    private DateOnly day;
    private double todaySeconds;
    private DayLevel? fresh;

    /// <summary>Median and spread (median of the distances from it) of the last 30 days, dB; null before a day of signal was seen.</summary>
    public (double MedianDb, double MadDb)? Typical { get; private set; }

    public void Add(DateOnly on, double levelDb, double seconds)
    {
        if (!double.IsFinite(levelDb) || seconds <= 0) return;
        if (on != day) Turn(on);
        today[Math.Clamp((int)((levelDb - LowestDb) / StepDb), 0, today.Length - 1)] += seconds;
        todaySeconds += seconds;
        fresh = null;
        // The median moves little in an hour: it is formed anew as often as a hundredth of a day has passed.
        if (Typical is null || sinceTypical > LeastSeconds / 100) Form();
        sinceTypical += seconds;
    }

    private double sinceTypical;

    public IReadOnlyList<DayLevel> Snapshot() => Fresh() is { Seconds: > 0 } now ? [.. days, now] : [.. days];

    /// <summary>Takes back the days. Of the last one only its median is known: it stays a day of its own, what follows of the same day becomes another.</summary>
    public void Restore(IEnumerable<DayLevel> snapshot)
    {
        days.Clear();
        days.AddRange(snapshot.Where(d => double.IsFinite(d.MedianDb) && double.IsFinite(d.MadDb) && d.Seconds > 0).OrderBy(d => d.Day).TakeLast(2 * Days));
        Form();
    }

    private void Turn(DateOnly on)
    {
        if (Fresh() is { Seconds: > 0 } ended) days.Add(ended);
        Array.Clear(today);
        (todaySeconds, day, fresh) = (0, on, null);
        days.RemoveAll(d => d.Day.DayNumber <= on.DayNumber - Days || d.Day > on);
        if (days.Count > 2 * Days) days.RemoveRange(0, days.Count - 2 * Days);
        Form();
    }

    private void Form()
    {
        sinceTypical = 0;
        var all = Snapshot();
        Typical = all.Sum(d => d.Seconds) < LeastSeconds ? null : (Median(all, d => d.MedianDb), Median(all, d => d.MadDb));
    }

    private DayLevel Fresh()
    {
        if (fresh is { } known) return known;
        var median = Quantile(today, todaySeconds / 2);
        var distances = new double[today.Length];
        for (var n = 0; n < today.Length; n++) distances[Math.Min(today.Length - 1, (int)(Math.Abs(LowestDb + (n + 0.5) * StepDb - median) / StepDb))] += today[n];
        var made = new DayLevel(day, median, Quantile(distances, todaySeconds / 2) - LowestDb, todaySeconds);
        fresh = made;
        return made;
    }

    private static double Quantile(double[] histogram, double half)
    {
        double sum = 0;
        for (var n = 0; n < histogram.Length; n++)
        {
            if (sum + histogram[n] >= half && histogram[n] > 0) return LowestDb + (n + (half - sum) / histogram[n]) * StepDb;
            sum += histogram[n];
        }
        return LowestDb;
    }

    private static double Median(IReadOnlyList<DayLevel> all, Func<DayLevel, double> value)
    {
        var half = all.Sum(d => d.Seconds) / 2;
        double sum = 0;
        foreach (var d in all.OrderBy(value))
        {
            sum += d.Seconds;
            if (sum >= half) return value(d);
        }
        return value(all[^1]);
    }
}
