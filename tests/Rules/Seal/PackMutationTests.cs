using SignalWatch.Contracts;
using SignalWatch.Rules.Tests.Correlation;

namespace SignalWatch.Rules.Tests.Seal;

public sealed class PackMutationTests
{
    private const string Parameters = "- name: stale_max\n  title: {zh: 限, en: limit}\n  values: [{from: 2020-01-01, value: 30, reference: r}]\n";

    [Fact]
    public void A_test_on_either_side_of_the_limit_kills_every_mutant()
    {
        using var pack = Tested("30", "31");
        PackMutation.Run(pack.Folder).Select(m => $"{m.File}:{m.Line} {m.Before} {m.After} {m.IsKilled}").Should().BeEquivalentTo(
            "parameters/p.yaml:3 30 31 True", "parameters/p.yaml:3 30 29 True", "rules/r.yaml:13 > >= True",
            "rules/r.yaml:10 0 1 True", "rules/r.yaml:11 0 1 True", "rules/r.yaml:12 60 61 True", "rules/r.yaml:12 60 59 True");
    }

    [Fact]
    public void A_test_far_from_the_limit_lets_the_mutants_live()
    {
        using var pack = Tested("10", "90");
        PackMutation.Run(pack.Folder).Where(m => !m.IsKilled).Select(m => $"{m.Before} {m.After}").Should().BeEquivalentTo("30 31", "30 29", "> >=");
    }

    [Fact]
    public void A_pack_whose_tests_fail_is_not_mutated()
    {
        using var pack = Tested("40", "41");
        var running = () => PackMutation.Run(pack.Folder);
        running.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("rules.tests-fail");
    }

    private static WrittenPack Tested(string below, string above)
    {
        var pack = new WrittenPack(WrittenPack.Rule("R", "when: stale_s > parameters.stale_max") + "\n", Parameters);
        Directory.CreateDirectory(Path.Combine(pack.Folder, "tests"));
        pack.Write("tests/t.yaml", $$$"""
            test: the limit holds
            rule: R
            start: 2026-03-14T22:00:00+08:00
            until: 65s
            observations:
              - {at: 0s, kind: ott.channel, subject: "ott:a", probe: P, facts: {stale_s: {{{below}}}}}
              - {at: 1s, kind: ott.channel, subject: "ott:a", probe: P, facts: {stale_s: {{{above}}}}}
            expect:
              - {at: 0s, result: compliant}
              - {at: 1s, result: violation}
              - {at: 61s, result: undetermined}
            """);
        return pack;
    }
}
