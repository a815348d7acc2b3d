using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RabbitMQ.Client;
using SignalWatch.Contracts;
using Xunit.Abstractions;

namespace SignalWatch.Reliability;

/// <summary>Two collectors on one database and one broker: what one machine of them promises still holds when either is killed.</summary>
[Collection(NodesSuite.Name)]
public sealed class NodesTests(NodesServers servers, ITestOutputHelper output)
{
    private const int Probes = 4;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SIGNALWATCH_LONG") == "1" ? 50 : 4;

    [NodesFact]
    public async Task Either_node_killed_nothing_acknowledged_is_lost_nothing_is_there_twice_and_the_other_goes_on()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        await cluster.BeginAll();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var senders = Enumerable.Range(0, Probes).Select(i => new SpoolingSender($"GZ-{i:00}", carriers: 5)).ToList();
        using var stop = new CancellationTokenSource();
        var sending = senders.Select((s, i) => SendToEither(cluster, s, i % 2, stop.Token)).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            await Acknowledged(senders, random.Next(40, 120));
            // The writer and the follower in turn: both must not matter.
            var writer = await cluster.WriterOf(0, 1);
            var victim = round % 2 == 0 ? writer : 1 - writer;
            using var wall = await LiveWall.Open(cluster[1 - victim].BaseAddress!);
            await wall.Next("snapshot");
            var killed = Stopwatch.GetTimestamp();
            await cluster.Kill(victim);
            await Acknowledged(senders, 20);
            var shown = DateTimeOffset.MinValue;
            var before = DateTimeOffset.UtcNow;
            while (shown < before) shown = (await wall.Next("heartbeat")).GetProperty("dataAt").GetDateTimeOffset();
            var took = Stopwatch.GetElapsedTime(killed);
            output.WriteLine($"round {round}: the {(victim == writer ? "writer" : "follower")} killed, the other's wall shows new data after {took.TotalSeconds:F1} s");
            took.Should().BeLessThan(NodesCluster.TakesOverWithin, $"seed {seed}");
            await cluster.Begin(victim);
        }
        await stop.CancelAsync();
        await Task.WhenAll(sending);
        await cluster.Holds(senders, $"seed {seed}", 0, 1);
    }

    [NodesFact]
    public async Task What_a_person_does_at_the_follower_is_done_by_the_writer_and_seen_at_both()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        await cluster.BeginAll();
        var (writer, follower) = (cluster[await cluster.WriterOf(0, 1)], cluster[1 - await cluster.WriterOf(0, 1)]);
        using var opened = await follower.PostAsJsonAsync("/api/v1/cases", new { actor = "王值班", version = 0, command = new { type = "open", kind = "pirateFm", title = "97.8 MHz", area = "440106" } });
        var answer = await opened.Content.ReadAsStringAsync();
        opened.IsSuccessStatusCode.Should().BeTrue($"{opened.StatusCode}: {answer}");
        var id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!;
        var (seen, limit) = ("", Stopwatch.StartNew());
        while (!seen.Contains(id, StringComparison.Ordinal) && limit.Elapsed < NodesCluster.TakesOverWithin) seen = await follower.GetStringAsync("/api/v1/cases");
        seen.Should().Contain(id).And.Be(await writer.GetStringAsync("/api/v1/cases"));
        using var refused = await follower.PostAsJsonAsync("/api/v1/cases/none/acts", new { actor = "王值班", version = 0, command = new { type = "open", title = "x" } });
        using var refusedThere = await writer.PostAsJsonAsync("/api/v1/cases/none/acts", new { actor = "王值班", version = 0, command = new { type = "open", title = "x" } });
        (refused.StatusCode, await refused.Content.ReadAsStringAsync()).Should().Be((refusedThere.StatusCode, await refusedThere.Content.ReadAsStringAsync()), "a refusal is passed on as it is");
    }

    [NodesFact]
    public async Task A_message_that_is_no_batch_is_put_aside_and_counted_and_the_next_batch_is_acknowledged()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        await cluster.Begin(0);
        var sender = new SpoolingSender("GZ-01");
        await cluster.UntilAcknowledged(sender, 0);
        await using (var connection = await new ConnectionFactory { Uri = new(servers.Broker.Url) }.CreateConnectionAsync())
        await using (var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true)))
        {
            foreach (var poison in (byte[][])[[], [0xff, 0x00], "{}"u8.ToArray()]) await channel.BasicPublishAsync("", "signalwatch.ingest", poison);
            await cluster.UntilAcknowledged(sender, 0);
            var (aside, limit) = (0u, Stopwatch.StartNew());
            while (aside < 3 && limit.Elapsed < NodesCluster.TakesOverWithin) aside = await channel.MessageCountAsync("signalwatch.ingest.dead");
            aside.Should().Be(3);
        }
        (await cluster[0].GetStringAsync("/metrics")).Should().Contain("signalwatch_node_poison_messages_total 3\n");
    }

    [NodesFact]
    public async Task A_spectrum_frame_that_one_node_took_is_shown_by_the_other()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        for (var node = 0; node < 2; node++)
        {
            await cluster.Begin(node);
            await cluster.UntilAcknowledged(new SpoolingSender($"GZ-0{node}"), node); // its broker is there
        }
        using var socket = await LiveWall.OpenSpectrum(cluster[1].BaseAddress!);
        var frame = new SpectrumFrame
        {
            Probe = new("GZ-00"), Watch = new("fm"), At = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000), StartHz = 87e6, StepHz = 1e4, FloorDb = -120, StepDb = 0.5f, Origin = Origin.Live, Unit = default, Bins = new byte[] { 1, 2, 3 },
        }.ToBytes();
        using (var content = new ByteArrayContent(frame))
        using (var taken = await cluster[0].PostAsync("/api/v1/spectrum", content)) taken.EnsureSuccessStatusCode();
        using var limit = new CancellationTokenSource(NodesCluster.TakesOverWithin);
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        buffer[..received.Count].Should().Equal(frame);
    }

    [Fact]
    public async Task A_broker_without_what_nodes_share_is_refused()
    {
        string[] run = ["run", "--data", Path.Combine(Path.GetTempPath(), "signalwatch-none"), "--pack", CollectorProcess.Pack, "--lang", "en"];
        var (exit, said) = await CollectorProcess.Run([.. run, "--broker", "amqp://localhost"]);
        (exit, said.Split(':')[0]).Should().Be((1, "nodes.no-store"), said);
        (exit, said) = await CollectorProcess.Run([.. run, "--broker", "amqp://localhost", "--store", "postgres://a@b/c"]);
        (exit, said.Split(':')[0]).Should().Be((1, "nodes.no-evidence"), said);
        (exit, said) = await CollectorProcess.Run([.. run, "--broker", "http://localhost", "--store", "postgres://a@b/c", "--evidence", Path.GetTempPath()]);
        (exit, said.Split(':')[0]).Should().Be((1, "nodes.broker-invalid"), said);
    }

    private static async Task SendToEither(NodesCluster cluster, SpoolingSender sender, int at, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await sender.Send(cluster[at]);
            }
            catch (Exception refused) when (refused is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                at = 1 - at; // it is kept, and goes to the other address
            }
        }
    }

    private static async Task Acknowledged(List<SpoolingSender> senders, int more)
    {
        var until = senders.Sum(s => s.AcknowledgedBatches) + more;
        while (senders.Sum(s => s.AcknowledgedBatches) < until) await Task.WhenAny(senders.Select(s => s.NextReply));
    }
}
