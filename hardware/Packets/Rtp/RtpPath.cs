namespace SignalWatch.Hardware;

/// <summary>One way by which the packets of a stream come: what arrived on it, counted for itself, whatever the other path or FEC make good.</summary>
internal sealed class RtpPath(int index, ArrivalHistory history, RtpEventLog events)
{
    private const double ClockHz = 90_000; // RFC 2250 2: the time stamp of MP2T
    private const double JitterGain = 1.0 / 16; // RFC 3550 6.4.1

    private readonly SequenceDisorder disorder = new(history, events, index);
    private long first = -1;
    private long expectedBefore;
    private long lastTimeNs;
    private uint lastTimestamp;
    private double jitterNs;

    public ArrivalFlags Flag => index == 0 ? ArrivalFlags.First : ArrivalFlags.Second;

    /// <summary>Extended sequence number; −1 before the first packet.</summary>
    public long Highest { get; private set; } = -1;

    public long Datagrams { get; set; }

    public long Unique { get; private set; }

    public long Duplicates { get; private set; }

    public long Overtaken => disorder.Overtaken;

    public long Early => disorder.Early;

    public long OutOfOrder => disorder.Overtaken + disorder.Early;

    public double JitterNs => jitterNs;

    public bool IsInUse => Datagrams > 0;

    /// <summary>Counts one arrival.</summary>
    /// <param name="arrival">Its record, not yet marked as received by this path.</param>
    /// <param name="late">It had been given up: a loss, and not a matter of order.</param>
    /// <param name="timestamp">Of RTP.</param>
    /// <param name="timeNs">Of arrival.</param>
    /// <param name="window">Packets after which a hole's fate is sealed.</param>
    /// <returns>False where the path had brought it before: a duplicate, counted and nothing else.</returns>
    public bool Arrive(ref Arrival arrival, bool late, uint timestamp, long timeNs, int window)
    {
        if (arrival.Has(Flag))
        {
            Duplicates++;
            events.Add(RtpEventKind.Duplicate, arrival.Sequence, 1, timeNs, index);
            return false;
        }
        arrival.Flags |= Flag;
        Unique++;
        if (first < 0) first = arrival.Sequence;
        else
        {
            Jitter(timestamp, timeNs);
            if (arrival.Sequence > Highest) disorder.Advance(arrival.Sequence, Highest, timeNs, window);
            else if (!late) disorder.Fill(ref arrival, Highest, timeNs);
        }
        first = Math.Min(first, arrival.Sequence);
        Highest = Math.Max(Highest, arrival.Sequence);
        (lastTimestamp, lastTimeNs) = (timestamp, timeNs);
        return true;
    }

    /// <summary>The sender began anew: numbers and time stamps do not continue, the counters do.</summary>
    public void Restart()
    {
        disorder.End();
        if (first >= 0) expectedBefore += Highest - first + 1;
        (first, Highest) = (-1, -1);
    }

    public void End() => disorder.End();

    public RtpPathStatistics Snapshot()
    {
        var expected = expectedBefore + (first < 0 ? 0 : Highest - first + 1);
        return new RtpPathStatistics
        {
            Datagrams = Datagrams,
            Expected = expected,
            Lost = Math.Max(0, expected - Unique),
            Duplicates = Duplicates,
            Reordered = disorder.Overtaken,
            Early = disorder.Early,
            DeepestReorder = disorder.DeepestPackets,
            ReorderDepths = disorder.Depths.ToArray(),
            JitterNs = jitterNs,
        };
    }

    // RFC 3550 A.8, in nanoseconds: the time stamps wrap in 32 bits, so their difference is taken there.
    private void Jitter(uint timestamp, long timeNs)
    {
        var sent = unchecked((int)(timestamp - lastTimestamp)) * (1e9 / ClockHz);
        jitterNs += (Math.Abs(timeNs - lastTimeNs - sent) - jitterNs) * JitterGain;
    }
}
