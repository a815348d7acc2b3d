using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SignalWatch.Collector.Wall;

namespace SignalWatch.Collector.Nodes;

/// <summary>Spectrum frames for the walls of all nodes: passed on as they come, kept nowhere, and the first to be dropped where anything is slow.</summary>
internal sealed class SpectrumExchange(SpectrumFeed feed)
{
    private const string Name = "signalwatch.spectrum";

    /// <summary>Frames that wait for one node; beyond it the oldest are dropped.</summary>
    private const int MostWaiting = 256;

    private const int MostUnsent = 64;

    private readonly string self = Guid.NewGuid().ToString("N");
    private volatile IChannel? channel;
    private int unsent;

    /// <summary>Whether this node has the others' frames.</summary>
    public bool IsOpen => channel is { IsOpen: true };

    /// <summary>Opens this node's side.</summary>
    public async Task Open(IConnection connection, CancellationToken cancelled)
    {
        var opened = await connection.CreateChannelAsync(cancellationToken: cancelled).ConfigureAwait(false);
        await opened.ExchangeDeclareAsync(Name, ExchangeType.Fanout, durable: false, autoDelete: false, cancellationToken: cancelled).ConfigureAwait(false);
        var queue = await opened.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, new Dictionary<string, object?> { ["x-max-length"] = MostWaiting, ["x-overflow"] = "drop-head" }, cancellationToken: cancelled).ConfigureAwait(false);
        await opened.QueueBindAsync(queue.QueueName, Name, "", cancellationToken: cancelled).ConfigureAwait(false);
        var consumer = new AsyncEventingBasicConsumer(opened);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // Its own frames a node has shown already. A copy: the library takes its buffer back.
            if (delivery.BasicProperties.AppId != self) feed.Publish(delivery.Body.ToArray());
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            channel = null; // cancelled by the broker
            return Task.CompletedTask;
        };
        await opened.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancelled).ConfigureAwait(false);
        channel = opened;
    }

    /// <summary>The connection is gone.</summary>
    public void Close() => channel = null;

    /// <summary>Passes a frame on to the other nodes; never waits.</summary>
    public void Offer(ReadOnlyMemory<byte> frame)
    {
        if (channel is not { IsOpen: true } open) return;
        if (Interlocked.Increment(ref unsent) > MostUnsent) Interlocked.Decrement(ref unsent);
        else _ = Send(open, frame);
    }

    private async Task Send(IChannel open, ReadOnlyMemory<byte> frame)
    {
        try
        {
            await open.BasicPublishAsync(Name, "", mandatory: false, new BasicProperties { AppId = self }, frame).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is RabbitMQClientException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // A picture, not a record: the next one comes within the second.
        }
        finally
        {
            Interlocked.Decrement(ref unsent);
        }
    }
}
