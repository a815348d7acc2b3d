namespace SignalWatch.Hardware.Iq;

/// <summary>Tells the time of samples that come without time stamps, from when they arrive. Samples are never there before they were taken, so the earliest arrivals are the truest:
/// the origin follows them at once, and drifts the other way slowly, as the receiver's crystal does.</summary>
internal sealed class ArrivalClock(double sampleRateHz)
{
    // Crystals of receivers are within 100 ppm; the origin may drift twice as fast.
    private const double MaxDrift = 200e-6;

    // What arrives late for so long was not delayed: samples are missing.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxLateness = TimeSpan.FromMilliseconds(100);

    private DateTimeOffset origin;
    private DateTimeOffset windowStart;
    private DateTimeOffset windowOrigin;
    private bool started;

    /// <summary>Samples counted since the last <see cref="Restart"/>.</summary>
    public long Samples { get; private set; }

    /// <summary>Begins anew: what came before has no fixed distance from what comes.</summary>
    public void Restart() => (Samples, started) = (0, false);

    /// <summary>Samples never came, but their time has passed.</summary>
    public void Skip(long samples) => Samples += samples;

    /// <summary>Takes note of samples that arrived.</summary>
    /// <param name="samples">How many.</param>
    /// <param name="at">When the last of them arrived.</param>
    /// <param name="missing">Samples that must be missing before these, because everything has been late for longer than any queue explains; 0 as a rule. The clock has begun anew where it is not 0.</param>
    public void Arrived(int samples, DateTimeOffset at, out long missing)
    {
        missing = 0;
        Samples += samples;
        var implied = at - Seconds(Samples);
        if (!started) (origin, windowStart, windowOrigin, started) = (implied, at, implied, true);
        if (implied < origin) origin = implied;
        if (implied < windowOrigin) windowOrigin = implied;
        if (at - windowStart < Window) return;
        var late = windowOrigin - origin;
        if (late > MaxLateness)
        {
            missing = (long)(late.TotalSeconds * sampleRateHz);
            (Samples, origin) = (samples, at - Seconds(samples));
        }
        else if (late > TimeSpan.Zero) origin += TimeSpan.FromTicks(Math.Min(late.Ticks, (long)((at - windowStart).Ticks * MaxDrift)));
        (windowStart, windowOrigin) = (at, at - Seconds(Samples));
    }

    /// <summary>Time of a sample, counted as <see cref="Samples"/> is.</summary>
    public DateTimeOffset TimeOf(long sample) => origin + Seconds(sample);

    private TimeSpan Seconds(long samples) => TimeSpan.FromTicks((long)Math.Round(samples / sampleRateHz * TimeSpan.TicksPerSecond));
}
