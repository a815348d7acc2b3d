using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>All alarms that were ever raised: a fold of verdicts and of what people do.</summary>
internal sealed class AlarmBook : ISlice
{
    private readonly DocumentBook<AlarmRecord> alarms = new("alarm");

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [alarms.Kind];

    /// <summary>Every alarm, as committed.</summary>
    public IEnumerable<AlarmRecord> Committed => alarms.Committed;

    /// <summary>What the last group changed.</summary>
    public IReadOnlyList<AlarmRecord> Published { get; private set; } = [];

    /// <summary>The committed alarm, or null.</summary>
    public AlarmRecord? Find(AlarmId id) => alarms.Find(id.Value);

    /// <summary>Writer only: the alarm with what the open group has changed, or null.</summary>
    public AlarmRecord? Present(AlarmId id) => alarms.Present.GetValueOrDefault(id.Value);

    /// <summary>Writer only: a rule has spoken.</summary>
    public void Report(Verdict verdict, Group group)
    {
        var id = AlarmRecord.IdOf(verdict.Rule, verdict.Subject);
        group.Append(EntryKind.Verdict, id.Value, JsonSerializer.SerializeToUtf8Bytes(verdict, WireJson.Options));
        Take(id, new Report(verdict), group.Now);
    }

    /// <summary>Writer only: the alarm's rule is no longer in the pack.</summary>
    /// <returns>True where that is news.</returns>
    public bool Withdraw(AlarmId id, Text sentence, Group group)
    {
        var before = Present(id);
        Take(id, new Withdraw(sentence), group.Now);
        if (ReferenceEquals(Present(id), before)) return false;
        group.Append(EntryKind.Alarm, id.Value, JsonSerializer.SerializeToUtf8Bytes(new JournaledWithdrawal(id, group.Now, sentence), WireJson.Options));
        return true;
    }

    /// <summary>Writer only: a person acknowledges.</summary>
    /// <returns>The refusal, or null.</returns>
    public Problem? Acknowledge(AlarmId id, Acknowledgement given, Group group)
    {
        if (Present(id) is null) return Texts.NoSuchAlarm(id.Value);
        if (Take(id, new Acknowledge(given), group.Now) is { } refusal) return refusal;
        group.Append(EntryKind.Alarm, id.Value, JsonSerializer.SerializeToUtf8Bytes(new JournaledAcknowledgement(id, group.Now, given), WireJson.Options));
        return null;
    }

    /// <summary>The command that an entry is of; null for entries that change no alarm.</summary>
    public static (AlarmCommand Command, DateTimeOffset Now)? CommandOf(in JournalRow row)
    {
        switch (row.Kind)
        {
            case EntryKind.Verdict: return (new Report(JsonSerializer.Deserialize<Verdict>(row.Body.Span, WireJson.Options)!), row.ReceivedAt);
            case EntryKind.Alarm:
                var command = JsonSerializer.Deserialize<JournaledCommand>(row.Body.Span, WireJson.Options)!;
                return command.Withdrawn is { } sentence ? (new Withdraw(sentence), command.At) : (new Acknowledge(command.Acknowledge!), command.At);
            default: return null;
        }
    }

    /// <inheritdoc/>
    public void Load(IDocuments store) => alarms.Load(store);

    /// <inheritdoc/>
    public void Save(IStoreWriter store) => alarms.Save(store);

    /// <inheritdoc/>
    public void Publish() => Published = alarms.Publish();

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (CommandOf(row) is var (command, now)) Take(new(row.About!), command, now);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => alarms.Documents();

    private Problem? Take(AlarmId id, AlarmCommand command, DateTimeOffset now)
    {
        var before = Present(id);
        var decision = AlarmMachine.Decide(before, command, now);
        var after = decision.Events.Aggregate(before, (state, happened) => AlarmMachine.Apply(state, happened));
        if (after is not null && !ReferenceEquals(after, before)) alarms.Set(id.Value, after);
        return decision.Refusal;
    }

    /// <summary>A command to an alarm, as the journal has it: one of the two is there.</summary>
    private sealed record JournaledCommand(DateTimeOffset At, Acknowledgement? Acknowledge, Text? Withdrawn);
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
