using System.Globalization;
using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series.Influx;

/// <summary>Observations in InfluxDB's line protocol (InfluxDB 1.x reference, "Line protocol": syntax and special characters): the kind is the measurement, what it is about are tags, numbers are fields.
/// <code>fm.carrier,origin=live,probe=GZ-03,subject=frequency:440106/97800000,watch=fm level_dbm=-40.5,snr_db=31.2 1773496800000</code></summary>
internal static class LineProtocol
{
    /// <summary>Appends an observation.</summary>
    /// <returns>False where it has no number to follow: nothing was appended.</returns>
    public static bool Append(StringBuilder to, Observation observation)
    {
        if (MetricGroup.Of(observation.Kind) is not { } group) return false;
        var fields = observation.Facts.Where(f => f.Value.Type == FactType.Number && group.IndexOf(f.Key) >= 0).OrderBy(f => f.Key, StringComparer.Ordinal).ToList();
        if (fields.Count == 0) return false;
        Measurement(to, observation.Kind);
        foreach (var (key, value) in TagsOf(observation, group).OrderBy(t => t.Key, StringComparer.Ordinal)) // sorted, as the reference advises for speed
        {
            if (value.Length == 0) continue; // a tag's value can't be empty
            Tag(to.Append(','), key);
            Tag(to.Append('='), value);
        }
        foreach (var (i, (name, fact)) in fields.Index())
        {
            Tag(to.Append(i == 0 ? ' ' : ','), name);
            to.Append('=').Append(fact.AsNumber.ToString("R", CultureInfo.InvariantCulture));
        }
        to.Append(' ').Append(observation.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)).Append('\n');
        return true;
    }

    private static IEnumerable<KeyValuePair<string, string>> TagsOf(Observation observation, MetricGroup group) =>
    [
        new("origin", observation.Origin.ToString().ToLowerInvariant()),
        new("probe", observation.Probe.Value),
        new("subject", observation.Subject.ToString()),
        new("watch", observation.Watch.Value),
        .. group.Kind.Apart.Where(observation.Facts.ContainsKey).Select(name => KeyValuePair.Create(name, observation.Facts[name].ToString())),
    ];

    /// <summary>In a measurement comma and space are escaped.</summary>
    private static void Measurement(StringBuilder to, string text) => Escape(to, text, ", ");

    /// <summary>In keys and values of tags and in keys of fields comma, equals and space are escaped.</summary>
    private static void Tag(StringBuilder to, string text) => Escape(to, text, ",= ");

    private static void Escape(StringBuilder to, string text, string special)
    {
        foreach (var c in text)
        {
            if (special.Contains(c, StringComparison.Ordinal)) to.Append('\\').Append(c);
            // The protocol has no escape for a backslash: one before a special character, or at the end, would swallow what follows (influxdata/influxdb issue 5231).
            else if (c == '\\') to.Append('/');
            // It has none for a line's end either, and reads a line by it; other control characters have no place in a name.
            else if (char.IsControl(c)) to.Append('\\').Append(' ');
            else to.Append(c);
        }
    }
}
