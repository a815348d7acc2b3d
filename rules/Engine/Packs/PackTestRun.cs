using SignalWatch.Contracts;
using SignalWatch.Rules.Packs;

namespace SignalWatch.Rules;

/// <summary>How one test of a pack went.</summary>
/// <param name="Name">The test's name.</param>
/// <param name="Rule">The rule that it tests.</param>
/// <param name="Failures">What did not come as expected; none where it passed.</param>
public sealed record PackTestResult(string Name, RuleId Rule, IReadOnlyList<Text> Failures)
{
    /// <summary>True where everything came as expected.</summary>
    public bool Passed => Failures.Count == 0;
}

/// <summary>Runs the tests that a pack brings, in virtual time.</summary>
public static class PackTestRun
{
    /// <summary>Runs all tests, and then checks that every rule that is active or on trial has been seen as violated, compliant and undetermined: a rule of which a test is missing can be wrong without anybody noticing.</summary>
    /// <param name="pack">The pack.</param>
    public static IReadOnlyList<PackTestResult> Run(RulePack pack) => Run(pack, _ => true);

    /// <summary>As above, of the rules that are <paramref name="wanted"/>.</summary>
    internal static IReadOnlyList<PackTestResult> Run(RulePack pack, Func<Rule, bool> wanted)
    {
        var results = new List<PackTestResult>();
        var seen = new HashSet<(RuleId, VerdictResult)>();
        foreach (var test in pack.Tests.Where(t => wanted(t.Rule)))
        {
            var verdicts = VerdictsOf(pack, test);
            var failures = Compare(test, verdicts).ToList();
            results.Add(new(test.Name, test.Rule.Id, failures));
            if (failures.Count == 0) seen.UnionWith(test.Expected.Select(e => (test.Rule.Id, e.Result)));
        }
        foreach (var rule in pack.Rules.Where(r => wanted(r) && (r.Status is RuleStatus.Active or RuleStatus.Trial)))
        {
            var lacking = Enum.GetValues<VerdictResult>().Where(r => !seen.Contains((rule.Id, r)) && CanSay(rule, r)).ToList();
            if (lacking.Count > 0) results.Add(new(Texts.CoverageTest, rule.Id, [.. lacking.Select(Texts.NeverTested)]));
        }
        return results;
    }

    // To a rule about silence, silence is an answer.
    private static bool CanSay(Rule rule, VerdictResult result) => result != VerdictResult.Undetermined || rule.NoData.State == NoDataState.Undetermined;

    // The clock moves in steps of a second and stops at each observation: what silence does is seen at the second where it does it.
    private static List<Verdict> VerdictsOf(RulePack pack, PackTest test)
    {
        var engine = new RuleEngine(pack, test.Register, "test", rule => rule.Id == test.Rule.Id || test.Rule.SuppressWhen.Any(s => s.Rule == rule.Id));
        var verdicts = new List<Verdict>();
        var end = test.Start + test.Until;
        var clock = test.Start;
        foreach (var observation in test.Observations.OrderBy(o => o.At).ThenBy(o => o.Probe.Value, StringComparer.Ordinal))
        {
            AdvanceTo(observation.At);
            verdicts.AddRange(engine.Observe(observation));
            verdicts.AddRange(engine.Advance(observation.At));
        }
        AdvanceTo(end);
        verdicts.AddRange(engine.Advance(end));
        return verdicts.FindAll(v => v.Rule == test.Rule.Id);

        void AdvanceTo(DateTimeOffset until)
        {
            for (; clock < until; clock += TimeSpan.FromSeconds(1)) verdicts.AddRange(engine.Advance(clock));
        }
    }

    private static IEnumerable<Text> Compare(PackTest test, List<Verdict> verdicts)
    {
        for (var i = 0; i < Math.Max(test.Expected.Count, verdicts.Count); i++)
        {
            var expected = i < test.Expected.Count ? test.Expected[i] : null;
            var verdict = i < verdicts.Count ? verdicts[i] : null;
            if (verdict is null) yield return Texts.VerdictDidNotCome(expected!.At, expected.Result);
            else if (expected is null) yield return Texts.VerdictNotExpected(verdict.At - test.Start, verdict.Result, verdict.Sentence);
            else foreach (var failure in Differences(test, expected, verdict)) yield return failure;
        }
        foreach (var never in test.Never)
            foreach (var verdict in verdicts)
                if (Breaks(never, verdict)) yield return Texts.NeverCame(never.Result, never.Says, verdict.At - test.Start);
    }

    private static IEnumerable<Text> Differences(PackTest test, ExpectedVerdict expected, Verdict verdict)
    {
        var at = verdict.At - test.Start;
        if (at != expected.At || verdict.Result != expected.Result) yield return Texts.OtherVerdict(expected.At, expected.Result, at, verdict.Result);
        if (expected.Title is { } title && verdict.Title.Zh != title && verdict.Title.En != title) yield return Texts.OtherText(at, title, verdict.Title);
        if (expected.Says is { } says && !Says(verdict, says)) yield return Texts.OtherText(at, says, verdict.Sentence);
        if (expected.Occurrences is { } count && verdict.Occurrences != count) yield return Texts.OtherValue(at, "occurrences", $"{count}", $"{verdict.Occurrences}");
        if (expected.Witnesses is { } witnesses && !witnesses.SequenceEqual(verdict.Witnesses.Select(w => w.Value)))
            yield return Texts.OtherValue(at, "witnesses", string.Join(", ", witnesses), string.Join(", ", verdict.Witnesses));
        if (expected.SuppressedBy is { } cause && verdict.SuppressedBy != cause) yield return Texts.OtherValue(at, "suppressedBy", cause, verdict.SuppressedBy ?? "");
        if (expected.Missing is { } missing && !missing.SequenceEqual(verdict.Missing)) yield return Texts.OtherValue(at, "missing", string.Join(", ", missing), string.Join(", ", verdict.Missing));
    }

    private static bool Breaks(NeverVerdict never, Verdict verdict) =>
        (never.Result is null || verdict.Result == never.Result) && (never.Says is null || Says(verdict, never.Says));

    private static bool Says(Verdict verdict, string words) =>
        new[] { verdict.Title.Zh, verdict.Title.En, verdict.Sentence.Zh, verdict.Sentence.En }.Any(t => t.Contains(words, StringComparison.OrdinalIgnoreCase));
}
