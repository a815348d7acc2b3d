using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Probes;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>An alarm of several that are acknowledged together, at the version that was seen.</summary>
internal sealed record AcknowledgeOne(AlarmId Id, long Version);

/// <summary>Several alarms that are acknowledged together.</summary>
internal sealed record AcknowledgeMany(string Actor, IReadOnlyList<AcknowledgeOne> Items, string? Note = null);

/// <summary>What came of one of them; with the reason where it was refused.</summary>
internal sealed record AcknowledgedOne(AlarmId Id, bool Done, Problem? Problem);

/// <summary>Protection periods, run plans and settings.</summary>
internal sealed record AlarmCalendarView(IReadOnlyList<ProtectionPeriod> Periods, IReadOnlyList<RunPlan> Plans, AlarmSettings Settings);

/// <summary>What people do to alarms, and the calendar that decides with them.</summary>
internal static class AlarmActEndpoints
{
    private const int MostAtOnce = 1_000;
    private const int MostEntries = 10_000;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/alarms/{id}/acknowledge", AcknowledgeAlarm).WithName("acknowledgeAlarm")
            .WithSummary("A person acknowledges the alarm at the version that they saw. Answered after fsync.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapPost("/alarms/acknowledge", AcknowledgeSeveral).WithName("acknowledgeAlarms")
            .WithSummary("A person acknowledges up to 1,000 alarms, each at the version that they saw; each is answered for itself.").ProducesProblem(400).ProducesProblem(503);
        group.MapPost("/alarms/{id}/acts", Act).WithName("actOnAlarm")
            .WithSummary("A person acts on the alarm at the version that they saw: unacknowledge, shelve, unshelve, takeOutOfService, returnToService, resetLatch, dispatch, start, resolve, archive, falseAlarm, reopen, note. What is not possible is refused with 409, and with what is.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/alarm-calendar", ([FromServices] AlarmCalendar calendar) => TypedResults.Ok(new AlarmCalendarView(calendar.Committed.Periods, calendar.Committed.Plans, calendar.Committed.Settings)))
            .WithName("getAlarmCalendar").WithSummary("Protection periods (one level more urgent), approved run plans (expected outages fold under them), and settings.");
        group.MapPut("/alarm-calendar/periods/{id}", (string id, ProtectionPeriod body, [FromServices] AlarmBook alarms, [FromServices] JournalWriter writer, string? actor = null) =>
            Put(alarms, writer, AlarmCalendar.PeriodKind, id, body with { Id = id, Areas = body.Areas ?? [] }, Bad(body.Name) ? "name" : body.To <= body.From ? "to: after from" : null, actor))
            .WithName("putProtectionPeriod").WithSummary("Sets a protection period (重要保障期).").ProducesProblem(400).ProducesProblem(503);
        group.MapPut("/alarm-calendar/plans/{id}", (string id, RunPlan body, [FromServices] AlarmBook alarms, [FromServices] JournalWriter writer, string? actor = null) =>
            Put(alarms, writer, AlarmCalendar.PlanKind, id, body with { Id = id, Areas = body.Areas ?? [], Subjects = body.Subjects ?? [] },
                Bad(body.Title) ? "title" : Bad(body.ApprovedBy) ? "approvedBy" : body.Rules is not { Count: > 0 } || body.Rules.Any(Bad) ? "rules" : body.To <= body.From ? "to: after from" : null, actor))
            .WithName("putRunPlan").WithSummary("Sets an approved run plan (检修或停播计划).").ProducesProblem(400).ProducesProblem(503);
        group.MapPut("/alarm-calendar/settings", (AlarmSettings body, [FromServices] AlarmBook alarms, [FromServices] JournalWriter writer, string? actor = null) =>
            Put(alarms, writer, AlarmCalendar.SettingsKind, "settings", body, body.WhatIsWrong(), actor))
            .WithName("putAlarmSettings").WithSummary("Sets how alarms behave: longest shelves, how long acknowledgements last, escalation, latching, suppression.").ProducesProblem(400).ProducesProblem(503);
        group.MapDelete("/alarm-calendar/{kind}/{id}", Remove).WithName("removeFromAlarmCalendar").WithSummary("Removes a protection period (periods) or a run plan (plans).").ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<Ok<AlarmRow>> AcknowledgeAlarm(string id, Acknowledgement body, [FromServices] JournalWriter writer, [FromServices] AlarmBook alarms, [FromServices] ProbeTable probes)
    {
        var actor = Actor(body.Actor, body.Note);
        var work = new AcknowledgeAct(alarms, new(id), body with { Actor = actor }, probes.AreaOf);
        writer.Offer(work);
        return TypedResults.Ok(await work.Done.ConfigureAwait(false));
    }

    private static async Task<Ok<IReadOnlyList<AcknowledgedOne>>> AcknowledgeSeveral(AcknowledgeMany body, [FromServices] JournalWriter writer, [FromServices] AlarmBook alarms)
    {
        var actor = Actor(body.Actor, body.Note);
        if (body.Items is not { Count: > 0 and <= MostAtOnce } || body.Items.Any(i => i?.Id.Value is null)) throw new ProblemException(AlarmTexts.BadAct($"items: 1 to {MostAtOnce}"));
        var work = new AcknowledgeManyAct(alarms, body.Items, actor, body.Note);
        writer.Offer(work);
        return TypedResults.Ok(await work.Done.ConfigureAwait(false));
    }

    private static async Task<Ok<AlarmRow>> Act(string id, AlarmActRequest body, [FromServices] JournalWriter writer, [FromServices] AlarmBook alarms, [FromServices] ProbeTable probes)
    {
        if (body.Actor?.Trim() is not { Length: > 0 and <= 64 } actor) throw new ProblemException(AlarmTexts.BadAct("actor"));
        if (body.Act is null) throw new ProblemException(AlarmTexts.BadAct("act"));
        if (WhatIsWrong(body.Act) is { } wrong) throw new ProblemException(AlarmTexts.BadAct(wrong));
        var work = new PerformAct(alarms, new(id), body with { Actor = actor }, probes.AreaOf);
        writer.Offer(work);
        return TypedResults.Ok(await work.Done.ConfigureAwait(false));
    }

    private static async Task<NoContent> Put(AlarmBook alarms, JournalWriter writer, string kind, string id, object body, string? wrong, string? actor)
    {
        if (wrong is not null) throw new ProblemException(AlarmTexts.BadAct(wrong));
        if (Bad(id) || id.Length > 64) throw new ProblemException(AlarmTexts.BadAct("id"));
        var (periods, plans, _) = alarms.Calendar.Committed;
        if (periods.Count + plans.Count >= MostEntries) throw new ProblemException(AlarmTexts.BadAct($"more than {MostEntries} entries"));
        var work = new CalendarAct(alarms, kind, id, body, string.IsNullOrWhiteSpace(actor) ? "api" : actor.Trim());
        writer.Offer(work);
        await work.Done.ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Remove(string kind, string id, [FromServices] AlarmBook alarms, [FromServices] JournalWriter writer, string? actor = null)
    {
        var (periods, plans, _) = alarms.Calendar.Committed;
        if (!(kind == "periods" ? periods.Any(p => p.Id == id) : kind == "plans" && plans.Any(p => p.Id == id))) throw new ProblemException(AlarmTexts.NoSuchEntry(kind, id));
        var work = new CalendarAct(alarms, kind == "periods" ? AlarmCalendar.PeriodKind : AlarmCalendar.PlanKind, id, null, string.IsNullOrWhiteSpace(actor) ? "api" : actor.Trim());
        writer.Offer(work);
        await work.Done.ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static string Actor(string? actor, string? note) => actor?.Trim() is { Length: > 0 and <= 64 } name && note is not { Length: > 500 } ? name : throw new ProblemException(Texts.BadAcknowledgement());

    private static string? WhatIsWrong(AlarmAct act) => act switch
    {
        Unacknowledge { Reason: var reason } when Bad(reason) => "reason",
        Shelve { Reason: var reason } when Bad(reason) => "reason",
        TakeOutOfService { Reason: var reason } when Bad(reason) => "reason",
        Dispatch { Team: var team } when Bad(team) => "team",
        ResolveAlarm { Result: var result } when Bad(result) => "result",
        DeclareFalse { Reason: FalseAlarmReason.Other, Note: var note } when Bad(note) => "note",
        DeclareFalse { Note.Length: > 500 } => "note",
        ReopenAlarm { Reason: var reason } when Bad(reason) => "reason",
        AddAlarmNote { Note: var note } when Bad(note) => "note",
        _ => null,
    };

    private static bool Bad(string? text) => string.IsNullOrWhiteSpace(text) || text.Length > 500;
}
