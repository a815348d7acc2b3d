namespace SignalWatch.Fm.Identity;

/// <summary>Mean and variance of what was measured, weighed by time; what is older than a week fades.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Variance">Variance.</param>
/// <param name="Seconds">Time of signal that it holds, s.</param>
public readonly record struct RunningMean(double Mean, double Variance, double Seconds)
{
    private const double MemorySeconds = 7 * 86_400;

    /// <summary>Standard deviation.</summary>
    public double Sigma => Math.Sqrt(Math.Max(0, Variance));

    /// <summary>With one more value.</summary>
    public RunningMean With(double value, double seconds)
    {
        if (!double.IsFinite(value) || seconds <= 0) return this;
        var total = Seconds + seconds;
        var weight = seconds / Math.Min(total, MemorySeconds + seconds);
        var step = value - Mean;
        return new RunningMean(Mean + weight * step, (1 - weight) * (Variance + weight * step * step), total);
    }
}
