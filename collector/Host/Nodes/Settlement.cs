using System.Threading.Channels;
using RabbitMQ.Client;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>What becomes of the deliveries of one channel: each gets its answer, and then goes back to the broker, when it is on disk.</summary>
internal sealed class Settlement(IChannel channel, TimeProvider time)
{
    private readonly Channel<Finished> finished = Channel.CreateUnbounded<Finished>(new UnboundedChannelOptions { SingleReader = true }); // bounded by what is in hand

    private int inHand;

    /// <summary>Deliveries that are not settled.</summary>
    public int InHand => Volatile.Read(ref inHand);

    /// <summary>A delivery has come.</summary>
    public void Begin() => Interlocked.Increment(ref inHand);

    /// <summary>Nothing more is settled: the channel ends.</summary>
    public void Complete() => finished.Writer.TryComplete();

    /// <summary>Settles a batch when the journal has said what became of it.</summary>
    public async Task Follow(IngestWork work, ulong tag, string? to, string? id)
    {
        try
        {
            finished.Writer.TryWrite(new(tag, to, id, new(await work.Done.ConfigureAwait(false), null), GiveBack: false));
        }
        catch (ProblemException refused)
        {
            Refused(tag, to, id, refused.Problem);
        }
        catch (Exception)
        {
            // Logged by the writer. The probe keeps it, and sends it again.
            finished.Writer.TryWrite(new(tag, to, id, new(null, Texts.Unexpected(id ?? "-")), GiveBack: false));
        }
    }

    /// <summary>The journal does not take it: whoever waits is told, unless another node writes now, who takes it.</summary>
    public void Refused(ulong tag, string? to, string? id, Problem problem)
    {
        var isNext = problem.Code == NodeTexts.NotWriter().Code;
        finished.Writer.TryWrite(new(tag, to, id, isNext ? null : new(null, problem), GiveBack: isNext));
    }

    /// <summary>It is no batch.</summary>
    public void PutAside(ulong tag) => finished.Writer.TryWrite(new(tag, null, null, null, GiveBack: false));

    /// <summary>First the answer, then the acknowledgement to the broker: killed in between, the batch comes again, and nobody waits for that answer.</summary>
    /// <exception cref="Exception">The channel is gone; with it what was not acknowledged goes back to the queue.</exception>
    public async Task Run()
    {
        await foreach (var end in finished.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (end is { Answer: not null, To: not null })
                await BrokerPatience.Within(channel.BasicPublishAsync("", end.To, mandatory: false, new BasicProperties { CorrelationId = end.Id }, IngestQueue.Written(end.Answer)), time).ConfigureAwait(false);
            await BrokerPatience.Within(end.Answer is null ? channel.BasicNackAsync(end.Tag, multiple: false, requeue: end.GiveBack) : channel.BasicAckAsync(end.Tag, multiple: false), time).ConfigureAwait(false);
            Interlocked.Decrement(ref inHand);
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
