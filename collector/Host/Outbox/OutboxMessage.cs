using SignalWatch.Collector.Alarms;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>What a target is told of an alarm.</summary>
internal enum OutboxChange
{
    /// <summary>It is there.</summary>
    Raise,

    /// <summary>It is more or less urgent, or has become unknown or known again.</summary>
    Update,

    /// <summary>It is over. Only to whom its beginning was told.</summary>
    Clear,
}

/// <summary>The alarm as it was when the message was decided: what goes out later says what was then.</summary>
internal sealed record OutboxAlarm(AlarmId Id, RuleId Rule, Subject Subject, int Priority, Text Title, Text Sentence, bool Active, bool Unknown, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt,
    Origin Origin, IReadOnlyList<ProbeId> Witnesses, long Occurrences)
{
    /// <summary>Nothing stands over it and nobody has put it aside: only then somebody outside is called. What was told once is told to its end all the same.</summary>
    public bool Calls { get; init; } = true;

    public static OutboxAlarm Of(AlarmRecord alarm) => new(alarm.Id, alarm.Rule, alarm.Subject, alarm.Priority, alarm.Title, alarm.Sentence, alarm.Active && alarm.Workflow != AlarmWorkflow.FalseAlarm, alarm.IsUnknown,
        alarm.RaisedAt, alarm.ClearedAt, alarm.Origin, alarm.Witnesses, alarm.Occurrences) { Calls = alarm.Calls };
}

/// <summary>A message that waits for its target.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Number">1, 2, 3 … for each target: the order in which they go out, and the key by which a receiver knows one that came twice.</param>
/// <param name="Change">What is told.</param>
/// <param name="Alarm">Of which alarm.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Earlier">Numbers and times of the messages before it about the same occurrence, oldest first.</param>
internal sealed record OutboxMessage(string Target, long Number, OutboxChange Change, OutboxAlarm Alarm, DateTimeOffset At, IReadOnlyList<EarlierMessage> Earlier)
{
    public string DocumentId => IdOf(Target, Number);

    public static string IdOf(string target, long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{target}|{number:D12}");
}

/// <summary>A message that a later one refers to.</summary>
internal sealed record EarlierMessage(long Number, DateTimeOffset At);

/// <summary>What a target has been told of an alarm, or will have been when its messages have gone. Not raised: it refused to be told of the occurrence that began at <c>RaisedAt</c>.</summary>
internal sealed record Told(string Target, AlarmId Alarm, bool Raised, int Priority, bool Unknown, DateTimeOffset RaisedAt, IReadOnlyList<EarlierMessage> Messages)
{
    private const int MostMessages = 20;

    public static string IdOf(string target, AlarmId alarm) => $"{target}|{alarm}";

    /// <summary>What there is to tell; null where there is nothing.</summary>
    public static OutboxChange? Decide(Told? told, OutboxAlarm alarm, OutboxTarget target)
    {
        if (told is { Raised: true })
            return !alarm.Active ? OutboxChange.Clear : told.Priority != alarm.Priority || told.Unknown != alarm.Unknown || told.RaisedAt != alarm.RaisedAt ? OutboxChange.Update : null;
        if (told is not null && told.RaisedAt == alarm.RaisedAt) return null;
        // A drill must never look like an alarm to somebody outside who does not know of it.
        return alarm is { Active: true, Calls: true } && alarm.Priority <= target.Priority && (target.Drills || alarm.Origin == Origin.Live) ? OutboxChange.Raise : null;
    }

    /// <summary>What was told after <paramref name="message"/>.</summary>
    public static Told After(OutboxMessage message) => new(message.Target, message.Alarm.Id, message.Change != OutboxChange.Clear, message.Alarm.Priority, message.Alarm.Unknown, message.Alarm.RaisedAt,
        message.Change == OutboxChange.Clear ? [] : [.. message.Earlier.TakeLast(MostMessages - 1), new(message.Number, message.At)]);
}
