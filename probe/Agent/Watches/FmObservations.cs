using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>What an FM watch tells of a reading: the carriers, the band, what happens to suspicions and evidence; and the picture.</summary>
internal sealed class FmObservations(FmBandConfiguration configuration, IqStream stream, ReceiverCalibration? calibration, ObservationMint mint, Action<Observation> observe)
{
    // A byte a bin: 0.5 dB a step from -140 dBFS on reaches -12.5; stronger bins show as that.
    private const float FloorDb = -140, StepDb = 0.5f;

    private const int MostChannels = 1000; // of an occupancy table

    private readonly FmLevels levels = new(stream, calibration);
    private OccupancyTable? occupancy;

    /// <summary>The lowest frequency of which silence is known: what was heard there before and is heard no more is off the air.</summary>
    public required double HeardFromHz { get; init; }

    /// <summary>The highest.</summary>
    public required double HeardToHz { get; init; }

    /// <summary>Carriers beyond it are there for the comparison alone: what is told of peaks of the aeronautical band is <c>fm.spurious</c>.</summary>
    public double TellsToHz { get; init; } = double.MaxValue;

    /// <summary>The sound is listened to without a break, so that loops and silence can be told.</summary>
    public bool HearsSound { get; init; } = true;

    /// <summary>Judges a reading, and tells it.</summary>
    /// <param name="stations">What is known of the stations.</param>
    /// <param name="reading">What was measured.</param>
    /// <param name="seconds">Time that it covers, s.</param>
    /// <param name="at">Its end: the time of all that is told.</param>
    /// <param name="band">Facts of <c>fm.band</c> that only the watch knows.</param>
    /// <returns>Who the carriers are, by nominal frequency.</returns>
    public IReadOnlyDictionary<long, Identification> Report(FmStations stations, FmBandReading reading, double seconds, DateTimeOffset at, ReadOnlySpan<(string, Fact?)> band)
    {
        var who = stations.Judge(reading, seconds, (dbfs, hz) => levels.Field(dbfs, hz, at));
        var carriers = reading.Carriers.Where(c => c.NominalHz <= TellsToHz).ToList();
        foreach (var carrier in carriers) Tell(stations, carrier, who.GetValueOrDefault(carrier.NominalHz), at);
        foreach (var hz in stations.Missing(reading, HeardFromHz, HeardToHz))
            observe(About(hz, Vocabulary.FmCarrier, at, [("frequency_hz", Fact.Of(hz)), ("on_air", Fact.Of(false))]));
        foreach (var change in stations.Changes)
            observe(About(change.FrequencyHz, Vocabulary.FmSuspicion, change.At,
            [
                ("frequency_hz", Fact.Of(change.FrequencyHz)), ("stage", Fact.Of(CarrierFacts.Word(change.To))), ("stage_before", Fact.Of(CarrierFacts.Word(change.From))),
                ("score", Fact.Of(change.Score)), ("reasons", mint.Words(change.Why)),
            ]));
        Dossiers(stations, at);
        observe(mint.Measured(configuration.Id, Subject.Probe(mint.Probe), Vocabulary.FmBand, at, stream.Origin,
        [
            ("noise_floor_dbfs", Known.Number(reading.NoiseFloorDbfsPerHz)), ("carriers", Fact.Of(carriers.Count(c => c.OnAir))), ("masked", Fact.Of(reading.Masked.Count)),
            ("overload", Fact.Of(reading.Overload)), ("occupancy", Known.Number(Occupancy(reading, at))), ("input", Known.Words(configuration.Source.ToString())), .. band,
        ]));
        return who;
    }

    /// <summary>Tells a peak of the aeronautical band.</summary>
    /// <param name="peak">The peak.</param>
    /// <param name="nominalHz">Its frequency as its subject has it, Hz.</param>
    /// <param name="correlatesWithHz">The FM carrier that it switches with, or null.</param>
    /// <param name="at">When it was looked for.</param>
    public void Spurious(SpuriousPeak peak, long nominalHz, long? correlatesWithHz, DateTimeOffset at)
    {
        var dbm = levels.Dbm(peak.LevelDbfs, peak.FrequencyHz);
        observe(About(nominalHz, Vocabulary.FmSpurious, at,
        [
            ("frequency_hz", Fact.Of(Math.Round(peak.FrequencyHz))), ("level_dbfs", dbm is null ? Known.Number(peak.LevelDbfs) : null), ("level_dbm", Known.Number(dbm)),
            ("snr_db", Known.Number(peak.AboveNoiseDb)), ("on_air_s", Known.Number(peak.HeldSeconds)), ("correlates_with_hz", Known.Number(correlatesWithHz)),
        ]));
    }

    /// <summary>Tells what became of dossiers.</summary>
    public void Dossiers(FmStations stations, DateTimeOffset at)
    {
        foreach (var news in stations.TakeNews())
            observe(mint.Measured(configuration.Id, news.FrequencyHz is { } hz ? Subject.Frequency(mint.Area, hz) : Subject.Watch(mint.Probe, configuration.Id), Vocabulary.FmDossier, at, stream.Origin,
            [
                ("event", Fact.Of(news.Event.ToString().ToLowerInvariant())), ("folder", Known.Words(news.Folder)), ("sha256", Known.Words(news.ManifestSha256)), ("duration_s", Known.Number(news.SoundSeconds)),
                ("gap_s", Known.Number(news.SecondsMissing)), ("deleted", Fact.Of(news.DeletedSoFar)), ("reason", mint.Words(news.Reason)),
            ]));
    }

    /// <summary>A line of the waterfall as the screen wants it.</summary>
    public SpectrumFrame Frame(in PowerSpectrum line, DateTimeOffset at)
    {
        var calibrated = (float)(stream.DbmAtFullScale ?? 0);
        var values = line.Dbfs.Span;
        var bins = new byte[values.Length];
        for (var i = 0; i < bins.Length; i++) bins[i] = (byte)Math.Clamp((values[i] - FloorDb) / StepDb + 0.5f, 0, 255);
        return new SpectrumFrame
        {
            Probe = mint.Probe,
            Watch = configuration.Id,
            At = at,
            StartHz = line.StartHz,
            StepHz = line.StepHz,
            FloorDb = FloorDb + calibrated,
            StepDb = StepDb,
            Origin = stream.Origin,
            Unit = stream.DbmAtFullScale is null ? SpectrumUnit.Dbfs : SpectrumUnit.Dbm,
            Bins = bins,
        };
    }

    private void Tell(FmStations stations, CarrierReading carrier, Identification? who, DateTimeOffset at)
    {
        var facts = CarrierFacts.Measured(levels, carrier);
        // Moments of silence add up from sweep to sweep: what is between them nobody heard.
        if (!HearsSound) facts = facts.Where(f => f.Item1 != "silence_s");
        if (who is not null) facts = facts.Concat(CarrierFacts.Identified(who, HearsSound ? stations.Sound(carrier.NominalHz) : null, stations.RegisterDigest));
        observe(About(carrier.NominalHz, Vocabulary.FmCarrier, at, [.. facts, ("calibration", levels.State(at))]));
    }

    private double? Occupancy(FmBandReading reading, DateTimeOffset at)
    {
        var raster = configuration.RasterHz;
        var (first, last) = (Math.Ceiling(HeardFromHz / raster) * raster, Math.Floor(HeardToHz / raster) * raster);
        if (last < first || (last - first) / raster >= MostChannels) return null;
        occupancy ??= new OccupancyTable(first, last, new FmBandSettings { SampleRateHz = stream.SampleRateHz, CenterFrequencyHz = stream.CenterFrequencyHz, RasterHz = raster });
        occupancy.Add(at, reading, HeardFromHz, HeardToHz);
        return occupancy.Snapshot(at).Windows[0].BandOccupancy;
    }

    private Observation About(long hz, ObservationKind kind, DateTimeOffset at, ReadOnlySpan<(string, Fact?)> facts) =>
        mint.Measured(configuration.Id, Subject.Frequency(mint.Area, hz), kind, at, stream.Origin, facts);
}
