using RabbitMQ.Client;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>This node's connection to the broker, for ever taken up again.</summary>
internal sealed class BrokerLink(NodeOptions node, IngestQueue queue, SpectrumExchange spectrum, IngestConsumer consumer, JournalWriter journal, TimeProvider time, ILogger<BrokerLink> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50), FirstPause = TimeSpan.FromMilliseconds(250), LongestPause = TimeSpan.FromSeconds(5);

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
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync(stoppingToken).ConfigureAwait(false);
                await spectrum.Open(connection, stoppingToken).ConfigureAwait(false);
                await queue.Open(connection, stoppingToken).ConfigureAwait(false);
                log.LogWarning("connected to the broker {Broker}", node.BrokerPlace);
                pause = FirstPause;
                await Serve(connection, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                if (pause == FirstPause) log.LogError("no observations are taken: the broker {Broker} can't be reached ({Why})", node.BrokerPlace, failure.Message);
            }
            catch (OperationCanceledException)
            {
                // Told to stop.
            }
            finally
            {
                spectrum.Close();
                queue.Close();
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task Serve(IConnection connection, CancellationToken stopping)
    {
        while (connection.IsOpen && queue.IsOpen && !stopping.IsCancellationRequested)
        {
            if (journal.Leading) await consumer.Run(connection, stopping).ConfigureAwait(false);
            else await Task.Delay(LookEvery, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
