using SignalWatch.Contracts;

namespace SignalWatch.Rules.Expressions;

/// <summary>Static type of an expression. <see cref="Any"/> is that of an expression with a problem: it fits everywhere, so that one mistake gives one problem.</summary>
internal enum ExpressionType : byte { Any, Null, Boolean, Integer, Real, Text, List, Unsigned, Bytes, Map, Timestamp, Duration, Type }

/// <summary>Where a variable's value comes from.</summary>
internal enum VariableSource : byte
{
    /// <summary>The observation.</summary>
    Fact,

    /// <summary>The register's entry for the observed frequency.</summary>
    Licence,

    /// <summary>The pack's dated parameter.</summary>
    Parameter,

    /// <summary>The key of what is observed.</summary>
    Subject,

    /// <summary>The verdict itself: only sentences may read it, conditions may not.</summary>
    Verdict,
}

/// <summary>A name that expressions and sentences may use.</summary>
internal sealed record Variable(string Name, ExpressionType Type, string Unit, VariableSource Source, Text Title, Parameter? Parameter = null);

/// <summary>All names that a rule on one kind of observation may use.</summary>
internal sealed class Scope
{
    private readonly Dictionary<string, Variable> variables = new(StringComparer.Ordinal);

    public Scope(ObservationKind kind, IEnumerable<Parameter> parameters)
    {
        foreach (var fact in kind.Facts) Add(new(fact.Name, TypeOf(fact.Type), fact.Unit, VariableSource.Fact, fact.Title));
        if (kind == Vocabulary.FmCarrier) foreach (var variable in LicenceVariables.All) Add(variable);
        foreach (var p in parameters) Add(new($"parameters.{p.Name}", p.Type, p.Unit, VariableSource.Parameter, p.Title, p));
        foreach (var variable in VerdictVariables.All) Add(variable);
    }

    /// <summary>A scope of these variables alone.</summary>
    public Scope(IEnumerable<Variable> variables)
    {
        foreach (var variable in variables) Add(variable);
    }

    public Variable? Find(string name) => variables.GetValueOrDefault(name);

    /// <summary>The known name that differs least, for "did you mean"; null where none is near.</summary>
    public string? Nearest(string name) =>
        variables.Keys.Select(k => (Name: k, Distance: Distance(k, name))).Where(c => c.Distance <= Math.Max(1, name.Length / 3)).OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault().Name;

    private void Add(Variable variable) => variables[variable.Name] = variable;

    private static ExpressionType TypeOf(FactType type) => type switch { FactType.Number => ExpressionType.Real, FactType.Boolean => ExpressionType.Boolean, _ => ExpressionType.Text };

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}

/// <summary>What a sentence may say beyond facts, register and parameters.</summary>
internal static class VerdictVariables
{
    public static readonly Variable SubjectKey = new("subject.key", ExpressionType.Text, "", VariableSource.Subject, new("对象标识", "subject"));
    public static readonly Variable RegisterDigest = new("register.digest", ExpressionType.Text, "", VariableSource.Verdict, new("登记表摘要", "digest of the register"));
    public static readonly Variable Occurrences = new("occurrences", ExpressionType.Integer, "", VariableSource.Verdict, new("次数", "occurrences"));
    public static readonly Variable Correlated = new("correlated", ExpressionType.Integer, "", VariableSource.Verdict, new("窗口内数目", "number in the window"));
    public static readonly Variable Witnesses = new("witnesses", ExpressionType.Text, "", VariableSource.Verdict, new("探针", "probes"));

    public static IReadOnlyList<Variable> All { get; } = [SubjectKey, RegisterDigest, Occurrences, Correlated, Witnesses];
}

/// <summary>What the register says of the observed frequency.</summary>
internal static class LicenceVariables
{
    public static readonly Variable Class = new("licence.class", ExpressionType.Text, "", VariableSource.Licence, new("登记类别", "class in the register"));
    public static readonly Variable Name = new("licence.name", ExpressionType.Text, "", VariableSource.Licence, new("登记台名", "licensed name"));
    public static readonly Variable Licensee = new("licence.licensee", ExpressionType.Text, "", VariableSource.Licence, new("持证单位", "licensee"));
    public static readonly Variable Pi = new("licence.pi", ExpressionType.Text, "", VariableSource.Licence, new("登记 PI", "licensed PI"));
    public static readonly Variable FrequencyHz = new("licence.frequency_hz", ExpressionType.Real, "Hz", VariableSource.Licence, new("登记频率", "licensed frequency"));
    public static readonly Variable PiMatches = new("licence.pi_matches", ExpressionType.Boolean, "", VariableSource.Licence, new("PI 与登记相符", "PI matches the licence"));
    public static readonly Variable Elsewhere = new("licence.elsewhere", ExpressionType.Text, "", VariableSource.Licence, new("其他地区的登记", "registered in another area"));

    public static IReadOnlyList<Variable> All { get; } = [Class, Name, Licensee, Pi, FrequencyHz, PiMatches, Elsewhere];
}

/// <summary>The variables that one rule reads, each with the place of its value. At most 64: the set of missing ones is one machine word.</summary>
internal sealed class Slots
{
    public const int Max = 64;

    private readonly List<Variable> variables = [];
    private int[]? byName;

    public IReadOnlyList<Variable> Variables => variables;

    /// <summary>The slots in the order of their names (ordinal).</summary>
    public IReadOnlyList<int> ByName => byName is { } known && known.Length == variables.Count ? known : byName = [.. Enumerable.Range(0, variables.Count).OrderBy(i => variables[i].Name, StringComparer.Ordinal)];

    /// <summary>The slot of <paramref name="variable"/>; -1 where the rule already reads 64 others.</summary>
    public int Of(Variable variable)
    {
        var index = variables.IndexOf(variable);
        if (index >= 0) return index;
        if (variables.Count == Max) return -1;
        variables.Add(variable);
        return variables.Count - 1;
    }
}
