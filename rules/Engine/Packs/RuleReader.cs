using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Packs;

/// <summary>Reads one rule: checks its names and types against the vocabulary, and prepares its expressions and sentences.</summary>
internal sealed class RuleReader(PackFile file, IReadOnlyDictionary<string, Parameter> parameters)
{
    /// <summary>The sets of evidence that a violation can ask for.</summary>
    private static readonly string[] EvidenceProfiles = ["E-FM", "E-TS", "E-HT", "E-OT", "E-CT", "E-EB", "E-SC", "aggregates"];

    private readonly Slots slots = new();

    /// <summary>The rule, or null where something that it needs is wrong and reported.</summary>
    public Rule? Read(Fields fields)
    {
        var id = fields.Scalar("id");
        if (id is not null && !id.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')) file.Report(id, Texts.BadRuleId);
        var version = fields.Integer("version", 1, 1_000_000);
        var status = fields.Choice("status", RuleStatus.Draft);
        var severity = fields.Integer("severity", 1, 4);
        var legal = ReadLegal(fields);
        var lead = fields.Flag("lead");
        var evidence = ReadEvidence(fields);
        var kind = ReadKind(fields);
        if (kind is null)
        {
            ReportUnknownKeys(fields);
            return null;
        }
        var scope = new Scope(kind, parameters.Values);
        var when = fields.Scalar("when");
        var condition = ReadExpression(when, scope, [ExpressionType.Boolean]);
        var count = ReadExpression(fields.Scalar("count", required: false), scope, [ExpressionType.Real, ExpressionType.Integer]);
        var hold = ReadLimit(fields, "for", scope);
        var clear = ReadLimit(fields, "clearAfter", scope);
        var noData = ReadNoData(fields, scope);
        var correlate = ReadCorrelation(fields, scope);
        var suppressions = ReadSuppressions(fields);
        var measured = ReadMeasured(fields, scope);
        var title = fields.Template("title", scope, slots);
        var reason = fields.Template("reason", scope, slots, required: false);
        var explain = fields.Template("explain", scope, slots);
        fields.Close();
        if (id is null || when is null || condition is null || noData is null) return null;
        return new Rule(new(slots, condition, count, hold, clear, noData, correlate, measured, title, reason, explain))
        {
            Id = new(id.Text), Version = version, Status = status, Severity = severity, On = kind, When = when.Text, LegalBasis = legal, IsLead = lead, Evidence = evidence, SuppressWhen = suppressions,
        };
    }

    private ObservationKind? ReadKind(Fields fields)
    {
        if (fields.Scalar("on") is not { } on) return null;
        if (Vocabulary.Kind(on.Text) is { } kind) return kind;
        file.Report(on, Texts.UnknownKind(on.Text, string.Join(", ", Vocabulary.Kinds.Select(k => k.Name))));
        return null;
    }

    // Without its kind a rule's names can't be checked; its keys still can.
    private static void ReportUnknownKeys(Fields fields)
    {
        foreach (var key in new[] { "when", "count", "for", "clearAfter", "noData", "correlate", "suppressWhen", "measured", "title", "reason", "explain" }) fields.Node(key);
        fields.Close();
    }

    private List<LegalBasis> ReadLegal(Fields fields)
    {
        var bases = new List<LegalBasis>();
        foreach (var node in fields.List("legalBasis"))
        {
            if (Fields.Of(file, node) is not { } basis) continue;
            bases.Add(new(basis.Text("instrument"), basis.Text("article", required: false), basis.Text("quote", required: false)));
            basis.Close();
        }
        return bases;
    }

    private Evaluator? ReadExpression(YamlScalar? scalar, Scope scope, ReadOnlySpan<ExpressionType> wanted)
    {
        if (scalar is null) return null;
        if (Expressions.Parser.Parse(scalar.Text, out var problem) is not { } syntax)
        {
            file.Report(scalar, problem!.Offset, problem.What);
            return null;
        }
        var problems = new List<ExpressionProblem>();
        var type = new Checker(scope, slots, problems).Check(syntax);
        if (problems.Count == 0 && !wanted.Contains(type)) problems.Add(new(syntax.Offset, Texts.WrongType(type, wanted[0])));
        foreach (var p in problems) file.Report(scalar, p.Offset, p.What);
        return problems.Count == 0 ? Evaluator.Compile(syntax, scope, slots) : null;
    }

    /// <summary>A duration, or the name of a parameter in seconds. The parameter gets a slot, so that the verdict lists it with its date.</summary>
    private TimeLimit ReadLimit(Fields fields, string name, Scope scope)
    {
        if (fields.Scalar(name) is not { } scalar) return default;
        if (Durations.TryParse(scalar.Text, out var duration)) return new(duration, null);
        var parameter = scalar.Text.StartsWith("parameters.", StringComparison.Ordinal) ? scalar.Text : $"parameters.{scalar.Text}";
        if (scope.Find(parameter) is not { Parameter: { } found } variable) file.Report(scalar, Texts.NeitherDurationNorParameter(scalar.Text));
        else if (found is not { Unit: "s" } || variable.Type != ExpressionType.Real) file.Report(scalar, Texts.ParameterNotSeconds(found.Name));
        else if (found.Values.Any(v => v.Value is { AsNumber: < 0 or > 366 * 86400.0 })) file.Report(scalar, Texts.ParameterNotSeconds(found.Name));
        else if (slots.Of(variable) < 0) file.Report(scalar, Texts.TooManyVariables);
        else return new(default, found);
        return default;
    }

    private NoData? ReadNoData(Fields fields, Scope scope)
    {
        if (fields.Node("noData", required: true) is not { } node || Fields.Of(file, node) is not { } noData) return null;
        var result = new NoData(ReadLimit(noData, "after", scope), noData.Choice("state", NoDataState.Undetermined));
        noData.Close();
        return result;
    }

    private string ReadEvidence(Fields fields)
    {
        if (fields.Scalar("evidence", required: false) is not { } scalar) return "";
        if (!EvidenceProfiles.Contains(scalar.Text)) file.Report(scalar, Texts.ChoiceExpected("evidence", string.Join(", ", EvidenceProfiles)));
        return scalar.Text;
    }

    private Correlation? ReadCorrelation(Fields fields, Scope scope)
    {
        if (fields.Node("correlate") is not { } node || Fields.Of(file, node) is not { } correlate) return null;
        var type = correlate.Choice("type", CorrelationType.Probes);
        var isSequence = type == CorrelationType.Sequence;
        var steps = new List<Evaluator>();
        var sources = new List<string>();
        foreach (var item in isSequence ? correlate.List("steps") : [])
        {
            if (item is not YamlScalar step) file.Report(item, Texts.TextExpected("steps"));
            else
            {
                sources.Add(step.Text);
                if (ReadExpression(step, scope, [ExpressionType.Boolean]) is { } evaluator) steps.Add(evaluator);
            }
        }
        if (isSequence && (sources.Count is < 2 or > Correlation.MostSteps)) file.Report(node, Texts.StepCount(Correlation.MostSteps));
        var atLeast = isSequence ? new Quantity(steps.Count, null) : ReadQuantity(correlate, "atLeast", scope);
        var within = type == CorrelationType.Probes ? default : ReadLimit(correlate, "within", scope);
        var of = type == CorrelationType.Distinct ? ReadDistinct(correlate, scope) : null;
        correlate.Close();
        return new(type, atLeast, within, of, steps, sources);
    }

    private List<Suppression> ReadSuppressions(Fields fields)
    {
        var suppressions = new List<Suppression>();
        foreach (var node in fields.List("suppressWhen", required: false))
        {
            if (Fields.Of(file, node) is not { } suppression) continue;
            suppressions.Add(new(new(suppression.Text("rule")), suppression.Choice("relation", Relation.Same)));
            suppression.Close();
        }
        return suppressions;
    }

    private Variable? ReadDistinct(Fields fields, Scope scope)
    {
        if (fields.Scalar("of") is not { } scalar) return null;
        if (scope.Find(scalar.Text) is not { Source: VariableSource.Fact } variable) file.Report(scalar, Texts.UnknownName(scalar.Text, scope.Nearest(scalar.Text)));
        else if (variable.Type != ExpressionType.Text) file.Report(scalar, Texts.WrongType(variable.Type, ExpressionType.Text));
        else if (slots.Of(variable) < 0) file.Report(scalar, Texts.TooManyVariables);
        else return variable;
        return null;
    }

    /// <summary>A whole number, or the name of a parameter whose values all are such numbers.</summary>
    private Quantity ReadQuantity(Fields fields, string name, Scope scope)
    {
        if (fields.Scalar(name) is not { } scalar) return default;
        if (int.TryParse(scalar.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var literal) && literal is >= 1 and <= Correlation.Most) return new(literal, null);
        var parameter = scalar.Text.StartsWith("parameters.", StringComparison.Ordinal) ? scalar.Text : $"parameters.{scalar.Text}";
        if (scope.Find(parameter) is not { Parameter: { } found } variable || variable.Type != ExpressionType.Real
            || found.Values.Any(v => v.Value is { } value && (value.AsNumber is < 1 or > Correlation.Most || value.AsNumber != Math.Floor(value.AsNumber)))) file.Report(scalar, Texts.QuantityExpected(name, Correlation.Most));
        else if (slots.Of(variable) < 0) file.Report(scalar, Texts.TooManyVariables);
        else return new(default, found);
        return default;
    }

    private List<Variable> ReadMeasured(Fields fields, Scope scope)
    {
        var measured = new List<Variable>();
        var node = fields.Node("measured");
        foreach (var item in node is YamlSequence list ? list.Items : node is null ? [] : [node])
        {
            if (item is not YamlScalar scalar) file.Report(item, Texts.TextExpected("measured"));
            else if (scope.Find(scalar.Text) is not { Source: VariableSource.Fact } variable) file.Report(scalar, Texts.UnknownName(scalar.Text, scope.Nearest(scalar.Text)));
            else if (slots.Of(variable) < 0) file.Report(scalar, Texts.TooManyVariables);
            else measured.Add(variable);
        }
        return measured;
    }
}
