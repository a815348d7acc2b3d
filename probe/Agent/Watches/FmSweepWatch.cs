using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches more of the FM band than the receiver hears at once, by sweeping: one reading of the whole band, and one time stamp, a sweep.
/// No carrier is listened to without a break: of its sound nothing is said, and dossiers have spectra alone.</summary>
internal sealed class FmSweepWatch(FmBandConfiguration configuration, Func<CancellationToken, ValueTask<IIqSource>> open, FmSite site, ObservationMint mint, Action<Observation> observe, Action<SpectrumFrame> show) : IWatch
{
    private readonly SweepConfiguration sweep = configuration.Sweep!;

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        await using var source = await open(cancel).ConfigureAwait(false);
        if (source is not ITunableIqSource tunable) throw new ProblemException(Texts.CannotSweep(Input));
        var stream = source.Stream;
        var calibration = site.Calibration(configuration);
        var told = new FmObservations(configuration, stream, calibration, mint, observe) { HeardFromHz = sweep.FromHz, HeardToHz = sweep.ToHz, TellsToHz = sweep.ToHz, HearsSound = false };
        var plan = Plan(stream);
        var (receiver, companions, spurious) = (new SweptReceiver(tunable, plan), new CompanionLook(tunable, plan.Settings), sweep.Spurious ? new SpuriousWatch(tunable) : null);
        FmStations? stations = null;
        DateTimeOffset? last = null;
        try
        {
            while (true)
            {
                // Before each sweep, as often as the stations: that a peak switches with one shows only where both are looked at in the same turn.
                if (spurious is not null && !await spurious.LookAsync(cancel).ConfigureAwait(false)) return;
                if (!await companions.LookAsync(cancel).ConfigureAwait(false)) return;
                if (await receiver.SweepAsync(cancel).ConfigureAwait(false) is not { } heard) return;
                var (reading, begin, at) = heard;
                if (stations is null)
                {
                    stations = site.Stations(configuration, stream, calibration, begin);
                    working();
                }
                stations.Advance(at, 0);
                var line = SweepReadings.Line(reading.Spectra);
                stations.Spectrum(line);
                // What was looked at meanwhile is part of the turn: the stations are watched as often as they are visited.
                var seconds = (at - (last ?? begin)).TotalSeconds;
                last = at;
                var who = told.Report(stations, SweepReadings.Whole(reading with { Carriers = [.. companions.With(reading.Carriers)] }, spurious?.Carriers ?? []), seconds, at,
                    [("start_hz", Fact.Of(sweep.FromHz)), ("stop_hz", Fact.Of(sweep.ToHz)), ("samples_lost", Fact.Of(receiver.TakeLost())), ("sweep_s", Known.Number(Math.Round(reading.LengthSeconds, 3)))]);
                companions.Choose(who.Values);
                foreach (var peak in spurious?.Held ?? []) told.Spurious(peak, SpuriousWatch.Nominal(peak), PartnerOf(SpuriousWatch.Nominal(peak), who), at);
                show(told.Frame(line, at));
            }
        }
        finally
        {
            if (stations is not null)
            {
                await stations.DisposeAsync().ConfigureAwait(false);
                told.Dossiers(stations, site.Time.GetUtcNow());
            }
        }
    }

    private SweepPlan Plan(IqStream stream) => SweepPlan.For(new SweepSettings
    {
        SampleRateHz = stream.SampleRateHz, FromHz = sweep.FromHz, ToHz = sweep.ToHz, Period = sweep.Period, RasterHz = configuration.RasterHz, Twice = true,
    });

    // Only where their histories say so: a peak that is merely there at the same time is anybody's.
    private static long? PartnerOf(long peakHz, IReadOnlyDictionary<long, Identification> who)
    {
        foreach (var (hz, identity) in who)
            if (identity.Reasons.Any(r => r.Code == "spurious-108-137" && r.OtherHz.Contains(peakHz))) return hz;
        return null;
    }
}
