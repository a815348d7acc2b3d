using System.Security.Cryptography;
using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>An alarm as it is stored: orthogonal flags, and what people need beside them. The state words and letters of ISA-18.2 are derived, never stored.</summary>
internal sealed record AlarmRecord
{
    public required AlarmId Id { get; init; }

    public required RuleId Rule { get; init; }

    public required Subject Subject { get; init; }

    public required int Priority { get; init; }

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

    /// <summary>Occurrences of earlier violations that nobody has acknowledged yet.</summary>
    public long EarlierOccurrences { get; init; }

    /// <summary>Occurrences of the present, or last, violation.</summary>
    public long PresentOccurrences { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    public DateTimeOffset? ClearedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>Rises with each change that matters to a person who acts on it. More occurrences or witnesses leave it,
    /// or an alarm that counts each second could never be acknowledged.</summary>
    public long Version { get; init; }

    public long Occurrences => EarlierOccurrences + PresentOccurrences;

    /// <summary>On the wall: active, or gone without anybody having acknowledged it.</summary>
    public bool Live => Active || !Acknowledged;

    public AlarmState State => (Active, Acknowledged) switch
    {
        (true, false) => AlarmState.Unacknowledged,
        (true, true) => AlarmState.Acknowledged,
        (false, false) => AlarmState.Returned,
        (false, true) => AlarmState.Normal,
    };

    /// <summary>ISA-18.2: A normal, B unacknowledged, C acknowledged, D returned unacknowledged.</summary>
    public char IsaState => State switch
    {
        AlarmState.Unacknowledged => 'B',
        AlarmState.Acknowledged => 'C',
        AlarmState.Returned => 'D',
        _ => 'A',
    };

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
        State = State,
        IsaState = IsaState,
        Active = Active,
        Acknowledged = Acknowledged,
        Unknown = Unknown,
        Title = Title,
        Reason = Reason,
        Sentence = Sentence,
        Area = Area(areaOf),
        Measured = Measured,
        Witnesses = Witnesses,
        Occurrences = Occurrences,
        RaisedAt = RaisedAt,
        ClearedAt = ClearedAt,
        AcknowledgedBy = AcknowledgedBy,
        AcknowledgedAt = AcknowledgedAt,
        Origin = Origin,
        Version = Version,
    };

    private string Area(Func<ProbeId, string> areaOf)
    {
        if (Subject.Kind == SubjectKind.Frequency && Subject.Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash) return Subject.Key[..slash];
        if (Witnesses.Count > 0) return areaOf(Witnesses[0]);
        return Subject.Kind == SubjectKind.Probe ? areaOf(new ProbeId(Subject.Key)) : "";
    }
}
