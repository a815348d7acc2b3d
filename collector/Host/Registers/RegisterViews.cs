using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>A register in the list of all.</summary>
/// <param name="Type">Its name in paths.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="About">What it is for.</param>
/// <param name="Entries">Entries that hold on some day.</param>
/// <param name="LastAct">Number of the last act on it; 0 where there was none.</param>
/// <param name="ChangedAt">When that was.</param>
internal sealed record RegisterSummary(string Type, Text Title, Text About, int Entries, int LastAct, DateTimeOffset? ChangedAt);

/// <summary>A row as it holds from one day to another.</summary>
/// <param name="Key">What it is about.</param>
/// <param name="ValidFrom">First day; null for always.</param>
/// <param name="ValidTo">Last day, inclusive; null for ever.</param>
/// <param name="Cells">The cells that are not empty, by column.</param>
internal sealed record RegisterRow(string Key, DateOnly? ValidFrom, DateOnly? ValidTo, IReadOnlyDictionary<string, string> Cells)
{
    public static RegisterRow Of(RegisterSchema schema, string key, Segment segment)
    {
        var stored = StoredSegment.Of(schema, segment);
        return new(key, stored.From, stored.To, stored.Cells);
    }
}

/// <summary>A page of rows, in order of their keys.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Next">Ask for the next page with <c>after</c> this; null where there is none.</param>
/// <param name="LastAct">The last act whose outcome they show.</param>
internal sealed record RegisterRowPage(IReadOnlyList<RegisterRow> Rows, string? Next, int LastAct);

/// <summary>What was known of an entry from an act on.</summary>
internal sealed record KnownView(RegisterAct Act, IReadOnlyList<RegisterRow> Rows);

/// <summary>Everything that was ever known of one entry, oldest first.</summary>
internal sealed record RegisterHistory(string Key, IReadOnlyList<KnownView> Known);

/// <summary>A page of acts, the newest first.</summary>
internal sealed record RegisterActPage(IReadOnlyList<RegisterAct> Acts, int? Next);

/// <summary>An entry that is not the same at two points of known time: rows before and after, none where it was not there.</summary>
internal sealed record EntryDifference(string Key, IReadOnlyList<RegisterRow> Before, IReadOnlyList<RegisterRow> After);

/// <summary>What differs, by key.</summary>
/// <param name="Differences">A page of it.</param>
/// <param name="Added">How many entries were added, over all pages.</param>
/// <param name="Changed">How many changed.</param>
/// <param name="Removed">How many hold no longer.</param>
/// <param name="Next">Ask for the next page with <c>after</c> this; null where there is none.</param>
internal sealed record RegisterDifference(IReadOnlyList<EntryDifference> Differences, int Added, int Changed, int Removed, string? Next);

/// <summary>A cell that an import changes.</summary>
internal sealed record CellChange(string Column, string Before, string After);

/// <summary>What becomes of a row of the file, or of an entry that is missing in it.</summary>
/// <param name="Line">Line of the file; 0 where the entry is not in it.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Outcome">new, changed, unchanged or missing.</param>
/// <param name="Cells">What changes in it.</param>
internal sealed record ReportedRow(int Line, string Key, RowOutcome Outcome, IReadOnlyList<CellChange> Cells)
{
    public static ReportedRow Of(RegisterSchema schema, in PlannedRow row)
    {
        var cells = new List<CellChange>();
        if (row is { Before: { } before, After: { } after, Outcome: RowOutcome.Changed })
        {
            for (var i = 0; i < schema.Columns.Count; i++)
                if (before.Cells[i] != after.Cells[i]) cells.Add(new(schema.Columns[i].Name, before.Cells[i], after.Cells[i]));
            if (before.From != after.From) cells.Add(new(RegisterSchema.ValidFrom.Name, RegisterExport.Day(before.From), RegisterExport.Day(after.From)));
            if (before.To != after.To) cells.Add(new(RegisterSchema.ValidTo.Name, RegisterExport.Day(before.To), RegisterExport.Day(after.To)));
        }
        return new(row.Line, row.Key, row.Outcome, cells);
    }
}

/// <summary>What came of a file, or would come of it, row by row.</summary>
/// <param name="Applied">It is in force now; false for a dry run and for a refusal.</param>
/// <param name="Refusal">Why it is not; null for a dry run that would succeed.</param>
/// <param name="LastAct">The last act on the register that this report is about: give it as <c>version</c> with the import, so that nothing else is done than what is reported.</param>
/// <param name="Act">What it was journaled as.</param>
/// <param name="Encoding">What the file was read as.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="New">Rows that there were none of.</param>
/// <param name="Changed">Rows that change something.</param>
/// <param name="Unchanged">Rows that change nothing.</param>
/// <param name="Refused">Rows that are wrong.</param>
/// <param name="Missing">Entries that are not in the file and hold no longer.</param>
/// <param name="ProblemCount">Everything that is wrong, also what is not listed.</param>
/// <param name="Problems">What is wrong, by line and column.</param>
/// <param name="Outcomes">Rows that are not unchanged, then what is missing.</param>
internal sealed record ImportReport(bool Applied, ReportedRefusal? Refusal, int LastAct, RegisterAct? Act, string Encoding, string Sha256, int Rows, int New, int Changed, int Unchanged, int Refused, int Missing,
    int ProblemCount, IReadOnlyList<CellProblem> Problems, IReadOnlyList<ReportedRow> Outcomes)
{
    /// <param name="schema">The register.</param>
    /// <param name="file">The file.</param>
    /// <param name="plan">What it does.</param>
    /// <param name="lastAct">The last act on the register.</param>
    /// <param name="act">What it was journaled as; null where it was not done.</param>
    /// <param name="limit">Most problems and most outcomes listed.</param>
    public static ImportReport Of(RegisterSchema schema, RegisterFile file, ImportPlan plan, int lastAct, RegisterAct? act, int limit) =>
        new(act is not null, plan.Refusal is { } refusal ? new(refusal.Code, refusal.Title, refusal.Detail) : null, lastAct, act, file.Encoding, file.Sha256, file.RowCount,
            plan.Count(RowOutcome.New), plan.Count(RowOutcome.Changed), plan.Count(RowOutcome.Unchanged), file.Refused, plan.Count(RowOutcome.Missing), file.ProblemCount,
            [.. file.Problems.Take(limit)], [.. plan.Rows.Where(r => r.Outcome != RowOutcome.Unchanged).Take(limit).Select(r => ReportedRow.Of(schema, r))]);
}

/// <summary>Why an import is refused.</summary>
internal sealed record ReportedRefusal(string Code, Text Title, Text Detail);
