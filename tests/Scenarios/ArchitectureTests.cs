using System.Reflection;
using SignalWatch.Tests;

namespace SignalWatch.Scenarios;

/// <summary>Who may know whom: the assemblies reference what the house plan allows, and nothing else.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["Contracts"] = [],
        ["Rules"] = ["Contracts"],
        ["Hardware"] = ["Contracts"],
        ["Signal"] = [],
        ["Fm"] = ["Contracts", "Signal"],
        ["Cable"] = ["Contracts", "Signal"],
        ["TransportStream"] = ["Contracts"],
        ["Ott"] = ["Contracts"],
        ["Content"] = ["Contracts", "Signal"],
        ["Simulation"] = ["Contracts", "Signal", "Hardware"],
        ["Probe"] = ["Contracts", "Rules", "Hardware", "Signal", "Fm", "Cable", "TransportStream", "Ott", "Content", "Simulation"],
        ["Locate"] = ["Contracts", "Signal"],
        ["Collector"] = ["Contracts", "Rules", "Locate"],
    };

    private static readonly string[] Engines = ["Contracts", "Rules", "Signal", "Fm", "Cable", "TransportStream", "Ott", "Content", "Locate"];

    public static TheoryData<string> Rooms => [.. May.Keys];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_that_it_may_know(string room) =>
        References(room).Where(r => r.StartsWith("SignalWatch.", StringComparison.Ordinal)).Select(r => r["SignalWatch.".Length..])
            .Should().BeSubsetOf(May[room]);

    [Fact]
    public void Engines_know_neither_the_network_nor_the_web_nor_a_store() =>
        Engines.SelectMany(room => References(room).Select(reference => $"{room} → {reference}"))
            .Where(r => r.Contains("System.Net", StringComparison.Ordinal) || r.Contains("AspNetCore", StringComparison.Ordinal) || r.Contains("Microsoft.Extensions", StringComparison.Ordinal) || r.Contains("Sqlite", StringComparison.Ordinal))
            .Should().BeEmpty();

    [Fact]
    public void Every_production_project_is_in_the_table_and_has_a_test_project()
    {
        var production = Directory.EnumerateFiles(Checkout.Root, "SignalWatch.*.csproj", SearchOption.AllDirectories)
            .Where(p => !Path.GetRelativePath(Checkout.Root, p).StartsWith("tests", StringComparison.Ordinal))
            .Select(p => Path.GetFileNameWithoutExtension(p)["SignalWatch.".Length..]).ToList();
        production.Should().BeEquivalentTo(May.Keys);
        var tested = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "SignalWatch.*.Tests.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);
        tested.Should().BeEquivalentTo(production.Select(p => $"SignalWatch.{p}.Tests"));
    }

    private static IEnumerable<string> References(string room) =>
        Assembly.Load($"SignalWatch.{room}").GetReferencedAssemblies().Select(a => a.Name!);
}
