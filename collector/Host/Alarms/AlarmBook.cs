using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>All alarms that were ever raised: a fold of verdicts, of what people do, and of what time and neighbours bring.</summary>
internal sealed class AlarmBook : ISlice
{
    private static readonly TimeSpan LookAroundEvery = TimeSpan.FromSeconds(5);

    private readonly DocumentBook<AlarmRecord> alarms = new("alarm");
    private readonly AlarmKpis kpis = new();
    private readonly HashSet<string> touched = [];
    private readonly HashSet<string> live = [];
    private readonly Surroundings surroundings;
    private DateTimeOffset lookedAround;
    private bool lookAround = true;

    public AlarmBook(AlarmCalendar calendar)
    {
        Calendar = calendar;
        surroundings = new(id => alarms.Present.GetValueOrDefault(id), calendar, probe => AreaOf(probe));
    }

    public AlarmCalendar Calendar { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [alarms.Kind, kpis.Hours.Kind];

    /// <summary>Where a probe is. What is decided by it is journaled, so that a fold needs it not.</summary>
    public Func<ProbeId, string> AreaOf { get; set; } = _ => "";

    /// <summary>Whether there are more than a person can take in.</summary>
    public Flood Flood { get; } = new();

    /// <summary>Every alarm, as committed.</summary>
    public IEnumerable<AlarmRecord> Committed => alarms.Committed;

    /// <summary>What the last group changed.</summary>
    public IReadOnlyList<AlarmRecord> Published { get; private set; } = [];

    /// <summary>The committed alarm, or null.</summary>
    public AlarmRecord? Find(AlarmId id) => alarms.Find(id.Value);

    /// <summary>Writer only: the alarm with what the open group has changed, or null.</summary>
    public AlarmRecord? Present(AlarmId id) => alarms.Present.GetValueOrDefault(id.Value);

    /// <summary>The figures of a period.</summary>
    public AlarmKpiReport Kpis(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now) => kpis.Of(from, to, alarms.Committed, now);

    /// <summary>Writer only: a rule has spoken of now.</summary>
    public void Report(Verdict verdict, Group group)
    {
        var id = AlarmRecord.IdOf(verdict.Rule, verdict.Subject);
        var position = group.Append(EntryKind.Verdict, id.Value, JsonSerializer.SerializeToUtf8Bytes(verdict, WireJson.Options));
        Take(id, Decide(id, new Report(verdict), group.Now), group.Now, position);
    }

    /// <summary>Writer only: a rule has spoken of a time when the collector could not be reached.</summary>
    public void Occurred(Verdict verdict, Group group) => Do(AlarmRecord.IdOf(verdict.Rule, verdict.Subject), new Occurred(verdict), group);

    /// <summary>Writer only: the alarm's rule is no longer in the pack.</summary>
    /// <returns>True where that is news.</returns>
    public bool Withdraw(AlarmId id, Text sentence, Group group)
    {
        var before = Present(id);
        Do(id, new Withdraw(sentence), group);
        return !ReferenceEquals(Present(id), before);
    }

    /// <summary>Writer only: a person acknowledges.</summary>
    /// <returns>The refusal, or null.</returns>
    public Problem? Acknowledge(AlarmId id, Acknowledgement given, Group group) => Present(id) is null ? Texts.NoSuchAlarm(id.Value) : Do(id, new Acknowledge(given), group);

    /// <summary>Writer only: a person does something else.</summary>
    /// <returns>The refusal, or null.</returns>
    public Problem? Perform(AlarmId id, AlarmActRequest request, Group group)
    {
        if (Present(id) is not { } alarm) return Texts.NoSuchAlarm(id.Value);
        var longest = Calendar.Settings.LongestShelf(alarm.Priority);
        if (request.Act is Shelve shelve && shelve.Until - group.Now > longest) return AlarmTexts.ShelfTooLong(alarm.Priority, longest);
        return Do(id, new Perform(request), group);
    }

    /// <summary>Writer only: plans, periods or settings have changed: all alarms are looked at anew.</summary>
    public void LookAround() => lookAround = true;

    /// <summary>The command that an entry is of; null for entries that change no alarm.</summary>
    public static (AlarmCommand Command, DateTimeOffset Now)? CommandOf(in JournalRow row)
    {
        switch (row.Kind)
        {
            case EntryKind.Verdict: return (new Report(JsonSerializer.Deserialize<Verdict>(row.Body.Span, WireJson.Options)!), row.ReceivedAt);
            case EntryKind.Alarm:
                var journaled = JsonSerializer.Deserialize<JournaledAlarm>(row.Body.Span, WireJson.Options)!;
                return (journaled.ToCommand(), journaled.At);
            default: return null;
        }
    }

    /// <inheritdoc/>
    public void Load(IDocuments store)
    {
        alarms.Load(store);
        kpis.Hours.Load(store);
        touched.Clear();
        live.Clear();
        foreach (var (id, alarm) in alarms.Present)
            if (alarm.Live) live.Add(id);
        lookAround = true;
    }

    /// <inheritdoc/>
    public void Advance(Group group)
    {
        if (lookedAround == default) Flood.Begin(alarms.Present.Values, group.Now);
        Flood.Advance(group.Now);
        foreach (var id in live.ToArray())
        {
            var alarm = alarms.Present[id];
            if (alarm.Shelf is { } shelf && shelf.Until <= group.Now) Do(alarm.Id, new Expire(Expiry.Shelf), group);
            if (alarm is { Active: true, AcknowledgedAt: { } at } && at + Calendar.Settings.AcknowledgementLasts(alarm.Priority) <= group.Now) Do(alarm.Id, new Expire(Expiry.Acknowledgement), group);
        }
        if (group.Now - lookedAround >= LookAroundEvery) lookAround = true;
    }

    /// <inheritdoc/>
    public void Complete(Group group)
    {
        if (lookAround)
        {
            (lookAround, lookedAround) = (false, group.Now);
            foreach (var id in live) touched.Add(id);
        }
        foreach (var id in touched.ToArray())
            if (alarms.Present.GetValueOrDefault(id) is { } alarm && surroundings.Of(alarm, group.Now) is var around && around != alarm.Circumstances) Do(alarm.Id, new Surround(around), group);
        touched.Clear();
    }

    /// <inheritdoc/>
    public void Save(IStoreWriter store)
    {
        alarms.Save(store);
        kpis.Hours.Save(store);
    }

    /// <inheritdoc/>
    public void Publish()
    {
        Published = alarms.Publish();
        kpis.Hours.Publish();
    }

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (CommandOf(row) is not var (command, now)) return;
        var id = new AlarmId(row.About!);
        Take(id, Decide(id, command, now), now, row.Position);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => kind == alarms.Kind ? alarms.Documents() : kpis.Hours.Documents();

    private Decision Decide(AlarmId id, AlarmCommand command, DateTimeOffset now) => AlarmMachine.Decide(Present(id), command, now);

    /// <summary>Decides, journals what is decided, and takes it.</summary>
    private Problem? Do(AlarmId id, AlarmCommand command, Group group)
    {
        var decision = Decide(id, command, group.Now);
        if (decision.Events.Count > 0)
            Take(id, decision, group.Now, group.Append(EntryKind.Alarm, id.Value, JsonSerializer.SerializeToUtf8Bytes(JournaledAlarm.Of(id, command, group.Now), WireJson.Options)));
        return decision.Refusal;
    }

    private void Take(AlarmId id, Decision decision, DateTimeOffset now, long position)
    {
        if (decision.Events.Count == 0) return;
        var first = Present(id);
        var after = first;
        foreach (var happened in decision.Events)
        {
            var before = after;
            after = AlarmMachine.Apply(before, happened);
            // How long people have had it is told by their clock: a recording, or a probe's clock that is wrong, would have made them wait for years.
            if (happened is Raised or HappenedBefore && after.UnacknowledgedSince is not null) after = after with { UnacknowledgedSince = now };
            if (after.Sounds && (before is not { Sounds: true } || after.Priority < before.Priority || (happened is Raised or HappenedBefore && !before.Active))) after = after with { AnnouncedAt = now };
            kpis.Count(before, after, happened, now);
            if (happened is Raised && before is not { Active: true } && after is { Calls: true, Origin: Origin.Live }) Flood.Count(now);
        }
        Set(after! with { Revision = position });
        Fold(first?.Circumstances, after.Circumstances, position);
        // A cause that comes or goes concerns others; more of the same does not.
        if ((first?.Active, first?.OutOfService, first?.Workflow) != (after.Active, after.OutOfService, after.Workflow) && Calendar.Settings.Suppressions.Any(s => s.Cause == after.Rule)) lookAround = true;
        touched.Add(id.Value);
    }

    private void Set(AlarmRecord alarm)
    {
        alarms.Set(alarm.Id.Value, alarm);
        if (alarm.Live) live.Add(alarm.Id.Value);
        else live.Remove(alarm.Id.Value);
    }

    /// <summary>What folds under an alarm is counted at it.</summary>
    private void Fold(Circumstances? before, Circumstances after, long position)
    {
        if (before is not null && before.SuppressedBy.SequenceEqual(after.SuppressedBy)) return;
        foreach (var (causes, change) in ((IEnumerable<string>, int)[])[(before?.SuppressedBy ?? [], -1), (after.SuppressedBy, 1)])
            foreach (var cause in causes)
                if (cause.StartsWith("alarm:", StringComparison.Ordinal) && alarms.Present.GetValueOrDefault(cause["alarm:".Length..]) is { } over)
                    Set(over with { Folded = over.Folded + change, Revision = position });
    }
}

/// <summary>A person's acknowledgement.</summary>
internal sealed class AcknowledgeAct(AlarmBook alarms, AlarmId alarm, Acknowledgement given, Func<ProbeId, string> areaOf) : ActWork<AlarmRow>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        if (alarms.Acknowledge(alarm, given, group) is { } refusal) Refuse(refusal);
        else Answer(alarms.Present(alarm)!.ToRow(areaOf));
    }
}

/// <summary>A person does something else to an alarm.</summary>
internal sealed class PerformAct(AlarmBook alarms, AlarmId alarm, AlarmActRequest request, Func<ProbeId, string> areaOf) : ActWork<AlarmRow>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        if (alarms.Perform(alarm, request, group) is { } refusal) Refuse(refusal);
        else Answer(alarms.Present(alarm)!.ToRow(areaOf));
    }
}

/// <summary>A person acknowledges several alarms: each is answered for itself, all are in one group.</summary>
internal sealed class AcknowledgeManyAct(AlarmBook alarms, IReadOnlyList<AcknowledgeOne> items, string actor, string? note) : ActWork<IReadOnlyList<AcknowledgedOne>>
{
    /// <inheritdoc/>
    public override void Do(Group group) => Answer([.. items.Select(item =>
    {
        var refusal = alarms.Acknowledge(item.Id, new(actor, item.Version, note), group);
        return new AcknowledgedOne(item.Id, refusal is null, refusal);
    })]);
}

/// <summary>Something of the calendar is put in its place, or removed.</summary>
internal sealed class CalendarAct(AlarmBook alarms, string kind, string id, object? body, string actor) : ActWork<bool>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        alarms.Calendar.Put(kind, id, body, actor, group);
        alarms.LookAround();
        Answer(true);
    }
}
