namespace SignalWatch.Hardware.Iq;

/// <summary>How a SigMF recording is played.</summary>
public sealed record SigMfOptions
{
    /// <summary>At the rate that it was recorded with, as a receiver would give it; else as fast as it is read.</summary>
    public bool RealTime { get; init; } = true;

    /// <summary>Begins anew at its end. Each beginning is a discontinuity.</summary>
    public bool Loop { get; init; }

    /// <summary>The rate that the recording must have, samples a second; null takes any.</summary>
    public double? ExpectedSampleRateHz { get; init; }

    /// <summary>The clock: paces and stamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
