using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>What may be done to a case, and what comes of it: pure.</summary>
internal static class CaseMachine
{
    private const int MostLinks = 10_000;
    private const int MostEntries = 1_000;
    private const int LongestText = 4_000;
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <summary>The case after a command, or why it can't be.</summary>
    /// <param name="id">The case's id.</param>
    /// <param name="before">The case, or null for an opening.</param>
    /// <param name="command">What is done.</param>
    /// <param name="actor">By whom.</param>
    /// <param name="now">When.</param>
    public static (CaseRecord? After, Problem? Refusal) Decide(string id, CaseRecord? before, CaseCommand command, string actor, DateTimeOffset now)
    {
        if (WhatIsWrong(command) is { } wrong) return (null, CaseTexts.BadAct(wrong));
        if (before is null) return command is OpenCase open ? (Opened(id, open, actor, now), null) : (null, CaseTexts.NoSuchCase(id));
        if (command is OpenCase) return (null, CaseTexts.NotPossible(id, command, before.State));
        if (before.State == CaseState.Archived && command is not Reopen) return (null, CaseTexts.NotPossible(id, command, before.State));
        var (after, refusal) = Changed(before, command, actor, now);
        return (after is null ? null : after with { Version = before.Version + 1 }, refusal);
    }

    /// <summary>The id of the next case of the year.</summary>
    public static string NextId(IEnumerable<string> ids, DateTimeOffset now)
    {
        var year = string.Create(CultureInfo.InvariantCulture, $"C-{now.ToOffset(Beijing).Year}-");
        var last = ids.Where(id => id.StartsWith(year, StringComparison.Ordinal)).Select(id => int.Parse(id.AsSpan(year.Length), CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        return string.Create(CultureInfo.InvariantCulture, $"{year}{last + 1:0000}");
    }

    private static CaseRecord Opened(string id, OpenCase open, string actor, DateTimeOffset now) => new()
    {
        Id = id,
        Kind = open.Kind,
        Title = open.Title,
        Area = open.Area,
        OpenedBy = actor,
        OpenedAt = now,
        Origin = open.Origin,
        Alarms = [.. (open.Alarms ?? []).Distinct()],
        Version = 1,
    };

    private static (CaseRecord? After, Problem? Refusal) Changed(CaseRecord before, CaseCommand command, string actor, DateTimeOffset now)
    {
        switch (command)
        {
            case LinkAlarm { Alarm: var alarm } when before.Alarms.Count < MostLinks: return (before with { Alarms = With(before.Alarms, alarm) }, null);
            case UnlinkAlarm { Alarm: var alarm, Reason: var reason } when before.Alarms.Contains(alarm):
                return (before with { Alarms = [.. before.Alarms.Where(a => a != alarm)], Notes = [.. before.Notes, new($"{alarm}: {reason}", actor, now)] }, null);
            case LinkEvidence { Sha256: var sha256 } when before.Evidence.Count < MostLinks: return (before with { Evidence = With(before.Evidence, sha256) }, null);
            case SetItem item: return Set(before, item, actor, now);
            case AddTask task when before.Tasks.Count < MostEntries: return (before with { Tasks = [.. before.Tasks, new(NextTask(before), task.What, task.Team, task.Deadline, actor, now)] }, null);
            case CompleteTask done: return Completed(before, done, actor, now);
            case SetLimb limb: return (before with { Limbs = new Dictionary<string, LimbValue>(before.Limbs) { [limb.Limb] = new(limb.Value, limb.Uncertainty, limb.Source, actor, now) } }, null);
            case HandOver hand when before.Handovers.Count < MostEntries:
                return (before with { State = CaseState.HandedOver, Handovers = [.. before.Handovers, new(before.Handovers.Count + 1, hand.To, hand.Reason, actor, now) { Evidence = before.Evidence }] }, null);
            case Receive receipt: return Received(before, receipt, now);
            case AddNote { Note: var note } when before.Notes.Count < MostEntries: return (before with { Notes = [.. before.Notes, new(note, actor, now)] }, null);
            case Resolve { Result: var result } when before.State is CaseState.Gathering or CaseState.HandedOver: return (Resolved(before, result, actor, now), null);
            case Archive when before.State == CaseState.Resolved:
                // A case without its re-checks is one that nobody looked at again.
                return before.Tasks.Any(t => t.DoneAt is null) ? (null, CaseTexts.TasksOpen(before.Id, before.Tasks.Count(t => t.DoneAt is null))) : (before with { State = CaseState.Archived }, null);
            case Reopen { Reason: var reason } when before.State is CaseState.Archived or CaseState.Resolved or CaseState.HandedOver:
                return (before with { State = CaseState.Gathering, Notes = [.. before.Notes, new(reason, actor, now)] }, null);
            default: return (null, CaseTexts.NotPossible(before.Id, command, before.State));
        }
    }

    private static (CaseRecord? After, Problem? Refusal) Set(CaseRecord before, SetItem item, string actor, DateTimeOffset now)
    {
        IReadOnlyList<string> evidence = [.. (item.Evidence ?? []).Distinct()];
        if (evidence.Except(before.Evidence).FirstOrDefault() is { } foreign) return (null, CaseTexts.NotInCase(before.Id, foreign));
        var checklist = new Dictionary<int, ChecklistItem>(before.Checklist) { [item.Item] = new(item.State, evidence, item.Note, actor, now) };
        return (before with { Checklist = checklist }, null);
    }

    private static (CaseRecord? After, Problem? Refusal) Completed(CaseRecord before, CompleteTask done, string actor, DateTimeOffset now)
    {
        if (before.Tasks.FirstOrDefault(t => t.Id == done.Task) is not { DoneAt: null } task) return (null, CaseTexts.NotPossible(before.Id, done, before.State));
        return (before with { Tasks = [.. before.Tasks.Select(t => t == task ? t with { DoneBy = actor, DoneAt = now, Result = done.Result } : t)] }, null);
    }

    private static (CaseRecord? After, Problem? Refusal) Received(CaseRecord before, Receive receipt, DateTimeOffset now)
    {
        if (before.Handovers.FirstOrDefault(h => h.Id == receipt.Handover) is not { ReceivedAt: null } hand) return (null, CaseTexts.NotPossible(before.Id, receipt, before.State));
        return (before with { Handovers = [.. before.Handovers.Select(h => h == hand ? h with { ReceivedBy = receipt.ReceivedBy, ReceivedAt = now, Answer = receipt.Answer } : h)] }, null);
    }

    private static CaseRecord Resolved(CaseRecord before, string result, string actor, DateTimeOffset now)
    {
        var first = NextTask(before);
        var rechecks = EvidenceSet.RecheckDays.Select((days, i) =>
            new CaseTask(first + i, string.Create(CultureInfo.InvariantCulture, $"复查 / re-check +{days} d"), "", now.AddDays(days), actor, now) { RecheckDays = days });
        return before with { State = CaseState.Resolved, ResolvedAt = now, Notes = [.. before.Notes, new(result, actor, now)], Tasks = [.. before.Tasks, .. rechecks] };
    }

    private static int NextTask(CaseRecord of) => of.Tasks.Select(t => t.Id).DefaultIfEmpty(0).Max() + 1;

    private static IReadOnlyList<string> With(IReadOnlyList<string> known, string one) => known.Contains(one) ? known : [.. known, one];

    /// <summary>What a command lacks, whatever the case is.</summary>
    private static string? WhatIsWrong(CaseCommand command) => command switch
    {
        OpenCase o when Bad(o.Title) => "title",
        OpenCase o when Bad(o.Area) || o.Area.Length > 12 => "area",
        OpenCase o when !Enum.IsDefined(o.Kind) => "kind",
        OpenCase { Alarms: { } alarms } when alarms.Count > MostLinks || alarms.Any(Bad) => "alarms",
        LinkAlarm o when Bad(o.Alarm) => "alarm",
        UnlinkAlarm o when Bad(o.Alarm) => "alarm",
        UnlinkAlarm o when Bad(o.Reason) => "reason",
        LinkEvidence o when !IsSha256(o.Sha256) => "sha256",
        SetItem o when o.Item < 1 || o.Item > EvidenceSet.Items.Count => "item",
        SetItem o when !Enum.IsDefined(o.State) => "state",
        SetItem { Evidence: { } evidence } when evidence.Any(e => !IsSha256(e)) => "evidence",
        SetItem { State: ItemState.NotApplicable } o when Bad(o.Note) => "note: why it does not apply",
        SetItem { Note.Length: > LongestText } => "note",
        AddTask o when Bad(o.What) => "what",
        AddTask o when Bad(o.Team) => "team",
        CompleteTask o when Bad(o.Result) => "result",
        SetLimb o when CriminalLimbs.All.All(l => l.Code != o.Limb) => "limb: " + string.Join(", ", CriminalLimbs.All.Select(l => l.Code)),
        SetLimb o when !double.IsFinite(o.Value) || o.Value < 0 => "value",
        SetLimb { Uncertainty: { } u } when !double.IsFinite(u) || u < 0 => "uncertainty",
        SetLimb o when Bad(o.Source) => "source: which measurement or document",
        HandOver o when Bad(o.To) => "to",
        HandOver o when Bad(o.Reason) => "reason",
        Receive o when Bad(o.ReceivedBy) => "receivedBy",
        Receive { Answer.Length: > LongestText } => "answer",
        AddNote o when Bad(o.Note) => "note",
        Resolve o when Bad(o.Result) => "result",
        Reopen o when Bad(o.Reason) => "reason",
        _ => null,
    };

    private static bool Bad(string? text) => string.IsNullOrWhiteSpace(text) || text.Length > LongestText;

    private static bool IsSha256(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}
