using System.Globalization;
using System.Reflection;
using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>The catalogue of checks: TR 101 290 clause 5.2 by priority, then our own. The code raises these and no others, help and tests walk <see cref="All"/>.</summary>
public static partial class Checks
{
    private const string Second = "TR 101 290 5.2.2";
    private const string First = "TR 101 290 5.2.1";
    private const string Third = "TR 101 290 5.2.3";

    private static readonly Lazy<IReadOnlyList<Check>> Catalogue = new(() =>
        [.. typeof(Checks).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<Check>().OrderBy(c => c.Priority == CheckPriority.Own).ThenBy(c => c.Id, StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering))]);

    /// <summary>Every check, by its number; our own last.</summary>
    public static IReadOnlyList<Check> All => Catalogue.Value;

    /// <summary>The numbers of older editions, and what they sum: the same events under another name, never to be added to them.</summary>
    public static IReadOnlyList<(string Id, IReadOnlyList<string> Of)> Legacy { get; } =
        [("1.3", ["1.3"]), ("1.5", ["1.5.a"]), ("2.3", ["2.3.a", "2.3.b"]), ("3.1", ["3.1.a"]), ("3.4", ["3.4.a"]), ("3.5", ["3.5.a"]), ("3.6", ["3.6.a"])];

    /// <summary>The checks of a number, with or without its part: <c>1.3.a</c> gives three; empty where there is none.</summary>
    public static IReadOnlyList<Check> Find(string id) => [.. All.Where(c => c.Id == id || c.BaseId == id)];

    private static readonly Text ClipAndTables = new("前后各 20 秒的传输流片段、当时的 PSI/SI 表", "a clip with 20 s before and after, and the PSI/SI tables of that time");
    private static readonly Text Clip = new("前后各 20 秒的传输流片段", "a clip with 20 s before and after");
    private static readonly Text ClipAndNetwork = new("前后各 20 秒的传输流片段；IP 输入时还有 RTP 丢包和到达间隔统计", "a clip with 20 s before and after; for an IP input the RTP losses and inter-arrival times too");
    private static readonly Text ClipAndClock = new("传输流片段和 PCR 曲线（注明测量所用的时钟）", "a clip, and the PCR course with the clock that it was measured against");

    private static CheckLimit Ms(double v141) => new(v141, v141, "ms");

    private static Check Of(string id, CheckPriority priority, string name, string clause, CheckLimit? limit, Text evidence, (string Zh, string En) title, (string Zh, string En) meaning, (string Zh, string En) causes) => new()
    {
        Id = id,
        Priority = priority,
        Name = name,
        Clause = clause,
        Limit = limit,
        Title = new(title.Zh, title.En),
        Meaning = new(meaning.Zh, meaning.En),
        Causes = new(causes.Zh, causes.En),
        Evidence = evidence,
    };
}
