using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Rules.Packs;

/// <summary>Turns the files of a pack into rules, parameters and tests, and checks that they fit together.</summary>
internal sealed class PackReader(List<PackProblem> problems)
{
    private readonly Dictionary<string, Parameter> parameters = new(StringComparer.Ordinal);
    private readonly List<(Parameter Parameter, PackFile File, YamlNode Place)> declared = [];
    private readonly List<(Rule Rule, PackFile File, YamlNode Place)> suppressed = [];
    private readonly Dictionary<string, Rule> rules = new(StringComparer.Ordinal);

    public RulePack? Read(SortedDictionary<string, byte[]> files, string digest)
    {
        foreach (var (file, node) in Nodes(files, "parameters/")) ReadParameter(file, node);
        foreach (var (file, node) in Nodes(files, "rules/")) ReadRule(file, node);
        ReportSuppressions();
        ReportUnused();
        var tests = new List<PackTest>();
        var allRulesRead = !problems.Any(p => p.File.StartsWith("rules/", StringComparison.Ordinal)); // or one mistake in a rule would be told again at each of its tests
        foreach (var (file, node) in Nodes(files, "tests/"))
            if (new PackTestReader(file, rules, allRulesRead).Read(node) is { } test) tests.Add(test);
        foreach (var duplicate in tests.GroupBy(t => t.Name).Where(g => g.Count() > 1)) duplicate.Last().Report(Texts.DuplicateTest(duplicate.Key));

        var head = Nodes(files, "pack.yaml").ToList();
        if (head.Count != 1) return null;
        var (packFile, packNode) = head[0];
        if (Fields.Of(packFile, packNode) is not { } fields) return null;
        var pack = new RulePack(tests)
        {
            Id = fields.Text("id"),
            Version = fields.Text("version"),
            Title = fields.Bilingual("title"),
            Issuer = fields.Text("issuer"),
            Effective = fields.Date("effective"),
            Digest = digest,
            Rules = [.. rules.Values.OrderBy(r => r.Id.Value, StringComparer.Ordinal)],
            Parameters = [.. parameters.Values.OrderBy(p => p.Name, StringComparer.Ordinal)],
        };
        fields.Close();
        return pack;
    }

    // A file holds one rule, parameter or test, or a list of them.
    private IEnumerable<(PackFile File, YamlNode Node)> Nodes(SortedDictionary<string, byte[]> files, string prefix)
    {
        foreach (var (name, content) in files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (Decode(name, content) is not { } text) continue;
            var file = new PackFile(name, text, problems);
            var any = false;
            foreach (var document in YamlReader.Read(file, text))
            {
                foreach (var node in document is YamlSequence list && prefix != "pack.yaml" ? list.Items : [document])
                {
                    any = true;
                    yield return (file, node);
                }
            }
            if (!any && problems.All(p => p.File != name)) problems.Add(new(name, 0, 0, Texts.EmptyFile));
        }
    }

    private string? Decode(string name, byte[] content)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new(name, 0, 0, Texts.NotUtf8));
            return null;
        }
    }

    private void ReadParameter(PackFile file, YamlNode node)
    {
        if (Fields.Of(file, node) is not { } fields) return;
        var name = fields.Scalar("name");
        var unit = fields.Text("unit", required: false);
        var title = fields.Bilingual("title");
        var values = new List<DatedValue>();
        foreach (var item in fields.List("values"))
            if (Fields.Of(file, item) is { } value) values.Add(ReadValue(file, item, value, values));
        fields.Close();
        if (name is null) return;
        if (!name.Text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || char.IsAsciiDigit(name.Text[0])) file.Report(name, Texts.BadParameterName);
        if (values.Count == 0 || values[0].Value is null) file.Report(name, Texts.ParameterWithoutValue(name.Text));
        if (values.Select(v => v.Value?.Type).Where(t => t is not null).Distinct().Count() > 1) file.Report(name, Texts.ParameterTypesDiffer(name.Text));
        var parameter = new Parameter(name.Text, unit, title, values);
        if (!parameters.TryAdd(name.Text, parameter)) file.Report(name, Texts.DuplicateParameter(name.Text));
        else declared.Add((parameter, file, name));
    }

    private static DatedValue ReadValue(PackFile file, YamlNode item, Fields fields, List<DatedValue> before)
    {
        var from = fields.Date("from");
        Fact? fact = null;
        switch (fields.Node("value", required: true))
        {
            case YamlScalar { IsNull: true }: break; // ends here
            case YamlScalar scalar: fact = PackTestReader.FactOf(scalar); break;
            case { } other: file.Report(other, Texts.TextExpected("value")); break;
        }
        var reference = fields.Text("reference");
        fields.Close();
        if (before.Count > 0 && before[^1].From >= from) file.Report(item, Texts.DatesNotRising);
        return new(from, fact, reference);
    }

    private void ReadRule(PackFile file, YamlNode node)
    {
        if (Fields.Of(file, node) is not { } fields) return;
        if (new RuleReader(file, parameters).Read(fields) is not { } rule) return;
        if (rule.SuppressWhen.Count > 0) suppressed.Add((rule, file, node));
        if (!rules.TryAdd(rule.Id.Value, rule)) file.Report(node, Texts.DuplicateRule(rule.Id.Value));
    }

    /// <summary>Rules that suppress each other in a circle would all fall silent.</summary>
    private void ReportSuppressions()
    {
        var allRulesRead = problems.Count == 0;
        foreach (var (rule, file, place) in suppressed)
        {
            foreach (var cause in rule.SuppressWhen.Where(s => allRulesRead && !rules.ContainsKey(s.Rule.Value))) file.Report(place, Texts.UnknownRule(cause.Rule.Value));
            var reached = new HashSet<string>(StringComparer.Ordinal);
            var next = new Queue<Rule>([rule]);
            while (next.TryDequeue(out var effect))
                foreach (var cause in effect.SuppressWhen)
                    if (reached.Add(cause.Rule.Value) && rules.TryGetValue(cause.Rule.Value, out var found)) next.Enqueue(found);
            if (reached.Contains(rule.Id.Value)) file.Report(place, Texts.SuppressesItself(rule.Id.Value));
        }
    }

    private void ReportUnused()
    {
        var used = rules.Values.SelectMany(r => r.Slots.Variables).Select(v => v.Parameter).ToHashSet();
        if (problems.Count > 0) return; // a rule that could not be read may be the one that uses it
        foreach (var (parameter, file, place) in declared)
            if (!used.Contains(parameter)) file.Report(place, Texts.UnusedParameter(parameter.Name));
    }
}
