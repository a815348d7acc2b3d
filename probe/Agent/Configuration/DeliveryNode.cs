using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Probe.Configuration;

/// <summary>Reads how a probe keeps and delivers, and what is true of all its evidence.</summary>
internal static class DeliveryNode
{
    private const double Gigabyte = 1 << 30;

    private static readonly TimeSpan China = TimeSpan.FromHours(8); // GB/T 7408: the country's one standard time

    /// <exception cref="ProblemException"><c>config.invalid</c>.</exception>
    public static ConfigurationNode? Mapping(ConfigurationNode? node) => node?.Mapping("alarm_gb", "telemetry_gb", "total_gb", "outage_s", "history_per_s", "evidence_bytes_per_s");

    public static SpoolFolderSettings ReadSpool(ConfigurationNode? delivery)
    {
        var usual = new SpoolFolderSettings();
        return usual with
        {
            Alarm = usual.Alarm with { Capacity = Bytes(delivery?.Optional("alarm_gb")) ?? usual.Alarm.Capacity },
            TotalBytes = Bytes(delivery?.Optional("total_gb")) ?? usual.TotalBytes,
            Telemetry = usual.Telemetry with { Capacity = Bytes(delivery?.Optional("telemetry_gb")) ?? usual.Telemetry.Capacity },
        };
    }

    public static DeliverySettings Read(ConfigurationNode? delivery)
    {
        var usual = new DeliverySettings();
        return usual with
        {
            OutageAfter = delivery?.Optional("outage_s")?.Number(5, 3600) is { } outage ? TimeSpan.FromSeconds(outage) : usual.OutageAfter,
            HistoryPerSecond = delivery?.Optional("history_per_s")?.Number(1, 1_000_000) ?? usual.HistoryPerSecond,
            EvidenceBytesPerSecond = delivery?.Optional("evidence_bytes_per_s")?.Number(1024, 1e10) ?? usual.EvidenceBytesPerSecond,
        };
    }

    /// <summary>A review holds to the end of its last day.</summary>
    public static DeviceReview? ReadReview(ConfigurationNode? node)
    {
        if (node?.Mapping("number", "expires") is not { } review) return null;
        return new DeviceReview(review.Required("number").Words(), review.Optional("expires") is { } expires ? EndOf(expires) : null);
    }

    private static DateTimeOffset EndOf(ConfigurationNode day) =>
        DateOnly.TryParseExact(day.Words(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date < DateOnly.MaxValue
            ? new DateTimeOffset(date.AddDays(1).ToDateTime(TimeOnly.MinValue), China)
            : throw day.Wrong(DeliveryTexts.MustBeDay);

    private static long? Bytes(ConfigurationNode? node) => node is null ? null : (long)(node.Number(0.01, 100_000) * Gigabyte);
}
