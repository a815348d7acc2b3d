using SignalWatch.Contracts;

namespace SignalWatch.Collector;

/// <summary>Reads facts that may be missing, or of another type where a probe is newer than this collector.</summary>
internal static class FactReading
{
    public static double? Number(this IReadOnlyDictionary<string, Fact> facts, string name) =>
        facts.TryGetValue(name, out var fact) && fact.Type == FactType.Number ? fact.AsNumber : null;

    public static string? Text(this IReadOnlyDictionary<string, Fact> facts, string name) =>
        facts.TryGetValue(name, out var fact) && fact.Type == FactType.Text && fact.AsText.Length > 0 ? fact.AsText : null;

    public static bool? Flag(this IReadOnlyDictionary<string, Fact> facts, string name) =>
        facts.TryGetValue(name, out var fact) && fact.Type == FactType.Boolean ? fact.AsBoolean : null;
}
