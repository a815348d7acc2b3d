using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules;

/// <summary>How far a rule is on its way. Only active rules decide.</summary>
public enum RuleStatus
{
    /// <summary>Being written.</summary>
    Draft,

    /// <summary>On trial: judged, and its verdicts say so; they never raise an alarm.</summary>
    Trial,

    /// <summary>In force.</summary>
    Active,

    /// <summary>No longer in force; kept because old verdicts name it.</summary>
    Deprecated,
}

/// <summary>The law or standard that a rule rests on.</summary>
/// <param name="Instrument">The law, order or standard: <c>广播电视管理条例</c>.</param>
/// <param name="Article">The article or clause.</param>
/// <param name="Quote">Its words, or what they say; an empty text where they were not seen.</param>
public sealed record LegalBasis(string Instrument, string Article, string Quote);

/// <summary>One rule of a pack, checked and ready to run.</summary>
public sealed class Rule
{
    private readonly RuleProgram program;

    internal Rule(RuleProgram program)
    {
        this.program = program;
        ReadsRegister = program.Slots.Variables.Any(v => v.Source == VariableSource.Licence);
    }

    /// <summary>Its id: <c>FM-01</c>.</summary>
    public required RuleId Id { get; init; }

    /// <summary>Rises with every change of what it says.</summary>
    public required int Version { get; init; }

    /// <summary>How far it is on its way.</summary>
    public required RuleStatus Status { get; init; }

    /// <summary>1 紧急, 2 重要, 3 一般, 4 提示.</summary>
    public required int Severity { get; init; }

    /// <summary>The kind of observation that it looks at.</summary>
    public required ObservationKind On { get; init; }

    /// <summary>What it says is a lead for a person to look into, not a finding.</summary>
    public bool IsLead { get; init; }

    /// <summary>The evidence that a violation needs, <c>E-FM</c>; an empty text where the rule names none.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>The condition, as written.</summary>
    public required string When { get; init; }

    /// <summary>What it rests on.</summary>
    public required IReadOnlyList<LegalBasis> LegalBasis { get; init; }

    internal IReadOnlyList<Suppression> SuppressWhen { get; init; } = [];

    /// <summary>Names of everything that it reads, in the order of first mention: facts, <c>licence.…</c>, <c>parameters.…</c>.</summary>
    public IReadOnlyList<string> Reads => [.. Slots.Variables.Select(v => v.Name)];

    /// <summary>The title's template, as written.</summary>
    public Text Title => TitleTemplate.Source;

    /// <summary>The sentence's template, as written.</summary>
    public Text Explain => ExplainTemplate.Source;

    internal Slots Slots => program.Slots;

    internal Evaluator Condition => program.Condition;

    internal Evaluator? Count => program.Count;

    internal TimeLimit For => program.For;

    internal TimeLimit ClearAfter => program.ClearAfter;

    internal NoData NoData => program.NoData;

    internal Correlation? Correlate => program.Correlate;

    internal IReadOnlyList<Variable> Measured => program.Measured;

    internal BilingualTemplate TitleTemplate => program.Title;

    internal BilingualTemplate ReasonTemplate => program.Reason;

    internal BilingualTemplate ExplainTemplate => program.Explain;

    internal bool ReadsRegister { get; }
}

/// <summary>What of a rule runs.</summary>
internal sealed record RuleProgram(
    Slots Slots,
    Evaluator Condition,
    Evaluator? Count,
    TimeLimit For,
    TimeLimit ClearAfter,
    NoData NoData,
    Correlation? Correlate,
    IReadOnlyList<Variable> Measured,
    BilingualTemplate Title,
    BilingualTemplate Reason,
    BilingualTemplate Explain);

/// <summary>What a rule says when nothing has been known of a subject for a while.</summary>
internal sealed record NoData(TimeLimit After, NoDataState State);

internal enum NoDataState { Undetermined, Violation }

/// <summary>A time limit of a rule: written as such, or a dated parameter in seconds.</summary>
internal readonly record struct TimeLimit(TimeSpan Literal, Parameter? Parameter)
{
    /// <summary>The limit in force, or null where its parameter has no value then.</summary>
    public TimeSpan? At(DateTimeOffset at) =>
        Parameter is null ? Literal : Parameter.At(at)?.Value is { } seconds ? TimeSpan.FromSeconds(seconds.AsNumber) : null;

    public override string ToString() => Parameter is null
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Literal.TotalSeconds}s")
        : $"parameters.{Parameter.Name}";
}
