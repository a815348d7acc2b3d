using System.Globalization;
using System.Text;
using SignalWatch.Contracts;
using YamlDotNet.Core;

namespace SignalWatch.Rules.Packs;

/// <summary>Reads the tests of a pack. Facts are checked against the vocabulary: a test on a fact that no probe sends proves nothing.</summary>
internal sealed class PackTestReader(PackFile file, IReadOnlyDictionary<string, Rule> rules, bool allRulesRead)
{
    private const int MaxObservations = 20_000;

    public PackTest? Read(YamlNode node)
    {
        if (Fields.Of(file, node) is not { } fields) return null;
        var name = fields.Text("test");
        var ruleName = fields.Scalar("rule");
        var rule = ruleName is null ? null : rules.GetValueOrDefault(ruleName.Text);
        if (ruleName is not null && rule is null && allRulesRead) file.Report(ruleName, Texts.UnknownRule(ruleName.Text));
        var start = ReadStart(fields);
        var register = ReadRegister(fields);
        var observations = new List<Observation>();
        foreach (var item in fields.List("observations")) ReadObservations(item, start, observations);
        var last = observations.Count == 0 ? TimeSpan.Zero : observations.Max(o => o.At) - start;
        var until = fields.Duration("until", last, required: false);
        var expected = fields.List("expect").Select(ReadExpected).OfType<ExpectedVerdict>().ToList();
        var never = fields.List("never", required: false).Select(ReadNever).OfType<NeverVerdict>().ToList();
        fields.Close();
        return rule is null ? null : new(name, rule, start, until, register, observations, expected, never, what => file.Report(node, what));
    }

    public static Fact FactOf(YamlScalar scalar) =>
        Fields.TryNumber(scalar, out var number) ? Fact.Of(number)
        : scalar.Style == ScalarStyle.Plain && scalar.Text is "true" or "false" ? Fact.Of(scalar.Text == "true")
        : Fact.Of(scalar.Text);

    private DateTimeOffset ReadStart(Fields fields)
    {
        if (fields.Scalar("start") is not { } scalar) return default;
        if (DateTimeOffset.TryParseExact(scalar.Text, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)) return start;
        file.Report(scalar, Texts.TimeExpected("start"));
        return default;
    }

    private FmRegister ReadRegister(Fields fields)
    {
        if (fields.Scalar("register", required: false) is not { } csv) return FmRegister.None;
        var import = FmRegister.Import(Encoding.UTF8.GetBytes(csv.Text), ImportMode.RefuseWhole);
        foreach (var problem in import.Problems) file.Report(csv, Texts.RegisterRow(problem));
        return import.Register ?? FmRegister.None;
    }

    private void ReadObservations(YamlNode node, DateTimeOffset start, List<Observation> observations)
    {
        if (Fields.Of(file, node) is not { } fields) return;
        var at = fields.Duration("at", TimeSpan.Zero);
        var until = fields.Duration("until", at, required: false);
        var every = fields.Duration("every", TimeSpan.FromSeconds(1), required: false);
        var kindName = fields.Scalar("kind");
        var kind = kindName is null ? null : Vocabulary.Kind(kindName.Text);
        if (kindName is not null && kind is null) file.Report(kindName, Texts.UnknownKind(kindName.Text, string.Join(", ", Vocabulary.Kinds.Select(k => k.Name))));
        var subjectName = fields.Scalar("subject");
        var subject = default(Subject);
        if (subjectName is not null && (!Subject.TryParse(subjectName.Text, out subject) || (kind is not null && subject.Kind != kind.Subject))) file.Report(subjectName, Texts.BadSubject(subjectName.Text));
        var probe = new ProbeId(fields.Text("probe"));
        var origin = fields.Choice("origin", Origin.Live, required: false);
        var facts = kind is null ? [] : ReadFacts(fields, kind);
        fields.Node("facts");
        fields.Close();
        if (kind is null || every <= TimeSpan.Zero || (until - at) / every + observations.Count > MaxObservations)
        {
            if (kind is not null) file.Report(node, Texts.TooManyObservations(MaxObservations));
            return;
        }
        for (var t = at; t <= until; t += every)
            observations.Add(new() { Id = Guid.Empty, Probe = probe, Watch = new("test"), Subject = subject, Kind = kind.Name, At = start + t, Origin = origin, Facts = facts });
    }

    private Dictionary<string, Fact> ReadFacts(Fields fields, ObservationKind kind)
    {
        var facts = new Dictionary<string, Fact>(StringComparer.Ordinal);
        if (fields.Node("facts", required: true) is not { } node) return facts;
        if (node is not YamlMapping mapping)
        {
            file.Report(node, Texts.MappingExpected);
            return facts;
        }
        foreach (var (key, value) in mapping.Entries)
        {
            if (kind.Fact(key.Text) is not { } definition) file.Report(key, Texts.UnknownFact(key.Text, kind.Name));
            else if (value is not YamlScalar scalar || FactOf(scalar).Type != definition.Type) file.Report(value, Texts.FactType(key.Text, definition.Type));
            else facts[key.Text] = FactOf(scalar);
        }
        return facts;
    }

    private ExpectedVerdict? ReadExpected(YamlNode node)
    {
        if (Fields.Of(file, node) is not { } fields) return null;
        var expected = new ExpectedVerdict(
            fields.Duration("at", TimeSpan.Zero), fields.Choice("result", VerdictResult.Undetermined), fields.Scalar("title", false)?.Text, fields.Scalar("says", false)?.Text,
            fields.Number("occurrences") is { } n ? (long)n : null, Names(fields, "witnesses"), Names(fields, "missing"), fields.Scalar("suppressedBy", false)?.Text);
        fields.Close();
        return expected;
    }

    private NeverVerdict? ReadNever(YamlNode node)
    {
        if (Fields.Of(file, node) is not { } fields) return null;
        VerdictResult? result = fields.Node("result") is null ? null : fields.Choice("result", VerdictResult.Undetermined);
        var says = fields.Scalar("says", required: false)?.Text;
        fields.Close();
        if (result is null && says is null) file.Report(node, Texts.EmptyNever);
        return new(result, says);
    }

    private static List<string>? Names(Fields fields, string name) =>
        fields.Node(name) is null ? null : [.. fields.List(name).OfType<YamlScalar>().Select(s => s.Text)];
}
