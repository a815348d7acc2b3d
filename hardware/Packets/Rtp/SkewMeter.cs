namespace SignalWatch.Hardware;

/// <summary>How far the second path of a hitless pair lags behind the first (SMPTE ST 2022-7: path differential).</summary>
internal sealed class SkewMeter
{
    private long minNs = long.MaxValue;
    private long maxNs = long.MinValue;
    private double sumNs;
    private long measured;

    /// <summary>Packets that came on both.</summary>
    public long Packets { get; private set; }

    /// <summary>A packet came on both, but its skew is not known.</summary>
    public void Skip() => Packets++;

    public void Add(long secondBehindFirstNs)
    {
        Packets++;
        measured++;
        minNs = Math.Min(minNs, secondBehindFirstNs);
        maxNs = Math.Max(maxNs, secondBehindFirstNs);
        sumNs += secondBehindFirstNs;
    }

    public PathSkew? Snapshot() => measured == 0 ? null : new PathSkew(minNs, maxNs, sumNs / measured, Packets);
}
