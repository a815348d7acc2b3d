using System.Threading.Channels;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Postgres;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>Follows whoever writes, and takes over when nobody does. The lock in the database decides; a node that lost its session there follows again.</summary>
internal sealed class Succession(NodeOptions node, IStore store, JournalWriter journal, Follower follower, EvidenceKeeper evidence, TimeProvider time, ILogger<Succession> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long a follower waits for news at most: where they fail to come it reads all the same.</summary>
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource stopping = new();
    private readonly WriterSeat seat = ((PostgresStore)store).Seat();
    private Task following = Task.CompletedTask, listening = Task.CompletedTask;
    private bool hasBegun;

    /// <summary>Who writes, or wrote last; null where nobody ever did.</summary>
    public SeatHolder? Holder { get; private set; }

    /// <summary>Why nothing new can be read; null while the database works.</summary>
    public Problem? StoreProblem { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        follower.Begin();
        hasBegun = true;
        TryLead(); // before the door opens: the first node is the writer at once
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        following = Task.Run(Follow, CancellationToken.None);
        listening = Task.Run(Listen, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(following, listening).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();

    private async Task Follow()
    {
        while (!stopping.IsCancellationRequested)
        {
            if (journal.Leading)
            {
                await Task.WhenAny(journal.Resigned, Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token)).ConfigureAwait(false);
                if (journal.Leading) return;
                log.LogWarning("this node no longer writes: its session with {Store} was lost", store.Place);
                hasBegun = false;
            }
            if (Step()) continue;
            await Wait(StoreProblem is null ? ReadEvery : AfterFailure).ConfigureAwait(false);
        }
    }

    /// <summary>Reads what is new, and takes over where nobody writes. Supervised: whatever fails is tried again.</summary>
    /// <returns>True where there may be more at once.</returns>
    private bool Step()
    {
        try
        {
            if (!hasBegun) follower.Begin();
            hasBegun = true;
            var more = follower.Apply() > 0;
            if (StoreProblem is not null) log.LogWarning("{Store} can be read again", store.Place);
            StoreProblem = null;
            if (!more) TryLead();
            return more || journal.Leading;
        }
        catch (Exception failure)
        {
            hasBegun = false; // perhaps half an entry was folded
            if (StoreProblem is null) log.LogError(failure, "what is new can't be read from {Store}", store.Place);
            StoreProblem = NodeTexts.StoreAway(store.Place, failure.Message);
            return false;
        }
    }

    private void TryLead()
    {
        (Holder, var isFree) = seat.Look();
        if (!isFree) return;
        var self = new SeatHolder(node.Name, node.Advertise, time.GetUtcNow());
        try
        {
            journal.Lead(follower.CatchUp, () =>
            {
                evidence.Begin();
                seat.Take(self); // before the first group: a writer that nobody finds could not be told anything
            });
        }
        catch (ProblemException taken) when (taken.Problem.Code == "data.locked")
        {
            return; // another node was quicker
        }
        Holder = self;
        log.LogWarning("this node, {Name}, is the writer now", node.Name);
    }

    private async Task Listen()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await seat.Listen(() => news.Writer.TryWrite(true), stopping.Token).ConfigureAwait(false);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                // Without news it is read all the same, only later; the reader says where the database is away.
                await Task.Delay(AfterFailure, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Wait(TimeSpan atMost)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        limit.CancelAfter(atMost);
        try
        {
            await news.Reader.ReadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // No news.
        }
    }
}
