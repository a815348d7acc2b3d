using RabbitMQ.Client;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>This node's connection to the broker, for ever taken up again. Whatever is wrong with it ends in the same way: all of it is dropped, and made anew.</summary>
internal sealed class BrokerLink(NodeOptions node, IngestQueue queue, SpectrumExchange spectrum, IngestConsumer consumer, JournalWriter journal, TimeProvider time, ILogger<BrokerLink> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50), FirstPause = TimeSpan.FromMilliseconds(250), LongestPause = TimeSpan.FromSeconds(2);

    private bool isConnected;

    /// <summary>Why no observations can be taken; null while the broker is there.</summary>
    public Problem? Problem => queue.IsOpen ? null : NodeTexts.BrokerAway(node.BrokerPlace);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = node.Broker,
            ClientProvidedName = $"SignalWatch {node.Name}",
            AutomaticRecoveryEnabled = false, // here, below: the library's would leave those who wait without an answer
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(5),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
        };
        var (pause, isSaid) = (FirstPause, false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Connected(factory, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // Told to stop.
            }
            catch (Exception failure)
            {
                if (isConnected || !isSaid) log.LogError("no observations are taken: the broker {Broker} {Happened} ({Why})", node.BrokerPlace, isConnected ? "was lost" : "can't be reached", failure.Message);
                isSaid = true;
            }
            pause = isConnected ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            isConnected = false;
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One connection, from its beginning to its end.</summary>
    private async Task Connected(ConnectionFactory factory, CancellationToken stopping)
    {
        var connection = await Connect(factory, stopping).ConfigureAwait(false);
        try
        {
            await BrokerPatience.Within(spectrum.Open(connection, stopping), time, stopping).ConfigureAwait(false);
            await queue.Open(connection, stopping).ConfigureAwait(false);
            isConnected = true;
            log.LogWarning("connected to the broker {Broker}", node.BrokerPlace);
            await Serve(connection, stopping).ConfigureAwait(false);
        }
        finally
        {
            spectrum.Close();
            queue.Close();
            if (!await BrokerPatience.Ended(connection.AbortAsync(CancellationToken.None), time).ConfigureAwait(false)) log.LogWarning("a connection to the broker did not end, and is left to itself");
        }
    }

    private async Task<IConnection> Connect(ConnectionFactory factory, CancellationToken stopping)
    {
        var connecting = factory.CreateConnectionAsync(stopping);
        try
        {
            return await BrokerPatience.Within(connecting, time, stopping).ConfigureAwait(false);
        }
        catch (Exception) when (!connecting.IsCompleted)
        {
            // One that comes late is nobody's, and its heartbeats would keep it for ever.
            _ = connecting.ContinueWith(late => late.Result.AbortAsync(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    private async Task Serve(IConnection connection, CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var consuming = Task.CompletedTask;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (!connection.IsOpen) throw new BrokerLinkException(connection.CloseReason?.ReplyText ?? "closed");
                if (!queue.IsOpen || !spectrum.IsOpen) throw new BrokerLinkException("a channel was closed, or a queue of this node's own has gone");
                if (consuming.IsFaulted) await consuming.ConfigureAwait(false);
                if (journal is { Leading: true, IsStalled: false } && consuming.IsCompleted) consuming = consumer.Run(connection, life.Token);
                await queue.Verify(stopping).ConfigureAwait(false);
                await Task.Delay(LookEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await life.CancelAsync().ConfigureAwait(false);
            await BrokerPatience.Ended(consuming, time).ConfigureAwait(false);
        }
    }
}
