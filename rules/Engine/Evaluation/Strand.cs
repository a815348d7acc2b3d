using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Evaluation;

/// <summary>The time limits of a rule that are in force at one time.</summary>
internal readonly record struct Limits(TimeSpan For, TimeSpan ClearAfter, TimeSpan NoDataAfter);

/// <summary>What one probe shows of one subject under one rule, over time. All decisions are made on spans that were observed: a condition that was seen once and then not at all has not "held".</summary>
internal sealed class Strand(ProbeId probe, int slots)
{
    public ProbeId Probe { get; } = probe;

    /// <summary>What the rule's slots held at <see cref="LastSeen"/>.</summary>
    public Fact?[] Facts { get; } = new Fact?[slots];

    /// <summary>Weakest origin of the observations since <see cref="Since"/>.</summary>
    public Origin Origin { get; set; }

    /// <summary>The condition when it was last known; null before that.</summary>
    public bool? Condition { get; set; }

    /// <summary>Since when the condition has been what it is, seen without a gap (event time).</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Newest observation (event time).</summary>
    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Newest observation from which the condition was known (event time); the first observation before there is one.</summary>
    public DateTimeOffset LastKnown { get; set; }

    /// <summary>When the condition was last known, or the strand began, by the clock that <c>Advance</c> brings: the no-data timer starts here.</summary>
    public DateTimeOffset Heard { get; set; }

    /// <summary>The condition has held long enough, and has not yet been gone long enough.</summary>
    public bool Held { get; set; }

    /// <summary>Since when, where <see cref="Held"/>.</summary>
    public DateTimeOffset HeldSince { get; set; }

    /// <summary>What this strand says; null while it has nothing to say yet.</summary>
    public VerdictResult? Result { get; set; }

    /// <summary>Nothing has been known for longer than the rule waits.</summary>
    public bool Silent { get; set; }

    /// <summary>Counted occurrences since the condition began.</summary>
    public long Count { get; set; }

    /// <summary>Slots that were missing at <see cref="LastSeen"/>, where that made the condition unknown.</summary>
    public ulong Missing { get; set; }

    /// <summary>Why the condition could not be computed at <see cref="LastSeen"/> although nothing was missing.</summary>
    public Fault? Fault { get; set; }

    /// <summary>Events of the rule's window, where it has one.</summary>
    public CorrelationWindow? Window { get; init; }

    /// <summary>How far the rule's sequence has come, where it has one.</summary>
    public SequenceState? Sequence { get; init; }

    /// <summary>What the window held at the newest observation.</summary>
    public long Correlated { get; set; }

    /// <summary>True where an observation is older than what has been seen: it must not turn the state back.</summary>
    public bool IsLate(DateTimeOffset at) => at < LastSeen;

    /// <summary>Takes a late observation: only what it counts still matters, while the violation lasts.</summary>
    public bool Late(Value condition, long count)
    {
        if (!Held || !condition.IsTrue || count == 0) return false;
        Count += count;
        return true;
    }

    /// <summary>Takes an observation that is not late.</summary>
    /// <returns>True where more changed than the time of the newest observation.</returns>
    public bool Observe(DateTimeOffset at, DateTimeOffset heard, Value condition, long count, Origin origin, Limits limits)
    {
        LastSeen = at;
        return condition.Kind == ValueKind.Boolean ? Known(at, heard, condition.AsBoolean, count, origin, limits) : Unknown(at, condition, limits);
    }

    /// <summary>Nothing has been known for as long as the rule waits.</summary>
    public void TimeOut(NoDataState state)
    {
        Silent = true;
        var violates = state == NoDataState.Violation && Missing == 0 && Fault is null; // facts that are missing are not the silence that the rule is about
        Result = violates ? VerdictResult.Violation : VerdictResult.Undetermined;
        if (!violates || Held) return;
        Held = true;
        HeldSince = LastSeen;
    }

    private bool Known(DateTimeOffset at, DateTimeOffset heard, bool condition, long count, Origin origin, Limits limits)
    {
        var before = (Condition, Since, Held, Result, Count, Missing, Silent);
        var restarts = Condition != condition || at - LastKnown > limits.NoDataAfter; // across a gap nothing has been seen to hold
        if (restarts) Since = at;
        Origin = restarts ? origin : (Origin)Math.Max((int)Origin, (int)origin);
        (Condition, LastKnown, Heard, Missing, Fault, Silent) = (condition, at, heard, 0, null, false);
        if (condition)
        {
            Count = restarts && !Held ? count : Count + count;
            if (!Held && at - Since >= limits.For) (Held, HeldSince) = (true, Since);
            if (Held) Result = VerdictResult.Violation;
        }
        else if (at - Since >= limits.ClearAfter)
        {
            (Held, Count, Result) = (false, 0, VerdictResult.Compliant);
        }
        // Otherwise the result stays what it was: a hold or a clearing has begun and may yet break off.
        return before != (Condition, Since, Held, Result, Count, Missing, Silent);
    }

    private bool Unknown(DateTimeOffset at, Value condition, Limits limits)
    {
        var before = (Missing, Fault, Result, Silent);
        Missing = condition.MissingSlots;
        Fault = condition.Kind == ValueKind.Error ? condition.AsFault : condition.Kind == ValueKind.Unknown ? null : Expressions.Fault.NoOverload;
        if (at - LastKnown >= limits.NoDataAfter) (Result, Silent) = (VerdictResult.Undetermined, true);
        return before != (Missing, Fault, Result, Silent);
    }
}
