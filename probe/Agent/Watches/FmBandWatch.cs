using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a stretch of the FM band: samples in; <c>fm.carrier</c> and <c>fm.band</c> each second, what happens to suspicions and evidence, and waterfall lines out.</summary>
internal sealed class FmBandWatch(FmBandConfiguration configuration, Func<CancellationToken, ValueTask<IIqSource>> open, FmSite site, ObservationMint mint, Action<Observation> observe, Action<SpectrumFrame> show) : IWatch
{
    // 50 ms of signal a read: five reads for each waterfall line.
    private const double ReadSeconds = 0.05;

    // A byte a bin: 0.5 dB a step from -140 dBFS on reaches -12.5; stronger bins show as that.
    private const float FloorDb = -140, StepDb = 0.5f;

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        await using var source = await open(cancel).ConfigureAwait(false);
        var stream = source.Stream;
        var calibration = configuration.CalibrationFile is { } file ? ReceiverCalibration.Read(file) : null;
        var levels = new FmLevels(stream, calibration);
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
                    Report(stream, levels, stations!, reading, now, lost);
                    lost = 0;
                },
                OnSpectrum = line =>
                {
                    stations!.Spectrum(line);
                    show(Frame(stream, line, now));
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
                foreach (var news in stations.TakeNews()) observe(Dossier(stream, news, site.Time.GetUtcNow()));
            }
        }
    }

    private void Report(IqStream stream, FmLevels levels, FmStations stations, FmBandReading reading, DateTimeOffset at, long lost)
    {
        var who = stations.Judge(reading, reading.Length.TotalSeconds, (dbfs, hz) => levels.Field(dbfs, hz, at));
        foreach (var carrier in reading.Carriers)
        {
            var facts = CarrierFacts.Measured(levels, carrier);
            if (who.TryGetValue(carrier.NominalHz, out var identity)) facts = facts.Concat(CarrierFacts.Identified(identity, stations.Sound(carrier.NominalHz), stations.RegisterDigest));
            observe(About(stream, carrier.NominalHz, Vocabulary.FmCarrier, at, [.. facts, ("calibration", levels.State(at))]));
        }
        var half = stream.SampleRateHz / 2;
        // What this receiver has heard before and hears no more is off the air, not unknown: it would have heard it.
        foreach (var hz in stations.Missing(reading, stream.CenterFrequencyHz - 0.8 * half, stream.CenterFrequencyHz + 0.8 * half))
            observe(About(stream, hz, Vocabulary.FmCarrier, at, [("frequency_hz", Fact.Of(hz)), ("on_air", Fact.Of(false))]));
        foreach (var change in stations.Changes)
            observe(About(stream, change.FrequencyHz, Vocabulary.FmSuspicion, change.At,
            [
                ("frequency_hz", Fact.Of(change.FrequencyHz)), ("stage", Fact.Of(CarrierFacts.Word(change.To))), ("stage_before", Fact.Of(CarrierFacts.Word(change.From))),
                ("score", Fact.Of(change.Score)), ("reasons", mint.Words(change.Why)),
            ]));
        foreach (var news in stations.TakeNews()) observe(Dossier(stream, news, at));
        observe(mint.Measured(Id, Subject.Probe(mint.Probe), Vocabulary.FmBand, at, stream.Origin,
            ("start_hz", Fact.Of(stream.CenterFrequencyHz - half)),
            ("stop_hz", Fact.Of(stream.CenterFrequencyHz + half)),
            ("noise_floor_dbfs", Known.Number(reading.NoiseFloorDbfsPerHz)),
            ("carriers", Fact.Of(reading.Carriers.Count(c => c.OnAir))),
            ("masked", Fact.Of(reading.Masked.Count)),
            ("overload", Fact.Of(reading.Overload)),
            ("samples_lost", Fact.Of(lost)),
            ("input", Known.Words(Input))));
    }

    private Observation About(IqStream stream, long hz, ObservationKind kind, DateTimeOffset at, ReadOnlySpan<(string, Fact?)> facts) =>
        mint.Measured(Id, Subject.Frequency(mint.Area, hz), kind, at, stream.Origin, facts);

    private Observation Dossier(IqStream stream, EvidenceNews news, DateTimeOffset at) =>
        mint.Measured(Id, news.FrequencyHz is { } hz ? Subject.Frequency(mint.Area, hz) : Subject.Watch(mint.Probe, Id), Vocabulary.FmDossier, at, stream.Origin,
        [
            ("event", Fact.Of(news.Event.ToString().ToLowerInvariant())), ("folder", Known.Words(news.Folder)), ("sha256", Known.Words(news.ManifestSha256)), ("duration_s", Known.Number(news.SoundSeconds)),
            ("gap_s", Known.Number(news.SecondsMissing)), ("deleted", Fact.Of(news.DeletedSoFar)), ("reason", mint.Words(news.Reason)),
        ]);

    private SpectrumFrame Frame(IqStream stream, PowerSpectrum line, DateTimeOffset at)
    {
        var calibration = (float)(stream.DbmAtFullScale ?? 0);
        var levels = line.Dbfs.Span;
        var bins = new byte[levels.Length];
        for (var i = 0; i < bins.Length; i++) bins[i] = (byte)Math.Clamp((levels[i] - FloorDb) / StepDb + 0.5f, 0, 255);
        return new SpectrumFrame
        {
            Probe = mint.Probe,
            Watch = Id,
            At = at,
            StartHz = line.StartHz,
            StepHz = line.StepHz,
            FloorDb = FloorDb + calibration,
            StepDb = StepDb,
            Origin = stream.Origin,
            Unit = stream.DbmAtFullScale is null ? SpectrumUnit.Dbfs : SpectrumUnit.Dbm,
            Bins = bins,
        };
    }
}
