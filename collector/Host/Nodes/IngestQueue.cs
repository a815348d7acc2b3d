using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SignalWatch.Collector.Metrics;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>What the writer answers to a batch that came through the broker: one of both.</summary>
internal sealed record BrokerAnswer(IngestReply? Reply, Problem? Problem);

/// <summary>Puts batches into the broker's queue, and gives each its answer. A probe is answered only with what the writer says after its commit: that the broker has a batch is no acknowledgement.</summary>
internal sealed class IngestQueue(NodeOptions node, CollectorMetrics metrics, TimeProvider time)
{
    public const string Name = "signalwatch.ingest", DeadName = "signalwatch.ingest.dead";
    public const string SentHeader = "sent-less-received-ms", HistoryHeader = "history";

    /// <summary>Batches of one node that wait for their answer.</summary>
    private const int MostWaiting = 1_024;

    private const int MostQueued = 4_096;
    private const long MostQueuedBytes = 256L * 1024 * 1024;

    /// <summary>How often a batch may bring a writer down, or be given back, before it is put aside.</summary>
    private const int MostDeliveries = 20;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<IngestReply>> waiting = new();
    private volatile Session? session;
    private long number;

    /// <summary>Whether batches can be taken.</summary>
    public bool IsOpen => session is { IsLost: false, Channel.IsOpen: true };

    /// <summary>Declares the queues and opens this node's side of them.</summary>
    public async Task Open(IConnection connection, CancellationToken cancelled)
    {
        // Each confirmation is waited for by the one who published it, and they are bounded here: the library's own throttle would only delay.
        var channel = await BrokerPatience.Within(connection.CreateChannelAsync(new CreateChannelOptions(true, true, outstandingPublisherConfirmationsRateLimiter: null), cancelled), time, cancelled).ConfigureAwait(false);
        await Declare(channel, cancelled).ConfigureAwait(false);
        var answers = await BrokerPatience.Within(channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancelled), time, cancelled).ConfigureAwait(false);
        var opened = new Session(channel, answers.QueueName);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Answered(delivery.BasicProperties.CorrelationId, delivery.Body);
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            opened.IsLost = true; // cancelled by the broker: the channel stays open, and no answer comes any more
            return Task.CompletedTask;
        };
        await BrokerPatience.Within(channel.BasicConsumeAsync(answers.QueueName, autoAck: true, consumer, cancelled), time, cancelled).ConfigureAwait(false);
        session = opened;
    }

    /// <summary>Where somebody has waited in vain: asks the broker whether this node's queue of answers is still there, and somebody at it.</summary>
    /// <exception cref="Exception">It is not, or the broker does not say.</exception>
    public async Task Verify(CancellationToken cancelled)
    {
        if (session is not { IsDoubted: true } open) return;
        open.IsDoubted = false;
        var answers = await BrokerPatience.Within(open.Channel.QueueDeclarePassiveAsync(open.Answers, cancelled), time, cancelled).ConfigureAwait(false);
        if (answers.ConsumerCount == 0) throw new BrokerLinkException("this node gets no answers any more");
    }

    /// <summary>The connection is gone: those who wait are told so.</summary>
    public void Close()
    {
        session = null;
        foreach (var (_, answer) in waiting) answer.TrySetException(new ProblemException(NodeTexts.BrokerAway(node.BrokerPlace)));
    }

    /// <summary>Hands a batch to the writer, whichever node that is, and waits for what it says after its commit.</summary>
    /// <exception cref="ProblemException">It was not acknowledged.</exception>
    public async Task<IngestReply> Deliver(ReadOnlyMemory<byte> batch, double? sentLessReceivedMs, bool isHistory)
    {
        if (session is not { } open) throw new ProblemException(NodeTexts.BrokerAway(node.BrokerPlace));
        if (waiting.Count >= MostWaiting) throw Full();
        var id = Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture);
        var answer = waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var properties = new BasicProperties
        {
            CorrelationId = id,
            ReplyTo = open.Answers,
            Persistent = true,
            Headers = new Dictionary<string, object?> { [HistoryHeader] = isHistory },
        };
        if (sentLessReceivedMs is { } difference) properties.Headers[SentHeader] = difference.ToString("R", CultureInfo.InvariantCulture);
        if (session != open) answer.TrySetException(new ProblemException(NodeTexts.BrokerAway(node.BrokerPlace))); // closed between: nobody else would tell
        using var limit = new CancellationTokenSource(AnswerWithin, time);
        try
        {
            // The library is not told of the limit: a publication that it gives up half-way would leave it counting its confirmations wrongly.
            await open.Channel.BasicPublishAsync("", Name, mandatory: true, properties, batch, CancellationToken.None).AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
            return await answer.Task.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (PublishException refused) when (!refused.IsReturn)
        {
            throw Full();
        }
        catch (OperationCanceledException)
        {
            open.IsDoubted = true;
            throw new ProblemException(NodeTexts.NoReply(AnswerWithin.TotalSeconds));
        }
        catch (Exception gone) when (gone is RabbitMQClientException or IOException or ObjectDisposedException)
        {
            throw new ProblemException(NodeTexts.BrokerAway(node.BrokerPlace), gone);
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    /// <summary>An answer as the broker carries it.</summary>
    public static byte[] Written(BrokerAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, WireJson.Options);

    /// <summary>A header's text; the broker gives texts as bytes.</summary>
    public static string? Text(object? header) => header is byte[] bytes ? Encoding.UTF8.GetString(bytes) : header as string;

    private void Answered(string? id, ReadOnlyMemory<byte> body)
    {
        if (id is null || !waiting.TryGetValue(id, out var answer)) return; // whoever asked has given up: the probe sends it again, and it is a duplicate then
        BrokerAnswer? said;
        try
        {
            said = JsonSerializer.Deserialize<BrokerAnswer>(body.Span, WireJson.Options);
        }
        catch (JsonException)
        {
            return; // no acknowledgement: the time runs out
        }
        if (said?.Reply is { } reply) answer.TrySetResult(reply);
        else if (said?.Problem is { } problem) answer.TrySetException(new ProblemException(problem));
    }

    private ProblemException Full()
    {
        metrics.Refused();
        return new(NodeTexts.QueueFull());
    }

    /// <summary>Declares the queues that all nodes share.</summary>
    public async Task Declare(IChannel channel, CancellationToken cancelled)
    {
        await Declare(channel, DeadName, new() { ["x-max-length"] = 10_000, ["x-overflow"] = "drop-head" }, cancelled).ConfigureAwait(false);
        await Declare(channel, Name, new()
        {
            ["x-single-active-consumer"] = true,
            ["x-max-length"] = MostQueued,
            ["x-max-length-bytes"] = MostQueuedBytes,
            ["x-overflow"] = "reject-publish",
            ["x-delivery-limit"] = MostDeliveries,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = DeadName,
        }, cancelled).ConfigureAwait(false);
    }

    private Task<QueueDeclareOk> Declare(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancelled)
    {
        arguments["x-queue-type"] = "quorum";
        return BrokerPatience.Within(channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancelled), time, cancelled);
    }

    /// <summary>This node's side of the queues, on one connection.</summary>
    private sealed class Session(IChannel channel, string answers)
    {
        public IChannel Channel { get; } = channel;

        public string Answers { get; } = answers;

        /// <summary>No answer can come any more.</summary>
        public volatile bool IsLost;

        /// <summary>Somebody has waited in vain.</summary>
        public volatile bool IsDoubted;
    }
}
