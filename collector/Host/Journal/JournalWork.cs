using SignalWatch.Collector.Ingest;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>What a delivery shows of its probe's clock: when it was sent less when it came, ms; null where it does not say.</summary>
internal readonly record struct ClockReading(ProbeId Probe, double? SentLessReceivedMs);

/// <summary>Something that the one writer does. Each is answered after its transaction is on disk, or with the reason why it is not.</summary>
internal abstract class JournalWork
{
    /// <summary>Rows that it takes in a group.</summary>
    public virtual int Rows => 1;

    /// <summary>Tells the caller that it is not stored.</summary>
    public abstract void Fail(Exception reason);

    /// <summary>Tells the caller that it is stored.</summary>
    public abstract void Succeed();
}

/// <summary>Work with an answer.</summary>
internal abstract class JournalWork<T> : JournalWork
{
    // Continuations must not run on the writer: a slow client would hold up everybody's commits.
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? refusal;
    private T? answer;

    /// <summary>Completes after fsync.</summary>
    public Task<T> Done => done.Task;

    /// <summary>The answer to give once the group is on disk.</summary>
    public void Answer(T value) => (answer, refusal) = (value, null);

    /// <summary>A refusal to give once the group is on disk; nothing of this work is stored.</summary>
    public void Refuse(Problem problem) => refusal = new ProblemException(problem);

    public override void Fail(Exception reason) => done.TrySetException(reason);

    public override void Succeed()
    {
        if (refusal is not null) done.TrySetException(refusal);
        else done.TrySetResult(answer!);
    }
}

/// <summary>A probe's batch.</summary>
internal sealed class IngestWork(ObservationBatch batch, double? sentLessReceivedMs, bool isHistory = false) : JournalWork<IngestReply>
{
    /// <summary>It was observed while the collector could not be reached, and is delivered beside what is observed now.</summary>
    public bool IsHistory { get; } = isHistory;

    public ObservationBatch Batch { get; } = batch;

    public ClockReading Clock { get; } = new(batch.Probe, sentLessReceivedMs);

    public override int Rows => Batch.Lines.Count;
}

/// <summary>Time went on: holds, silence, the room check while the store fails.</summary>
internal sealed class TickWork : JournalWork
{
    public override int Rows => 0;

    public override void Fail(Exception reason) { }

    public override void Succeed() { }
}
