using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Rules.Tests.Packs;

public sealed class ShippedPackTests
{
    [Theory, InlineData("demonstration"), InlineData("guangdong")]
    public void Has_no_problem(string pack) => RulePack.Read(Folder(pack)).Problems.Select(p => p.In(Language.English)).Should().BeEmpty();

    [Theory, InlineData("demonstration", 30), InlineData("guangdong", 75)]
    public void Passes_its_own_tests_and_has_them_for_every_rule(string name, int atLeast)
    {
        var pack = RulePack.Load(Folder(name));
        var results = PackTestRun.Run(pack);
        results.SelectMany(r => r.Failures.Select(f => $"{r.Rule} {r.Name}: {f.En}")).Should().BeEmpty();
        results.Count.Should().BeGreaterThan(atLeast);
        pack.Rules.Select(r => r.Id).Should().BeSubsetOf(results.Select(r => r.Rule));
    }

    private static string Folder(string pack) => Path.Combine(Checkout.Root, "rules", "packs", pack);
}
