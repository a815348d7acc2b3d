namespace SignalWatch.Collector.Metrics;

/// <summary>What the collector counts of itself. Written from any thread.</summary>
internal sealed class CollectorMetrics
{
    /// <summary>Upper bounds of the histogram of acknowledgement times, seconds.</summary>
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly long[] buckets = new long[Bounds.Length + 1];
    private long stored, duplicates, rejected, refused, gaps, missing, verdicts, engineFaults, groups, failedGroups, rows, acknowledgements, acknowledgeTicks;
    private long deltasSent, snapshotsSent, viewersDropped, framesReceived, framesDropped;

    public long Stored => Volatile.Read(ref stored);

    public long Duplicates => Volatile.Read(ref duplicates);

    public long Rejected => Volatile.Read(ref rejected);

    public long RefusedBatches => Volatile.Read(ref refused);

    public long Gaps => Volatile.Read(ref gaps);

    public long MissingNumbers => Volatile.Read(ref missing);

    public long Verdicts => Volatile.Read(ref verdicts);

    public long EngineFaults => Volatile.Read(ref engineFaults);

    public long Groups => Volatile.Read(ref groups);

    public long FailedGroups => Volatile.Read(ref failedGroups);

    public long Rows => Volatile.Read(ref rows);

    public long DeltasSent => Volatile.Read(ref deltasSent);

    public long SnapshotsSent => Volatile.Read(ref snapshotsSent);

    public long ViewersDropped => Volatile.Read(ref viewersDropped);

    public long FramesReceived => Volatile.Read(ref framesReceived);

    public long FramesDropped => Volatile.Read(ref framesDropped);

    /// <summary>Seconds that all commits took, for their mean.</summary>
    public double AcknowledgeSeconds => TimeSpan.FromTicks(Volatile.Read(ref acknowledgeTicks)).TotalSeconds;

    public long Acknowledgements => Volatile.Read(ref acknowledgements);

    public Func<int> QueueDepth { get; set; } = () => 0;

    public long Position { get; set; }

    public void Ingested(int storedNow, int duplicatesNow, int rejectedNow)
    {
        Interlocked.Add(ref stored, storedNow);
        Interlocked.Add(ref duplicates, duplicatesNow);
        Interlocked.Add(ref rejected, rejectedNow);
    }

    /// <summary>A batch was acknowledged, so long after it had been received.</summary>
    public void Acknowledged(TimeSpan took)
    {
        var bucket = Array.FindIndex(Bounds, b => took.TotalSeconds <= b);
        Interlocked.Increment(ref buckets[bucket < 0 ? Bounds.Length : bucket]);
        Interlocked.Increment(ref acknowledgements);
        Interlocked.Add(ref acknowledgeTicks, took.Ticks);
    }

    public void Committed(int rowsNow)
    {
        Interlocked.Increment(ref groups);
        Interlocked.Add(ref rows, rowsNow);
    }

    public void GroupFailed() => Interlocked.Increment(ref failedGroups);

    public void Refused() => Interlocked.Increment(ref refused);

    public void Gap(long numbers)
    {
        Interlocked.Increment(ref gaps);
        Interlocked.Add(ref missing, numbers);
    }

    public void Verdict() => Interlocked.Increment(ref verdicts);

    public void EngineFault() => Interlocked.Increment(ref engineFaults);

    public void DeltaSent() => Interlocked.Increment(ref deltasSent);

    public void SnapshotSent() => Interlocked.Increment(ref snapshotsSent);

    public void ViewerDropped() => Interlocked.Increment(ref viewersDropped);

    public void FrameReceived() => Interlocked.Increment(ref framesReceived);

    public void FrameDropped() => Interlocked.Increment(ref framesDropped);

    /// <summary>How many acknowledgements took at most each bound, cumulative, and all of them last.</summary>
    public IEnumerable<long> Cumulative()
    {
        var sum = 0L;
        for (var i = 0; i < buckets.Length; i++) yield return sum += Volatile.Read(ref buckets[i]);
    }
}
