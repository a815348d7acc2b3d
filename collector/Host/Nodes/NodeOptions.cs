namespace SignalWatch.Collector.Nodes;

/// <summary>How a collector on several machines runs: this program on each of them, one database and one broker for all.</summary>
/// <param name="Name">This node's name, for people.</param>
/// <param name="Broker"><c>amqp://user:password@host:port/vhost</c>.</param>
/// <param name="Advertise">Where the other nodes reach this one.</param>
internal sealed record NodeOptions(string Name, Uri Broker, Uri Advertise)
{
    /// <summary>The broker without its password, for people.</summary>
    public string BrokerPlace => $"{Broker.Host}:{(Broker.Port > 0 ? Broker.Port : 5672)}{Broker.AbsolutePath.TrimEnd('/')}";
}

/// <summary>What a node does now.</summary>
internal enum NodeRole
{
    /// <summary>It shows what is committed, takes what probes bring, and passes acts on.</summary>
    Follower,

    /// <summary>It judges and commits.</summary>
    Writer,
}

/// <summary>How this node stands, for people and for supervision.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it does.</param>
/// <param name="Writer">The writer's name; null where none has ever been.</param>
/// <param name="BrokerConnected">Whether observations can be taken.</param>
/// <param name="LagMs">From the commit of the newest entry that was taken over until it was shown here; 0 on the writer.</param>
internal sealed record NodeReport(string Name, NodeRole Role, string? Writer, bool BrokerConnected, double LagMs);
