namespace SignalWatch.TransportStream;

/// <summary>What one unit start says of a component's time stamps.</summary>
/// <param name="IntervalMs">Time since the PTS before, ms; null at the first, and where this unit start has none (TR 101 290 2.5).</param>
/// <param name="Plausible">Its order is right: DTS not after PTS (ISO/IEC 13818-1 2.7.5), and PTS near the programme clock where that is known.</param>
internal readonly record struct PtsReading(double? IntervalMs, bool Plausible);

/// <summary>PTS and DTS of one component against the time base of the analysis.</summary>
internal sealed class ElementaryClock
{
    private const long Wrap = 1L << 33;
    private const long NsOf9Ticks = 100_000;
    private const double StepTicks = 90_000;         // a lead that moves by more is a new time line, not reordering
    private const int Smoothing = 16;                // unit starts: PTS of pictures that are reordered swing about their mean
    private const long LongestLeadTicks = 10 * 90_000; // data waits 1 s at most, still pictures 60 s (ISO/IEC 13818-1 2.4.2.3); beyond this it is no lead
    private const long LatestTicks = -90_000;
    private const long StaleNs = 5_000_000_000;

    private long? lastPtsNs;
    private long anchor;      // lead of the first PTS of the time line, ticks modulo 2^33
    private double lead;      // mean of the leads less the anchor, ticks
    private int count;

    /// <summary>PTS that were seen.</summary>
    public long PtsCount { get; private set; }

    /// <summary>DTS that were seen.</summary>
    public long DtsCount { get; private set; }

    /// <summary>PTS less the programme clock at the arrival of its unit start, ms; null where no clock was given.</summary>
    public double? LeadMs { get; private set; }

    /// <summary>Takes the time stamps of a unit start.</summary>
    /// <param name="pts">PTS, 1/90,000 s.</param>
    /// <param name="dts">DTS, where it differs.</param>
    /// <param name="timeNs">Time of its packet in the time base that all components of the service share.</param>
    /// <param name="stc90k">The programme clock at that packet, 1/90,000 s; null where it is not known.</param>
    public PtsReading Add(long? pts, long? dts, long timeNs, long? stc90k)
    {
        if (dts is not null) DtsCount++;
        if (pts is not { } stamp) return new PtsReading(null, dts is null);
        PtsCount++;
        var interval = lastPtsNs is { } last ? (timeNs - last) / 1e6 : (double?)null;
        lastPtsNs = timeNs;
        Follow(stamp, timeNs);
        var plausible = dts is null || Difference(stamp, dts.Value) >= 0;
        if (stc90k is { } clock)
        {
            var ticks = Difference(stamp, clock);
            LeadMs = ticks / 90.0;
            plausible &= ticks is >= LatestTicks and <= LongestLeadTicks;
        }
        return new PtsReading(interval, plausible);
    }

    /// <summary>The time line begins anew: the programme clock jumped (2.4.3.5 discontinuity_indicator).</summary>
    public void Discontinuity() => (count, lastPtsNs, LeadMs) = (0, null, null);

    /// <summary>PTS of the sound less PTS of the pictures that arrive with it, ms, smoothed: positive where the sound is sent early. Null where one of them has no PTS, or none for 5 s.</summary>
    public static double? AudioLead(ElementaryClock video, ElementaryClock audio)
    {
        if (video.count == 0 || audio.count == 0) return null;
        if (Math.Abs(video.lastPtsNs!.Value - audio.lastPtsNs!.Value) > StaleNs) return null;
        return (Difference(audio.anchor, video.anchor) + audio.lead - video.lead) / 90;
    }

    private void Follow(long pts, long timeNs)
    {
        var now = Modulo(pts - timeNs / NsOf9Ticks * 9 - timeNs % NsOf9Ticks * 9 / NsOf9Ticks);
        if (count > 0)
        {
            var deviation = Difference(now, anchor) - lead;
            if (Math.Abs(deviation) <= StepTicks)
            {
                count = Math.Min(count + 1, Smoothing);
                lead += deviation / count;
                return;
            }
        }
        (anchor, lead, count) = (now, 0, 1);
    }

    private static long Modulo(long ticks) => ((ticks % Wrap) + Wrap) % Wrap;

    // Of two stamps of 33 bits the nearer way round.
    private static long Difference(long a, long b)
    {
        var difference = Modulo(a - b);
        return difference >= Wrap / 2 ? difference - Wrap : difference;
    }
}
