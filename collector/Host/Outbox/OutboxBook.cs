using System.Text.Json;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>What a target was told and what waits for it: a fold of entries that say what was decided, what has gone and what was given up. A message is decided and on disk before anybody tries to
/// send it; an alarm's end is told exactly to whom its beginning was.</summary>
internal sealed class OutboxBook(AlarmBook alarms) : ISlice
{
    /// <summary>Messages that wait for one target at most; beyond it the oldest is given up, which is journaled and counted.</summary>
    public const int MostWaiting = 10_000;

    private readonly DocumentBook<Told> told = new("outbox.told");
    private readonly DocumentBook<OutboxMessage> messages = new("outbox.message");
    private readonly DocumentBook<OutboxCounts> counts = new("outbox.counts");
    private readonly List<AlarmRecord> changed = [];
    private readonly Dictionary<string, SortedSet<long>> waiting = new(StringComparer.Ordinal);
    private IReadOnlyList<OutboxTarget> targets = [];
    private bool compareAll = true;

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [told.Kind, messages.Kind, counts.Kind];

    public IReadOnlyList<OutboxTarget> Targets => targets;

    /// <summary>Before the start: who is told.</summary>
    public void Configure(IReadOnlyList<OutboxTarget> given) => targets = given;

    /// <summary>Writer only: alarms that a commit changed.</summary>
    public void Changed(IReadOnlyList<AlarmRecord> committed)
    {
        if (targets.Count > 0) changed.AddRange(committed);
    }

    /// <summary>The committed message that a target gets next, or null.</summary>
    public OutboxMessage? Next(string target)
    {
        long number;
        lock (waiting)
        {
            if (!waiting.TryGetValue(target, out var numbers) || numbers.Count == 0) return null;
            number = numbers.Min;
        }
        return messages.Find(OutboxMessage.IdOf(target, number)); // null while its group is being written
    }

    /// <summary>What has become of a target's messages.</summary>
    public (OutboxCounts Counts, int Waiting) Of(string target)
    {
        lock (waiting) return (counts.Find(target) ?? new(0, 0, 0), waiting.GetValueOrDefault(target)?.Count ?? 0);
    }

    /// <summary>Writer only: a message has gone, or will not be tried again.</summary>
    public void End(string target, long number, OutboxAct how, string? why, Group group)
    {
        if (!messages.Present.TryGetValue(OutboxMessage.IdOf(target, number), out var message)) return;
        Append(new(how, target, number, group.Now, null, why), message.Alarm.Id, group);
        if (how != OutboxAct.Refused || message.Change != OutboxChange.Raise) return;
        // Who refused to hear of an alarm must not be told that it changed or ended. One that only never answered may have taken it all the same: its end goes out.
        foreach (var later in Following(message)) Append(new(OutboxAct.GivenUp, target, later.Number, group.Now, null, "its beginning was refused"), message.Alarm.Id, group);
    }

    /// <inheritdoc/>
    public void Advance(Group group)
    {
        if (compareAll)
        {
            foreach (var left in messages.Present.Values.Where(m => targets.All(t => t.Name != m.Target)).ToList()) End(left.Target, left.Number, OutboxAct.GivenUp, "no longer configured", group);
            foreach (var alarm in alarms.Committed) Tell(alarm, group);
        }
        else
            foreach (var alarm in changed) Tell(alarm, group);
        changed.Clear();
        compareAll = false;
    }

    /// <inheritdoc/>
    public void Load(IDocuments store)
    {
        foreach (var book in (Action<IDocuments>[])[told.Load, messages.Load, counts.Load]) book(store);
        lock (waiting)
        {
            waiting.Clear();
            foreach (var message in messages.Present.Values) Waiting(message.Target).Add(message.Number);
        }
        changed.Clear();
        compareAll = true; // what was decided in a group that failed is decided again
    }

    /// <inheritdoc/>
    public void Save(IStoreWriter store)
    {
        told.Save(store);
        messages.Save(store);
        counts.Save(store);
    }

    /// <inheritdoc/>
    public void Publish()
    {
        told.Publish();
        messages.Publish();
        counts.Publish();
    }

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row.Kind == EntryKind.Outbox) Fold(JsonSerializer.Deserialize<OutboxEntry>(row.Body.Span, WireJson.Options)!);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => kind == told.Kind ? told.Documents() : kind == messages.Kind ? messages.Documents() : counts.Documents();

    private void Tell(AlarmRecord record, Group group)
    {
        var alarm = OutboxAlarm.Of(record);
        foreach (var target in targets)
        {
            var before = told.Present.GetValueOrDefault(Told.IdOf(target.Name, alarm.Id));
            if (Told.Decide(before, alarm, target) is not { } change) continue;
            int count;
            lock (waiting) count = Waiting(target.Name).Count;
            if (count >= MostWaiting) End(target.Name, Waiting(target.Name).Min, OutboxAct.GivenUp, "too many wait", group);
            var number = (counts.Present.GetValueOrDefault(target.Name)?.Decided ?? 0) + 1;
            Append(new(OutboxAct.Decided, target.Name, number, group.Now, new(target.Name, number, change, alarm, group.Now, before?.Messages ?? []), null), alarm.Id, group);
        }
    }

    private void Append(OutboxEntry entry, AlarmId about, Group group)
    {
        group.Append(EntryKind.Outbox, about.Value, JsonSerializer.SerializeToUtf8Bytes(entry, WireJson.Options));
        Fold(entry);
    }

    private void Fold(OutboxEntry entry)
    {
        var (id, before) = (OutboxMessage.IdOf(entry.Target, entry.Number), counts.Present.GetValueOrDefault(entry.Target) ?? new(0, 0, 0));
        if (entry is { Act: OutboxAct.Decided, Message: { } message })
        {
            messages.Set(id, message);
            lock (waiting) Waiting(entry.Target).Add(entry.Number);
            var after = Told.After(message);
            if (after.Raised) told.Set(Told.IdOf(entry.Target, message.Alarm.Id), after);
            else told.Remove(Told.IdOf(entry.Target, message.Alarm.Id));
            counts.Set(entry.Target, before with { Decided = entry.Number });
            return;
        }
        if (entry.Act != OutboxAct.Sent && messages.Present.GetValueOrDefault(id) is { Change: OutboxChange.Raise } raise) Untold(raise, entry.Act);
        messages.Remove(id);
        lock (waiting) Waiting(entry.Target).Remove(entry.Number);
        counts.Set(entry.Target, entry.Act == OutboxAct.Sent ? before with { Sent = before.Sent + 1 } : before with { GivenUp = before.GivenUp + 1 });
    }

    /// <summary>The target was not told of this occurrence. Of one that it refused it is told no more, for it would refuse the same again with every change; of another one it is told as soon as there is something to tell.</summary>
    private void Untold(OutboxMessage raise, OutboxAct how)
    {
        var id = Told.IdOf(raise.Target, raise.Alarm.Id);
        if (told.Present.GetValueOrDefault(id) is not { } known || known.RaisedAt != raise.Alarm.RaisedAt) return;
        if (how == OutboxAct.Refused) told.Set(id, known with { Raised = false, Messages = [] });
        else told.Remove(id);
    }

    /// <summary>What waits for the same target about the same occurrence.</summary>
    private List<OutboxMessage> Following(OutboxMessage raise) =>
        [.. messages.Present.Values.Where(m => m.Target == raise.Target && m.Alarm.Id == raise.Alarm.Id && m.Number > raise.Number).OrderBy(m => m.Number).TakeWhile(m => m.Change != OutboxChange.Raise)];

    private SortedSet<long> Waiting(string target) => waiting.TryGetValue(target, out var numbers) ? numbers : waiting[target] = [];
}

/// <summary>What has become of a target's messages since it was named first.</summary>
internal sealed record OutboxCounts(long Decided, long Sent, long GivenUp);

/// <summary>What an entry of the outbox says.</summary>
internal enum OutboxAct
{
    /// <summary>A message is to go out.</summary>
    Decided,

    /// <summary>Its target took it.</summary>
    Sent,

    /// <summary>It will not be tried again: it waited too long, or too many did.</summary>
    GivenUp,

    /// <summary>It will not be tried again: its target takes others, and not this one.</summary>
    Refused,
}

/// <summary>An entry of the outbox as the journal has it.</summary>
internal sealed record OutboxEntry(OutboxAct Act, string Target, long Number, DateTimeOffset At, OutboxMessage? Message, string? Why);

/// <summary>What became of a message.</summary>
internal sealed class OutboxEndAct(OutboxBook book, OutboxMessage message, OutboxAct how, string? why) : ActWork<bool>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        book.End(message.Target, message.Number, how, why, group);
        Answer(true);
    }
}
