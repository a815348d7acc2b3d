using System.Threading.Channels;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Nodes;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>The one writer. What is offered waits in a bounded queue, is written in groups, and is answered after fsync. With one writer no reader can ever
/// skip an entry that was committed late.</summary>
internal sealed class JournalWriter : IHostedService, IDisposable
{
    private const int GroupRows = 5_000;
    private const int QueuedBatches = 1_024;
    private const long QueuedBytes = 64L * 1024 * 1024;

    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1), StalledAfter = TimeSpan.FromSeconds(10);

    private readonly Channel<JournalWork> queue = Channel.CreateBounded<JournalWork>(new BoundedChannelOptions(QueuedBatches) { SingleReader = true });
    private readonly bool isNode;
    private readonly IStore store;
    private readonly GroupCommit commit;
    private readonly CollectorMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger<JournalWriter> log;
    private ITimer? ticker;
    private Task loop = Task.CompletedTask;
    private long queuedBytes;
    private int queuedRows;
    private long retryAt, groupBegan;
    private volatile bool leading;
    private TaskCompletionSource resigned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalWriter(IStore store, GroupCommit commit, CollectorMetrics metrics, CollectorOptions options, TimeProvider time, ILogger<JournalWriter> log)
    {
        isNode = options.Node is not null;
        (this.store, this.commit, this.metrics, this.time, this.log) = (store, commit, metrics, time, log);
        metrics.QueueDepth = () => Volatile.Read(ref queuedRows);
    }

    /// <summary>Why nothing can be stored now; null while the store works.</summary>
    public Problem? StorageProblem { get; private set; }

    /// <summary>Whether this is the one that writes. Always, but for a node of several.</summary>
    public bool Leading => leading;

    /// <summary>Whether the store has not answered for so long that another node may have this one's place: it does not yet know, and must not hold what the other could write.</summary>
    public bool IsStalled => Volatile.Read(ref groupBegan) is not 0 and var began && time.GetElapsedTime(began) > StalledAfter;

    /// <summary>Completes when this node no longer writes.</summary>
    public Task Resigned => resigned.Task;

    /// <summary>Takes over: nobody else can commit from here on.</summary>
    /// <param name="read">Called when nobody else can commit any more, and before the state is read: what the writer before did last is shown.</param>
    /// <param name="ready">Called when the state is there, before the first group.</param>
    /// <exception cref="ProblemException">Somebody else writes, or the store can't be read.</exception>
    public void Lead(Action? read = null, Action? ready = null)
    {
        commit.Open();
        try
        {
            read?.Invoke();
            commit.Start(time.GetUtcNow());
            ready?.Invoke();
        }
        catch
        {
            commit.Dispose();
            throw;
        }
        StorageProblem = null;
        resigned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        leading = true;
    }

    /// <summary>Offers work.</summary>
    /// <exception cref="ProblemException">The queue is full, the store fails, or the collector stops: nothing is stored.</exception>
    public void Offer(JournalWork work)
    {
        if (isNode && !leading) throw new ProblemException(NodeTexts.NotWriter());
        // While the store fails one offer a second is let through to try it; the others are spared the queue.
        if (StorageProblem is { } problem && time.GetTimestamp() < Volatile.Read(ref retryAt)) throw new ProblemException(problem);
        var bytes = work is IngestWork ingest ? ingest.Batch.Bytes : 0;
        var waiting = Interlocked.Add(ref queuedBytes, bytes);
        Interlocked.Add(ref queuedRows, work.Rows);
        if (waiting <= QueuedBytes + bytes && queue.Writer.TryWrite(work)) return;
        Leave(work);
        if (loop.IsCompleted || queue.Reader.Completion.IsCompleted) throw new ProblemException(Texts.ClosingDown());
        metrics.Refused();
        throw new ProblemException(Texts.QueueFull(Volatile.Read(ref queuedRows)));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!isNode) Lead();
        loop = Task.Run(Run, CancellationToken.None);
        ticker = time.CreateTimer(_ => { if (leading) queue.Writer.TryWrite(new TickWork()); }, null, TickEvery, TickEvery);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        ticker?.Dispose();
        queue.Writer.TryComplete();
        await loop.ConfigureAwait(false);
        if (leading) commit.Stop();
        leading = false;
    }

    /// <inheritdoc/>
    public void Dispose() => ticker?.Dispose();

    private async Task Run()
    {
        var group = new List<JournalWork>();
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // What gathered during the last fsync is the next group: under load groups grow, and nobody waits for a timer.
            var rows = 0;
            while (rows < GroupRows && queue.Reader.TryRead(out var work))
            {
                group.Add(work);
                rows += work.Rows;
            }
            WriteGroup(group, rows);
            group.Clear();
        }
    }

    /// <summary>Supervised: whatever goes wrong with a group, its callers are told, and the next group is tried.</summary>
    private void WriteGroup(List<JournalWork> group, int rows)
    {
        Volatile.Write(ref groupBegan, time.GetTimestamp());
        try
        {
            if (!leading) throw new ProblemException(NodeTexts.NotWriter());
            commit.Write(group, time.GetUtcNow(), checkRoom: StorageProblem is not null);
            if (StorageProblem is not null) log.LogWarning("the store works again");
            StorageProblem = null;
            foreach (var work in group) work.Succeed();
            if (rows > 0) metrics.Committed(rows);
        }
        catch (ProblemException failure) when (!leading)
        {
            foreach (var work in group) work.Fail(failure);
        }
        catch (Exception failure)
        {
            var problem = store.Explain(failure);
            if (problem is null) log.LogError(failure, "a group of {Rows} rows could not be written", rows);
            else if (StorageProblem?.Code != problem.Code) log.LogError("nothing is stored or acknowledged: {Problem} {Detail}", problem.Title.En, problem.Detail.En);
            StorageProblem = problem ?? StorageProblem;
            Volatile.Write(ref retryAt, time.GetTimestamp() + time.TimestampFrequency);
            foreach (var work in group) work.Fail(problem is null ? failure : new ProblemException(problem, failure));
            metrics.GroupFailed();
            if (isNode && problem is { Code: not "storage.full" }) Resign();
            else Recover(failure);
        }
        finally
        {
            Volatile.Write(ref groupBegan, 0);
            foreach (var work in group) Leave(work);
        }
    }

    /// <summary>A node whose session with the store is lost may have a successor already: it writes again only when it has the lock anew and has read what is there.</summary>
    private void Resign()
    {
        leading = false;
        commit.Dispose();
        StorageProblem = null; // of the writer's session; as a follower it says itself whether it can read
        resigned.TrySetResult();
    }

    /// <summary>What was changed in memory for the failed group is forgotten: the store says what is true.</summary>
    private void Recover(Exception from)
    {
        try
        {
            commit.Reload(time.GetUtcNow(), from);
        }
        catch (Exception failure)
        {
            // Not even readable. The next group fails too, or succeeds in reloading first.
            log.LogError(failure, "the state could not be read back");
        }
    }

    private void Leave(JournalWork work)
    {
        if (work is IngestWork ingest) Interlocked.Add(ref queuedBytes, -ingest.Batch.Bytes);
        Interlocked.Add(ref queuedRows, -work.Rows);
    }
}
