using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>What stands around an alarm, as it was found at one time. It is journaled, so that the fold needs neither calendars nor neighbours.</summary>
/// <param name="SuppressedBy">What stands over it: <c>alarm:A-…</c>, <c>plan:…</c>, <c>falseAlarm</c>. It stays fully functional, and folds under that.</param>
/// <param name="RaisedBy">What makes it more urgent, one level each: <c>period:…</c>, <c>repeats</c>, <c>unacknowledged</c>.</param>
/// <param name="Latches">Somebody has to reset it after it has returned.</param>
/// <param name="Blind">Every probe that witnesses it is down: nobody can say whether it still holds.</param>
internal sealed record Circumstances(IReadOnlyList<string> SuppressedBy, IReadOnlyList<string> RaisedBy, bool Latches, bool Blind = false)
{
    public static readonly Circumstances None = new([], [], false);

    public bool Equals(Circumstances? other) => other is not null && Latches == other.Latches && Blind == other.Blind && SuppressedBy.SequenceEqual(other.SuppressedBy) && RaisedBy.SequenceEqual(other.RaisedBy);

    public override int GetHashCode() => HashCode.Combine(SuppressedBy.Count, RaisedBy.Count, Latches);
}

/// <summary>How a cause and what it suppresses are related.</summary>
internal enum CauseRelation
{
    /// <summary>The same subject.</summary>
    Same,

    /// <summary>The multiplex that the service is in, or the same multiplex.</summary>
    Multiplex,

    /// <summary>Every probe that witnesses it is down.</summary>
    Witnesses,
}

/// <summary>One rule's alarm stands over those of others.</summary>
/// <param name="Cause">The rule of the cause.</param>
/// <param name="Affected">Rules that it suppresses; an entry ending in <c>*</c> is a prefix.</param>
/// <param name="Relation">Between which subjects.</param>
internal sealed record SuppressionRule(RuleId Cause, IReadOnlyList<string> Affected, CauseRelation Relation)
{
    public bool Affects(RuleId rule) => rule != Cause && Affected.Any(a => a.EndsWith('*') ? rule.Value.StartsWith(a[..^1], StringComparison.Ordinal) : rule.Value == a);
}

/// <summary>Finds what stands around an alarm.</summary>
/// <param name="find">The alarm of an id, as it is now; null where it was never raised.</param>
/// <param name="calendar">Plans, periods and settings.</param>
/// <param name="areaOf">The area of a probe.</param>
internal sealed class Surroundings(Func<string, AlarmRecord?> find, AlarmCalendar calendar, Func<ProbeId, string> areaOf)
{
    // What a lost multiplex took with it comes back some seconds after it: without this twenty services would call for a moment each.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RepeatWindow = TimeSpan.FromHours(24);
    private const int Repeats = 3;

    /// <summary>What stands around it at a time.</summary>
    public Circumstances Of(AlarmRecord alarm, DateTimeOffset now)
    {
        var settings = calendar.Settings;
        // What endangers life is never hidden under anything.
        var suppressed = settings.NeverSuppressed.Contains(alarm.Rule.Value) ? [] : Suppressed(alarm, now, settings);
        var blind = settings.Suppressions.Any(rule => rule.Relation == CauseRelation.Witnesses && rule.Affects(alarm.Rule) && Causes(rule, alarm, now).Any());
        return new(suppressed, Raising(alarm, now, settings), settings.Latching.Contains(alarm.Rule.Value), blind);
    }

    private List<string> Suppressed(AlarmRecord alarm, DateTimeOffset now, AlarmSettings settings)
    {
        var found = new List<string>();
        foreach (var rule in settings.Suppressions)
            if (rule.Affects(alarm.Rule)) found.AddRange(Causes(rule, alarm, now).Where(id => !found.Contains(id)));
        found.AddRange(calendar.Plans.Where(p => p.Covers(alarm.Rule, alarm.Subject, AreaOf(alarm), now)).Select(p => $"plan:{p.Id}"));
        if (alarm.FalseAlarm?.RememberUntil is { } until && now < until) found.Add("falseAlarm");
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private IEnumerable<string> Causes(SuppressionRule rule, AlarmRecord alarm, DateTimeOffset now)
    {
        if (rule.Relation == CauseRelation.Witnesses)
        {
            var down = alarm.Witnesses.Select(w => Standing(rule.Cause, Subject.Probe(w), alarm, now)).ToList();
            // One probe that still hears it is enough: then it is seen, and is said.
            return down.Count > 0 && down.TrueForAll(d => d is not null) ? down.Select(d => d!) : [];
        }
        return Standing(rule.Cause, rule.Relation == CauseRelation.Multiplex ? MultiplexOf(alarm.Subject) : alarm.Subject, alarm, now) is { } cause ? [cause] : [];
    }

    private string? Standing(RuleId cause, Subject? subject, AlarmRecord alarm, DateTimeOffset now)
    {
        if (subject is not { } known) return null;
        var id = AlarmRecord.IdOf(cause, known).Value;
        // An alarm of a drill or a false one must not hide what is real.
        return id != alarm.Id.Value && find(id) is { OutOfService: null, Workflow: not AlarmWorkflow.FalseAlarm } found && found.Origin <= alarm.Origin
            && (found.Active || (now - found.ClearedAt < Settle && alarm.Circumstances.SuppressedBy.Contains($"alarm:{id}"))) ? $"alarm:{id}" : null;
    }

    private static Subject? MultiplexOf(Subject subject)
    {
        if (subject.Kind == SubjectKind.Multiplex) return subject;
        var dot = subject.Key.LastIndexOf('.'); // onid.tsid.sid
        return subject.Kind == SubjectKind.Service && dot > 0 ? new Subject(SubjectKind.Multiplex, subject.Key[..dot]) : null;
    }

    private List<string> Raising(AlarmRecord alarm, DateTimeOffset now, AlarmSettings settings)
    {
        var found = new List<string>();
        var area = AreaOf(alarm);
        found.AddRange(calendar.Periods.Where(p => p.Covers(area, now)).Take(1).Select(p => $"period:{p.Id}")); // two at once are not twice as important
        if (alarm.RecentRaises.Count(r => now - r <= RepeatWindow) >= Repeats) found.Add("repeats");
        // Once it has waited too long it stays urgent until it is gone, or an acknowledgement would lower it.
        var waited = alarm is { Active: true, Acknowledged: false } && now - (alarm.UnacknowledgedSince ?? alarm.RaisedAt) >= settings.EscalateAfter(alarm.Severity);
        if (waited || (alarm.Active && alarm.Circumstances.RaisedBy.Contains("unacknowledged"))) found.Add("unacknowledged");
        return found;
    }

    private string AreaOf(AlarmRecord alarm) => alarm.AreaBy(areaOf);
}
