using SignalWatch.Contracts;

namespace SignalWatch.Fm;

/// <summary>What was measured of a station's multiplex signal and sound. Deviations are peaks about the carrier, Hz; levels of sound are dBFS, 0 dBFS being a sine of 75 kHz deviation.</summary>
public sealed record StationReading
{
    /// <summary>The filter in front of the discriminator, chosen from the neighbours.</summary>
    public required ChannelFilter Filter { get; init; }

    /// <summary>RMS deviation of the multiplex up to 60 kHz in the interval, without the mean and without what the noise causes, Hz.</summary>
    public required Measured RmsDeviationHz { get; init; }

    /// <summary>Highest deviation seen (SM.1268-5: the highest of its 50 ms slots), Hz.</summary>
    public required Measured PeakDeviationHz { get; init; }

    /// <summary>Highest deviation of the interval alone, Hz.</summary>
    public required Measured IntervalPeakDeviationHz { get; init; }

    /// <summary>Deviation that one sample in 100,000 exceeds, Hz.</summary>
    public required Measured P99999DeviationHz { get; init; }

    /// <summary>Share of samples above 75 kHz, 0 to 1.</summary>
    public required Measured ShareAbove75k { get; init; }

    /// <summary>Share of samples above 77 kHz, 0 to 1 (SM.1268-5 annex 2: 75 kHz and 2 kHz of tolerance; more than 1e-6 is a violation).</summary>
    public required Measured ShareAbove77k { get; init; }

    /// <summary>Whether deviation exceeds what SM.1268-5 allows: true as soon as it is sure, false only after 60 s without; null where neither can be said.</summary>
    public bool? OverDeviated { get; init; }

    /// <summary>Samples by |deviation| in steps of 1 kHz, 0 to 1 kHz first (SM.1268-5 annex 2); the last has all that is beyond.</summary>
    public IReadOnlyList<long> Histogram { get; init; } = [];

    /// <summary>MPX power of the last 60 s, dBr: 0 dBr is the power of a sine of 19 kHz peak deviation (BS.412-9 annex).</summary>
    public required Measured MpxPowerDbr { get; init; }

    /// <summary>The highest MPX power of any 60 s, dBr.</summary>
    public required Measured WorstMpxPowerDbr { get; init; }

    /// <summary>Stereo by the pilot; null where it can't be said.</summary>
    public bool? Stereo { get; init; }

    /// <summary>Frequency of the pilot, Hz.</summary>
    public required Measured PilotHz { get; init; }

    /// <summary>Deviation by the pilot, Hz.</summary>
    public required Measured PilotDeviationHz { get; init; }

    /// <summary>Peak deviation by RDS: RMS × 1.445, Hz.</summary>
    public required Measured RdsDeviationHz { get; init; }

    /// <summary>Phase of the RDS subcarrier against three times the pilot's, degrees.</summary>
    public required Measured RdsPhaseDegrees { get; init; }

    /// <summary>Level of the left channel in the interval, RMS, dBFS.</summary>
    public required Measured LeftDbfs { get; init; }

    /// <summary>Level of the right channel in the interval, RMS, dBFS.</summary>
    public required Measured RightDbfs { get; init; }

    /// <summary>How long there has been no sound, s; 0 where there is.</summary>
    public required Measured SilenceSeconds { get; init; }
}

/// <summary>The filter in front of the discriminator.</summary>
/// <param name="HalfWidthHz">Its pass band reaches so far to both sides, Hz.</param>
/// <param name="Why">Why this one.</param>
public sealed record ChannelFilter(double HalfWidthHz, Text Why);

/// <summary>How a station was received during an interval: what its measurements may claim.</summary>
/// <param name="SnrDb">Signal over noise in 200 kHz, dB.</param>
/// <param name="Overload">The receiver was overloaded.</param>
/// <param name="Torn">Samples were lost.</param>
/// <param name="Seconds">Length of the interval, s.</param>
public readonly record struct Reception(double SnrDb, bool Overload, bool Torn, double Seconds)
{
    /// <summary>It stands so near to a stronger carrier that for a part of the time the discriminator follows that one.</summary>
    public bool BesideStronger { get; init; }
}

/// <summary>Takes what a station sends, as it is received. Spans are valid during the call.</summary>
public sealed class StationTap
{
    /// <summary>Each RDS group, whole or in part.</summary>
    public Action<RdsGroup>? OnGroup { get; init; }

    /// <summary>Sound, 32 kHz, de-emphasised; full scale ±1 is 75 kHz deviation. Mono: both the same.</summary>
    public SoundHandler? OnSound { get; init; }

    /// <summary>The filtered carrier at the channel's rate, real and imaginary parts, full scale ±1.</summary>
    public IqHandler? OnIq { get; init; }
}

/// <summary>Takes sound.</summary>
/// <param name="left">Left.</param>
/// <param name="right">Right.</param>
public delegate void SoundHandler(ReadOnlySpan<float> left, ReadOnlySpan<float> right);

/// <summary>Takes complex samples.</summary>
/// <param name="re">Real parts.</param>
/// <param name="im">Imaginary parts.</param>
/// <param name="sampleRateHz">Their rate, Hz.</param>
public delegate void IqHandler(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double sampleRateHz);
