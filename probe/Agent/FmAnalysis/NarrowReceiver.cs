using SignalWatch.Fm;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>One station in a stream that is not much wider than it. No gap beside it shows the noise there, as a band receiver needs it; FM's constant amplitude and the gaps of its multiplex do.
/// Its first interval tells where the station is; from then on it is demodulated.</summary>
internal sealed class NarrowReceiver(IqStream stream, TimeSpan interval, Func<long, StationTap?>? tapFor)
{
    /// <summary>Under this rate a band has no room beside one station, samples a second.</summary>
    public const double BelowHz = 384_000;

    private const double RasterHz = 100_000;
    private const double OnRasterHz = 15_000;
    private const double LeastSnrDb = 6;
    private const double ChannelHz = 200_000;
    private const double LeastModulationHz = 1_500;
    private const float FullScale = 0.995f;
    private const double OverloadShare = 1e-4;

    private readonly ConstantEnvelope envelope = new();
    private readonly long intervalSamples = (long)Math.Round(interval.TotalSeconds * stream.SampleRateHz);
    private StationReceiver? station;
    private long nominalHz;
    private double stationOffsetHz;
    private bool offRaster;
    private long samples;
    private long clipped;
    private double onAirSeconds;
    private double offsetSum;
    private bool torn;

    /// <summary>Called with each interval's reading.</summary>
    public Action<FmBandReading>? OnReading { get; set; }

    /// <summary>Takes the next samples.</summary>
    public void Process(ReadOnlySpan<float> interleaved, bool discontinuity)
    {
        if (discontinuity) Break();
        while (!interleaved.IsEmpty)
        {
            var part = interleaved[..(int)Math.Min(interleaved.Length, 2 * (intervalSamples - samples))];
            envelope.Add(part);
            foreach (var value in part)
                if (Math.Abs(value) >= FullScale) clipped++;
            station?.Process(part);
            samples += part.Length / 2;
            interleaved = interleaved[part.Length..];
            if (samples == intervalSamples) Report();
        }
    }

    private void Break()
    {
        // The samples of an interval that was only begun are no part of the next one; what the station said stays.
        if (samples > 0) torn = true;
        envelope.Break();
        station?.Reset();
    }

    private void Report()
    {
        var seconds = samples / stream.SampleRateHz;
        var measured = station?.Read(new Reception(double.NaN, clipped > OverloadShare * samples, torn, seconds));
        var share = envelope.Power > 0 ? envelope.Carrier / envelope.Power : 0;
        // Noise of the whole stream; of it, a channel of 200 kHz holds its part.
        var inChannel = Math.Min(1, ChannelHz / stream.SampleRateHz);
        var snr = station?.SnrDb ?? 10 * Math.Log10(Math.Max(share, 1e-6) / (Math.Max(1 - share, 1e-6) * inChannel));
        var noise = envelope.Power / (1 + Math.Pow(10, snr / 10) * inChannel);
        var noiseDbfsPerHz = 10 * Math.Log10(Math.Max(noise / stream.SampleRateHz, 1e-30));
        var carriers = new List<CarrierReading>();
        if (10 * Math.Log10(Math.Max(share, 1e-6) / (Math.Max(1 - share, 1e-6) * inChannel)) >= LeastSnrDb) carriers.Add(Carrier(measured, snr, envelope.Power - noise, noiseDbfsPerHz, seconds));
        else onAirSeconds = 0;
        OnReading?.Invoke(new FmBandReading(TimeSpan.FromSeconds(seconds), noiseDbfsPerHz, clipped > OverloadShare * samples, carriers, []));
        envelope.Clear();
        (samples, clipped, torn) = (0, 0, false);
    }

    private CarrierReading Carrier(StationReading? measured, double snr, double power, double noiseDbfsPerHz, double seconds)
    {
        var found = station is null;
        if (station is null) Find();
        onAirSeconds += found ? 0 : seconds;
        if (station!.TakeMeanFrequency() is { } mean) offsetSum += mean * seconds;
        var rms = measured?.RmsDeviationHz.Value;
        return new CarrierReading
        {
            NominalHz = nominalHz,
            OffRaster = offRaster,
            OnAir = true,
            OffsetHz = onAirSeconds > 0 ? stream.CenterFrequencyHz + stationOffsetHz - nominalHz + offsetSum / onAirSeconds : stream.CenterFrequencyHz + envelope.Cycles * stream.SampleRateHz - nominalHz,
            LevelDbfs = 10 * Math.Log10(Math.Max(power, 1e-30)),
            SnrDb = snr,
            NoiseDbfsPerHz = noiseDbfsPerHz,
            Station = measured,
            Modulated = rms is { } hz ? hz > LeastModulationHz : null,
            Pilot = measured?.Stereo,
            Rds = found ? null : station.ReadRds(),
            OnAirSeconds = onAirSeconds,
        };
    }

    private void Find()
    {
        var frequency = stream.CenterFrequencyHz + envelope.Cycles * stream.SampleRateHz;
        var onRaster = Math.Round(frequency / RasterHz) * RasterHz;
        offRaster = Math.Abs(frequency - onRaster) > OnRasterHz;
        nominalHz = (long)(offRaster ? Math.Round(frequency / 10_000) * 10_000 : onRaster);
        // A nominal frequency at the stream's very edge is none that could be received; the station is where it was found.
        stationOffsetHz = nominalHz - stream.CenterFrequencyHz;
        if (Math.Abs(stationOffsetHz) > stream.SampleRateHz / 4) stationOffsetHz = envelope.Cycles * stream.SampleRateHz;
        station = StationReceiver.ForIq(stream.SampleRateHz, stationOffsetHz, tapFor?.Invoke(nominalHz));
    }
}
