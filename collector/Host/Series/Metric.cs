using System.Collections.Frozen;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>The numbers of one kind of observation that are followed over time.</summary>
/// <param name="kind">The kind.</param>
internal sealed class MetricGroup(ObservationKind kind)
{
    private static readonly FrozenDictionary<string, MetricGroup> All =
        Vocabulary.Kinds.Append(Vitals.Kind).Append(AlarmFigures.Kind).Where(k => k.Facts.Any(f => f.IsSeries)).ToFrozenDictionary(k => k.Name, k => new MetricGroup(k));

    private readonly FrozenDictionary<string, int> indexOf = kind.Facts.Where(f => f.IsSeries).Select((f, i) => (f.Name, i)).ToFrozenDictionary(f => f.Name, f => f.i);

    public ObservationKind Kind { get; } = kind;

    public IReadOnlyList<Metric> Metrics { get; } = [.. kind.Facts.Where(f => f.IsSeries).Select(f => new Metric($"{kind.Name}.{f.Name}", f.Unit, f.Title, DecimalsOf(f.Unit)))];

    /// <summary>The group of that kind; null where nothing of it is followed.</summary>
    public static MetricGroup? Of(string kind) => All.GetValueOrDefault(kind);

    /// <summary>The metric of that name, or null.</summary>
    public static Metric? Find(string name) => name.LastIndexOf('.') is > 0 and var dot ? Of(name[..dot])?.Metrics.FirstOrDefault(m => m.Name == name) : null;

    /// <summary>Which of <see cref="Metrics"/> a fact is; -1 where it is none.</summary>
    public int IndexOf(string fact) => indexOf.GetValueOrDefault(fact, -1);

    /// <summary>What tells this observation from the others of its subject.</summary>
    public string ApartOf(Observation observation) => Kind.Apart.Count == 0 ? "" : string.Join(' ', Kind.Apart.Where(observation.Facts.ContainsKey).Select(name => $"{name}={observation.Facts[name]}"));

    /// <summary>Digits that a curve keeps: finer than any receiver measures, and with the noise behind them the files would be three times as large. The journal has every value as it came.</summary>
    private static int DecimalsOf(string unit) => unit switch
    {
        _ when unit.StartsWith("dB", StringComparison.Ordinal) => 2,
        "Hz" or "ms" or "s" or "mHz/s" or "1/s" => 2,
        "ns" => 1,
        "ppm" => 4,
        "b/s" or "B" => 0,
        _ => 6,
    };
}

/// <summary>One thing that is followed over time.</summary>
/// <param name="Name">Kind and fact: <c>fm.carrier.snr_db</c>.</param>
/// <param name="Unit">As people read it.</param>
/// <param name="Title">For people.</param>
/// <param name="Decimals">Digits behind the point that are kept.</param>
internal sealed record Metric(string Name, string Unit, Text Title, int Decimals)
{
    public double Round(double value) => Math.Abs(value) < 1e9 ? Math.Round(value, Decimals) : value;
}
