using SignalWatch.Contracts;

namespace SignalWatch.Rules.Evaluation;

/// <summary>One subject under one rule: the strands of all probes that see it, and what was last said of it.</summary>
internal sealed class RuleSubject(Rule rule, Subject subject)
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(5); // a burst of errors is one growing number, not a verdict for each

    public Rule Rule { get; } = rule;

    public Subject Subject { get; } = subject;

    /// <summary>By probe, in ordinal order: it decides the order of witnesses and inputs.</summary>
    public List<Strand> Strands { get; } = [];

    public VerdictResult? Said { get; set; }

    public DateTimeOffset SaidAt { get; set; }

    public IReadOnlyList<ProbeId> SaidWitnesses { get; set; } = [];

    public long SaidOccurrences { get; set; }

    /// <summary>What explained it when it was said; null where nothing did.</summary>
    public string? SaidCause { get; set; }

    /// <summary>Start of the violation that lasts, or that is not known to have ended; null outside of one.</summary>
    public DateTimeOffset? ViolatedSince { get; set; }

    /// <summary>Occurrences in it. Several probes see the same error, so the most that one of them counted is what surely happened.</summary>
    public long Occurrences { get; set; } = 1;

    /// <summary>Newest event time that the stored state has.</summary>
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>When a changed count may be said; null where none waits.</summary>
    public DateTimeOffset? CountDue => Said == VerdictResult.Violation && Occurrences != SaidOccurrences ? SaidAt + CountInterval : null;

    public Strand? Find(ProbeId probe)
    {
        foreach (var strand in Strands) if (strand.Probe == probe) return strand;
        return null;
    }

    public Strand Add(ProbeId probe, DateTimeOffset firstSeen, DateTimeOffset heard)
    {
        var strand = new Strand(probe, Rule.Slots.Variables.Count)
        {
            LastSeen = firstSeen, LastKnown = firstSeen, Since = firstSeen, Heard = heard,
            Window = Rule.Correlate?.Type is CorrelationType.Count or CorrelationType.Distinct ? new() : null,
            Sequence = Rule.Correlate is { Type: CorrelationType.Sequence } sequence ? new(sequence.Steps.Count) : null,
        };
        var index = Strands.FindIndex(s => string.CompareOrdinal(s.Probe.Value, probe.Value) > 0);
        Strands.Insert(index < 0 ? Strands.Count : index, strand);
        return strand;
    }

    /// <summary>Works out what is to be said at <paramref name="at"/>, and takes note of it.</summary>
    /// <returns>True where a verdict is due: another result, other witnesses of a violation, or a count that grew for a while.</returns>
    public bool Settle(DateTimeOffset at, Causes causes)
    {
        if (Combined(at) is not { } result) return false;
        if (result == VerdictResult.Violation)
        {
            foreach (var strand in Strands)
            {
                if (strand.Result != VerdictResult.Violation) continue;
                if (ViolatedSince is not { } since || strand.HeldSince < since) ViolatedSince = strand.HeldSince;
                if (Rule.Count is not null) Occurrences = Math.Max(Occurrences, strand.Count);
            }
        }
        else if (result == VerdictResult.Compliant)
        {
            (ViolatedSince, Occurrences) = (null, 1);
        }
        var cause = Rule.SuppressWhen.Count == 0 ? null : causes.Of(this, result);
        var due = result != Said || cause != SaidCause || (result == VerdictResult.Violation && (WitnessesChanged() || (CountDue is { } countDue && at >= countDue)));
        if (due) (Said, SaidAt, SaidWitnesses, SaidOccurrences, SaidCause) = (result, at, Saying(result), Occurrences, cause);
        return due;
    }

    /// <summary>One violation makes a violation; else one doubt makes it undetermined; compliant is only what every probe finds so. Null: somebody has nothing to say yet.</summary>
    private VerdictResult? Combined(DateTimeOffset at)
    {
        if (Rule.Correlate is { Type: CorrelationType.Probes } correlation) return Combined(correlation.AtLeast.At(at) ?? int.MaxValue);
        var (compliant, undetermined) = (true, false);
        foreach (var strand in Strands)
        {
            if (strand.Result == VerdictResult.Violation) return VerdictResult.Violation;
            undetermined |= strand.Result == VerdictResult.Undetermined;
            compliant &= strand.Result == VerdictResult.Compliant;
        }
        return undetermined ? VerdictResult.Undetermined : compliant && Strands.Count > 0 ? VerdictResult.Compliant : null;
    }

    /// <summary>So many probes must see it. Where too few can tell, it is undetermined: that nobody else looked is not that nobody else would see it.</summary>
    private VerdictResult? Combined(int needed)
    {
        int violating = 0, compliant = 0, undetermined = 0, undecided = 0;
        foreach (var strand in Strands)
        {
            switch (strand.Result)
            {
                case VerdictResult.Violation: violating++; break;
                case VerdictResult.Compliant: compliant++; break;
                case VerdictResult.Undetermined: undetermined++; break;
                default: undecided++; break;
            }
        }
        if (violating >= needed) return VerdictResult.Violation;
        if (violating + undetermined >= needed) return VerdictResult.Undetermined;
        if (violating + undetermined + undecided >= needed || violating + compliant + undetermined == 0) return null;
        return violating + compliant < needed && violating + undetermined > 0 ? VerdictResult.Undetermined : VerdictResult.Compliant;
    }

    private bool WitnessesChanged()
    {
        var index = 0;
        foreach (var strand in Strands)
        {
            if (strand.Result != VerdictResult.Violation) continue;
            if (index >= SaidWitnesses.Count || SaidWitnesses[index] != strand.Probe) return true;
            index++;
        }
        return index != SaidWitnesses.Count;
    }

    private ProbeId[] Saying(VerdictResult result) => [.. Strands.Where(s => s.Result == result).Select(s => s.Probe)];
}
