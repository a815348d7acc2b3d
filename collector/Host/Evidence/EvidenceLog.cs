using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;

namespace SignalWatch.Collector.Evidence;

/// <summary>The evidence log as files, kept up with the journal: written after each commit that has acts on evidence, caught up at the start.</summary>
internal sealed class EvidenceLog(EvidenceBook book, ObjectFiles objects, IStore store, TimeProvider time, ILogger<EvidenceLog> log) : ICommitListener
{
    private readonly TileFiles files = new(Path.Combine(objects.Folder, "log"));
    private bool started;
    private bool behind;

    public TileFiles Files => files;

    private string AsideName => FormattableString.Invariant($"log.damaged-{time.GetUtcNow():yyyyMMddTHHmmssfff}");

    /// <summary>Brings the files up to what is committed. Before the first act.</summary>
    public void Start()
    {
        try
        {
            CatchUp();
            started = true;
        }
        catch (InvalidDataException unprovable)
        {
            // Acts went with a damaged or a dropped month, and the files that had their leaves are gone too. Evidence is taken all the same; what was moved aside is still there to prove with.
            log.LogError(unprovable, "the files of the evidence log can't be made from what is left of the journal: no proofs are given until both are restored from a backup");
        }
    }

    /// <inheritdoc/>
    public void Committed(IReadOnlyList<StoredObservation> observations, IReadOnlyList<ClockReading> clocks, IReadOnlyList<AlarmRecord> alarms, DateTimeOffset now)
    {
        if (!started || (book.Published.Count == 0 && !behind)) return;
        try
        {
            if (behind) CatchUp();
            else files.Append(book.Published);
            behind = false;
        }
        catch (Exception failure)
        {
            // The journal has it all: the next commit, or the next start, writes it.
            if (!behind) log.LogError(failure, "the files of the evidence log are behind; evidence itself is stored");
            behind = true;
        }
    }

    private void CatchUp()
    {
        if (files.Load(book.Head.Tree, Leaves, AsideName)) log.LogWarning("the files of the evidence log were damaged or missing: they were made anew from the journal, the old ones are beside them");
    }

    private IEnumerable<LogEntry> Leaves(long position)
    {
        using var view = store.OpenView();
        foreach (var row in view.Entries(new(position, Kinds: [EntryKind.Evidence])))
            if (EvidenceBook.LeafOf(row) is { } leaf) yield return leaf;
    }
}
