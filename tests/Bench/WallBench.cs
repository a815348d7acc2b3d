using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SignalWatch.Collector;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Bench;

/// <summary>How soon a change of an alarm is at the walls: 1,000 changes a second, 50 walls over real sockets, collector, load and walls in one process on one machine.
/// One wall reads and times every row; the others take their messages and throw them away.</summary>
internal static class WallBench
{
    private const int Walls = 50;
    private const int Subjects = 1_000; // each changes once a second
    private const int Probes = 20;
    private const int PostsASecond = 5;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(30);

    internal static IEnumerable<BenchLine> Run() => Measure().GetAwaiter().GetResult();

    private static async Task<IEnumerable<BenchLine>> Measure()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-wallbench-").FullName;
        try
        {
            var options = new CollectorOptions { DataFolder = Path.Combine(folder, "data"), Listen = new IPEndPoint(IPAddress.Loopback, 0) };
            await using var app = CollectorHost.Build(options, Pack(folder), TimeProvider.System, builder => builder.Logging.ClearProviders());
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            using var stop = new CancellationTokenSource();
            var taken = new List<double>();
            var from = Stopwatch.GetTimestamp();
            var walls = Enumerable.Range(0, Walls).Select(i => Watch(client.BaseAddress, i == 0 ? latency => { if (Stopwatch.GetElapsedTime(from) > Settle) taken.Add(latency); } : null, stop.Token)).ToArray();
            await Task.WhenAll(Enumerable.Range(0, Probes).Select(i => Toggle(client, i, Settle + Measured)));
            await stop.CancelAsync();
            await Task.WhenAll(walls);
            await app.StopAsync();
            var sorted = taken.Order().ToArray();
            return
            [
                new("wall, alarm changes timed", Math.Round(sorted.Length / Measured.TotalSeconds), "changes/s"),
                new($"wall, observation sent to row at one of {Walls} walls, p50", Math.Round(sorted[sorted.Length / 2], 1), "ms"),
                new($"wall, observation sent to row at one of {Walls} walls, p99", Math.Round(sorted[(int)(sorted.Length * 0.99)], 1), "ms"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One rule without holds: each observation changes its alarm.</summary>
    private static RulePack Pack(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "pack", "rules"));
        File.WriteAllText(Path.Combine(folder, "pack", "pack.yaml"), "id: bench\nversion: 1.0.0\ntitle: { zh: 测, en: bench }\nissuer: bench\neffective: 2000-01-01\n");
        File.WriteAllText(Path.Combine(folder, "pack", "rules", "b.yaml"), """
            id: FM-01
            version: 1
            status: active
            severity: 2
            title: { zh: 疑似黑广播, en: suspected pirate }
            explain: { zh: "在 {frequency_hz:MHz} MHz 收到载波", en: "a carrier on {frequency_hz:MHz} MHz" }
            legalBasis: []
            on: fm.carrier
            when: on_air
            for: 0s
            clearAfter: 0s
            noData: { after: 30s, state: undetermined }
            measured: level_dbfs
            """);
        return RulePack.Load(Path.Combine(folder, "pack"));
    }

    private static async Task Toggle(HttpClient client, int probe, TimeSpan duration)
    {
        var (boot, sequence, mine) = (Guid.CreateVersion7(), 0L, Subjects / Probes);
        var started = Stopwatch.GetTimestamp();
        for (var post = 0; post < duration.TotalSeconds * PostsASecond; post++)
        {
            var due = TimeSpan.FromSeconds((post + ((double)probe / Probes)) / PostsASecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero) await Task.Delay(due);
            var lines = new StringBuilder();
            for (var i = 0; i < mine / PostsASecond; i++)
            {
                var subject = (post % PostsASecond * (mine / PostsASecond)) + i;
                lines.AppendLine(JsonSerializer.Serialize(new SpooledObservation(boot, ++sequence, new Observation
                {
                    Id = Guid.CreateVersion7(),
                    Probe = new(string.Create(CultureInfo.InvariantCulture, $"GZ-{probe:00}")),
                    Watch = new("fm"),
                    Subject = Subject.Frequency(string.Create(CultureInfo.InvariantCulture, $"44{probe:00}"), 87_000_000 + (subject * 100_000)),
                    Kind = Vocabulary.FmCarrier.Name,
                    At = DateTimeOffset.UtcNow,
                    Facts = new Dictionary<string, Fact> { ["on_air"] = Fact.Of(post / PostsASecond % 2 == 0), ["frequency_hz"] = Fact.Of(87_000_000L + (subject * 100_000)), ["level_dbfs"] = Fact.Of(-30.0) },
                }), WireJson.Options));
            }
            using var response = await client.PostAsync("/api/v1/observations", new StringContent(lines.ToString()));
            response.EnsureSuccessStatusCode();
        }
    }

    private static async Task Watch(Uri collector, Action<double>? time, CancellationToken stop)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(collector) { Scheme = "ws", Path = "/hubs/wall" }.Uri, stop);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, stop);
        var (buffer, unread) = (new byte[256 * 1024], new List<byte>());
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), stop);
                if (time is null) continue;
                unread.AddRange(buffer.AsSpan(0, received.Count));
                for (int end; (end = unread.IndexOf(0x1e)) >= 0; unread.RemoveRange(0, end + 1)) Read(unread.GetRange(0, end).ToArray(), time);
            }
        }
        catch (OperationCanceledException)
        {
            // The bench is over.
        }
    }

    private static void Read(byte[] message, Action<double> time)
    {
        var now = DateTimeOffset.UtcNow;
        using var record = JsonDocument.Parse(message);
        if (!record.RootElement.TryGetProperty("target", out var target) || target.GetString() != "delta") return;
        foreach (var row in record.RootElement.GetProperty("arguments")[0].GetProperty("alarms").EnumerateArray())
            time((now - (row.TryGetProperty("clearedAt", out var cleared) && cleared.ValueKind == JsonValueKind.String ? cleared : row.GetProperty("raisedAt")).GetDateTimeOffset()).TotalMilliseconds);
    }
}
