using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>Which curve a value belongs to. What a drill or a recording gives never joins a curve of live signals.</summary>
/// <param name="Metric">Kind of observation and fact: <c>fm.carrier.snr_db</c>.</param>
/// <param name="Subject">About what.</param>
/// <param name="Probe">Who measured; <c>collector</c> for the collector's own counters.</param>
/// <param name="Watch">With which of its watches.</param>
/// <param name="Origin">Live, replay or simulated.</param>
/// <param name="Apart">What tells it from the others of that subject, <c>pid=256</c>; mostly empty.</param>
internal readonly record struct SeriesKey(
    [property: JsonPropertyName("m")] string Metric, [property: JsonPropertyName("s")] Subject Subject, [property: JsonPropertyName("p")] ProbeId Probe,
    [property: JsonPropertyName("w")] WatchId Watch, [property: JsonPropertyName("o")] Origin Origin, [property: JsonPropertyName("a")] string Apart);
