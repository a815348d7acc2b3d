namespace SignalWatch.Reliability;

/// <summary>Several collectors, and a broker that is not there yet, and dies.</summary>
[Collection(NodesSuite.Name)]
public sealed class NodesBrokerTests(NodesServers servers) : IClassFixture<NodesServers>
{
    [NodesFact]
    public async Task Without_a_broker_a_node_starts_and_acknowledges_nothing_and_goes_on_when_broker_and_database_are_back()
    {
        await using var cluster = new NodesCluster(servers, 2);
        await cluster.Prepare(withBroker: false);
        await cluster.BeginAll();
        var sender = new SpoolingSender("GZ-01", carriers: 5);
        var send = () => sender.Send(cluster[0]);
        await send.Should().ThrowAsync<HttpRequestException>();
        (await cluster.Health(0)).GetProperty("node").GetProperty("brokerConnected").GetBoolean().Should().BeFalse();

        await servers.Broker.Start();
        await cluster.UntilAcknowledged(sender, 0);
        // So soon after the first declaration that the queue may come back without a leader.
        await servers.Broker.Kill();
        await send.Should().ThrowAsync<HttpRequestException>("nobody can have stored it");
        await servers.Broker.Start();
        await cluster.UntilAcknowledged(sender, 1);
        servers.Postgres.Restart();
        await cluster.UntilAcknowledged(sender, 1);
        await cluster.UntilAcknowledged(sender, 0);
        await cluster.Holds([sender], "", 0, 1);
    }
}
