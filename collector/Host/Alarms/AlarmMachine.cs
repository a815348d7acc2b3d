using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>The alarm's transitions: pure, over orthogonal flags (OPC UA Part 9 5.8.2), from which the states of ISA-18.2 follow.</summary>
internal static class AlarmMachine
{
    /// <summary>What <paramref name="command"/> leads to. Decides only; <see cref="Apply"/> changes.</summary>
    /// <param name="state">The alarm, or null where it has never been raised.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="now">The collector's clock, for what people do. What rules say carries its own event time.</param>
    public static Decision Decide(AlarmRecord? state, AlarmCommand command, DateTimeOffset now) => command switch
    {
        Report { Verdict: var verdict } => verdict.Result switch
        {
            VerdictResult.Violation => Violated(state, verdict),
            VerdictResult.Compliant => state is { Active: true } ? Decision.Of(new Returned(verdict.At, verdict)) : Decision.Nothing,
            // Undetermined: only what is active can become unknown. What has returned has been seen to return.
            _ => state is { Active: true, Unknown: false } ? Decision.Of(new BecameUnknown(verdict.At, verdict)) : Decision.Nothing,
        },
        // Also where it was unknown before: that its data stopped is no longer the reason. Once is enough, though every start finds it again.
        Withdraw { Sentence: var sentence } => state is { Active: true } && !(state.Unknown && state.Sentence == sentence) ? Decision.Of(new LostItsRule(now, sentence)) : Decision.Nothing,
        Acknowledge { Given: var given } => Acknowledged(state, given, now),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    /// <summary>The alarm after <paramref name="happened"/>.</summary>
    public static AlarmRecord Apply(AlarmRecord? state, AlarmEvent happened) => happened switch
    {
        Raised raised => Raise(state, raised),
        Continued { Verdict: var verdict } => Witness(state!, verdict),
        BecameUnknown => state! with { Unknown = true, Version = state.Version + 1 },
        LostItsRule { Sentence: var sentence } => state! with { Unknown = true, Sentence = sentence, Version = state.Version + 1 },
        BecameKnown { Verdict: var verdict } => Witness(state!, verdict) with { Unknown = false, Version = state!.Version + 1 },
        Returned returned => state! with { Active = false, Unknown = false, ClearedAt = returned.At, Sentence = returned.Verdict.Sentence, Version = state.Version + 1 },
        WasAcknowledged by => state! with { Acknowledged = true, AcknowledgedBy = by.Actor, AcknowledgedAt = by.At, Version = state.Version + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    private static Decision Violated(AlarmRecord? state, Verdict verdict)
    {
        // Re-alarm of an acknowledged alarm only where it is more severe (ISA-18.2 C to B); more of the same stays acknowledged.
        if (state is not { Active: true } || (state.Acknowledged && verdict.Severity < state.Priority))
            return Decision.Of(new Raised(verdict.At, verdict));
        return Decision.Of(state.Unknown ? new BecameKnown(verdict.At, verdict) : new Continued(verdict.At, verdict));
    }

    private static Decision Acknowledged(AlarmRecord? state, Acknowledgement given, DateTimeOffset now)
    {
        if (state is null) throw new ArgumentNullException(nameof(state), "an alarm that was never raised can't be acknowledged");
        // Before the version: a person who comes too late learns why, instead of being sent to look again at nothing.
        if (!state.Live) return Decision.Refuse(Texts.AlarmIsNormal(state.Id.Value));
        if (state.Acknowledged) return Decision.Refuse(Texts.AlreadyAcknowledged(state.Id.Value, state.AcknowledgedBy ?? "?", state.AcknowledgedAt ?? now));
        if (given.Version != state.Version) return Decision.Refuse(Texts.AlarmChanged(state.Id.Value));
        return Decision.Of(new WasAcknowledged(now, given.Actor, given.Note));
    }

    private static AlarmRecord Raise(AlarmRecord? state, Raised raised)
    {
        var verdict = raised.Verdict;
        var fresh = state is null || !state.Live;
        var goesOn = state is { Active: true }; // only more severe: the violation is the same one
        return new AlarmRecord
        {
            Id = state?.Id ?? AlarmRecord.IdOf(verdict.Rule, verdict.Subject),
            Rule = verdict.Rule,
            Subject = verdict.Subject,
            Priority = verdict.Severity,
            Title = verdict.Title,
            Reason = verdict.Reason,
            Sentence = verdict.Sentence,
            Measured = verdict.Measured,
            Witnesses = fresh ? verdict.Witnesses : Union(state!.Witnesses, verdict.Witnesses),
            Active = true,
            Acknowledged = false,
            Unknown = false,
            EarlierOccurrences = fresh ? 0 : goesOn ? state!.EarlierOccurrences : state!.Occurrences,
            PresentOccurrences = goesOn ? Math.Max(state!.PresentOccurrences, verdict.Occurrences) : verdict.Occurrences,
            RaisedAt = goesOn ? state!.RaisedAt : verdict.Since,
            Origin = verdict.Origin,
            Version = (state?.Version ?? 0) + 1,
        };
    }

    private static AlarmRecord Witness(AlarmRecord state, Verdict verdict) => state with
    {
        Priority = verdict.Severity,
        Title = verdict.Title,
        Reason = verdict.Reason,
        Sentence = verdict.Sentence,
        Measured = verdict.Measured,
        Witnesses = Union(state.Witnesses, verdict.Witnesses),
        PresentOccurrences = Math.Max(state.PresentOccurrences, verdict.Occurrences),
        Origin = verdict.Origin, // of all that it rests on now: a drill in the past must not hide what is real now
    };

    private static IReadOnlyList<ProbeId> Union(IReadOnlyList<ProbeId> known, IReadOnlyList<ProbeId> more) =>
        more.All(known.Contains) ? known : [.. known, .. more.Where(p => !known.Contains(p))];
}
