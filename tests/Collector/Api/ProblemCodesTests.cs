using System.Text.RegularExpressions;
using SignalWatch.Collector.Http;
using SignalWatch.Tests;

namespace SignalWatch.Collector.Tests.Api;

/// <summary>The codes of problems are part of the API: the list that is published is the one in the sources.</summary>
public sealed partial class ProblemCodesTests
{
    [Fact]
    public void The_published_list_has_every_code_and_no_other()
    {
        var files = ((string[])[Path.Combine("collector", "Host"), Path.Combine("rules", "Engine"), Path.Combine("rules", "Contracts")])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var codes = files.SelectMany(file => Code().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
        Problems.Codes().Should().Equal(codes, "collector/Host/Http/problem-codes.txt lists them; a code that clients may know is not taken away");
    }

    // A code, and then a title: kinds of observations look alike otherwise.
    [GeneratedRegex(@"new(?: Problem)?\(\s*""([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)"",\s*(?:new\(|Title,)")]
    private static partial Regex Code();
}
