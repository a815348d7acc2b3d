using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules;

/// <summary>What a rule asks of several observations together.</summary>
internal enum CorrelationType
{
    /// <summary>So many probes, each of which has seen the condition hold, at the same time.</summary>
    Probes,

    /// <summary>So many occurrences within a span, at one probe.</summary>
    Count,

    /// <summary>So many different values of a fact within a span, at one probe.</summary>
    Distinct,

    /// <summary>Steps in their order within a span, at one probe.</summary>
    Sequence,
}

/// <summary>The <c>correlate</c> of a rule. A window is open at its old end: what happened exactly <paramref name="Within"/> ago no longer counts.</summary>
/// <param name="Type">What is asked.</param>
/// <param name="AtLeast">How many; for a sequence the number of its steps.</param>
/// <param name="Within">The span; none for probes.</param>
/// <param name="Of">The fact whose values are told apart.</param>
/// <param name="Steps">The steps of a sequence.</param>
/// <param name="StepSources">The steps as written.</param>
internal sealed record Correlation(CorrelationType Type, Quantity AtLeast, TimeLimit Within, Variable? Of, IReadOnlyList<Evaluator> Steps, IReadOnlyList<string> StepSources)
{
    /// <summary>More is not kept of any window, so that no probe can fill the memory.</summary>
    public const int Most = 10_000;

    public const int MostSteps = 8;
}

/// <summary>A number of things: written as such, or a dated parameter.</summary>
internal readonly record struct Quantity(int Literal, Parameter? Parameter)
{
    /// <summary>The most that it ever is.</summary>
    public int Largest => Parameter is null ? Literal : (int)Parameter.Values.Max(v => v.Value?.AsNumber ?? 0);

    /// <summary>The number in force, or null where its parameter has no value then.</summary>
    public int? At(DateTimeOffset at) => Parameter is null ? Literal : Parameter.At(at)?.Value is { } number ? (int)number.AsNumber : null;
}
