using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>An alarm that was put aside.</summary>
internal sealed record Shelf(string By, string Reason, DateTimeOffset At, DateTimeOffset Until, bool OneShot);

/// <summary>A team that was sent.</summary>
internal sealed record Dispatched(string Team, DateTimeOffset Deadline, string By, DateTimeOffset At);

/// <summary>An alarm that was none.</summary>
internal sealed record FoundFalse(FalseAlarmReason Reason, string? Note, string By, DateTimeOffset At, DateTimeOffset? RememberUntil);

/// <summary>An alarm as it is stored: orthogonal flags (OPC UA Part 9 5.8.2), and what people need beside them. The state words and letters of ISA-18.2 are derived, never stored.</summary>
internal sealed record AlarmRecord
{
    public required AlarmId Id { get; init; }

    public required RuleId Rule { get; init; }

    public required Subject Subject { get; init; }

    /// <summary>As the rule says, 1 to 4.</summary>
    public required int Severity { get; init; }

    public required Text Title { get; init; }

    public required Text Sentence { get; init; }

    public Text? Reason { get; init; }

    public VerdictInput? Measured { get; init; }

    public required IReadOnlyList<ProbeId> Witnesses { get; init; }

    /// <summary>The condition holds, as far as anybody knows.</summary>
    public bool Active { get; init; }

    public bool Acknowledged { get; init; }

    /// <summary>Data stopped while it was active. It implies <see cref="Active"/>: what is unknown has not cleared.</summary>
    public bool Unknown { get; init; }

    /// <summary>It has returned, and somebody has to look and reset it all the same.</summary>
    public bool Latched { get; init; }

    /// <summary>Put aside; null where it is not.</summary>
    public Shelf? Shelf { get; init; }

    /// <summary>Why nothing is said of it for the time being; null where it is in service.</summary>
    public string? OutOfService { get; init; }

    /// <summary>What stands around it.</summary>
    public Circumstances Circumstances { get; init; } = Circumstances.None;

    /// <summary>How far people are with it.</summary>
    public AlarmWorkflow Workflow { get; init; }

    public Dispatched? Dispatch { get; init; }

    public FoundFalse? FalseAlarm { get; init; }

    /// <summary>Alarms that fold under it.</summary>
    public int Folded { get; init; }

    /// <summary>Occurrences of earlier violations that nobody has acknowledged yet.</summary>
    public long EarlierOccurrences { get; init; }

    /// <summary>Occurrences of the present, or last, violation.</summary>
    public long PresentOccurrences { get; init; }

    /// <summary>When it was raised the last ten times: chatter and repeats are seen from it.</summary>
    public IReadOnlyList<DateTimeOffset> RecentRaises { get; init; } = [];

    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>Since when somebody owes it an acknowledgement, by the collector's clock; null where nobody does.</summary>
    public DateTimeOffset? UnacknowledgedSince { get; init; }

    /// <summary>When it last began to ask for attention, by the collector's clock: raised, back from a shelf, from under a cause or from out of service, more urgent, or its acknowledgement expired.
    /// Every console sounds once for each such time, and none for the same twice.</summary>
    public DateTimeOffset? AnnouncedAt { get; init; }

    public DateTimeOffset? ClearedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>Rises with each change that matters to a person who acts on it. More occurrences or witnesses leave it,
    /// or an alarm that counts each second could never be acknowledged.</summary>
    public long Version { get; init; }

    /// <summary>The journal's position at its last change: what is newer than a revision has changed since, whatever was restarted.</summary>
    public long Revision { get; init; }

    [JsonIgnore]
    public long Occurrences => EarlierOccurrences + PresentOccurrences;

    /// <summary>Severity, and one level for each circumstance that makes it more urgent.</summary>
    [JsonIgnore]
    public int Priority => Math.Max(1, Severity - Circumstances.RaisedBy.Count);

    /// <summary>On the wall: active, or gone without anybody having acknowledged it, latched, or in somebody's hands; and not found to be false.</summary>
    [JsonIgnore]
    public bool Live => Workflow != AlarmWorkflow.FalseAlarm && (Active || !Acknowledged || Latched || Workflow is AlarmWorkflow.Dispatched or AlarmWorkflow.Handling);

    /// <summary>It asks for attention now: nothing stands over it and nobody has put it aside.</summary>
    [JsonIgnore]
    public bool Calls => Live && Shelf is null && OutOfService is null && Circumstances.SuppressedBy.Count == 0;

    /// <summary>Nobody can say whether it still holds: its data stopped, or all that see it are down. The rule will find the second too, when data has been missing for long enough;
    /// until then "active" would be a claim that nobody can make.</summary>
    [JsonIgnore]
    public bool IsUnknown => Active && (Unknown || Circumstances.Blind);

    /// <summary>It calls, and nobody has answered.</summary>
    [JsonIgnore]
    public bool Sounds => Calls && !Acknowledged;

    [JsonIgnore]
    public AlarmState State => (Active, Acknowledged) switch
    {
        (true, false) => AlarmState.Unacknowledged,
        (true, true) => AlarmState.Acknowledged,
        (false, false) => AlarmState.Returned,
        (false, true) => AlarmState.Normal,
    };

    /// <summary>ISA-18.2: A normal, B unacknowledged, C acknowledged, D returned unacknowledged, E shelved, F suppressed by design, G out of service.</summary>
    [JsonIgnore]
    public char IsaState => OutOfService is not null ? 'G' : Circumstances.SuppressedBy.Count > 0 ? 'F' : Shelf is not null ? 'E' : State switch
    {
        AlarmState.Unacknowledged => 'B',
        AlarmState.Acknowledged => 'C',
        AlarmState.Returned => 'D',
        _ => 'A',
    };

    /// <summary>Raised three times or more within a minute.</summary>
    [JsonIgnore]
    public bool Chattering => RecentRaises.Count >= 3 && RecentRaises[^1] - RecentRaises[^3] <= TimeSpan.FromMinutes(1);

    /// <summary>The same trouble has the same alarm: derived from rule and subject, never from the probe.</summary>
    public static AlarmId IdOf(RuleId rule, Subject subject) =>
        new("A-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rule}|{subject}")).AsSpan(0, 5)));

    /// <summary>The row of the wall and of the API.</summary>
    public AlarmRow ToRow(Func<ProbeId, string> areaOf) => new()
    {
        Id = Id,
        Rule = Rule,
        Subject = Subject,
        Priority = Priority,
        Severity = Severity,
        State = State,
        IsaState = IsaState,
        Active = Active,
        Acknowledged = Acknowledged,
        Unknown = IsUnknown,
        Latched = Latched,
        Workflow = Workflow,
        ShelvedUntil = Shelf?.Until,
        ShelvedBy = Shelf?.By,
        ShelvedReason = Shelf?.Reason,
        OutOfService = OutOfService,
        SuppressedBy = Circumstances.SuppressedBy.Count > 0 ? Circumstances.SuppressedBy : null,
        RaisedBy = Circumstances.RaisedBy.Count > 0 ? Circumstances.RaisedBy : null,
        Folded = Folded,
        Chattering = Chattering,
        Team = Dispatch?.Team,
        Deadline = Dispatch?.Deadline,
        Title = Title,
        Reason = Reason,
        Sentence = Sentence,
        Area = AreaBy(areaOf),
        Measured = Measured,
        Witnesses = Witnesses,
        Occurrences = Occurrences,
        RaisedAt = RaisedAt,
        AnnouncedAt = AnnouncedAt,
        ClearedAt = ClearedAt,
        AcknowledgedBy = AcknowledgedBy,
        AcknowledgedAt = AcknowledgedAt,
        Origin = Origin,
        Version = Version,
        Revision = Revision,
        Live = Live,
    };

    /// <summary>The area code of the subject, or of the first witness; an empty text where neither is known.</summary>
    public string AreaBy(Func<ProbeId, string> areaOf)
    {
        if (Subject.Kind == SubjectKind.Frequency && Subject.Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash) return Subject.Key[..slash];
        if (Witnesses.Count > 0) return areaOf(Witnesses[0]);
        return Subject.Kind == SubjectKind.Probe ? areaOf(new ProbeId(Subject.Key)) : "";
    }
}
