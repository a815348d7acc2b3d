using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RabbitMQ.Client;
using SignalWatch.Collector.Tests.Storage;

namespace SignalWatch.Reliability;

/// <summary>Tests of several nodes run one after the other: each is half a dozen processes.</summary>
[CollectionDefinition(Name)]
public sealed class NodesSuite : ICollectionFixture<NodesServers>
{
    public const string Name = "nodes";
}

/// <summary>A database server and a broker, for many tests.</summary>
public sealed class NodesServers : IAsyncLifetime
{
    private bool isStarted;

    internal PostgresServer Postgres { get; } = new();

    internal BrokerServer Broker { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask; // with the first test that is not skipped

    public async Task DisposeAsync()
    {
        await Broker.DisposeAsync();
        Postgres.Dispose();
    }

    /// <summary>The broker, without what the test before has left in it.</summary>
    internal async Task StartBroker()
    {
        if (!isStarted) await Broker.Start();
        isStarted = true;
        await using var connection = await new ConnectionFactory { Uri = new(Broker.Url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in (string[])["signalwatch.ingest", "signalwatch.ingest.dead"]) await channel.QueueDeleteAsync(queue);
    }
}

/// <summary>Collectors on one database and one broker, each a process of its own.</summary>
internal sealed class NodesCluster(NodesServers servers, int count) : IAsyncDisposable
{
    /// <summary>Only against waiting for ever: how long it takes is measured, on a machine that does nothing else.</summary>
    public static readonly TimeSpan TakesOverWithin = TimeSpan.FromSeconds(180);

    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-nodes-").FullName;
    private readonly int[] ports = [.. Enumerable.Range(0, count).Select(_ => CollectorProcess.FreePort())];
    private readonly CollectorProcess?[] nodes = new CollectorProcess?[count];

    public string Store { get; private set; } = "";

    public HttpClient this[int node] => nodes[node]!.Client;

    /// <summary>The database, and the broker too unless a test begins it later.</summary>
    public async Task Prepare(bool withBroker = true)
    {
        if (withBroker) await servers.StartBroker();
        Store = servers.Postgres.NewDatabase();
    }

    /// <summary>Starts a node, or starts it again on what it had.</summary>
    public async Task Begin(int node, string? store = null, string? broker = null)
    {
        nodes[node]?.Dispose();
        nodes[node] = await CollectorProcess.StartNode(Path.Combine(folder, $"node{node}"), ports[node], $"node{node}", store ?? Store, broker ?? servers.Broker.Url, Path.Combine(folder, "evidence"));
    }

    public async Task BeginAll()
    {
        for (var node = 0; node < count; node++) await Begin(node);
    }

    /// <summary>kill -9.</summary>
    public Task Kill(int node) => nodes[node]!.Kill();

    /// <summary>Stands still, as a machine that swaps or is moved: its kernel goes on answering for it.</summary>
    public void Freeze(int node) => nodes[node]!.Signal("STOP");

    public void Thaw(int node) => nodes[node]!.Signal("CONT");

    public async Task<JsonElement> Health(int node)
    {
        using var response = await this[node].GetAsync("/healthz");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The one that says it writes, of those that are asked.</summary>
    public async Task<int> WriterOf(params int[] asked)
    {
        var limit = Stopwatch.StartNew();
        while (limit.Elapsed < TakesOverWithin)
            foreach (var node in asked)
                if ((await Health(node)).GetProperty("node").GetProperty("role").GetString() == "writer") return node;
        throw new InvalidOperationException($"none of {string.Join(", ", asked)} writes");
    }

    public async Task UntilAcknowledged(SpoolingSender sender, int node)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await sender.Send(this[node]);
                return;
            }
            catch (HttpRequestException) when (limit.Elapsed < TakesOverWithin)
            {
                // Tried again, as a probe does.
            }
        }
    }

    /// <summary>What was acknowledged is stored, nothing is stored twice, all state is the fold of the journal, and the nodes show the same.</summary>
    public async Task Holds(IReadOnlyList<SpoolingSender> senders, string because, params int[] running)
    {
        var writer = await WriterOf(running);
        foreach (var sender in senders)
        {
            var stored = await CollectorKillTests.Stored(this[writer], sender.Probe);
            stored.Should().OnlyHaveUniqueItems(because);
            sender.Acknowledged.Except(stored).Should().BeEmpty($"{because}: what was acknowledged is stored");
        }
        var (exit, said) = await CollectorProcess.Run("check", "--store", Store, "--lang", "en");
        exit.Should().Be(0, $"{because}: {said}");
        var limit = Stopwatch.StartNew();
        string[] shown;
        do shown = await Task.WhenAll(running.Select(n => this[n].GetStringAsync("/api/v1/alarms")));
        while (shown.Distinct().Count() > 1 && limit.Elapsed < TakesOverWithin);
        shown.Distinct().Should().ContainSingle(because);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var node in nodes) node?.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
