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

/// <summary>Observations that are judged by the demonstration pack, on disk and acknowledged, over HTTP on loopback: 200 probes in 20 cities that offer 5,000 a second for five minutes, a burst of
/// 50,000 a second for ten seconds, the same burst into PostgreSQL, and how soon a collector with a long journal is ready. The collector is a process of its own; its load runs beside it on the
/// same processor. Each part can be run alone, and none lasts longer than a quarter of an hour.</summary>
internal static class CollectorBench
{
    private const int Probes = 200;
    private const int Cities = 20; // ten probes hear the same stations: a province, not one hill
    private const int BurstLines = 250; // of a probe and second: 50,000 in all
    private const int JournalLines = 5_000;
    private const int JournalEntries = 10_000_000;
    private const long JournalBytes = 20L << 30;
    private static readonly string Pack = Path.Combine(Checkout.Root, "rules", "packs", "demonstration");
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15); // past the holds: all probes of a province do not begin in one second
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostFilling = TimeSpan.FromMinutes(12);

    /// <summary>The parts, in the order in which they run.</summary>
    internal static IReadOnlyList<(string Name, Func<IEnumerable<BenchLine>> Run)> Parts { get; } =
    [
        ("sustained", () => In(Sustained)),
        ("burst", () => In(folder => Bursts(folder, "SQLite"))),
        ("postgres", () => Postgres15.IsInstalled ? In(Postgres) : []),
        ("open", () => In(Open)),
        ("wall", WallBench.Run),
    ];

    internal static IEnumerable<BenchLine> Run() => Parts.SelectMany(part => part.Run());

    private static List<BenchLine> In(Func<string, Task<List<BenchLine>>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-bench-").FullName;
        try
        {
            return measure(folder).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<BenchLine>> Sustained(string folder)
    {
        var probes = Fleet(CollectorLoad.AllFacts);
        await using var collector = await Running(folder);
        await OfferSteadily(collector.Client, probes, Settle);
        var cpu = collector.Busy;
        var (rate, latencies) = await OfferSteadily(collector.Client, probes, Steady);
        var busy = collector.Busy - cpu;
        Array.Sort(latencies);
        var with = $"200 probes × 25 carriers × {CollectorLoad.AllFacts} facts/s";
        return
        [
            new($"collector, {with}, judged and durable, 5 minutes", Math.Round(rate), "observations/s"),
            new($"collector, {with}, acknowledgement p50", Percentile(latencies, 0.50), "ms"),
            new($"collector, {with}, acknowledgement p99", Percentile(latencies, 0.99), "ms"),
            new($"collector, {with}, cores", Math.Round(busy / Steady, 2), "cores"),
            new($"collector, {with}, processor time of each", Math.Round(busy.TotalMicroseconds / (rate * Steady.TotalSeconds), 1), "µs"),
        ];
    }

    private static async Task<List<BenchLine>> Postgres(string folder)
    {
        using var server = new PostgresServer();
        return await Bursts(folder, "PostgreSQL beside it", "--store", server.NewDatabase());
    }

    private static async Task<List<BenchLine>> Bursts(string folder, string store, params string[] more)
    {
        var lines = new List<BenchLine>();
        await using var collector = await Running(folder, more);
        await OfferSteadily(collector.Client, Fleet(CollectorLoad.UsualFacts), Settle);
        foreach (var facts in (int[])[CollectorLoad.UsualFacts, CollectorLoad.AllFacts])
        {
            var cpu = collector.Busy;
            var burst = await OfferBurst(collector.Client, Fleet(facts));
            var with = $"{store}, 50,000/s of {facts} facts for 10 s";
            lines.Add(new($"burst, {with}: acknowledged within the 10 s", Math.Round(burst.InTime / Burst.TotalSeconds), "observations/s"));
            lines.Add(new($"burst, {with}: all 500,000 acknowledged after", Math.Round(burst.Lasted.TotalSeconds, 1), "s"));
            lines.Add(new($"burst, {with}: batches put off by 429", burst.PutOff, "batches"));
            lines.Add(new($"burst, {with}: processor time of each", Math.Round((collector.Busy - cpu).TotalMicroseconds / (BurstLines * Probes * Burst.TotalSeconds), 1), "µs"));
        }
        return lines;
    }

    private static async Task<List<BenchLine>> Open(string folder)
    {
        if (new DriveInfo(folder).AvailableFreeSpace < JournalBytes) return [];
        var stored = await FillJournal(folder);
        var started = Stopwatch.GetTimestamp();
        await using var collector = await Running(folder);
        return [new(FormattableString.Invariant($"collector, restart to /healthz, {stored / 1e6:0.0} million observations of {CollectorLoad.UsualFacts} facts"), Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2), "s")];
    }

    private static CollectorLoad[] Fleet(int facts) => [.. Enumerable.Range(0, Probes).Select(i => new CollectorLoad($"GZ-{i:000}", FormattableString.Invariant($"44{1 + (i % Cities):00}"), facts))];

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
                taken.Add((await probe.Send(client, CollectorLoad.Carriers)).Milliseconds);
            }
            return taken;
        }));
        var rows = each.Sum(e => e.Count) * CollectorLoad.Carriers;
        return (rows / Stopwatch.GetElapsedTime(started).TotalSeconds, [.. each.SelectMany(e => e)]);
    }

    /// <summary>Each probe posts once a second, and at once again where the answer took longer than that.</summary>
    private static async Task<(long InTime, TimeSpan Lasted, int PutOff)> OfferBurst(HttpClient client, CollectorLoad[] probes)
    {
        var (started, inTime, putOff) = (Stopwatch.GetTimestamp(), 0L, 0);
        await Task.WhenAll(probes.Select(async (probe, i) =>
        {
            for (var post = 0; post < Burst.TotalSeconds; post++)
            {
                var due = TimeSpan.FromSeconds(post + ((double)i / Probes)) - Stopwatch.GetElapsedTime(started);
                if (due > TimeSpan.Zero) await Task.Delay(due);
                var sent = await probe.Send(client, BurstLines);
                if (Stopwatch.GetElapsedTime(started) <= Burst) Interlocked.Add(ref inTime, BurstLines);
                Interlocked.Add(ref putOff, sent.PutOff);
            }
        }));
        return (inTime, Stopwatch.GetElapsedTime(started), putOff);
    }

    private static double Percentile(double[] sorted, double share) => Math.Round(sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)], 1);

    /// <summary>Fills the journal through the writer itself: the way over HTTP is measured elsewhere. On a slow machine it ends early.</summary>
    /// <returns>How many entries there are.</returns>
    private static async Task<long> FillJournal(string folder)
    {
        await using var app = CollectorHost.Build(new CollectorOptions { DataFolder = folder, Listen = new IPEndPoint(IPAddress.Loopback, 0) }, RulePack.Load(Pack), TimeProvider.System, builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        var (writer, metrics, reader) = (app.Services.GetRequiredService<JournalWriter>(), app.Services.GetRequiredService<CollectorMetrics>(), new ObservationReader());
        var (probe, waiting, started) = (new CollectorLoad("GZ-900", "4401", CollectorLoad.UsualFacts), Task.CompletedTask, Stopwatch.GetTimestamp());
        for (var missing = JournalEntries - metrics.Position; missing > 0 && Stopwatch.GetElapsedTime(started) < MostFilling; missing -= JournalLines)
        {
            var work = new IngestWork(ObservationBatch.Parse(probe.Batch(JournalLines).ToArray(), reader), null);
            await waiting; // one is written while the next is made
            writer.Offer(work);
            waiting = work.Done;
        }
        await waiting;
        await app.StopAsync();
        return metrics.Position;
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
