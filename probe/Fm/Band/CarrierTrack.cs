using System.Diagnostics.CodeAnalysis;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>One carrier over time: on the air or not, since when, and what its demodulator says.</summary>
internal sealed class CarrierTrack
{
    // SNR in 200 kHz under which a discriminator clicks: there what it says of deviation is not its input.
    private const double ThresholdSnrDb = 10;
    private const double OccupiedBandwidthSnrDb = 20;
    private const double HalfOccupiedHz = 200_000, HalfOccupiedBesideHz = 150_000;
    private const double ReachesInHz = 250_000, StrongReachesInHz = 350_000, StrongDb = 10;
    private const double InseparableHz = 150_000, CapturesHz = 250_000, CapturesDb = 20;
    private const double LeastModulationHz = 1_500;
    private const double UnmodulatedAfterSeconds = 10;
    private const double OffsetAveragingSeconds = 10;

    private readonly Channelizer channelizer;
    private readonly StationTap? tap;
    private readonly double basebandHz;
    private readonly double bandCentreHz;
    private readonly FilterChoice choice = new();
    private CarrierDemodulator? demodulator;
    private (long All, long WithErrors) blocksBefore;
    private double onAirSeconds;
    private double unmodulatedSeconds;
    private double offsetHz;
    private double offsetSeconds;
    private double overloadedSeconds;

    public CarrierTrack(Channelizer channelizer, long nominalHz, bool offRaster, double basebandHz, StationTap? tap)
    {
        (this.channelizer, NominalHz, OffRaster, this.basebandHz, this.tap) = (channelizer, nominalHz, offRaster, basebandHz, tap);
        bandCentreHz = nominalHz - basebandHz;
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
    /// <param name="found">The carrier.</param>
    /// <param name="survey">The survey that found it.</param>
    /// <param name="spectrum">The interval's spectrum.</param>
    /// <param name="interval">How it was received.</param>
    public CarrierReading Found(in FoundCarrier found, CarrierSurvey survey, BandSpectrum spectrum, in Interval interval)
    {
        Demodulate(found, survey.Heard, interval.Seconds);
        onAirSeconds += interval.Seconds;
        overloadedSeconds = interval.Overload ? overloadedSeconds + interval.Seconds : 0;
        // Beside a stronger one, the discriminator follows that one for a part of the time.
        var captured = IsCaptured(found, survey.Found);
        var mean = demodulator.TakeMeanFrequency();
        if (captured) AverageOffset(found.BasebandHz - basebandHz, interval.Seconds);
        else if (mean is { } hz) AverageOffset(hz, interval.Seconds);
        var station = demodulator.Read(new Reception(found.SnrDb, interval.Overload, interval.Torn, interval.Seconds) { BesideStronger = captured });
        var noise = found.SnrDb >= ThresholdSnrDb ? CarrierDemodulator.NoiseDeviationHz(found.SnrDb) : (double?)null;
        var neighbour = ReachesIn(found, survey.Found, out var half);
        var measurable = found.SnrDb >= OccupiedBandwidthSnrDb && neighbour is null;
        return new CarrierReading
        {
            NominalHz = NominalHz,
            OffRaster = OffRaster,
            OnAir = true,
            OffsetHz = offsetHz,
            LevelDbfs = 10 * Math.Log10(found.Power),
            SnrDb = found.SnrDb,
            NoiseDbfsPerHz = 10 * Math.Log10(spectrum.Floor.At(found.BasebandHz)),
            OccupiedBandwidthHz = measurable ? spectrum.OccupiedBandwidth(found.BasebandHz - half, found.BasebandHz + half) : null,
            XdBBandwidthHz = measurable ? spectrum.XdBBandwidth(found.BasebandHz - half, found.BasebandHz + half) : null,
            ResolutionHz = spectrum.ResolutionHz,
            NeighbourHz = neighbour,
            BesideStronger = found.BesideStronger,
            Suspect = overloadedSeconds > 0 && overloadedSeconds >= onAirSeconds,
            Station = station,
            Modulated = Modulated(station?.RmsDeviationHz.Value, noise, interval.Seconds),
            Pilot = station?.Stereo,
            Rds = ReadRds(demodulator.Mpx),
            OnAirSeconds = onAirSeconds,
        };
    }

    /// <summary>The interval's reading of a carrier that the survey did not find.</summary>
    public CarrierReading Missing(BandSpectrum spectrum, double seconds)
    {
        demodulator = null;
        choice.Forget();
        (onAirSeconds, VanishedSeconds) = (0, VanishedSeconds + seconds);
        var (from, to) = (BasebandHz - CarrierSurvey.HalfChannelHz, BasebandHz + CarrierSurvey.HalfChannelHz);
        // Where there is less than the noise, the level is what could have hidden in it: 20 dB below.
        var noise = spectrum.NoisePower(from, to);
        var power = Math.Max(spectrum.PowerOverNoise(from, to), noise / 100);
        return new CarrierReading
        {
            NominalHz = NominalHz,
            OffRaster = OffRaster,
            OnAir = false,
            OffsetHz = offsetHz,
            LevelDbfs = 10 * Math.Log10(power),
            SnrDb = 10 * Math.Log10(power / noise),
            NoiseDbfsPerHz = 10 * Math.Log10(noise / (to - from)),
            ResolutionHz = spectrum.ResolutionHz,
            OnAirSeconds = 0,
        };
    }

    [MemberNotNull(nameof(demodulator))]
    private void Demodulate(in FoundCarrier found, IReadOnlyList<FoundCarrier> heard, double seconds)
    {
        var changes = choice.Update(found, heard, bandCentreHz, seconds);
        if (demodulator is null)
        {
            (onAirSeconds, VanishedSeconds, unmodulatedSeconds, offsetSeconds, overloadedSeconds, blocksBefore) = (0, 0, 0, 0, 0, default);
            offsetHz = found.BasebandHz - basebandHz;
            demodulator = new CarrierDemodulator(channelizer, basebandHz, choice.Filter!, tap);
        }
        else if (changes) demodulator.Refilter(choice.Filter!);
    }

    // Two channels away the narrowest filter keeps a stronger carrier out, as long as its sidebands there (20 dB below it, see SkirtDb) are weaker than this one.
    private static bool IsCaptured(in FoundCarrier found, IReadOnlyList<FoundCarrier> all)
    {
        if (!found.BesideStronger) return false;
        foreach (var other in all)
        {
            var distance = Math.Abs(other.BasebandHz - found.BasebandHz);
            if (distance > 0 && distance < CapturesHz && (distance < InseparableHz || other.Power > found.Power * Math.Pow(10, CapturesDb / 10))) return true;
        }
        return false;
    }

    // Whose sidebands fall into the bandwidth that is measured; and how wide that may be.
    private double? ReachesIn(in FoundCarrier found, IReadOnlyList<FoundCarrier> all, out double half)
    {
        half = HalfOccupiedHz;
        double? nearest = null;
        var distance = double.MaxValue;
        foreach (var other in all)
        {
            var d = Math.Abs(other.BasebandHz - found.BasebandHz);
            if (d == 0) continue;
            if (d < HalfOccupiedHz + CarrierSurvey.HalfChannelHz + 100_000) half = HalfOccupiedBesideHz;
            var reach = other.Power > found.Power * Math.Pow(10, StrongDb / 10) ? StrongReachesInHz : ReachesInHz;
            if (d < reach && d < distance) (nearest, distance) = (bandCentreHz + other.BasebandHz, d);
        }
        return nearest;
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

/// <summary>How an interval was received.</summary>
/// <param name="Seconds">Length, s.</param>
/// <param name="Overload">The receiver was overloaded.</param>
/// <param name="Torn">Samples were lost.</param>
internal readonly record struct Interval(double Seconds, bool Overload, bool Torn);
