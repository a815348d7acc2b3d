using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>What may change an alarm. Each is in the journal, so that alarms are a fold of it.</summary>
internal abstract record AlarmCommand;

/// <summary>A rule has spoken of now.</summary>
internal sealed record Report(Verdict Verdict) : AlarmCommand;

/// <summary>A rule has spoken of a time when the collector could not be reached: it happened, whatever holds now.</summary>
internal sealed record Occurred(Verdict Verdict) : AlarmCommand;

/// <summary>A person acknowledges what they saw at a version.</summary>
internal sealed record Acknowledge(Acknowledgement Given) : AlarmCommand;

/// <summary>A person does something else to it.</summary>
internal sealed record Perform(AlarmActRequest Request) : AlarmCommand;

/// <summary>The rule is no longer in the pack: nobody will ever say whether its condition has gone.</summary>
internal sealed record Withdraw(Text Sentence) : AlarmCommand;

/// <summary>What is around it has changed: causes that stand over it, reasons that make it more urgent.</summary>
internal sealed record Surround(Circumstances Circumstances) : AlarmCommand;

/// <summary>Time is up for an acknowledgement or a shelf.</summary>
internal sealed record Expire(Expiry What) : AlarmCommand;

/// <summary>What ends by itself.</summary>
internal enum Expiry
{
    Acknowledgement,
    Shelf,
}

/// <summary>Something that happened to an alarm.</summary>
internal abstract record AlarmEvent(DateTimeOffset At);

/// <summary>It became active: for the first time, again, or more severe than what was acknowledged.</summary>
internal sealed record Raised(DateTimeOffset At, Verdict Verdict) : AlarmEvent(At);

/// <summary>More of the same: values, witnesses, occurrences.</summary>
internal sealed record Continued(DateTimeOffset At, Verdict Verdict) : AlarmEvent(At);

/// <summary>The condition has gone.</summary>
internal sealed record Returned(DateTimeOffset At, Verdict Verdict) : AlarmEvent(At);

/// <summary>Its data stopped: nobody knows.</summary>
internal sealed record BecameUnknown(DateTimeOffset At, Verdict Verdict) : AlarmEvent(At);

/// <summary>Its rule was withdrawn while it was active: nobody knows.</summary>
internal sealed record LostItsRule(DateTimeOffset At, Text Sentence) : AlarmEvent(At);

/// <summary>Its data is back, and the condition still holds.</summary>
internal sealed record BecameKnown(DateTimeOffset At, Verdict Verdict) : AlarmEvent(At);

/// <summary>It was in violation while the collector could not be reached.</summary>
internal sealed record HappenedBefore(DateTimeOffset At, Verdict Verdict) : AlarmEvent(At);

/// <summary>A person has acknowledged it.</summary>
internal sealed record WasAcknowledged(DateTimeOffset At, string Actor, string? Note) : AlarmEvent(At);

/// <summary>A person has done something else to it.</summary>
internal sealed record Performed(DateTimeOffset At, string Actor, AlarmAct Act, DateTimeOffset? ClientTime = null) : AlarmEvent(At);

/// <summary>What is around it has changed.</summary>
internal sealed record Surrounded(DateTimeOffset At, Circumstances Circumstances) : AlarmEvent(At);

/// <summary>An acknowledgement or a shelf has ended by itself.</summary>
internal sealed record Expired(DateTimeOffset At, Expiry What) : AlarmEvent(At);

/// <summary>What a command leads to: events, perhaps none, or a refusal with its reason.</summary>
internal sealed record Decision(IReadOnlyList<AlarmEvent> Events, Problem? Refusal)
{
    public static readonly Decision Nothing = new([], null);

    public static Decision Of(params AlarmEvent[] events) => new(events, null);

    public static Decision Refuse(Problem problem) => new([], problem);
}

/// <summary>What the journal keeps of a command that is no verdict about now: one of the members after the time is there.</summary>
internal sealed record JournaledAlarm(AlarmId Alarm, DateTimeOffset At)
{
    public Acknowledgement? Acknowledge { get; init; }

    public AlarmActRequest? Act { get; init; }

    public Text? Withdrawn { get; init; }

    public Verdict? Occurred { get; init; }

    public Circumstances? Circumstances { get; init; }

    public Expiry? Expired { get; init; }

    /// <summary>As it is kept.</summary>
    public static JournaledAlarm Of(AlarmId alarm, AlarmCommand command, DateTimeOffset now) => command switch
    {
        Acknowledge { Given: var given } => new(alarm, now) { Acknowledge = given },
        Perform { Request: var request } => new(alarm, now) { Act = request },
        Withdraw { Sentence: var sentence } => new(alarm, now) { Withdrawn = sentence },
        Occurred { Verdict: var verdict } => new(alarm, now) { Occurred = verdict },
        Surround { Circumstances: var around } => new(alarm, now) { Circumstances = around },
        Expire { What: var what } => new(alarm, now) { Expired = what },
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    /// <summary>The command again.</summary>
    public AlarmCommand ToCommand() => this switch
    {
        { Acknowledge: { } given } => new Acknowledge(given),
        { Act: { } request } => new Perform(request),
        { Withdrawn: { } sentence } => new Withdraw(sentence),
        { Occurred: { } verdict } => new Occurred(verdict),
        { Circumstances: { } around } => new Surround(around),
        { Expired: { } what } => new Expire(what),
        _ => throw new System.Text.Json.JsonException("an act on an alarm without an act"),
    };
}
