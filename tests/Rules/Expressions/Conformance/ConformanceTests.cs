using System.Text.Json;
using SignalWatch.Rules.Expressions;
using SignalWatch.Tests;

namespace SignalWatch.Rules.Tests.Expressions.Conformance;

/// <summary>A test that needs the conformance suites beside the recordings: skipped with the reason where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformanceFactAttribute : FactAttribute
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("SIGNALWATCH_CONFORMANCE") is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared", "conformance"));

    public ConformanceFactAttribute() => Skip = Directory.Exists(Folder)
        ? null
        : $"SKIPPED: no conformance suites at {Folder}; set SIGNALWATCH_CONFORMANCE";
}

/// <summary>The public conformance suite of the language (google/cel-spec, tests/simple), without messages.</summary>
public sealed class ConformanceTests
{
    [ConformanceFact]
    public void The_whole_public_suite_passes()
    {
        var json = File.ReadAllBytes(Path.Combine(ConformanceFactAttribute.Folder, "cel", "tests.json"));
        using var suite = JsonDocument.Parse(json);
        var lines = ExpressionBatch.Run(json);
        lines.Should().HaveCount(709);
        var failed = suite.RootElement.EnumerateArray().Zip(lines).Where(pair => !Passes(pair.First, pair.Second)).Select(pair => $"{pair.First.GetProperty("expr")} → {pair.Second}").ToList();
        failed.Should().BeEmpty();
    }

    private static bool Passes(JsonElement test, string line)
    {
        using var found = JsonDocument.Parse(line);
        if (!test.TryGetProperty("value", out var wanted)) return found.RootElement.TryGetProperty("error", out _);
        return found.RootElement.TryGetProperty("value", out var value) && Same(ValueJson.Read(wanted), ValueJson.Read(value));
    }

    // Stricter than the language's equality: types must be the same, NaN is NaN, and zero has a sign.
    private static bool Same(Value a, Value b) => a.Kind == b.Kind && a.Kind switch
    {
        ValueKind.Real => BitConverter.DoubleToInt64Bits(a.AsReal) == BitConverter.DoubleToInt64Bits(b.AsReal) || (double.IsNaN(a.AsReal) && double.IsNaN(b.AsReal)),
        ValueKind.List => a.AsList.Length == b.AsList.Length && a.AsList.ToArray().Zip(b.AsList.ToArray()).All(pair => Same(pair.First, pair.Second)),
        _ => Operations.AreEqual(a, b),
    };
}
