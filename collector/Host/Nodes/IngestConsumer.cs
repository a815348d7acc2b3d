using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>The writer's side of the queue: takes batches and offers them to the journal. A batch whose writer dies before it is settled goes to the next one, who finds it new or a duplicate.</summary>
internal sealed class IngestConsumer(JournalWriter journal, IngestQueue queue, TimeProvider time, ILogger<IngestConsumer> log)
{
    /// <summary>Batches that the writer has in hand: enough that a group fills while the one before is synced.</summary>
    private const ushort Prefetch = 64;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50), VerifyEvery = TimeSpan.FromSeconds(5);

    /// <summary>Looks in a row at which batches wait and none has come. More than it takes the broker to miss the heartbeats of a writer that has vanished: until then that one is given the batches.</summary>
    private const int MostSilentLooks = 4;

    private long poison;
    private bool isLeaderless;

    /// <summary>Messages that were no batches, and were put aside.</summary>
    public long Poison => Volatile.Read(ref poison);

    /// <summary>Consumes as long as this node writes.</summary>
    /// <exception cref="Exception">Something about the queue is not as it must be; the connection is of no more use.</exception>
    public async Task Run(IConnection connection, CancellationToken until)
    {
        var channel = await BrokerPatience.Within(connection.CreateChannelAsync(cancellationToken: until), time, until).ConfigureAwait(false);
        await BrokerPatience.Within(channel.BasicQosAsync(0, Prefetch, global: false, until), time, until).ConfigureAwait(false);
        var settlement = new Settlement(channel, time);
        var intake = new Intake();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Interlocked.Increment(ref intake.Taken);
            settlement.Begin();
            Take(delivery, settlement);
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            intake.IsCancelled = true; // by the broker: the channel stays open, and nothing comes any more
            return Task.CompletedTask;
        };
        if (isLeaderless) await Renew(channel, until).ConfigureAwait(false);
        await Consume(channel, consumer, until).ConfigureAwait(false);
        var settling = Task.Run(settlement.Run, CancellationToken.None);
        var hasEnded = false;
        try
        {
            await Watch(channel, intake, settlement, settling, until).ConfigureAwait(false);
        }
        finally
        {
            settlement.Complete();
            await BrokerPatience.Ended(settling, time).ConfigureAwait(false);
            hasEnded = await BrokerPatience.Ended(channel.AbortAsync(CancellationToken.None), time).ConfigureAwait(false);
        }
        // What is not settled goes back to the queue with the channel; where that does not end, with the connection.
        if (!hasEnded) throw new BrokerLinkException($"the channel of {IngestQueue.Name} does not end");
    }

    private async Task Consume(IChannel channel, AsyncEventingBasicConsumer consumer, CancellationToken until)
    {
        try
        {
            await BrokerPatience.Within(channel.BasicConsumeAsync(IngestQueue.Name, autoAck: false, consumer, until), time, until).ConfigureAwait(false);
        }
        catch (Exception failure) when (!until.IsCancellationRequested && (failure is OperationCanceledException or TimeoutException || failure is OperationInterruptedException { ShutdownReason.ReplyCode: Constants.InternalError }))
        {
            isLeaderless = true;
            throw new BrokerLinkException($"the queue {IngestQueue.Name} does not answer", failure);
        }
    }

    /// <summary>A queue that was declared, and does not answer, has no leader, and never gets one by itself: so it is in RabbitMQ 3.10 where the broker is killed within seconds of the first declaration
    /// (the member's registration is not yet on disk, and it begins anew, as a follower of nobody). What the queue holds was acknowledged to nobody: probes send it again.</summary>
    private async Task Renew(IChannel channel, CancellationToken until)
    {
        log.LogError("the queue {Queue} does not answer, and is made anew; what it held was not acknowledged, and probes send it again", IngestQueue.Name);
        await BrokerPatience.Within(channel.QueueDeleteAsync(IngestQueue.Name, ifUnused: false, ifEmpty: false, cancellationToken: until), time, until).ConfigureAwait(false);
        isLeaderless = false;
        await queue.Declare(channel, until).ConfigureAwait(false);
    }

    /// <summary>Returns when this node no longer writes, and fails when it no longer consumes, for whatever reason: a consumer that is silent is told from a queue that is empty by asking the broker.</summary>
    private async Task Watch(IChannel channel, Intake intake, Settlement settlement, Task settling, CancellationToken until)
    {
        var (verified, takenThen, silent) = (time.GetTimestamp(), 0L, 0);
        while (journal.Leading && !until.IsCancellationRequested)
        {
            if (journal.IsStalled) throw new BrokerLinkException("the database does not answer this node: another one may write, and gets what was given to this one");
            if (intake.IsCancelled) throw new BrokerLinkException($"the broker has cancelled the consumer of {IngestQueue.Name}");
            if (settling.IsFaulted) await settling.ConfigureAwait(false);
            if (!channel.IsOpen) throw new BrokerLinkException(channel.CloseReason?.ReplyText ?? "the channel was closed");
            await Task.Delay(LookEvery, time, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (time.GetElapsedTime(verified) < VerifyEvery) continue;
            verified = time.GetTimestamp();
            var taken = Volatile.Read(ref intake.Taken);
            var comesOn = taken != takenThen || settlement.InHand >= Prefetch;
            takenThen = taken;
            if (comesOn)
            {
                silent = 0;
                continue;
            }
            var state = await BrokerPatience.Within(channel.QueueDeclarePassiveAsync(IngestQueue.Name, until), time, until).ConfigureAwait(false);
            if (state.ConsumerCount == 0) throw new BrokerLinkException($"the broker knows of nobody who consumes {IngestQueue.Name}");
            silent = state.MessageCount == 0 ? 0 : silent + 1;
            if (silent >= MostSilentLooks) throw new BrokerLinkException($"{state.MessageCount} batches wait in {IngestQueue.Name}, and the broker gives none");
        }
    }

    private void Take(BasicDeliverEventArgs delivery, Settlement settlement)
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
            _ = settlement.Follow(work, tag, to, id);
        }
        catch (ProblemException refused) when (refused.Problem.Status is 429 or 503)
        {
            settlement.Refused(tag, to, id, refused.Problem);
        }
        catch (ProblemException)
        {
            // No node of ours put this here: each was read before it was sent.
            Interlocked.Increment(ref poison);
            log.LogError("a message in {Queue} is no batch, and was put aside in {Dead}", IngestQueue.Name, IngestQueue.DeadName);
            settlement.PutAside(tag);
        }
    }

    /// <summary>What has come in through one channel.</summary>
    private sealed class Intake
    {
        public long Taken;
        public volatile bool IsCancelled;
    }
}
