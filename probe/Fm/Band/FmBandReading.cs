namespace SignalWatch.Fm;

/// <summary>What was measured of the band during one interval.</summary>
/// <param name="Length">Time of signal that it covers.</param>
/// <param name="NoiseFloorDbfsPerHz">Median noise density, dB of full scale in 1 Hz; by frequency it is in <see cref="NoiseFloor"/>.</param>
/// <param name="Overload">More than one sample in 10,000 was at full scale: levels are too low, and intermodulation may look like stations.</param>
/// <param name="Carriers">Carriers on the air, and those that vanished a while ago, by frequency.</param>
/// <param name="Masked">What looked like a carrier and was not counted as one.</param>
public sealed record FmBandReading(TimeSpan Length, double NoiseFloorDbfsPerHz, bool Overload, IReadOnlyList<CarrierReading> Carriers, IReadOnlyList<MaskedPeak> Masked)
{
    /// <summary>Share of the samples that were at full scale, 0 to 1.</summary>
    public double ClippedShare { get; init; }

    /// <summary>Samples are missing in the interval: it covers less time than between its ends, and what needs it whole was not measured.</summary>
    public bool Torn { get; init; }

    /// <summary>The tracked noise by frequency; null where nothing was measured.</summary>
    public NoiseFloorCurve? NoiseFloor { get; init; }

    /// <summary>Mean, maximum and minimum spectrum of the interval; null where nothing was measured.</summary>
    public BandSpectra? Spectra { get; init; }
}

/// <summary>Noise density by frequency.</summary>
/// <param name="StartHz">The first frequency, Hz.</param>
/// <param name="StepHz">Distance of the frequencies, Hz.</param>
/// <param name="DbfsPerHz">dB of full scale in 1 Hz.</param>
public sealed record NoiseFloorCurve(double StartHz, double StepHz, IReadOnlyList<float> DbfsPerHz)
{
    /// <summary>The noise at a frequency, dB of full scale in 1 Hz; beyond the curve, that of its end.</summary>
    /// <param name="hz">Frequency, Hz.</param>
    public double At(double hz)
    {
        var at = Math.Clamp((hz - StartHz) / StepHz, 0, DbfsPerHz.Count - 1);
        var whole = Math.Min((int)at, Math.Max(0, DbfsPerHz.Count - 2));
        var next = Math.Min(whole + 1, DbfsPerHz.Count - 1);
        return DbfsPerHz[whole] + (at - whole) * (DbfsPerHz[next] - DbfsPerHz[whole]);
    }
}

/// <summary>Three spectra of the same time. Each value is the power in <paramref name="ResolutionHz"/>, as a spectrum analyser has it: a bare carrier reads its level.</summary>
/// <param name="StartSeconds">When they begin, s of signal (of a sweep: of time) since the receiver's start.</param>
/// <param name="LengthSeconds">Time that they cover, s.</param>
/// <param name="StartHz">The first frequency, Hz.</param>
/// <param name="StepHz">Distance of frequencies, Hz.</param>
/// <param name="ResolutionHz">Resolution bandwidth: the equivalent noise bandwidth of Hann's window, Hz.</param>
/// <param name="MeanDbfs">Mean power, dB of full scale; of the bins in a step, the mean.</param>
/// <param name="MaxDbfs">Highest power of any block, dB of full scale; of the bins in a step, the highest.</param>
/// <param name="MinDbfs">Lowest power of any block, dB of full scale; of the bins in a step, the lowest.</param>
public sealed record BandSpectra(double StartSeconds, double LengthSeconds, double StartHz, double StepHz, double ResolutionHz,
    IReadOnlyList<float> MeanDbfs, IReadOnlyList<float> MaxDbfs, IReadOnlyList<float> MinDbfs);

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
    /// Null under 20 dB of SNR, and where a neighbour reaches into it: <see cref="NeighbourHz"/>.</summary>
    public double? OccupiedBandwidthHz { get; init; }

    /// <summary>Distance of the outermost frequencies at which the density is not more than 26 dB below its peak (SM.443-4 annex 2), Hz. Null as the occupied bandwidth, and where the noise is too near.</summary>
    public double? XdBBandwidthHz { get; init; }

    /// <summary>Resolution bandwidth of both, Hz.</summary>
    public double ResolutionHz { get; init; }

    /// <summary>The carrier that reaches into this one's bandwidth, Hz; null where none does.</summary>
    public double? NeighbourHz { get; init; }

    /// <summary>It stands in the sidebands of a stronger one: its level is good to 2 dB, its offset to some kHz.</summary>
    public bool BesideStronger { get; init; }

    /// <summary>Noise density at its frequency, dB of full scale in 1 Hz.</summary>
    public double NoiseDbfsPerHz { get; init; }

    /// <summary>It was first seen while the receiver was overloaded, or is no older than the overload: it may be the receiver's own product.</summary>
    public bool Suspect { get; init; }

    /// <summary>What was measured of its multiplex signal and sound; null off the air and in the first interval.</summary>
    public StationReading? Station { get; init; }

    /// <summary>Its modulation in the looks of the hop that it was heard in; null where the band is heard whole: then <see cref="Station"/> has it, of the same time as all others.</summary>
    public HopModulation? Looks { get; init; }

    /// <summary>Whether there is modulation beyond what the noise causes: false only where none was seen for 10 s, or since the carrier came on. Null where the noise hides it.</summary>
    public bool? Modulated { get; init; }

    /// <summary>Whether there is a 19 kHz pilot. Null in the first interval, and under 10 dB of SNR where none was found.</summary>
    public bool? Pilot { get; init; }

    /// <summary>Radio data; null where none was heard.</summary>
    public RdsReading? Rds { get; init; }

    /// <summary>How long it has been on the air without a break, as far as it was watched, s.</summary>
    public required double OnAirSeconds { get; init; }
}

/// <summary>Modulation of a carrier while a sweep dwelt on its hop.</summary>
/// <param name="Hop">Number of the hop: carriers of one hop were heard at the same time, of two hops never.</param>
/// <param name="MeanSquares">Mean square of the deviation in each look, Hz², in their order; NaN where it could not be measured. The looks of all carriers of a hop are the same stretches of time.</param>
public sealed record HopModulation(int Hop, IReadOnlyList<double> MeanSquares);

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

    /// <summary>The receiver's own oscillator at the middle of the band: it stands still. A bare carrier within 10 Hz of there would look the same.</summary>
    DcSpike,

    /// <summary>Too near to the edge of what the receiver hears to be measured whole: half of its channel at least is outside.</summary>
    HopEdge,
}

/// <summary>A line of the waterfall.</summary>
/// <param name="StartHz">Centre of the first bin, Hz.</param>
/// <param name="StepHz">Distance of bins, Hz.</param>
/// <param name="ResolutionHz">Equivalent noise bandwidth of the transform's bins (Hann's window), Hz.</param>
/// <param name="Dbfs">Mean power in one step, dB of full scale. The memory is used again for the next line.</param>
public readonly record struct PowerSpectrum(double StartHz, double StepHz, double ResolutionHz, ReadOnlyMemory<float> Dbfs);
