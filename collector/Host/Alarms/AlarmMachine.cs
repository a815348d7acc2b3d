using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>The alarm's transitions: pure, over orthogonal flags (OPC UA Part 9 5.8.2), from which the states of ISA-18.2 follow.</summary>
internal static class AlarmMachine
{
    private const int MostRaises = 10;

    /// <summary>What <paramref name="command"/> leads to. Decides only; <see cref="Apply"/> changes.</summary>
    /// <param name="state">The alarm, or null where it has never been raised.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="now">The collector's clock, for what people do and time brings. What rules say carries its own event time.</param>
    public static Decision Decide(AlarmRecord? state, AlarmCommand command, DateTimeOffset now) => command switch
    {
        Report { Verdict: var verdict } => verdict.Result switch
        {
            VerdictResult.Violation => Violated(state, verdict),
            VerdictResult.Compliant => state is { Active: true } ? Decision.Of(new Returned(verdict.At, verdict)) : Decision.Nothing,
            // Undetermined: only what is active can become unknown. What has returned has been seen to return.
            _ => state is { Active: true, Unknown: false } ? Decision.Of(new BecameUnknown(verdict.At, verdict)) : Decision.Nothing,
        },
        Occurred { Verdict: var verdict } => Decision.Of(new HappenedBefore(verdict.At, verdict)),
        // Also where it was unknown before: that its data stopped is no longer the reason. Once is enough, though every start finds it again.
        Withdraw { Sentence: var sentence } => state is { Active: true } && !(state.Unknown && state.Sentence == sentence) ? Decision.Of(new LostItsRule(now, sentence)) : Decision.Nothing,
        Acknowledge { Given: var given } => Acknowledged(Known(state), given, now),
        Perform { Request: var request } => AlarmHandling.Decide(Known(state), request, now),
        Surround { Circumstances: var around } => Known(state).Circumstances == around ? Decision.Nothing : Decision.Of(new Surrounded(now, around)),
        Expire { What: Expiry.Acknowledgement } => state is { Active: true, Acknowledged: true } ? Decision.Of(new Expired(now, Expiry.Acknowledgement)) : Decision.Nothing,
        Expire { What: Expiry.Shelf } => state is { Shelf: not null } ? Decision.Of(new Expired(now, Expiry.Shelf)) : Decision.Nothing,
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
        Returned returned => Return(state!, returned),
        HappenedBefore past => TakeIn(state, past),
        WasAcknowledged by => Owed(state!, null) with
        {
            Acknowledged = true,
            AcknowledgedBy = by.Actor,
            AcknowledgedAt = by.At,
            Workflow = state!.Workflow == AlarmWorkflow.Pending ? AlarmWorkflow.Confirmed : state.Workflow,
            Version = state.Version + 1,
        },
        Performed performed => AlarmHandling.Apply(state!, performed) with { Version = state!.Version + 1 },
        Surrounded around => Surround(state!, around),
        Expired { What: Expiry.Acknowledgement } expired => Owed(state!, expired.At) with { Version = state!.Version + 1 },
        Expired => state! with { Shelf = null, Version = state.Version + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    /// <summary>Somebody owes it an acknowledgement since then; null: nobody does, and who gave it is filled in by the caller.</summary>
    internal static AlarmRecord Owed(AlarmRecord state, DateTimeOffset? since) => state with { Acknowledged = since is null, AcknowledgedBy = null, AcknowledgedAt = null, UnacknowledgedSince = since };

    private static AlarmRecord Known(AlarmRecord? state) => state ?? throw new ArgumentNullException(nameof(state), "nothing can be done to an alarm that was never raised");

    private static Decision Violated(AlarmRecord? state, Verdict verdict)
    {
        // Re-alarm of an acknowledged alarm only where it is more severe (ISA-18.2 C to B); more of the same stays acknowledged.
        if (state is not { Active: true } || (state.Acknowledged && verdict.Severity < state.Severity))
            return Decision.Of(new Raised(verdict.At, verdict));
        return Decision.Of(state.Unknown ? new BecameKnown(verdict.At, verdict) : new Continued(verdict.At, verdict));
    }

    private static Decision Acknowledged(AlarmRecord state, Acknowledgement given, DateTimeOffset now)
    {
        // Before the version: a person who comes too late learns why, instead of being sent to look again at nothing.
        if (!state.Live) return Decision.Refuse(Texts.AlarmIsNormal(state.Id.Value));
        if (state.Acknowledged) return Decision.Refuse(Texts.AlreadyAcknowledged(state.Id.Value, state.AcknowledgedBy ?? "?", state.AcknowledgedAt ?? now));
        if (given.Version != state.Version) return Decision.Refuse(Texts.AlarmChanged(state.Id.Value));
        return Decision.Of(new WasAcknowledged(now, given.Actor, given.Note));
    }

    private static AlarmRecord Raise(AlarmRecord? state, Raised raised)
    {
        var verdict = raised.Verdict;
        var goesOn = state is { Active: true }; // only more severe: the violation is the same one
        var fresh = state is null || (!state.Live && !goesOn);
        var record = state ?? New(verdict);
        return Owed(record, verdict.At) with
        {
            Severity = verdict.Severity,
            Title = verdict.Title,
            Reason = verdict.Reason,
            Sentence = verdict.Sentence,
            Measured = verdict.Measured,
            Witnesses = fresh ? verdict.Witnesses : Union(state!.Witnesses, verdict.Witnesses),
            Active = true,
            Unknown = false,
            Latched = false,
            EarlierOccurrences = fresh ? 0 : goesOn ? state!.EarlierOccurrences : state!.Occurrences,
            PresentOccurrences = goesOn ? Math.Max(state!.PresentOccurrences, verdict.Occurrences) : verdict.Occurrences,
            RecentRaises = goesOn ? record.RecentRaises : [.. record.RecentRaises.TakeLast(MostRaises - 1), verdict.At],
            RaisedAt = goesOn ? state!.RaisedAt : verdict.Since,
            ClearedAt = null,
            Workflow = Begun(record, fresh),
            Dispatch = fresh ? null : record.Dispatch,
            Origin = verdict.Origin,
            Version = record.Version + 1,
        };
    }

    /// <summary>What was settled begins anew; what people are at goes on.</summary>
    private static AlarmWorkflow Begun(AlarmRecord record, bool fresh) =>
        fresh || record.Workflow is AlarmWorkflow.Resolved or AlarmWorkflow.Archived or AlarmWorkflow.FalseAlarm ? AlarmWorkflow.Pending : record.Workflow;

    private static AlarmRecord New(Verdict verdict) => new()
    {
        Id = AlarmRecord.IdOf(verdict.Rule, verdict.Subject),
        Rule = verdict.Rule,
        Subject = verdict.Subject,
        Severity = verdict.Severity,
        Title = verdict.Title,
        Reason = verdict.Reason,
        Sentence = verdict.Sentence,
        Measured = verdict.Measured,
        Witnesses = verdict.Witnesses,
        RaisedAt = verdict.Since,
        Origin = verdict.Origin,
    };

    private static AlarmRecord Return(AlarmRecord state, Returned returned) => state with
    {
        Active = false,
        Unknown = false,
        Latched = state.Circumstances.Latches,
        Shelf = state.Shelf is { OneShot: true } ? null : state.Shelf,
        ClearedAt = returned.At,
        Sentence = returned.Verdict.Sentence,
        Version = state.Version + 1,
    };

    /// <summary>It happened, and somebody has to hear of it; but it says nothing of now.</summary>
    private static AlarmRecord TakeIn(AlarmRecord? state, HappenedBefore past)
    {
        var verdict = past.Verdict;
        if (state is { Active: true }) return state with { EarlierOccurrences = state.EarlierOccurrences + verdict.Occurrences, Witnesses = Union(state.Witnesses, verdict.Witnesses) };
        var fresh = state is null || !state.Live;
        var record = state ?? New(verdict);
        return Owed(record, verdict.At) with
        {
            EarlierOccurrences = fresh ? 0 : record.Occurrences,
            PresentOccurrences = verdict.Occurrences,
            Sentence = verdict.Sentence,
            Measured = verdict.Measured,
            Witnesses = fresh ? verdict.Witnesses : Union(record.Witnesses, verdict.Witnesses),
            RaisedAt = fresh ? verdict.Since : record.RaisedAt,
            // The end was not told yet: it lasted at least until then.
            ClearedAt = record.ClearedAt is { } cleared && cleared > verdict.At ? cleared : verdict.At,
            RecentRaises = [.. record.RecentRaises.TakeLast(MostRaises - 1), verdict.At],
            Workflow = Begun(record, fresh),
            Origin = verdict.Origin,
            Version = record.Version + 1,
        };
    }

    private static AlarmRecord Surround(AlarmRecord state, Surrounded happened)
    {
        var after = state with { Circumstances = happened.Circumstances };
        if (after.IsUnknown != state.IsUnknown) after = after with { Version = state.Version + 1 };
        // More urgent than what was acknowledged: it alarms again (C to B), as where a rule says so.
        return after is { Active: true, Acknowledged: true } && after.Priority < state.Priority ? Owed(after, happened.At) with { Version = state.Version + 1 } : after;
    }

    private static AlarmRecord Witness(AlarmRecord state, Verdict verdict) => state with
    {
        Severity = verdict.Severity,
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
