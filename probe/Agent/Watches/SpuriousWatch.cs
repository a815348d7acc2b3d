using SignalWatch.Fm;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Watches;

/// <summary>Looks at the aeronautical band, 108 to 137 MHz, between the sweeps of the FM band.</summary>
internal sealed class SpuriousWatch(ITunableIqSource source)
{
    // A station on 108.0 MHz reaches to 108.1.
    private const double FromHz = 108_100_000;

    // Half a second for a hop: what the noise needs to be steady in.
    private const double HopSeconds = 0.5;
    private const double RoundedToHz = 10_000;

    private readonly SweptReceiver receiver = new(source, Plan(source.Stream.SampleRateHz));
    private readonly SpuriousSurvey survey = new();

    /// <summary>Peaks that have been there for 30 s at the last look.</summary>
    public IReadOnlyList<SpuriousPeak> Held { get; private set; } = [];

    /// <summary>All peaks of the last look, as carriers to compare the stations' switching with.</summary>
    public IReadOnlyList<CarrierReading> Carriers { get; private set; } = [];

    /// <summary>The frequency of a peak as a subject has it: it drifts by less.</summary>
    public static long Nominal(SpuriousPeak peak) => (long)(Math.Round(peak.FrequencyHz / RoundedToHz) * RoundedToHz);

    /// <summary>Takes a look.</summary>
    /// <returns>False where the source has ended.</returns>
    public async Task<bool> LookAsync(CancellationToken cancel)
    {
        if (await receiver.SweepAsync(cancel).ConfigureAwait(false) is not { } heard) return false;
        Held = survey.Update(heard.Reading.Spectra, heard.Reading.NoiseFloor);
        Carriers = [.. survey.Seen.Select(p => Carrier(p, heard.Reading.NoiseFloor.At(p.FrequencyHz))).DistinctBy(c => c.NominalHz)];
        return true;
    }

    private static CarrierReading Carrier(SpuriousPeak peak, double noiseDbfsPerHz) => new()
    {
        NominalHz = Nominal(peak), OnAir = true, OffsetHz = peak.FrequencyHz - Nominal(peak), LevelDbfs = peak.LevelDbfs,
        // Over the noise in 200 kHz, as that of stations.
        SnrDb = peak.LevelDbfs - noiseDbfsPerHz - 10 * Math.Log10(200_000), NoiseDbfsPerHz = noiseDbfsPerHz, OnAirSeconds = peak.HeldSeconds,
    };

    private static SweepPlan Plan(double sampleRateHz)
    {
        var settings = new SweepSettings { SampleRateHz = sampleRateHz, FromHz = FromHz, ToHz = SpuriousSurvey.ToHz, Period = TimeSpan.FromHours(1), MeasureStations = false };
        // How many hops there are does not depend on the time for them.
        return SweepPlan.For(settings with { Period = HopSeconds * SweepPlan.For(settings).Hops.Count * TimeSpan.FromSeconds(1) });
    }
}
