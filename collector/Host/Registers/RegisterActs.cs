using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Registers;

/// <summary>A register file given at the start.</summary>
internal sealed record InitialRegister(RegisterImport Import);

/// <summary>An import that somebody asks for.</summary>
/// <param name="Schema">Into which register.</param>
/// <param name="File">The file, read.</param>
/// <param name="Choice">How.</param>
/// <param name="Source">Name of the file, or where it came from.</param>
/// <param name="Actor">Who asks.</param>
internal sealed record RegisterImport(RegisterSchema Schema, RegisterFile File, ImportChoice Choice, string Source, string Actor)
{
    /// <summary>The act that it is, as number <paramref name="number"/> of the register.</summary>
    public RegisterAct Act(int number, int changes, DateTimeOffset at) => new(Schema.Type, number, RegisterVerb.Import, Actor, at, changes)
    {
        Source = Source,
        Sha256 = File.Sha256,
        Mode = Choice.Mode == ImportKind.Add ? "add" : "replace",
        Since = Choice.Since == DateOnly.MinValue ? null : Choice.Since,
        Rows = File.RowCount,
        Refused = File.Refused,
    };
}

/// <summary>An import takes force, whole or not at all.</summary>
/// <param name="registers">All registers.</param>
/// <param name="import">What is imported.</param>
/// <param name="plan">What it does to the register as it was when it was asked for; null where it has not been worked out.</param>
/// <param name="expected">The last act that the asker saw; null where they do not say.</param>
internal sealed class ImportWork(RegisterBook registers, RegisterImport import, ImportPlan? plan, int? expected = null) : ActWork<(RegisterAct Act, ImportPlan Plan)>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        var (type, state) = (import.Schema.Type, registers.Present);
        var last = state.Acts[type].Count;
        if (expected is { } seen && seen != last)
        {
            Refuse(RegisterTexts.Moved(seen, last));
            return;
        }
        // Worked out beside the writer, so that others need not wait for a large file; again where the register has changed meanwhile.
        var now = plan is not null && ReferenceEquals(plan.Basis, state.Tables[type]) ? plan : ImportPlan.Of(import.File, state.Tables[type], import.Choice);
        if (now.Refusal is { } refusal)
        {
            Refuse(refusal);
            return;
        }
        var act = import.Act(last + 1, now.Changes.Count, group.Now);
        registers.Apply(act, now.Changes, group);
        Answer((act, now));
    }
}

/// <summary>An act is taken back: what it changed is known again as before it. Refused where any of that was changed again since.</summary>
internal sealed class UndoWork(RegisterBook registers, string type, int number, string actor, string reason) : ActWork<RegisterAct>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        var state = registers.Present;
        if (number < 1 || number > state.Acts[type].Count)
        {
            Refuse(RegisterTexts.NoSuchAct(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return;
        }
        var touched = state.Tables[type].Values.Where(e => e.Known.Any(k => k.Act == number)).ToList();
        var later = touched.Where(e => e.Known[^1].Act != number).ToList();
        if (touched.Count == 0) Refuse(RegisterTexts.NothingToUndo(number));
        else if (later.Count > 0) Refuse(RegisterTexts.ChangedSince(number, later.Count, later[0].Key));
        else
        {
            var act = new RegisterAct(type, state.Acts[type].Count + 1, RegisterVerb.Undo, actor, group.Now, touched.Count) { Undoes = number, Reason = reason };
            registers.Apply(act, [.. touched.Select(e => new EntryChange(e.Key, e.Known.Length > 1 ? e.Known[^2].Segments : []))], group);
            Answer(act);
        }
    }
}
