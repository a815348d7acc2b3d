using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>What may change an alarm. Each is in the journal, so that alarms are a fold of it.</summary>
internal abstract record AlarmCommand;

/// <summary>A rule has spoken.</summary>
internal sealed record Report(Verdict Verdict) : AlarmCommand;

/// <summary>A person acknowledges what they saw at a version.</summary>
internal sealed record Acknowledge(Acknowledgement Given) : AlarmCommand;

/// <summary>The rule is no longer in the pack: nobody will ever say whether its condition has gone.</summary>
internal sealed record Withdraw(Text Sentence) : AlarmCommand;

/// <summary>A rule's withdrawal as the journal keeps it, for each alarm that it leaves behind.</summary>
internal sealed record JournaledWithdrawal(AlarmId Alarm, DateTimeOffset At, Text Withdrawn);

/// <summary>An acknowledgement as the journal keeps it.</summary>
internal sealed record JournaledAcknowledgement(AlarmId Alarm, DateTimeOffset At, [property: JsonPropertyName("acknowledge")] Acknowledgement Given);

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

/// <summary>A person has acknowledged it.</summary>
internal sealed record WasAcknowledged(DateTimeOffset At, string Actor, string? Note) : AlarmEvent(At);

/// <summary>What a command leads to: events, perhaps none, or a refusal with its reason.</summary>
internal sealed record Decision(IReadOnlyList<AlarmEvent> Events, Problem? Refusal)
{
    public static readonly Decision Nothing = new([], null);

    public static Decision Of(params AlarmEvent[] events) => new(events, null);

    public static Decision Refuse(Problem problem) => new([], problem);
}
