using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Contracts;
using Xunit.Abstractions;

namespace SignalWatch.Reliability;

/// <summary>Several collectors, and what happens between them: lines that are cut without a word, a writer that stands still, more than the writer can take.</summary>
[Collection(NodesSuite.Name)]
public sealed class NodesNetworkTests(NodesServers servers, ITestOutputHelper output)
{
    [NodesFact]
    public async Task The_line_between_a_node_and_the_broker_cut_it_says_so_and_what_it_took_in_vain_is_stored_once_when_the_line_is_back()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        using var line = new CuttableLine(new Uri(servers.Broker.Url).Port);
        await cluster.Begin(0);
        await cluster.Begin(1, broker: line.Instead(servers.Broker.Url));
        var sender = new SpoolingSender("GZ-01");
        await cluster.UntilAcknowledged(sender, 1);

        line.Cut();
        using (var refused = await sender.Offer(cluster[1])) refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable, "nobody can have told it that the batch is stored");
        await cluster.UntilAcknowledged(sender, 0);
        line.Mend();
        await cluster.UntilAcknowledged(sender, 1);
        await cluster.Holds([sender], "cut from the broker", 0, 1);
    }

    [NodesFact]
    public async Task The_line_between_the_writer_and_the_database_cut_another_takes_over_and_the_old_one_acknowledges_nothing()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        using var line = new CuttableLine(new Uri(cluster.Store).Port);
        await cluster.Begin(0, store: line.Instead(cluster.Store));
        await cluster.Begin(1);
        var sender = new SpoolingSender("GZ-01");
        await cluster.UntilAcknowledged(sender, 0);
        (await cluster.WriterOf(0, 1)).Should().Be(0);

        line.Cut();
        var cut = Stopwatch.GetTimestamp();
        var old = new SpoolingSender("GZ-02");
        using (var refused = await old.Offer(cluster[0])) refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await cluster.WriterOf(1)).Should().Be(1);
        output.WriteLine($"the other writes {Stopwatch.GetElapsedTime(cut).TotalSeconds:F1} s after the cut");
        await cluster.UntilAcknowledged(sender, 1);

        line.Mend();
        await cluster.UntilAcknowledged(old, 0);
        await cluster.UntilAcknowledged(sender, 0);
        await cluster.Holds([sender, old], "cut from the database", 0, 1);
    }

    [NodesFact]
    public async Task A_writer_that_stands_still_loses_its_place_and_when_it_goes_on_it_follows()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        await cluster.BeginAll();
        var sender = new SpoolingSender("GZ-01");
        await cluster.UntilAcknowledged(sender, 1);
        var old = await cluster.WriterOf(0, 1);

        cluster.Freeze(old);
        var frozen = Stopwatch.GetTimestamp();
        await cluster.UntilAcknowledged(sender, 1 - old);
        output.WriteLine($"the other acknowledges {Stopwatch.GetElapsedTime(frozen).TotalSeconds:F1} s after the writer stood still");
        (await cluster.WriterOf(1 - old)).Should().Be(1 - old);

        cluster.Thaw(old);
        await cluster.UntilAcknowledged(sender, old);
        (await cluster.WriterOf(1 - old)).Should().Be(1 - old, "it does not get its place back by itself");
        await cluster.Holds([sender], "stood still", 0, 1);
    }

    [NodesFact]
    public async Task More_batches_than_may_wait_are_refused_at_once_with_a_time_to_come_again_and_none_is_lost()
    {
        const int Waiting = 1_024, More = 40;
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        await cluster.BeginAll();
        var writer = await cluster.WriterOf(0, 1);
        await cluster.UntilAcknowledged(new SpoolingSender("GZ-first"), 1 - writer);
        var senders = Enumerable.Range(0, Waiting + More).Select(i => new SpoolingSender($"GZ-{i:0000}")).ToList();

        cluster.Freeze(writer);
        var offered = senders.ConvertAll(s => s.Offer(cluster[1 - writer]));
        var refused = 0;
        var limit = Stopwatch.StartNew();
        while (refused < More && limit.Elapsed < NodesCluster.TakesOverWithin)
        {
            await Task.WhenAny(offered.Where(o => !o.IsCompleted));
            refused = offered.Count(o => o is { IsCompletedSuccessfully: true, Result.StatusCode: HttpStatusCode.TooManyRequests });
        }
        cluster.Thaw(writer);
        refused.Should().BeGreaterThanOrEqualTo(More);
        foreach (var offer in offered)
        {
            using var answer = await offer;
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) answer.Headers.RetryAfter.Should().NotBeNull();
        }
        foreach (var sender in senders) await cluster.UntilAcknowledged(sender, 1 - writer);
        await cluster.Holds([.. senders.Where((_, i) => i % 100 == 0)], "more than may wait", 0, 1);
        (await cluster[writer].GetStringAsync("/metrics")).Should().Contain($"signalwatch_ingest_rows_total {(senders.Count + 1) * SpoolingSender.BatchLines}\n", "each line is stored once");
    }

    [NodesFact]
    public async Task Of_three_nodes_the_last_one_still_takes_and_shows_everything()
    {
        await using var cluster = new NodesCluster(servers, 3);
        await cluster.Prepare();
        await cluster.BeginAll();
        var senders = Enumerable.Range(0, 3).Select(i => new SpoolingSender($"GZ-{i:00}", carriers: 5)).ToList();
        int[] running = [0, 1, 2];
        while (true)
        {
            foreach (var sender in senders) await cluster.UntilAcknowledged(sender, running[^1]);
            await cluster.Holds(senders, $"{running.Length} nodes", running);
            if (running.Length == 1) return;
            var writer = await cluster.WriterOf(running);
            await cluster.Kill(writer);
            running = [.. running.Except([writer])];
        }
    }

    [NodesFact]
    public async Task Evidence_that_comes_by_way_of_a_follower_is_gone_on_with_when_the_writer_dies_in_the_middle()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        await cluster.BeginAll();
        var writer = await cluster.WriterOf(0, 1);
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var at = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000);
        var declared = new EvidenceDeclaration { Name = "录音.flac", Kind = EvidenceKinds.Sound, Sha256 = sha256, Size = bytes.Length, Origin = Origin.Live, Probe = new("GZ-03"), Watch = new("fm"), CapturedFrom = at, CapturedTo = at.AddMinutes(1) };
        using var begun = await cluster[1 - writer].PostAsJsonAsync("/api/v1/evidence/uploads", declared, WireJson.Options);
        begun.StatusCode.Should().Be(HttpStatusCode.Created);
        var id = (await begun.Content.ReadFromJsonAsync<EvidenceUpload>(WireJson.Options))!.Id;
        (await Piece(cluster[1 - writer], id, 0, bytes.AsMemory(0, 1_000_000))).Should().Be(HttpStatusCode.OK);

        await cluster.Kill(writer);
        (await cluster.WriterOf(1 - writer)).Should().Be(1 - writer);
        await cluster.Begin(writer);
        // By way of the one that was killed: it follows now.
        using var state = await cluster[writer].GetAsync($"/api/v1/evidence/uploads/{id}");
        var come = (await state.Content.ReadFromJsonAsync<EvidenceUpload>(WireJson.Options))!.Offset;
        come.Should().Be(1_000_000, "what was acknowledged is on disk");
        (await Piece(cluster[writer], id, come, bytes.AsMemory((int)come))).Should().Be(HttpStatusCode.OK);
        using var item = await cluster[writer].GetAsync($"/api/v1/evidence/{sha256}");
        item.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [NodesFact]
    public async Task A_viewer_that_changes_to_another_node_has_everything_once()
    {
        const int Carriers = 4, Batches = 30; // ten minutes of observations, each carrier every four seconds: none falls silent for the rules
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare();
        await cluster.BeginAll();
        // With a register that has none of these carriers in it; without one nobody is accused.
        using var register = new StringContent("frequency_hz,licensee\n88000000,X\n");
        using var imported = await cluster[await cluster.WriterOf(0, 1)].PostAsync("/api/v1/registers/fm/imports?mode=replace", register);
        imported.EnsureSuccessStatusCode();
        var sender = new SpoolingSender("GZ-01", Carriers);
        for (var batch = 0; batch < Batches; batch++) await cluster.UntilAcknowledged(sender, batch % 2);
        await cluster.Holds([sender], "before anybody looks", 0, 1);
        var alarms = new HashSet<string>();
        for (var change = 0; change < 4; change++)
        {
            // Revisions are each node's own: who changes begins with a snapshot, which leaves nothing out and has nothing twice.
            using var wall = await LiveWall.Open(cluster[change % 2].BaseAddress!);
            var snapshot = await wall.Next("snapshot");
            Texts(snapshot, "carriers", "key").Should().HaveCount(Carriers).And.OnlyHaveUniqueItems();
            var shown = Texts(snapshot, "alarms", "id");
            shown.Should().OnlyHaveUniqueItems();
            alarms.Except(shown).Should().BeEmpty("what was seen at the other node is here too: none of these ends");
            alarms.UnionWith(shown);
            // What comes while they look is shown here, and is not lost for the node to which they change.
            await cluster.UntilAcknowledged(sender, (change + 1) % 2);
            Texts(await wall.Next("delta"), "carriers", "key").Should().NotBeEmpty().And.OnlyHaveUniqueItems();
            await cluster.Holds([sender], "before the change", 0, 1);
        }
        alarms.Should().NotBeEmpty();
    }

    private static List<string> Texts(JsonElement message, string rows, string name) => [.. message.GetProperty(rows).EnumerateArray().Select(row => row.GetProperty(name).GetString()!)];

    private static async Task<HttpStatusCode> Piece(HttpClient node, Guid id, long offset, ReadOnlyMemory<byte> piece)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/evidence/uploads/{id}") { Content = new ReadOnlyMemoryContent(piece) };
        request.Headers.Add(Wire.UploadOffsetHeader, offset.ToString(CultureInfo.InvariantCulture));
        request.Content.Headers.ContentType = new(Wire.UploadContentType);
        using var response = await node.SendAsync(request);
        return response.StatusCode;
    }
}
