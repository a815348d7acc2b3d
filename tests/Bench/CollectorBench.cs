using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SignalWatch.Collector;
using SignalWatch.Contracts;
using SignalWatch.Rules;
using SignalWatch.Tests;

namespace SignalWatch.Bench;

/// <summary>Observations that are on disk and acknowledged, over HTTP on loopback: 200 probes that offer 5,000 a second, then as fast as it goes.
/// Client and collector share the process and the processor; no rule pack, so that the figure is the journal's.</summary>
internal static class CollectorBench
{
    private const int Probes = 200;
    private const int SteadyLines = 25;
    private const int FlatOutLines = 500;
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FlatOut = TimeSpan.FromSeconds(5);

    internal static IEnumerable<BenchLine> Run() => Measure().GetAwaiter().GetResult();

    private static async Task<List<BenchLine>> Measure()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-bench-").FullName;
        try
        {
            var options = new CollectorOptions { DataFolder = folder, Listen = new IPEndPoint(IPAddress.Loopback, 0) };
            await using var app = CollectorHost.Build(options, RulePack.Load(Path.Combine(Checkout.Root, "rules", "packs", "demonstration")), TimeProvider.System, builder => builder.Logging.ClearProviders());
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            var senders = Enumerable.Range(0, Probes).Select(i => new Sender(client, $"GZ-{i:000}")).ToArray();
            await Task.WhenAll(senders.Select(s => s.Send(SteadyLines))); // warm

            var cpu = Environment.CpuUsage.TotalTime;
            var (steady, latencies) = await OfferSteadily(senders);
            var busy = (Environment.CpuUsage.TotalTime - cpu) / Steady;
            Array.Sort(latencies);
            var flatOut = await OfferFlatOut(senders);
            await app.StopAsync();
            return
            [
                new("collector, durable, 5,000/s offered by 200 probes", Math.Round(steady), "observations/s"),
                new("collector, acknowledgement p50 at 5,000/s", Percentile(latencies, 0.50), "ms"),
                new("collector, acknowledgement p99 at 5,000/s", Percentile(latencies, 0.99), "ms"),
                new("collector and its load, cores at 5,000/s", Math.Round(busy, 2), "cores"),
                new("collector, durable, flat out", Math.Round(flatOut), "observations/s"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Rate, double[] Milliseconds)> OfferSteadily(Sender[] senders)
    {
        // Each probe posts once a second, at its own moment of the second.
        var started = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(senders.Select(async (sender, i) =>
        {
            var taken = new List<double>();
            for (var post = 0; post < Steady.TotalSeconds; post++)
            {
                var due = TimeSpan.FromSeconds(post + (double)i / Probes) - Stopwatch.GetElapsedTime(started);
                if (due > TimeSpan.Zero) await Task.Delay(due);
                taken.Add(await sender.Send(SteadyLines));
            }
            return taken;
        }));
        var rows = each.Sum(e => e.Count) * SteadyLines;
        return (rows / Stopwatch.GetElapsedTime(started).TotalSeconds, [.. each.SelectMany(e => e)]);
    }

    private static async Task<double> OfferFlatOut(Sender[] senders)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = await Task.WhenAll(senders.Take(16).Select(async sender =>
        {
            var sent = 0L;
            for (; Stopwatch.GetElapsedTime(started) < FlatOut; sent += FlatOutLines) await sender.Send(FlatOutLines);
            return sent;
        }));
        return rows.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Percentile(double[] sorted, double share) => Math.Round(sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)], 1);

    private sealed class Sender(HttpClient client, string probe)
    {
        private readonly Guid boot = Guid.CreateVersion7();
        private long sequence;

        /// <summary>Sends a batch.</summary>
        /// <returns>Milliseconds to its acknowledgement.</returns>
        public async Task<double> Send(int lines)
        {
            var body = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, lines).Select(_ => Line()))));
            var started = Stopwatch.GetTimestamp();
            using var response = await client.PostAsync("/api/v1/observations", body);
            response.EnsureSuccessStatusCode();
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        private string Line()
        {
            var frequency = 87_500_000 + (sequence % 25 * 800_000);
            return JsonSerializer.Serialize(new SpooledObservation(boot, ++sequence, new Observation
            {
                Id = Guid.CreateVersion7(),
                Probe = new(probe),
                Watch = new("fm"),
                Subject = Subject.Frequency("440106", frequency),
                Kind = Vocabulary.FmCarrier.Name,
                At = DateTimeOffset.UtcNow,
                Facts = new Dictionary<string, Fact>
                {
                    ["frequency_hz"] = Fact.Of(frequency),
                    ["on_air"] = Fact.Of(true),
                    ["modulated"] = Fact.Of(true),
                    ["level_dbfs"] = Fact.Of(-30.1, 1.5),
                    ["snr_db"] = Fact.Of(31.2),
                    ["occupied_bandwidth_hz"] = Fact.Of(148_200),
                },
            }), WireJson.Options);
        }
    }
}
