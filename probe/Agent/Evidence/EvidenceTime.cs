using System.Globalization;

namespace SignalWatch.Probe.Evidence;

/// <summary>Times as evidence says them: with their zone, always.</summary>
internal static class EvidenceTime
{
    public static DateTimeOffset In(long ticks, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), zone);

    /// <summary>ISO 8601 with milliseconds and offset.</summary>
    public static string Text(long ticks, TimeZoneInfo zone) => In(ticks, zone).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
