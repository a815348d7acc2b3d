using System.Collections.Frozen;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>The one value of a verdict that a row has room for.</summary>
internal static class MeasuredInput
{
    /// <summary>Best known first: a field strength says more than an input level, and that more than a ratio.</summary>
    private static readonly FrozenDictionary<string, int> Preference =
        new[] { "field_dbuvm", "level_dbm", "level_dbfs", "cc_errors", "sync_lost_s", "stale_s", "count", "snr_db" }.Select((name, rank) => (name, rank)).ToFrozenDictionary(p => p.name, p => p.rank);

    /// <summary>The value, or null where the verdict has none that a probe measured.</summary>
    public static VerdictInput? Of(Verdict verdict) => verdict.Inputs
        .Where(i => i.Value is { Type: FactType.Number } && Preference.ContainsKey(i.Name))
        .MinBy(i => Preference[i.Name]);
}
