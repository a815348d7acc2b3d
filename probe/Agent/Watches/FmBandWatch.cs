using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a stretch of the FM band: samples in, <c>fm.carrier</c> and <c>fm.band</c> each second and waterfall lines out.</summary>
internal sealed class FmBandWatch(FmBandConfiguration configuration, Func<IIqSource> open, ObservationMint mint, Action<Observation> observe, Action<SpectrumFrame> show) : IWatch
{
    // 50 ms of signal a read: five reads for each waterfall line.
    private const double ReadSeconds = 0.05;

    // A byte a bin: 0.5 dB a step from -140 dBFS on reaches -12.5; stronger bins show as that.
    private const float FloorDb = -140, StepDb = 0.5f;

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        await using var source = open();
        var (stream, now, lost) = (source.Stream, DateTimeOffset.MinValue, 0L);
        var receiver = new FmBandReceiver(new FmBandSettings
        {
            SampleRateHz = stream.SampleRateHz,
            CenterFrequencyHz = stream.CenterFrequencyHz,
            RasterHz = configuration.RasterHz,
            SpectrumLinesPerSecond = configuration.SpectrumLinesPerSecond,
        })
        {
            OnReading = reading => Report(stream, reading, now, Interlocked.Exchange(ref lost, 0)),
            OnSpectrum = line => show(Frame(stream, line, now)),
        };
        var samples = new float[2 * (int)(stream.SampleRateHz * ReadSeconds)];
        DateTimeOffset? expected = null;
        while (true)
        {
            var read = await source.ReadAsync(samples, cancel).ConfigureAwait(false);
            if (read.Samples == 0) return;
            if (expected is null) working();
            else if (read.Discontinuity && read.At > expected) lost += (long)((read.At - expected.Value).TotalSeconds * stream.SampleRateHz);
            expected = now = read.At + TimeSpan.FromSeconds(read.Samples / stream.SampleRateHz);
            receiver.Process(samples.AsSpan(0, 2 * read.Samples), read.Discontinuity);
        }
    }

    private void Report(IqStream stream, FmBandReading reading, DateTimeOffset at, long lost)
    {
        foreach (var carrier in reading.Carriers) observe(Carrier(stream, carrier, at));
        observe(mint.Measured(Id, Subject.Probe(mint.Probe), Vocabulary.FmBand, at, stream.Origin,
            ("start_hz", Fact.Of(stream.CenterFrequencyHz - stream.SampleRateHz / 2)),
            ("stop_hz", Fact.Of(stream.CenterFrequencyHz + stream.SampleRateHz / 2)),
            ("noise_floor_dbfs", Known.Number(reading.NoiseFloorDbfsPerHz)),
            ("carriers", Fact.Of(reading.Carriers.Count(c => c.OnAir))),
            ("overload", Fact.Of(reading.Overload)),
            ("samples_lost", Fact.Of(lost))));
    }

    private Observation Carrier(IqStream stream, CarrierReading c, DateTimeOffset at) =>
        mint.Measured(Id, Subject.Frequency(mint.Area, c.NominalHz), Vocabulary.FmCarrier, at, stream.Origin,
            ("frequency_hz", Fact.Of(c.NominalHz)),
            ("on_air", Fact.Of(c.OnAir)),
            ("offset_hz", Known.Number(c.OffsetHz)),
            ("level_dbfs", stream.DbmAtFullScale is null ? Known.Number(c.LevelDbfs) : null),
            ("level_dbm", Known.Number(c.LevelDbfs + stream.DbmAtFullScale)),
            ("snr_db", Known.Number(c.SnrDb)),
            ("occupied_bandwidth_hz", Known.Number(c.OccupiedBandwidthHz)),
            ("deviation_rms_hz", Known.Number(c.Station?.RmsDeviationHz.Justified)),
            ("modulated", Known.Flag(c.Modulated)),
            ("pilot", Known.Flag(c.Pilot)),
            ("pi", Known.Words(c.Rds?.Pi?.ToString("X4", CultureInfo.InvariantCulture))),
            ("ps", Known.Words(c.Rds?.Ps?.TrimEnd())),
            ("rds_block_error_rate", Known.Number(c.Rds?.BlockErrorRate)),
            ("on_air_s", Known.Number(c.OnAirSeconds)));

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
