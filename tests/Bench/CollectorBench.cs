using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SignalWatch.Collector;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Tests.Storage;
using SignalWatch.Rules;
using SignalWatch.Tests;

namespace SignalWatch.Bench;

/// <summary>Observations that are judged by the demonstration pack, on disk and acknowledged, over HTTP on loopback: 200 probes in 20 cities that offer 5,000 a second, then as fast as it goes;
/// the same burst into PostgreSQL, and how soon a collector with a long journal is ready. The collector is a process of its own; its load runs beside it on the same processor.</summary>
internal static class CollectorBench
{
    private const int Probes = 200;
    private const int Cities = 20; // ten probes hear the same stations: a province, not one hill
    private const int FlatOutLines = 500;
    private const int JournalLines = 5_000;
    private const int JournalEntries = 10_000_000;
    private const int FewEntries = 1_000_000; // where the disk has no room for ten million
    private const long JournalBytes = 60L << 30;
    private static readonly string Pack = Path.Combine(Checkout.Root, "rules", "packs", "demonstration");
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15); // past the holds: all probes of a province do not begin in one second
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FlatOut = TimeSpan.FromSeconds(10);

    internal static IEnumerable<BenchLine> Run() => Measure().GetAwaiter().GetResult();

    private static async Task<List<BenchLine>> Measure()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-bench-").FullName;
        try
        {
            var journal = Path.Combine(folder, "journal");
            var lines = new List<BenchLine>();
            await using (var collector = await Running(journal)) lines.AddRange(await Load(collector));
            var entries = new DriveInfo(folder).AvailableFreeSpace > JournalBytes ? JournalEntries : FewEntries;
            await FillJournal(journal, entries);
            var started = Stopwatch.GetTimestamp();
            await using (await Running(journal))
                lines.Add(new(FormattableString.Invariant($"collector, restart to /healthz, {entries / 1_000_000} million observations"), Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2), "s"));
            if (Postgres15.IsInstalled) lines.Add(await Postgres(Path.Combine(folder, "beside-postgres")));
            return lines;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<BenchLine> Postgres(string folder)
    {
        using var server = new PostgresServer();
        await using var collector = await Running(folder, "--store", server.NewDatabase());
        var probes = Fleet();
        await OfferSteadily(collector.Client, probes, Settle);
        return new("collector, PostgreSQL on the same machine, flat out for 10 s", Math.Round(await OfferFlatOut(collector.Client, probes)), "observations/s");
    }

    private static CollectorLoad[] Fleet() => [.. Enumerable.Range(0, Probes).Select(i => new CollectorLoad($"GZ-{i:000}", FormattableString.Invariant($"44{1 + (i % Cities):00}")))];

    /// <summary>A collector's own process on that data, when it gave its first healthy answer.</summary>
    private static async Task<RunningCollector> Running(string folder, params string[] more)
    {
        Directory.CreateDirectory(folder);
        var register = Path.Combine(folder, "fm.csv");
        await File.WriteAllBytesAsync(register, CollectorLoad.Register());
        var port = RunningProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        var program = RunningProgram.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "SignalWatch.Collector.dll"), "run", "--data", folder, "--pack", Pack, "--register", $"fm={register}", "--port", port, .. more]);
        await program.LineAsync("listening on ", TimeSpan.FromMinutes(1));
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var health = await client.GetAsync("/healthz");
        health.EnsureSuccessStatusCode();
        return new(program, client);
    }

    private static async Task<IEnumerable<BenchLine>> Load(RunningCollector collector)
    {
        var probes = Fleet();
        await OfferSteadily(collector.Client, probes, Settle);
        var cpu = collector.Busy;
        var (steady, latencies) = await OfferSteadily(collector.Client, probes, Steady);
        var busy = (collector.Busy - cpu) / Steady;
        Array.Sort(latencies);
        return
        [
            new("collector, judged and durable, 5,000/s offered for 5 minutes", Math.Round(steady), "observations/s"),
            new("collector, acknowledgement p50 at 5,000/s", Percentile(latencies, 0.50), "ms"),
            new("collector, acknowledgement p99 at 5,000/s", Percentile(latencies, 0.99), "ms"),
            new("collector, cores at 5,000/s", Math.Round(busy, 2), "cores"),
            new("collector, judged and durable, flat out for 10 s", Math.Round(await OfferFlatOut(collector.Client, probes)), "observations/s"),
        ];
    }

    private static async Task<(double Rate, double[] Milliseconds)> OfferSteadily(HttpClient client, CollectorLoad[] probes, TimeSpan duration)
    {
        // Each probe posts once a second, at its own moment of the second.
        var started = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(probes.Select(async (probe, i) =>
        {
            var taken = new List<double>();
            for (var post = 0; post < duration.TotalSeconds; post++)
            {
                var due = TimeSpan.FromSeconds(post + (double)i / Probes) - Stopwatch.GetElapsedTime(started);
                if (due > TimeSpan.Zero) await Task.Delay(due);
                taken.Add(await probe.Send(client, CollectorLoad.Carriers));
            }
            return taken;
        }));
        var rows = each.Sum(e => e.Count) * CollectorLoad.Carriers;
        return (rows / Stopwatch.GetElapsedTime(started).TotalSeconds, [.. each.SelectMany(e => e)]);
    }

    private static async Task<double> OfferFlatOut(HttpClient client, CollectorLoad[] probes)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = await Task.WhenAll(probes.Take(16).Select(async probe =>
        {
            var sent = 0L;
            for (; Stopwatch.GetElapsedTime(started) < FlatOut; sent += FlatOutLines) await probe.Send(client, FlatOutLines);
            return sent;
        }));
        return rows.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Percentile(double[] sorted, double share) => Math.Round(sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)], 1);

    /// <summary>Fills the journal through the writer itself: the way over HTTP was measured before.</summary>
    private static async Task FillJournal(string folder, int entries)
    {
        await using var app = CollectorHost.Build(new CollectorOptions { DataFolder = folder, Listen = new IPEndPoint(IPAddress.Loopback, 0) }, RulePack.Load(Pack), TimeProvider.System, builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        var (writer, stored) = (app.Services.GetRequiredService<JournalWriter>(), app.Services.GetRequiredService<CollectorMetrics>().Position);
        var probe = new CollectorLoad("GZ-900", "4401");
        var waiting = Task.CompletedTask;
        for (var missing = entries - stored; missing > 0; missing -= JournalLines)
        {
            var work = new IngestWork(ObservationBatch.Parse(probe.Batch(JournalLines).ToArray()), null);
            await waiting; // one is written while the next is made
            writer.Offer(work);
            waiting = work.Done;
        }
        await waiting;
        await app.StopAsync();
    }

    private sealed record RunningCollector(RunningProgram Program, HttpClient Client) : IAsyncDisposable
    {
        /// <summary>Processor time so far.</summary>
        public TimeSpan Busy
        {
            get
            {
                using var process = Process.GetProcessById(Program.Id);
                return process.TotalProcessorTime;
            }
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Program.DisposeAsync();
        }
    }
}
