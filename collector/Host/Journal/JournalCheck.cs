using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>What a check found.</summary>
internal sealed record JournalCheckReport(bool Sound, long Entries, int Alarms, long DeadLetters, long MissingNumbers, IReadOnlyList<Text> Faults)
{
    /// <summary>Entries that retention removed when their time was over.</summary>
    public long Removed { get; init; }

    /// <summary>Losses with damaged files that the journal itself records: known, told, and no fault of what is here now.</summary>
    public IReadOnlyList<StoredLoss> Losses { get; init; } = [];
}

/// <summary>Compares what is stored twice: the ledger with the entries it speaks of, each slice's documents with the fold of the journal.</summary>
internal static class JournalCheck
{
    private const int MostFaults = 100;

    /// <summary>Checks one consistent view of the store, beside a writer that may go on.</summary>
    public static JournalCheckReport Run(IStoreView view)
    {
        var faults = new List<Text>();
        foreach (var line in view.Damage()) faults.Add(new($"存储自检：{line}", $"the store's own check: {line}"));
        var months = view.Months;
        var (first, newest, count) = (months[0].First, view.Newest, view.Count());
        var losses = JournalBaseline.Losses(view);
        var expected = newest - first + 1 - months.Sum(m => m.Thinned) - losses.Sum(l => l.Loss.Absent);
        if (expected != count) faults.Add(new($"日志位置 {first} 至 {newest} 应有 {expected} 条，实有 {count} 条", $"positions {first} to {newest} should be {expected} entries, there are {count}"));
        var missing = CheckLedger(view, losses.Count == 0, faults);
        var alarms = CheckSlices(view, faults);
        return new(faults.Count == 0, count, alarms, view.DeadLetters().Values.Sum(), missing, faults.Count > MostFaults ? faults[..MostFaults] : faults) { Removed = months.Sum(m => m.Thinned), Losses = [.. losses.Select(l => l.Loss)] };
    }

    /// <summary>What the ledger calls stored is in the journal or among the dead letters, exactly once.</summary>
    private static long CheckLedger(IStoreView view, bool isComplete, List<Text> faults)
    {
        var missing = 0L;
        var whole = view.Months is [{ First: 1 }, ..] && view.Months.All(m => m.Thinned == 0) && isComplete;
        var known = new HashSet<long>();
        foreach (var document in view.Documents(SequenceLedger.Kind).ToList())
        {
            if (LedgerFold.TryRead(document) is not { } stream)
            {
                faults.Add(new($"序号账 {document.Id} 无法读取", $"stream {document.Id} of the ledger can't be read"));
                continue;
            }
            known.Add(stream.Id);
            missing += stream.Stored.Missing().Sum(m => m.Count);
            var found = new SequenceRanges();
            foreach (var number in view.Sequences(stream.Id))
                if (!found.Add(number)) faults.Add(new($"{stream.Probe} {stream.Boot} 序号 {number} 存了两次", $"{stream.Probe} {stream.Boot} number {number} is stored twice"));
            // Of a stream whose entries retention removed in part the journal can only have less than the ledger, never more.
            if (whole ? found.ToString() != stream.Stored.ToString() : found.Runs.Any(run => !stream.Stored.Has(run)))
                faults.Add(new($"{stream.Probe} {stream.Boot} 账上序号 {stream.Stored}，实存 {found}", $"{stream.Probe} {stream.Boot} the ledger has {stream.Stored}, stored are {found}"));
        }
        CheckStreams(view, known, faults);
        return missing;
    }

    /// <summary>A boot that the ledger has lost would be taken for a new one, and all of it stored again.</summary>
    private static void CheckStreams(IStoreView view, HashSet<long> known, List<Text> faults)
    {
        foreach (var row in view.Entries(new(Kinds: [EntryKind.Observation, EntryKind.Gap])))
            if (row.Stream is { } id && known.Add(id)) faults.Add(new($"日志第 {row.Position} 条属于序号流 {id}，序号账里没有", $"entry {row.Position} is of stream {id}, which the ledger has not"));
        foreach (var id in view.DeadLetters().Keys)
            if (known.Add(id)) faults.Add(new($"死信属于序号流 {id}，序号账里没有", $"dead letters are of stream {id}, which the ledger has not"));
    }

    private static int CheckSlices(IStoreView view, List<Text> faults)
    {
        var fold = JournalFold.Of(view);
        faults.AddRange(fold.Faults);
        var alarms = 0;
        foreach (var difference in fold.Differences(view))
            faults.Add(difference.Describe());
        foreach (var _ in view.Documents("alarm")) alarms++;
        return alarms;
    }
}
