using System.Security.Cryptography;
using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;
using SignalWatch.Rules.Packs;

namespace SignalWatch.Rules.Evaluation;

/// <summary>Puts a verdict into words and inputs, such that a person can check it and a machine can run it again.</summary>
internal sealed class VerdictWriter(RulePack pack, FmRegister register, string build)
{
    /// <summary>The verdict that <paramref name="entry"/> has just settled on.</summary>
    public Verdict Write(RuleSubject entry)
    {
        var rule = entry.Rule;
        var result = entry.Said!.Value;
        var saying = entry.Strands.Where(s => s.Result == result).ToList();
        if (saying.Count == 0) saying = [.. entry.Strands.Where(s => s.Result is not null)]; // too few probes: the doubt is of none of them alone
        var title = rule.TitleTemplate.Render(v => ValueOf(v, entry, saying[0]));
        var verdict = new Verdict
        {
            Id = "",
            Rule = rule.Id,
            RuleVersion = rule.Version,
            Subject = entry.Subject,
            Result = result,
            Severity = rule.Severity,
            IsTrial = rule.Status == RuleStatus.Trial,
            IsLead = rule.IsLead,
            Evidence = rule.Evidence,
            Title = title,
            Reason = rule.ReasonTemplate == BilingualTemplate.Empty ? null : rule.ReasonTemplate.Render(v => ValueOf(v, entry, saying[0])),
            Sentence = entry.SaidCause is { } cause ? Texts.Caused(Sentence(entry, result, saying, title), cause) : Sentence(entry, result, saying, title),
            SuppressedBy = entry.SaidCause,
            Missing = result == VerdictResult.Undetermined ? [.. saying.SelectMany(s => MissingOf(rule, s)).Distinct()] : [],
            Since = SinceOf(entry, result, saying),
            At = entry.SaidAt,
            Inputs = [.. InputsOf(rule, saying)],
            Measured = MeasuredOf(rule, saying[0]),
            Witnesses = entry.SaidWitnesses,
            Occurrences = entry.SaidOccurrences,
            Origin = saying.Max(s => s.Origin),
            Pack = pack.Name,
            PackDigest = pack.Digest,
            RegisterDigest = rule.ReadsRegister ? register.Digest : "",
            Build = build,
        };
        return verdict with { Id = Convert.ToHexStringLower(SHA256.HashData(CanonicalVerdict.Identity(verdict)))[..32] };
    }

    private static DateTimeOffset SinceOf(RuleSubject entry, VerdictResult result, List<Strand> saying) => result switch
    {
        VerdictResult.Violation => entry.ViolatedSince ?? entry.SaidAt,
        VerdictResult.Undetermined => saying.Min(s => s.LastKnown),
        _ => saying.Max(s => s.Since),
    };

    private Text Sentence(RuleSubject entry, VerdictResult result, List<Strand> saying, Text title)
    {
        if (result == VerdictResult.Violation) return entry.Rule.ExplainTemplate.Render(v => ValueOf(v, entry, saying[0]));
        if (result == VerdictResult.Compliant) return Texts.NotSo(title, saying.Max(s => s.Since).ToOffset(LegalTime.Offset));
        var strand = saying[0];
        var since = strand.LastKnown.ToOffset(LegalTime.Offset);
        var why = strand.Fault is { } fault ? Texts.NotComputable(fault)
            : strand.Missing != 0 ? Texts.FactsMissing(entry.Rule.Slots.Variables.Where((_, i) => (strand.Missing >> i & 1) != 0))
            : strand.Result != VerdictResult.Undetermined ? Texts.TooFewProbes(saying.Count, entry.Rule.Correlate!.AtLeast.At(entry.SaidAt))
            : Texts.NoDataSince(strand.Probe.Value, since);
        return entry.ViolatedSince is null ? why : Texts.NotKnownToHaveEnded(why);
    }

    private static IEnumerable<string> MissingOf(Rule rule, Strand strand) =>
        strand.Missing == 0 && strand.Fault is null ? [strand.Result == VerdictResult.Undetermined ? rule.On.Name : "probes"] : rule.Slots.Variables.Where((_, i) => (strand.Missing >> i & 1) != 0).Select(v => v.Name);

    /// <summary>Facts of each witness, then the register, then the parameters: those are the same for all.</summary>
    private static IEnumerable<VerdictInput> InputsOf(Rule rule, List<Strand> saying)
    {
        var variables = rule.Slots.Variables;
        foreach (var strand in saying)
            for (var i = 0; i < variables.Count; i++)
                if (variables[i].Source == VariableSource.Fact)
                    yield return new(variables[i].Name, strand.Facts[i], variables[i].Unit, strand.Probe.Value, strand.LastSeen);
        foreach (var strand in saying)
            if (CorrelatedOf(strand) is { } correlated) yield return new(VerdictVariables.Correlated.Name, correlated, "", strand.Probe.Value, strand.LastSeen);
        for (var i = 0; i < variables.Count; i++)
            if (variables[i].Source == VariableSource.Licence)
                yield return new(variables[i].Name, saying[0].Facts[i], variables[i].Unit, "register", null);
        for (var i = 0; i < variables.Count; i++)
            if (variables[i].Parameter is { } parameter)
                yield return new(variables[i].Name, saying[0].Facts[i], parameter.Unit, "parameter", parameter.At(saying[0].LastSeen)?.From, parameter.Title);
    }

    /// <summary>What the window of a strand held: the different values, or how many there were.</summary>
    private static Fact? CorrelatedOf(Strand strand) =>
        strand.Window is not { } window ? null
        : window.Events is [{ Value: not null }, ..] ? Fact.Of(string.Join(", ", window.Events.TakeLast((int)strand.Correlated).Select(e => e.Value).Order(StringComparer.Ordinal)))
        : Fact.Of(strand.Correlated);

    private static VerdictInput? MeasuredOf(Rule rule, Strand strand)
    {
        foreach (var variable in rule.Measured)
            if (strand.Facts[rule.Slots.Of(variable)] is { } fact) return new(variable.Name, fact, variable.Unit, strand.Probe.Value, strand.LastSeen);
        return null;
    }

    private Fact? ValueOf(Variable variable, RuleSubject entry, Strand strand)
    {
        if (variable == VerdictVariables.SubjectKey) return Fact.Of(entry.Subject.Key);
        if (variable == VerdictVariables.RegisterDigest) return register.Digest.Length == 0 ? null : Fact.Of(register.Digest);
        if (variable == VerdictVariables.Occurrences) return Fact.Of(entry.SaidOccurrences);
        if (variable == VerdictVariables.Correlated) return Fact.Of(entry.Rule.Correlate?.Type == CorrelationType.Probes ? entry.SaidWitnesses.Count : strand.Correlated);
        if (variable == VerdictVariables.Witnesses) return Fact.Of(string.Join(", ", entry.SaidWitnesses));
        for (var i = 0; i < entry.Rule.Slots.Variables.Count; i++)
            if (entry.Rule.Slots.Variables[i] == variable) return strand.Facts[i];
        return null;
    }
}
