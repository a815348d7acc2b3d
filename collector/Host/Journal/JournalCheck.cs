using System.Text.Json;
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

    /// <summary>What the collector adds to the journal itself; the rest came from probes, and changes no slice but through it.</summary>
    private static readonly EntryKind[] Own = [.. Enum.GetValues<EntryKind>().Except([EntryKind.Observation, EntryKind.Gap])];

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
        var missing = CheckLedger(view, faults);
        var alarms = CheckSlices(view, faults);
        return new(faults.Count == 0, count, alarms, view.DeadLetters().Values.Sum(), missing, faults.Count > MostFaults ? faults[..MostFaults] : faults) { Removed = months.Sum(m => m.Thinned), Losses = [.. losses.Select(l => l.Loss)] };
    }

    /// <summary>What the ledger calls stored is in the journal or among the dead letters, exactly once.</summary>
    private static long CheckLedger(IStoreView view, List<Text> faults)
    {
        var missing = 0L;
        var whole = view.Months is [{ First: 1 }, ..] && view.Months.All(m => m.Thinned == 0);
        foreach (var stream in SequenceLedger.Streams(view).ToList())
        {
            missing += stream.Stored.Missing().Sum(m => m.Count);
            var found = new SequenceRanges();
            foreach (var number in view.Sequences(stream.Id))
                if (!found.Add(number)) faults.Add(new($"{stream.Probe} {stream.Boot} 序号 {number} 存了两次", $"{stream.Probe} {stream.Boot} number {number} is stored twice"));
            // Of a stream whose entries retention removed in part the journal can only have less than the ledger, never more.
            if (whole ? found.ToString() != stream.Stored.ToString() : found.Runs.Any(run => !stream.Stored.Has(run)))
                faults.Add(new($"{stream.Probe} {stream.Boot} 账上序号 {stream.Stored}，实存 {found}", $"{stream.Probe} {stream.Boot} the ledger has {stream.Stored}, stored are {found}"));
        }
        return missing;
    }

    private static int CheckSlices(IStoreView view, List<Text> faults)
    {
        var slices = Slices.Fresh();
        // Months that were dropped can't be folded any more: what they came to is what the first one that is kept began with.
        var (opening, after) = JournalBaseline.Of(view);
        foreach (var slice in slices) slice.Load(opening);
        foreach (var row in view.Entries(new(after, Kinds: Own))) Replay(slices, row, faults);
        var alarms = 0;
        foreach (var slice in slices)
        {
            foreach (var kind in slice.Kinds)
            {
                var folded = slice.Documents(kind).ToDictionary(d => d.Id, d => d.Body);
                foreach (var (id, body) in view.Documents(kind))
                {
                    if (kind == "alarm") alarms++;
                    if (!folded.Remove(id, out var fold) || !fold.Span.SequenceEqual(body.Span)) faults.Add(new($"{kind} {id} 与日志不符", $"{kind} {id} is not what the journal says"));
                }
                foreach (var id in folded.Keys) faults.Add(new($"日志中的 {kind} {id} 没有保存", $"{kind} {id} of the journal is not stored"));
            }
        }
        return alarms;
    }

    private static void Replay(IReadOnlyList<ISlice> slices, in JournalRow row, List<Text> faults)
    {
        try
        {
            foreach (var slice in slices) slice.Replay(row);
        }
        catch (Exception bad) when (bad is JsonException or ArgumentException or InvalidOperationException)
        {
            faults.Add(new($"日志第 {row.Position} 条无法重放：{bad.Message}", $"entry {row.Position} can't be replayed: {bad.Message}"));
        }
    }
}
