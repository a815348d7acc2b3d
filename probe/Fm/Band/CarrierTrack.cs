using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>One carrier over time: on the air or not, since when, and what its demodulator says.</summary>
internal sealed class CarrierTrack
{
    // SNR in 200 kHz under which a discriminator clicks: there what it says of deviation is not its input.
    private const double ThresholdSnrDb = 10;
    private const double OccupiedBandwidthSnrDb = 20;
    private const double HalfOccupiedHz = 150_000;
    private const double LeastModulationHz = 1_500;
    private const double UnmodulatedAfterSeconds = 10;
    private const double OffsetAveragingSeconds = 10;

    // ±120 kHz hold the sidebands of ±75 kHz deviation; narrower, the discriminator reads peaks too low.
    private static readonly ChannelFilter WideFilter = new(120_000, new("±120 kHz：容纳 75 kHz 频偏的边带", "±120 kHz: holds the sidebands of 75 kHz deviation"));

    private readonly Channelizer channelizer;
    private readonly StationTap? tap;
    private readonly double basebandHz;
    private CarrierDemodulator? demodulator;
    private (long All, long WithErrors) blocksBefore;
    private double onAirSeconds;
    private double unmodulatedSeconds;
    private double offsetHz;
    private double offsetSeconds;

    public CarrierTrack(Channelizer channelizer, long nominalHz, bool offRaster, double basebandHz, StationTap? tap)
    {
        (this.channelizer, NominalHz, OffRaster, this.basebandHz, this.tap) = (channelizer, nominalHz, offRaster, basebandHz, tap);
    }

    public long NominalHz { get; }

    public bool OffRaster { get; }

    public bool OnAir => demodulator is not null;

    /// <summary>For how long it has been off the air, s.</summary>
    public double VanishedSeconds { get; private set; }

    /// <summary>Where its power was last, relative to the middle of the band.</summary>
    public double BasebandHz => basebandHz + offsetHz;

    public void Reset() => demodulator?.Reset();

    public void ProcessBlock() => demodulator?.ProcessBlock();

    /// <summary>The interval's reading of a carrier that the survey found.</summary>
    public CarrierReading Found(in FoundCarrier found, BandSpectrum spectrum, bool hasNeighbour, double seconds)
    {
        if (demodulator is null)
        {
            demodulator = new CarrierDemodulator(channelizer, basebandHz, WideFilter, tap);
            (onAirSeconds, VanishedSeconds, unmodulatedSeconds, offsetSeconds, blocksBefore) = (0, 0, 0, 0, default);
            offsetHz = found.BasebandHz - basebandHz;
        }
        onAirSeconds += seconds;
        if (demodulator.TakeMeanFrequency() is { } mean) AverageOffset(mean, seconds);
        var station = demodulator.Read(new Reception(found.SnrDb, Overload: false, Torn: false, seconds));
        var noise = found.SnrDb >= ThresholdSnrDb ? CarrierDemodulator.NoiseDeviationHz(found.SnrDb) : (double?)null;
        return new CarrierReading
        {
            NominalHz = NominalHz,
            OffRaster = OffRaster,
            OnAir = true,
            OffsetHz = offsetHz,
            LevelDbfs = 10 * Math.Log10(found.Power),
            SnrDb = found.SnrDb,
            OccupiedBandwidthHz = found.SnrDb >= OccupiedBandwidthSnrDb && !hasNeighbour ? spectrum.OccupiedBandwidth(BasebandHz - HalfOccupiedHz, BasebandHz + HalfOccupiedHz) : null,
            Station = station,
            Modulated = Modulated(station?.RmsDeviationHz.Value, noise, seconds),
            Pilot = station?.Stereo,
            Rds = ReadRds(demodulator.Mpx),
            OnAirSeconds = onAirSeconds,
        };
    }

    /// <summary>The interval's reading of a carrier that the survey did not find.</summary>
    public CarrierReading Missing(BandSpectrum spectrum, double seconds)
    {
        demodulator = null;
        (onAirSeconds, VanishedSeconds) = (0, VanishedSeconds + seconds);
        var (from, to) = (BasebandHz - CarrierSurvey.HalfChannelHz, BasebandHz + CarrierSurvey.HalfChannelHz);
        // Where there is less than the noise, the level is what could have hidden in it: 20 dB below.
        var power = Math.Max(spectrum.PowerOverNoise(from, to), spectrum.NoiseEachHz * (to - from) / 100);
        return new CarrierReading
        {
            NominalHz = NominalHz,
            OffRaster = OffRaster,
            OnAir = false,
            OffsetHz = offsetHz,
            LevelDbfs = 10 * Math.Log10(power),
            SnrDb = 10 * Math.Log10(power / (spectrum.NoiseEachHz * (to - from))),
            OnAirSeconds = 0,
        };
    }

    // Speech moves the mean frequency of one second by hundreds of Hz; ten seconds bring that under the tolerance of the measurement.
    private void AverageOffset(double mean, double seconds)
    {
        offsetSeconds = Math.Min(offsetSeconds + seconds, OffsetAveragingSeconds);
        offsetHz += (mean - offsetHz) * Math.Min(1, seconds / offsetSeconds);
    }

    private bool? Modulated(double? deviation, double? noise, double seconds)
    {
        if (deviation is not { } rms || noise is not { } noiseRms) return null;
        if (rms > Math.Max(LeastModulationHz, 0.75 * noiseRms))
        {
            unmodulatedSeconds = 0;
            return true;
        }
        // As much noise as a pause with its pilot has modulation: nothing can be said.
        if (noiseRms > 2 * LeastModulationHz) return null;
        unmodulatedSeconds += seconds;
        var neverModulated = unmodulatedSeconds + 2 * seconds >= onAirSeconds;
        return neverModulated || unmodulatedSeconds >= UnmodulatedAfterSeconds ? false : null;
    }

    private RdsReading? ReadRds(MpxDecoder mpx)
    {
        var (all, withErrors) = mpx.RdsBlocks;
        var (blocks, errors) = (all - blocksBefore.All, withErrors - blocksBefore.WithErrors);
        blocksBefore = (all, withErrors);
        var station = mpx.Station;
        // In noise blocks fit by chance; a PI that was heard twice, or blocks of which most are good, are no chance.
        if (station.Pi is null && !(mpx.RdsSynchronised && blocks > 0 && 2 * errors < blocks)) return null;
        return station.Reading(blocks > 0 ? (double)errors / blocks : 1);
    }
}
