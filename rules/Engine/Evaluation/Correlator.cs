using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Evaluation;

/// <summary>Turns the condition of one observation into that of the rule's window. What is unknown now stays unknown, unless the window suffices without it.</summary>
internal static class Correlator
{
    /// <summary>The condition over the window that ends with this observation.</summary>
    /// <param name="rule">A rule whose limits are all in force.</param>
    /// <param name="strand">What the observing probe has seen.</param>
    /// <param name="at">Event time; where it is older than what was seen, it only fills the window.</param>
    /// <param name="condition">The condition of this observation.</param>
    /// <param name="count">How often it happened, where the rule counts.</param>
    /// <param name="values">What the rule's slots hold.</param>
    public static Value Apply(Rule rule, Strand strand, DateTimeOffset at, Value condition, long count, ReadOnlySpan<Value> values)
    {
        if (rule.Correlate is not { } correlation || correlation.Type == CorrelationType.Probes) return condition;
        var within = correlation.Within.At(at) ?? default;
        if (correlation.Type == CorrelationType.Sequence) return Sequence(correlation, strand.Sequence!, at, within, condition, values);
        var window = strand.Window!;
        if (condition.IsTrue && correlation.Of is { } of)
        {
            var value = values[rule.Slots.Of(of)];
            if (value.Kind == ValueKind.Text) window.Add(at, value.AsText, correlation.AtLeast.Largest); else condition = value;
        }
        else if (condition.IsTrue && (rule.Count is null || count > 0))
        {
            window.Add(at, rule.Count is null ? 1 : count, correlation.AtLeast.Largest);
        }
        strand.Correlated = window.Total(at > strand.LastSeen ? at : strand.LastSeen, within);
        if (strand.Correlated >= (correlation.AtLeast.At(at) ?? int.MaxValue)) return Value.Of(true);
        return condition.IsBad ? condition : Value.Of(false);
    }

    private static Value Sequence(Correlation correlation, SequenceState state, DateTimeOffset at, TimeSpan within, Value condition, ReadOnlySpan<Value> values)
    {
        if (at < state.At) return condition; // a step that comes late has no place any more
        state.Move(at);
        var worst = condition.IsBad ? condition : (Value?)null;
        for (var i = 0; i < correlation.Steps.Count && condition.IsTrue; i++)
        {
            if (!state.MayFollow(i, within)) continue;
            var step = correlation.Steps[i].Evaluate(values);
            if (step.IsTrue) state.Do(i);
            else if (step.IsBad) worst = worst is { } before ? Value.Worst(before, step) : step;
        }
        return state.IsComplete(within) ? Value.Of(true) : worst ?? Value.Of(false);
    }
}
