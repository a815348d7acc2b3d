using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Rules.Tests.Packs;

public sealed class DemonstrationPackTests
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "rules", "packs", "demonstration");

    [Fact]
    public void Has_no_problem() => RulePack.Read(Folder).Problems.Select(p => p.In(Language.English)).Should().BeEmpty();

    [Fact]
    public void Passes_its_own_tests_and_has_them_for_every_rule()
    {
        var results = PackTestRun.Run(RulePack.Load(Folder));
        results.SelectMany(r => r.Failures.Select(f => $"{r.Rule} {r.Name}: {f.En}")).Should().BeEmpty();
        results.Count.Should().BeGreaterThan(30);
    }
}
