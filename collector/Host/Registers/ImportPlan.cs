using System.Collections.Immutable;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>What a file is to a register.</summary>
internal enum ImportKind
{
    /// <summary>Its rows are added, or take the place of those with the same key; everything else stays.</summary>
    Add,

    /// <summary>It is the whole register: what is not in it holds no longer.</summary>
    Replace,
}

/// <summary>How a file is to be imported.</summary>
/// <param name="Mode">What it is to the register.</param>
/// <param name="Since">Before this day everything stays as it was; the smallest day there is for all days.</param>
/// <param name="SkipsBad">The good rows are taken although others are refused. Entries that refused rows are about stay as they are.</param>
internal readonly record struct ImportChoice(ImportKind Mode, DateOnly Since, bool SkipsBad);

/// <summary>What becomes of a row, or of an entry.</summary>
internal enum RowOutcome
{
    /// <summary>There was none with this key.</summary>
    New,

    /// <summary>It is now another.</summary>
    Changed,

    /// <summary>It is as it was.</summary>
    Unchanged,

    /// <summary>It is not in the file, and holds no longer.</summary>
    Missing,
}

/// <summary>A row, or an entry that is not in the file, and what becomes of it.</summary>
internal readonly record struct PlannedRow(int Line, string Key, RowOutcome Outcome, Segment? Before, Segment? After);

/// <summary>What an import would do to a register as it is. Nothing is changed by making it.</summary>
internal sealed class ImportPlan
{
    private readonly List<EntryChange> changes = [];
    private readonly List<PlannedRow> rows = [];

    private ImportPlan(ImmutableSortedDictionary<string, RegisteredEntry> basis) => Basis = basis;

    /// <summary>The entries that it was made for.</summary>
    public ImmutableSortedDictionary<string, RegisteredEntry> Basis { get; }

    /// <summary>What would be known from then on; only of what changes.</summary>
    public IReadOnlyList<EntryChange> Changes => changes;

    /// <summary>The good rows in the file's order, then what is missing by key.</summary>
    public IReadOnlyList<PlannedRow> Rows => rows;

    /// <summary>Why it must not be done; null where it may.</summary>
    public Problem? Refusal { get; private set; }

    /// <summary>How many rows have that outcome.</summary>
    public int Count(RowOutcome outcome) => rows.Count(r => r.Outcome == outcome);

    /// <summary>Works out what a file would do.</summary>
    public static ImportPlan Of(RegisterFile file, ImmutableSortedDictionary<string, RegisteredEntry> entries, ImportChoice choice)
    {
        var plan = new ImportPlan(entries);
        if (!file.IsTable) plan.Refusal = RegisterTexts.NoTable();
        plan.PlanRows(file, choice);
        if (choice.Mode == ImportKind.Replace) plan.PlanMissing(file, choice.Since);
        if (plan.Refusal is null && file.Refused > 0)
            plan.Refusal = !choice.SkipsBad ? RegisterTexts.Refused(file.Refused)
                : file.RefusedUnknown > 0 && plan.Count(RowOutcome.Missing) is > 0 and var missing ? RegisterTexts.Unsure(file.RefusedUnknown, missing) : null;
        return plan;
    }

    private void PlanRows(RegisterFile file, ImportChoice choice)
    {
        var after = new Dictionary<string, Segment[]>(StringComparer.Ordinal);
        foreach (var row in file.Rows)
        {
            // Of an entry one of whose rows is refused, what it would come to is not known.
            if (file.RefusedKeys.Contains(row.Key)) continue;
            if (!after.TryGetValue(row.Key, out var timeline)) timeline = choice.Mode == ImportKind.Replace ? Timeline.Cut(Present(row.Key), choice.Since) : Present(row.Key);
            after[row.Key] = Timeline.Put(timeline, row.Segment, choice.Since);
        }
        foreach (var (key, timeline) in after)
            if (!Timeline.IsSame(timeline, Present(key))) changes.Add(new(key, timeline));
        foreach (var row in file.Rows)
            if (after.TryGetValue(row.Key, out var timeline)) rows.Add(Planned(row, timeline));
    }

    private PlannedRow Planned(in FileRow row, Segment[] after)
    {
        var (present, segment) = (Present(row.Key), row.Segment);
        if (Timeline.IsSame(present, after)) return new(row.Line, row.Key, RowOutcome.Unchanged, segment, segment);
        if (present.Length == 0) return new(row.Line, row.Key, RowOutcome.New, null, segment);
        return new(row.Line, row.Key, RowOutcome.Changed, present.FirstOrDefault(s => s.From <= segment.To && segment.From <= s.To) ?? present[^1], segment);
    }

    private void PlanMissing(RegisterFile file, DateOnly since)
    {
        var there = file.Rows.Select(r => r.Key).Concat(file.RefusedKeys).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, entry) in Basis)
        {
            if (there.Contains(key) || Timeline.Cut(entry.Present, since) is var cut && Timeline.IsSame(cut, entry.Present)) continue;
            changes.Add(new(key, cut));
            rows.Add(new(0, key, RowOutcome.Missing, entry.Present[^1], null));
        }
    }

    private Segment[] Present(string key) => Basis.TryGetValue(key, out var entry) ? entry.Present : [];
}
