using SignalWatch.Contracts;

namespace SignalWatch.Probe.Spool;

/// <summary>How a spool behaves.</summary>
internal sealed record SpoolSettings
{
    /// <summary>Most bytes on disk. Above it the oldest segment goes, as a gap that is counted.</summary>
    public long Capacity { get; init; } = 1L << 30;

    /// <summary>A segment is closed above this size. It is the unit that is dropped or freed.</summary>
    public int SegmentBytes { get; init; } = 4 << 20;

    /// <summary>A record waits at most so long for its fsync…</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>… or until so many wait together.</summary>
    public int FlushRecords { get; init; } = 256;

    /// <summary>Most records that wait in memory while the disk takes none; above it the oldest go, as a gap that is counted.</summary>
    public int MemoryRecords { get; init; } = 20_000;

    /// <summary>How long after a failed write it is tried again.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Numbers that the spool could not keep. Where records were lost before they got a number, there are only a count and a reason.</summary>
internal sealed record SpoolGap(long? From, long? To, long Count, Text Reason);

/// <summary>What is in the spool now.</summary>
internal readonly record struct SpoolFigures(long Entries, long Bytes, long Dropped, bool Failing);

/// <summary>Records to send, as lines of JSON.</summary>
internal sealed record SpoolBatch(long First, long Last, ReadOnlyMemory<byte> Lines)
{
    public int Count => (int)(Last - First + 1);
}
