using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a stretch of the FM band: samples in; <c>fm.carrier</c> and <c>fm.band</c> each second, what happens to suspicions and evidence, and waterfall lines out.</summary>
internal sealed class FmBandWatch(FmBandConfiguration configuration, Func<CancellationToken, ValueTask<IIqSource>> open, FmSite site, ObservationMint mint, Action<Observation> observe, Action<SpectrumFrame> show) : IWatch
{
    // 50 ms of signal a read: five reads for each waterfall line.
    private const double ReadSeconds = 0.05;

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        await using var source = await open(cancel).ConfigureAwait(false);
        var stream = source.Stream;
        var calibration = site.Calibration(configuration);
        var half = stream.SampleRateHz / 2;
        var told = new FmObservations(configuration, stream, calibration, mint, observe) { HeardFromHz = stream.CenterFrequencyHz - 0.8 * half, HeardToHz = stream.CenterFrequencyHz + 0.8 * half };
        FmStations? stations = null;
        try
        {
            var (now, lost) = (DateTimeOffset.MinValue, 0L);
            var receiver = new FmBandReceiver(new FmBandSettings
            {
                SampleRateHz = stream.SampleRateHz,
                CenterFrequencyHz = stream.CenterFrequencyHz,
                RasterHz = configuration.RasterHz,
                SpectrumLinesPerSecond = configuration.SpectrumLinesPerSecond,
            })
            {
                TapFor = hz => stations!.Tap(hz),
                OnReading = reading =>
                {
                    told.Report(stations!, reading, reading.Length.TotalSeconds, now, [("start_hz", Fact.Of(stream.CenterFrequencyHz - half)), ("stop_hz", Fact.Of(stream.CenterFrequencyHz + half)), ("samples_lost", Fact.Of(lost))]);
                    lost = 0;
                },
                OnSpectrum = line =>
                {
                    stations!.Spectrum(line);
                    show(told.Frame(line, now));
                },
            };
            var samples = new float[2 * (int)(stream.SampleRateHz * ReadSeconds)];
            DateTimeOffset? expected = null;
            while (true)
            {
                var read = await source.ReadAsync(samples, cancel).ConfigureAwait(false);
                if (read.Samples == 0) return;
                var missing = read.Discontinuity && read.At > expected ? (read.At - expected.Value).TotalSeconds : 0;
                expected = now = read.At + TimeSpan.FromSeconds(read.Samples / stream.SampleRateHz);
                if (stations is null)
                {
                    stations = site.Stations(configuration, stream, calibration, read.At);
                    working();
                }
                lost += (long)(missing * stream.SampleRateHz);
                stations.Advance(now, missing);
                receiver.Process(samples.AsSpan(0, 2 * read.Samples), read.Discontinuity);
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
}
