using SignalWatch.Contracts;

namespace SignalWatch.Probe.Spool;

/// <summary>How the spool of one class behaves.</summary>
internal sealed record SpoolSettings
{
    /// <summary>Most bytes on disk, live and history together. Above it the oldest segment goes, as a gap that is counted.</summary>
    public long Capacity { get; init; } = 1L << 30;

    /// <summary>A segment is closed above this size. It is the unit that is dropped or freed.</summary>
    public int SegmentBytes { get; init; } = 4 << 20;

    /// <summary>So many records that wait together are flushed at once.</summary>
    public int FlushRecords { get; init; } = 256;

    /// <summary>Most records that wait in memory while the disk takes none; above it the oldest go, as a gap that is counted.</summary>
    public int MemoryRecords { get; init; } = 20_000;
}

/// <summary>How the spools of a probe behave together.</summary>
internal sealed record SpoolFolderSettings
{
    /// <summary>Of what alarms are judged from. 72 h of a probe with 30 carriers, once a second each, are 4.5 GB.</summary>
    public SpoolSettings Alarm { get; init; } = new() { Capacity = 6L << 30 };

    /// <summary>Of telemetry.</summary>
    public SpoolSettings Telemetry { get; init; } = new() { Capacity = 1L << 30 };

    /// <summary>Most bytes of observations and dossiers together. Above it telemetry gives way first, then evidence that is not delivered, alarms last.</summary>
    public long TotalBytes { get; init; } = 32L << 30;

    /// <summary>Where less is free on the disk, telemetry and evidence give way: alarms must still find room.</summary>
    public long FreeBytes { get; init; } = 512L << 20;

    /// <summary>A record waits at most so long for its fsync.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long after a failed write it is tried again.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What could not be kept. Where records were lost before they got a number, there are only a count and a reason.</summary>
internal sealed record SpoolGap(long? From, long? To, long Count, Text Reason)
{
    /// <summary>Of which class it was.</summary>
    public ObservationPriority Priority { get; init; }

    /// <summary>The boot that the numbers are of; null where there are none.</summary>
    public Guid? Boot { get; init; }
}

/// <summary>What is in the spool now.</summary>
internal readonly record struct SpoolFigures(long Entries, long Bytes, long Dropped, bool Failing);

/// <summary>Records to send, as lines of JSON.</summary>
internal sealed record SpoolBatch(long First, long Last, ReadOnlyMemory<byte> Lines)
{
    public int Count => (int)(Last - First + 1);
}
