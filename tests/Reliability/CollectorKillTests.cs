using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Tests.Storage;
using Xunit.Abstractions;

namespace SignalWatch.Reliability;

/// <summary>What "acknowledged" means, tried with the smallest load that could falsify it: kill -9 in the middle, again and again, on the same data.</summary>
public sealed class CollectorKillTests(ITestOutputHelper output) : IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("SIGNALWATCH_LONG") == "1";
    private const int Probes = 4;

    private readonly string data = Directory.CreateTempSubdirectory("signalwatch-kill-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public Task Killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_is_there_twice() => KillAgainAndAgain(store: null, IsLong ? 200 : 8);

    [NodesFact]
    public async Task Killed_at_any_moment_over_PostgreSQL_nothing_acknowledged_is_lost_and_nothing_is_there_twice()
    {
        using var server = new PostgresServer();
        await KillAgainAndAgain(server.NewDatabase(), IsLong ? 50 : 3);
    }

    private async Task KillAgainAndAgain(string? store, int rounds)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var senders = Enumerable.Range(0, Probes).Select(i => new SpoolingSender($"GZ-{i:00}")).ToList();
        var evidence = new EvidenceSender(seed);
        var port = CollectorProcess.FreePort();
        var register = Path.Combine(data, "stations.csv");
        await File.WriteAllTextAsync(register, "frequency_hz,licensee\n88000000,X\n"); // without one nobody is accused, and no alarm would be in play
        string[] place = store is null ? [] : ["--store", store], first = ["--register", $"fm={register}"];
        var (slowest, looked) = (TimeSpan.Zero, 0);
        for (var round = 0; round < rounds; round++)
        {
            var because = $"seed {seed}, round {round}";
            var began = Stopwatch.GetTimestamp();
            using var collector = await CollectorProcess.Start(data, port, [.. place, .. round == 0 ? first : []]);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
            await evidence.Holds(collector.Client, because, looked);
            looked = evidence.Acknowledged.Count;
            List<Task> work = [.. senders.Select(s => s.SendUntilGone(collector.Client)), evidence.SendUntilGone(collector.Client)];
            var killAfter = senders.Sum(s => s.AcknowledgedBatches) + random.Next(10, 150);
            while (senders.Sum(s => s.AcknowledgedBatches) < killAfter) await Task.WhenAny(senders.Select(s => s.NextReply));
            await collector.Kill();
            await Task.WhenAll(work);
            var (exit, said) = await CollectorProcess.Run(["check", "--data", data, .. place, "--lang", "en"]);
            exit.Should().Be(0, $"{because}: {said}");
        }

        using var last = await CollectorProcess.Start(data, port, place);
        await evidence.Holds(last.Client, $"seed {seed}");
        evidence.Acknowledged.Should().NotBeEmpty();
        foreach (var sender in senders) await StandsOnce(sender, last.Client, $"seed {seed}");
        output.WriteLine($"{rounds} rounds, seed {seed}: {senders.Sum(s => s.Acknowledged.Count)} observations and {evidence.Acknowledged.Count} files acknowledged, {evidence.Checkpoints} checkpoints; listening after {slowest.TotalSeconds:F1} s at most");
    }

    private static async Task StandsOnce(SpoolingSender sender, HttpClient client, string because)
    {
        var stored = await Stored(client, sender.Probe);
        stored.Should().OnlyHaveUniqueItems(because);
        sender.Acknowledged.Except(stored).Should().BeEmpty($"{because}: what was acknowledged is stored");
        (await sender.Send(client)).AcceptedThrough.Should().Be(sender.Sent);
        (await Stored(client, sender.Probe)).Should().Equal(Enumerable.Range(1, (int)sender.Sent).Select(i => (long)i), "every number is there once, in order");
    }

    [Fact]
    public async Task A_body_that_breaks_off_changes_nothing()
    {
        using var collector = await CollectorProcess.Start(data, CollectorProcess.FreePort());
        var sender = new SpoolingSender("GZ-01");
        await sender.Send(collector.Client);
        using (var socket = new TcpClient(collector.Client.BaseAddress!.Host, collector.Client.BaseAddress.Port))
        {
            var half = sender.Line(sender.Sent + 1)[..50];
            await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"POST /api/v1/observations HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{half}"));
        }
        (await sender.Send(collector.Client)).Stored.Should().Be(SpoolingSender.BatchLines, "the half batch left no trace");
        (await Stored(collector.Client, sender.Probe)).Should().HaveCount(2 * SpoolingSender.BatchLines);
    }

    [Fact]
    public async Task Told_to_stop_it_drains_and_ends_with_zero_within_five_seconds()
    {
        using var collector = await CollectorProcess.Start(data, CollectorProcess.FreePort());
        var sender = new SpoolingSender("GZ-01");
        var work = sender.SendUntilGone(collector.Client);
        while (sender.AcknowledgedBatches < 20) await sender.NextReply;
        var (exit, took) = await collector.Terminate();
        await work;
        exit.Should().Be(0);
        took.Should().BeLessThan(TimeSpan.FromSeconds(5));
        var (check, output) = await CollectorProcess.Run("check", "--data", data, "--json");
        check.Should().Be(0, output);
    }

    [Fact]
    public async Task Told_to_stop_while_walls_are_open_it_ends_with_zero_within_five_seconds()
    {
        using var collector = await CollectorProcess.Start(data, CollectorProcess.FreePort());
        using var wall = await LiveWall.Open(collector.Client.BaseAddress!);
        await wall.Next("snapshot");
        using var spectrum = await LiveWall.OpenSpectrum(collector.Client.BaseAddress!);
        var (exit, took) = await collector.Terminate();
        exit.Should().Be(0);
        took.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_busy_port_and_a_folder_in_use_end_the_program_with_their_reason()
    {
        var port = CollectorProcess.FreePort();
        using var collector = await CollectorProcess.Start(data, port);
        var (exit, said) = await CollectorProcess.Run("run", "--data", data, "--pack", CollectorProcess.Pack, "--port", "0");
        (exit, Code(said)).Should().Be((1, "data.locked"));
        var other = Directory.CreateTempSubdirectory("signalwatch-kill-").FullName;
        (exit, said) = await CollectorProcess.Run("run", "--data", other, "--pack", CollectorProcess.Pack, "--port", $"{port}");
        (exit, Code(said)).Should().Be((1, "port.busy"));
        Directory.Delete(other, recursive: true);
    }

    [Fact]
    public async Task Without_a_good_pack_it_does_not_start_and_says_why_in_the_language_asked_for()
    {
        var (exit, said) = await CollectorProcess.Run("run", "--data", data, "--lang", "zh");
        (exit, Code(said)).Should().Be((1, "pack.not-named"));
        said.Should().Contain("规则包");
        (exit, said) = await CollectorProcess.Run("run", "--data", data, "--pack", Path.Combine(data, "nowhere"), "--lang", "en");
        (exit, Code(said)).Should().Be((1, "pack.absent"));
        said.Should().Contain("There is no rule pack at");
        await File.WriteAllTextAsync(Path.Combine(data, "pack.yaml"), "id: half");
        (exit, said) = await CollectorProcess.Run("run", "--data", data, "--pack", data, "--lang", "en");
        (exit, Code(said)).Should().Be((1, "rules.pack-invalid"));
        said.Should().Contain("pack.yaml:1");
    }

    [Fact]
    public async Task A_journal_that_is_none_is_refused_with_its_reason()
    {
        await File.WriteAllTextAsync(Path.Combine(data, "journal-2026-03.db"), new string('x', 5_000));
        var (exit, said) = await CollectorProcess.Run("check", "--data", data);
        (exit, Code(said)).Should().Be((1, "data.unreadable"));
    }

    /// <summary>The stable code at the head of a refusal.</summary>
    private static string Code(string said) => said.Split(':')[0];

    internal static async Task<List<long>> Stored(HttpClient client, string probe)
    {
        var (numbers, after) = (new List<long>(), 0L);
        while (true)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/journal?probe={probe}&limit=5000&after={after}");
            var entries = page.GetProperty("entries");
            if (entries.GetArrayLength() == 0) return numbers;
            numbers.AddRange(entries.EnumerateArray().Select(e => e.GetProperty("sequence").GetInt64()));
            after = page.GetProperty("after").GetInt64();
        }
    }
}
