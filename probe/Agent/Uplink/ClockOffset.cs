namespace SignalWatch.Probe.Uplink;

/// <summary>How far this probe's clock is from the collector's, from the times in its answers. The shortest of the last round trips tells it best: it can have been delayed least.</summary>
internal sealed class ClockOffset
{
    private const int Window = 16;

    private readonly Queue<(double OffsetMs, double UncertaintyMs)> recent = new(Window);

    /// <summary>This clock minus the collector's, and half the round trip, ms; null before the first answer.</summary>
    public (double OffsetMs, double UncertaintyMs)? Best => recent.Count == 0 ? null : recent.MinBy(r => r.UncertaintyMs);

    /// <summary>An answer.</summary>
    /// <param name="sent">When the request went, by this clock.</param>
    /// <param name="answered">When its answer came.</param>
    /// <param name="serverTime">What the collector's clock said in between.</param>
    public void Take(DateTimeOffset sent, DateTimeOffset answered, DateTimeOffset serverTime)
    {
        if (answered < sent) return; // this clock was set back meanwhile
        var half = (answered - sent) / 2;
        if (recent.Count == Window) recent.Dequeue();
        recent.Enqueue(((sent + half - serverTime).TotalMilliseconds, half.TotalMilliseconds));
    }
}
