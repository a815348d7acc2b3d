using System.Globalization;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>The writer's side of the queue: takes batches, offers them to the journal, and gives each its answer and then back to the broker when it is on disk. A batch whose writer dies before
/// that goes to the next one, who finds it new or a duplicate.</summary>
internal sealed class IngestConsumer(JournalWriter journal, ILogger<IngestConsumer> log)
{
    /// <summary>Batches that the writer has in hand: enough that a group fills while the one before is synced.</summary>
    private const ushort Prefetch = 64;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private long poison;

    /// <summary>Messages that were no batches, and were put aside.</summary>
    public long Poison => Volatile.Read(ref poison);

    /// <summary>Consumes as long as this node writes and the connection is there.</summary>
    public async Task Run(IConnection connection, CancellationToken stopping)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping).ConfigureAwait(false);
        await channel.BasicQosAsync(0, Prefetch, global: false, stopping).ConfigureAwait(false);
        var finished = Channel.CreateUnbounded<Finished>(new UnboundedChannelOptions { SingleReader = true }); // bounded by what is in hand
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Take(delivery, finished.Writer);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(IngestQueue.Name, autoAck: false, consumer, stopping).ConfigureAwait(false);
        var settling = Task.Run(() => Settle(channel, finished.Reader), CancellationToken.None);
        try
        {
            while (journal.Leading && channel.IsOpen && !settling.IsCompleted && !stopping.IsCancellationRequested) await Task.Delay(LookEvery, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            finished.Writer.TryComplete();
            await settling.ConfigureAwait(false);
        }
    }

    private void Take(BasicDeliverEventArgs delivery, ChannelWriter<Finished> finished)
    {
        var (tag, to, id) = (delivery.DeliveryTag, delivery.BasicProperties.ReplyTo, delivery.BasicProperties.CorrelationId);
        try
        {
            var headers = delivery.BasicProperties.Headers;
            double? difference = headers is not null && headers.TryGetValue(IngestQueue.SentHeader, out var sent)
                && double.TryParse(IngestQueue.Text(sent), NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) ? ms : null;
            var isHistory = headers is not null && headers.TryGetValue(IngestQueue.HistoryHeader, out var history) && history is true;
            var work = new IngestWork(ObservationBatch.Parse(delivery.Body.ToArray()), difference, isHistory); // a copy: the library takes its buffer back
            journal.Offer(work);
            _ = Finish(work, tag, to, id, finished);
        }
        catch (ProblemException refused) when (refused.Problem.Status is 429 or 503)
        {
            finished.TryWrite(new(tag, to, id, refused.Problem.Code == NodeTexts.NotWriter().Code ? null : new(null, refused.Problem), GiveBack: refused.Problem.Code == NodeTexts.NotWriter().Code));
        }
        catch (ProblemException)
        {
            // No node of ours put this here: each was read before it was sent.
            Interlocked.Increment(ref poison);
            log.LogError("a message in {Queue} is no batch, and was put aside in {Dead}", IngestQueue.Name, IngestQueue.DeadName);
            finished.TryWrite(new(tag, null, null, null, GiveBack: false));
        }
    }

    private static async Task Finish(IngestWork work, ulong tag, string? to, string? id, ChannelWriter<Finished> finished)
    {
        Finished end;
        try
        {
            end = new(tag, to, id, new(await work.Done.ConfigureAwait(false), null), GiveBack: false);
        }
        catch (ProblemException refused)
        {
            var isNext = refused.Problem.Code == NodeTexts.NotWriter().Code;
            end = new(tag, to, id, isNext ? null : new(null, refused.Problem), GiveBack: isNext);
        }
        catch (Exception)
        {
            // Logged by the writer. The probe keeps it, and sends it again.
            end = new(tag, to, id, new(null, Texts.Unexpected(id ?? "-")), GiveBack: false);
        }
        finished.TryWrite(end);
    }

    /// <summary>First the answer, then the acknowledgement to the broker: killed in between, the batch comes again, and nobody waits for that answer.</summary>
    private async Task Settle(IChannel channel, ChannelReader<Finished> finished)
    {
        try
        {
            await foreach (var end in finished.ReadAllAsync().ConfigureAwait(false))
            {
                if (end.Answer is null)
                {
                    await channel.BasicNackAsync(end.Tag, multiple: false, requeue: end.GiveBack).ConfigureAwait(false);
                    continue;
                }
                if (end.To is not null)
                    await channel.BasicPublishAsync("", end.To, mandatory: false, new BasicProperties { CorrelationId = end.Id }, IngestQueue.Written(end.Answer)).ConfigureAwait(false);
                await channel.BasicAckAsync(end.Tag, multiple: false).ConfigureAwait(false);
            }
        }
        catch (Exception gone)
        {
            // With the channel what was not acknowledged goes back to the queue.
            log.LogWarning("the queue {Queue} is taken up anew: {Why}", IngestQueue.Name, gone.Message);
        }
    }

    /// <summary>A delivery that is done with.</summary>
    /// <param name="Tag">Which.</param>
    /// <param name="To">The queue of who waits.</param>
    /// <param name="Id">What they know it by.</param>
    /// <param name="Answer">What they are told; null where the message is not settled by an answer.</param>
    /// <param name="GiveBack">Without an answer: to the next writer, or else aside.</param>
    private readonly record struct Finished(ulong Tag, string? To, string? Id, BrokerAnswer? Answer, bool GiveBack);
}
