using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RabbitMQ.Client;
using SignalWatch.Collector.Tests.Storage;
using SignalWatch.Contracts;
using Xunit.Abstractions;

namespace SignalWatch.Reliability;

/// <summary>Two collectors on one database and one broker: what one machine of them promises still holds when either is killed.</summary>
public sealed class NodesTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Probes = 4;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SIGNALWATCH_LONG") == "1" ? 50 : 4;
    private static readonly TimeSpan TakesOverWithin = TimeSpan.FromSeconds(60); // only against waiting for ever: how long it takes is measured, on a machine that does nothing else

    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-nodes-").FullName;
    private readonly PostgresServer postgres = new();
    private readonly BrokerServer broker = new();
    private readonly int[] ports = [CollectorProcess.FreePort(), CollectorProcess.FreePort()];
    private readonly CollectorProcess?[] nodes = new CollectorProcess?[2];
    private string store = "";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) node?.Dispose();
        await broker.DisposeAsync();
    }

    public void Dispose()
    {
        postgres.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [NodesFact]
    public async Task Either_node_killed_nothing_acknowledged_is_lost_nothing_is_there_twice_and_the_other_goes_on()
    {
        await broker.Start();
        store = postgres.NewDatabase();
        for (var node = 0; node < 2; node++) await Begin(node);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var senders = Enumerable.Range(0, Probes).Select(i => new SpoolingSender($"GZ-{i:00}", carriers: 5)).ToList();
        using var stop = new CancellationTokenSource();
        var sending = senders.Select((s, i) => SendToEither(s, i % 2, stop.Token)).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            await Acknowledged(senders, random.Next(40, 120));
            // The writer and the follower in turn: both must not matter.
            var writer = await WriterIs();
            var victim = round % 2 == 0 ? writer : 1 - writer;
            using var wall = await LiveWall.Open(nodes[1 - victim]!.Client.BaseAddress!);
            await wall.Next("snapshot");
            var killed = Stopwatch.GetTimestamp();
            await nodes[victim]!.Kill();
            await Acknowledged(senders, 20);
            var shown = DateTimeOffset.MinValue;
            var before = DateTimeOffset.UtcNow;
            while (shown < before) shown = (await wall.Next("heartbeat")).GetProperty("dataAt").GetDateTimeOffset();
            var took = Stopwatch.GetElapsedTime(killed);
            output.WriteLine($"round {round}: the {(victim == writer ? "writer" : "follower")} killed, the other's wall shows new data after {took.TotalSeconds:F1} s");
            took.Should().BeLessThan(TakesOverWithin, $"seed {seed}");
            nodes[victim]!.Dispose();
            await Begin(victim);
        }
        await stop.CancelAsync();
        await Task.WhenAll(sending);
        await Holds(senders, $"seed {seed}");
    }

    [NodesFact]
    public async Task Without_a_broker_a_node_starts_and_acknowledges_nothing_and_goes_on_when_broker_and_database_are_back()
    {
        store = postgres.NewDatabase();
        for (var node = 0; node < 2; node++) await Begin(node);
        var sender = new SpoolingSender("GZ-01", carriers: 5);
        var send = () => sender.Send(nodes[0]!.Client);
        await send.Should().ThrowAsync<HttpRequestException>();
        (await Health(0)).GetProperty("node").GetProperty("brokerConnected").GetBoolean().Should().BeFalse();

        await broker.Start();
        await UntilAcknowledged(sender, 0);
        // So soon after the first declaration that the queue may come back without a leader.
        await broker.Kill();
        await send.Should().ThrowAsync<HttpRequestException>("nobody can have stored it");
        await broker.Start();
        await UntilAcknowledged(sender, 1);
        postgres.Restart();
        await UntilAcknowledged(sender, 1);
        await UntilAcknowledged(sender, 0);
        await Holds([sender], "");
    }

    [NodesFact]
    public async Task What_a_person_does_at_the_follower_is_done_by_the_writer_and_seen_at_both()
    {
        await broker.Start();
        store = postgres.NewDatabase();
        for (var node = 0; node < 2; node++) await Begin(node);
        var (writer, follower) = (nodes[await WriterIs()]!.Client, nodes[1 - await WriterIs()]!.Client);
        using var opened = await follower.PostAsJsonAsync("/api/v1/cases", new { actor = "王值班", version = 0, command = new { type = "open", kind = "pirateFm", title = "97.8 MHz", area = "440106" } });
        var answer = await opened.Content.ReadAsStringAsync();
        opened.IsSuccessStatusCode.Should().BeTrue($"{opened.StatusCode}: {answer}");
        var id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!;
        var (seen, limit) = ("", Stopwatch.StartNew());
        while (!seen.Contains(id, StringComparison.Ordinal) && limit.Elapsed < TakesOverWithin) seen = await follower.GetStringAsync("/api/v1/cases");
        seen.Should().Contain(id).And.Be(await writer.GetStringAsync("/api/v1/cases"));
        using var refused = await follower.PostAsJsonAsync("/api/v1/cases/none/acts", new { actor = "王值班", version = 0, command = new { type = "open", title = "x" } });
        using var refusedThere = await writer.PostAsJsonAsync("/api/v1/cases/none/acts", new { actor = "王值班", version = 0, command = new { type = "open", title = "x" } });
        (refused.StatusCode, await refused.Content.ReadAsStringAsync()).Should().Be((refusedThere.StatusCode, await refusedThere.Content.ReadAsStringAsync()), "a refusal is passed on as it is");
    }

    [NodesFact]
    public async Task A_message_that_is_no_batch_is_put_aside_and_counted_and_the_next_batch_is_acknowledged()
    {
        await broker.Start();
        store = postgres.NewDatabase();
        await Begin(0);
        var sender = new SpoolingSender("GZ-01");
        await UntilAcknowledged(sender, 0);
        await using (var connection = await new ConnectionFactory { Uri = new(broker.Url) }.CreateConnectionAsync())
        await using (var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true)))
        {
            foreach (var poison in (byte[][])[[], [0xff, 0x00], "{}"u8.ToArray()]) await channel.BasicPublishAsync("", "signalwatch.ingest", poison);
            await UntilAcknowledged(sender, 0);
            var (aside, limit) = (0u, Stopwatch.StartNew());
            while (aside < 3 && limit.Elapsed < TakesOverWithin) aside = await channel.MessageCountAsync("signalwatch.ingest.dead");
            aside.Should().Be(3);
        }
        (await nodes[0]!.Client.GetStringAsync("/metrics")).Should().Contain("signalwatch_node_poison_messages_total 3\n");
    }

    [NodesFact]
    public async Task A_spectrum_frame_that_one_node_took_is_shown_by_the_other()
    {
        await broker.Start();
        store = postgres.NewDatabase();
        for (var node = 0; node < 2; node++)
        {
            await Begin(node);
            await UntilAcknowledged(new SpoolingSender($"GZ-0{node}"), node); // its broker is there
        }
        using var socket = await LiveWall.OpenSpectrum(nodes[1]!.Client.BaseAddress!);
        var frame = new SpectrumFrame
        {
            Probe = new("GZ-00"), Watch = new("fm"), At = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000), StartHz = 87e6, StepHz = 1e4, FloorDb = -120, StepDb = 0.5f, Origin = Origin.Live, Unit = default, Bins = new byte[] { 1, 2, 3 },
        }.ToBytes();
        using (var content = new ByteArrayContent(frame))
        using (var taken = await nodes[0]!.Client.PostAsync("/api/v1/spectrum", content)) taken.EnsureSuccessStatusCode();
        using var limit = new CancellationTokenSource(TakesOverWithin);
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        buffer[..received.Count].Should().Equal(frame);
    }

    [Fact]
    public async Task A_broker_without_what_nodes_share_is_refused()
    {
        string[] run = ["run", "--data", Path.Combine(folder, "d"), "--pack", CollectorProcess.Pack, "--lang", "en"];
        var (exit, said) = await CollectorProcess.Run([.. run, "--broker", "amqp://localhost"]);
        (exit, said.Split(':')[0]).Should().Be((1, "nodes.no-store"), said);
        (exit, said) = await CollectorProcess.Run([.. run, "--broker", "amqp://localhost", "--store", "postgres://a@b/c"]);
        (exit, said.Split(':')[0]).Should().Be((1, "nodes.no-evidence"), said);
        (exit, said) = await CollectorProcess.Run([.. run, "--broker", "http://localhost", "--store", "postgres://a@b/c", "--evidence", folder]);
        (exit, said.Split(':')[0]).Should().Be((1, "nodes.broker-invalid"), said);
    }

    private async Task Begin(int node) => nodes[node] = await CollectorProcess.StartNode(Path.Combine(folder, $"node{node}"), ports[node], $"node{node}", store, broker.Url, Path.Combine(folder, "evidence"));

    private async Task SendToEither(SpoolingSender sender, int at, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await sender.Send(nodes[at]!.Client);
            }
            catch (Exception refused) when (refused is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                at = 1 - at; // it is kept, and goes to the other address
            }
        }
    }

    private async Task UntilAcknowledged(SpoolingSender sender, int node)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await sender.Send(nodes[node]!.Client);
                return;
            }
            catch (HttpRequestException) when (limit.Elapsed < TakesOverWithin)
            {
                // Tried again, as a probe does.
            }
        }
    }

    private static async Task Acknowledged(List<SpoolingSender> senders, int more)
    {
        var until = senders.Sum(s => s.AcknowledgedBatches) + more;
        while (senders.Sum(s => s.AcknowledgedBatches) < until) await Task.WhenAny(senders.Select(s => s.NextReply));
    }

    private async Task<JsonElement> Health(int node)
    {
        using var response = await nodes[node]!.Client.GetAsync("/healthz");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<int> WriterIs()
    {
        var roles = new[] { (await Health(0)).GetProperty("node").GetProperty("role").GetString(), (await Health(1)).GetProperty("node").GetProperty("role").GetString() };
        roles.Should().BeEquivalentTo("writer", "follower");
        return Array.IndexOf(roles, "writer");
    }

    /// <summary>What was acknowledged is stored, nothing is stored twice, all state is the fold of the journal, and both nodes show the same.</summary>
    private async Task Holds(IReadOnlyList<SpoolingSender> senders, string because)
    {
        var writer = await WriterIs();
        foreach (var sender in senders)
        {
            var stored = await CollectorKillTests.Stored(nodes[writer]!.Client, sender.Probe);
            stored.Should().OnlyHaveUniqueItems(because);
            sender.Acknowledged.Except(stored).Should().BeEmpty($"{because}: what was acknowledged is stored");
        }
        var (exit, said) = await CollectorProcess.Run("check", "--store", store, "--lang", "en");
        exit.Should().Be(0, $"{because}: {said}");
        var limit = Stopwatch.StartNew();
        string[] shown;
        do shown = await Task.WhenAll(nodes.Select(n => n!.Client.GetStringAsync("/api/v1/alarms")));
        while (shown[0] != shown[1] && limit.Elapsed < TakesOverWithin);
        shown[0].Should().Be(shown[1], because);
    }
}
