namespace SignalWatch.Fm;

/// <summary>What was measured of the band during one interval.</summary>
/// <param name="Length">Time of signal that it covers.</param>
/// <param name="NoiseFloorDbfsPerHz">Noise density, dB of full scale in 1 Hz.</param>
/// <param name="Overload">More than one sample in 10,000 was at full scale: levels are too low, and intermodulation may look like stations.</param>
/// <param name="Carriers">Carriers on the air, and those that vanished a while ago, by frequency.</param>
/// <param name="Masked">What looked like a carrier and was not counted as one.</param>
public sealed record FmBandReading(TimeSpan Length, double NoiseFloorDbfsPerHz, bool Overload, IReadOnlyList<CarrierReading> Carriers, IReadOnlyList<MaskedPeak> Masked);

/// <summary>What was measured of one carrier. A value that can't be justified is null.</summary>
public sealed record CarrierReading
{
    /// <summary>Nominal frequency, Hz: on the raster, or rounded to 10 kHz where the carrier is on none of its frequencies.</summary>
    public required long NominalHz { get; init; }

    /// <summary>The carrier is more than 15 kHz from every frequency of the raster.</summary>
    public bool OffRaster { get; init; }

    /// <summary>Whether it is there. Where not, level and SNR are those of its channel now, the offset is the last one measured, and all else is null.</summary>
    public required bool OnAir { get; init; }

    /// <summary>Mean instantaneous frequency of the last 10 s, as far as it was on the air, less <see cref="NominalHz"/>, Hz.</summary>
    public required double OffsetHz { get; init; }

    /// <summary>Power in 200 kHz without the noise, dB of full scale.</summary>
    public required double LevelDbfs { get; init; }

    /// <summary>That power over the noise's in 200 kHz, dB.</summary>
    public required double SnrDb { get; init; }

    /// <summary>Occupied bandwidth, Hz: what holds 99 % of the power, 0.5 % being outside on each side (ITU-R SM.443-4 annex 1), after subtraction of the noise.
    /// Null under 20 dB of SNR, and where a neighbour reaches into it.</summary>
    public double? OccupiedBandwidthHz { get; init; }

    /// <summary>What was measured of its multiplex signal and sound; null off the air and in the first interval.</summary>
    public StationReading? Station { get; init; }

    /// <summary>Whether there is modulation beyond what the noise causes: false only where none was seen for 10 s, or since the carrier came on. Null where the noise hides it.</summary>
    public bool? Modulated { get; init; }

    /// <summary>Whether there is a 19 kHz pilot. Null in the first interval, and under 10 dB of SNR where none was found.</summary>
    public bool? Pilot { get; init; }

    /// <summary>Radio data; null where none was heard.</summary>
    public RdsReading? Rds { get; init; }

    /// <summary>How long it has been on the air without a break, as far as it was watched, s.</summary>
    public required double OnAirSeconds { get; init; }
}

/// <summary>A peak of the spectrum that was not counted as a carrier.</summary>
/// <param name="FrequencyHz">Where, Hz.</param>
/// <param name="LevelDbfs">Its power in 80 kHz, dB of full scale.</param>
/// <param name="Reason">Why.</param>
/// <param name="CausedByHz">The carrier that it comes from.</param>
public sealed record MaskedPeak(double FrequencyHz, double LevelDbfs, MaskReason Reason, double CausedByHz);

/// <summary>Why a peak of the spectrum is not a carrier.</summary>
public enum MaskReason
{
    /// <summary>The skirt of a stronger carrier: its modulation, or too close to be told from it.</summary>
    Skirt,

    /// <summary>The mirror image of a stronger carrier, made by the receiver: it follows that carrier in phase.</summary>
    Image,
}

/// <summary>A line of the waterfall.</summary>
/// <param name="StartHz">Centre of the first bin, Hz.</param>
/// <param name="StepHz">Distance of bins, Hz.</param>
/// <param name="ResolutionHz">Equivalent noise bandwidth of the transform's bins (Hann's window), Hz.</param>
/// <param name="Dbfs">Mean power in one step, dB of full scale. The memory is used again for the next line.</param>
public readonly record struct PowerSpectrum(double StartHz, double StepHz, double ResolutionHz, ReadOnlyMemory<float> Dbfs);
