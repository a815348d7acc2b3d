using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Tests.Expressions;

/// <summary>An expression over the facts of <c>fm.carrier</c>, checked and evaluated.</summary>
internal sealed record Evaluated(Value? Value, IReadOnlyList<string> Missing, IReadOnlyList<ExpressionProblem> Problems)
{
    public static Evaluated Of(string source, params (string Name, Fact Value)[] facts)
    {
        if (Parser.Parse(source, out var problem) is not { } syntax) return new(null, [], [problem!]);
        var scope = new Scope(Vocabulary.FmCarrier, [new("limit", "dB", new("限", "limit"), [new(DateTimeOffset.UnixEpoch, Fact.Of(12.0), "test")])]);
        var slots = new Slots();
        var problems = new List<ExpressionProblem>();
        new Checker(scope, slots, problems).Check(syntax);
        if (problems.Count > 0) return new(null, [], problems);
        var evaluator = Evaluator.Compile(syntax, scope, slots);
        var values = slots.Variables.Select((v, i) => facts.FirstOrDefault(f => f.Name == v.Name) is { Name: not null } f ? ValueOf(f.Value) : Rules.Expressions.Value.Missing(1UL << i)).ToArray();
        var value = evaluator.Evaluate(values);
        return new(value, [.. slots.Variables.Where((_, i) => (value.MissingSlots >> i & 1) != 0).Select(v => v.Name)], []);
    }

    public string Text => Value is not { } v ? Problems[0].What.En : v.Kind switch
    {
        ValueKind.Boolean => v.AsBoolean ? "true" : "false",
        ValueKind.Integer => $"{v.AsInteger}",
        ValueKind.Real => $"{v.AsReal:R}d",
        ValueKind.Text => $"'{v.AsText}'",
        ValueKind.Error => v.AsFault.ToString(),
        ValueKind.Unknown => $"unknown({string.Join(",", Missing)})",
        _ => v.Kind.ToString(),
    };

    private static Value ValueOf(Fact fact) => fact.Type switch
    {
        FactType.Number => Rules.Expressions.Value.Of(fact.AsNumber),
        FactType.Boolean => Rules.Expressions.Value.Of(fact.AsBoolean),
        _ => Rules.Expressions.Value.Of(fact.AsText),
    };
}
