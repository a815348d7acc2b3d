using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Bench;

/// <summary>What a probe's spool takes with fsync for every 256 observations, and how fast a backlog leaves it: read, packed, posted and acknowledged, the other end in this process too.</summary>
internal static class SpoolBench
{
    private const int Observations = 50_000;

    public static IEnumerable<BenchLine> Run()
    {
        var folder = Directory.CreateTempSubdirectory("spool").FullName;
        var mint = new ObservationMint(new ProbeId("GZ-03"), "440106", Language.Chinese);
        try
        {
            using var spool = new SpoolFolder(folder, new SpoolFolderSettings(), TimeProvider.System, gap => mint.Gap(gap, TimeProvider.System.GetUtcNow()), _ => { });
            var made = Enumerable.Range(0, Observations).Select(i => Carrier(mint, i)).ToArray();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < made.Length; i++)
            {
                spool.Append(made[i]);
                if (i % 256 == 255) spool.Flush();
            }
            spool.Flush();
            var seconds = watch.Elapsed.TotalSeconds;
            yield return new("append, fsync each 256", Observations / seconds, "obs/s");
            yield return new("bytes on disk an observation", spool.Figures.Bytes / (double)Observations, "B");

            using var collector = new Collector();
            using var http = new HttpClient(collector);
            var uplink = new ObservationUplink(http, new Uri("http://collector/"), spool, new DeliverySettings(), TimeProvider.System, new Random(1), _ => { }, new ClockOffset());
            watch.Restart();
            while (uplink.StepAsync(CancellationToken.None).GetAwaiter().GetResult()) { }
            yield return new("drain: read, gzip, post, acknowledge", Observations / watch.Elapsed.TotalSeconds, "obs/s");
            if (!spool.Alarms.Live.IsDelivered) throw new InvalidOperationException("the spool did not drain");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Observation Carrier(ObservationMint mint, int i) => mint.Measured(new WatchId("fm"), Subject.Frequency("440106", 87_000_000 + i % 200 * 100_000), Vocabulary.FmCarrier, DateTimeOffset.UnixEpoch.AddSeconds(i), Origin.Live,
        ("frequency_hz", Fact.Of(87_000_000 + i % 200 * 100_000)), ("on_air", Fact.Of(true)), ("offset_hz", Fact.Of(12.5)), ("level_dbfs", Fact.Of(-31.25)), ("snr_db", Fact.Of(42.5)), ("occupied_bandwidth_hz", Fact.Of(182_000)),
        ("deviation_rms_hz", Fact.Of(21_000)), ("modulated", Fact.Of(true)), ("pilot", Fact.Of(true)), ("pi", Fact.Of("C123")), ("ps", Fact.Of("GZ RADIO")), ("rds_block_error_rate", Fact.Of(0.01)), ("on_air_s", Fact.Of(i)));

    private sealed class Collector : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await using var body = await request.Content!.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var unpacked = new MemoryStream();
            await using (var gzip = new GZipStream(body, CompressionMode.Decompress)) await gzip.CopyToAsync(unpacked, cancellationToken).ConfigureAwait(false);
            var lines = unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length - 1);
            var last = JsonSerializer.Deserialize<SpooledObservation>(lines.Span[(lines.Span.LastIndexOf((byte)'\n') + 1)..], WireJson.Options)!;
            var reply = JsonSerializer.Serialize(new IngestReply(last.Boot, last.Sequence, 0, 0, [], DateTimeOffset.UnixEpoch), WireJson.Options);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(reply, Encoding.UTF8, "application/json") };
        }
    }
}
