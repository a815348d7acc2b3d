namespace SignalWatch.Hardware.Iq;

/// <summary>How a recording is played, whatever its file format.</summary>
public record ReplayOptions
{
    /// <summary>At the rate that it was recorded with, as a receiver would give it; else as fast as it is read.</summary>
    public bool RealTime { get; init; } = true;

    /// <summary>Begins anew at its end. Each beginning is a discontinuity.</summary>
    public bool Loop { get; init; }

    /// <summary>The rate that the recording must have, samples a second; null takes any.</summary>
    public double? ExpectedSampleRateHz { get; init; }

    /// <summary>Where it is read as fast as possible: the time of its first sample, such as <c>RecordedAt</c>; null is the time of the first read. Of no effect in real time.</summary>
    public DateTimeOffset? FirstSampleAt { get; init; }

    /// <summary>Input power in dBm that gave 0 dBFS when it was recorded; null where nobody knows.</summary>
    public double? DbmAtFullScale { get; init; }

    /// <summary>The clock: paces and stamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
