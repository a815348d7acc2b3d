namespace SignalWatch.Probe.Uplink;

/// <summary>How a probe delivers.</summary>
internal sealed record DeliverySettings
{
    /// <summary>Where nothing of a class could be delivered for longer, what waits of it is history.</summary>
    public TimeSpan OutageAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most observations of telemetry's history a second. Alarms' history has no limit but the collector's wish.</summary>
    public double HistoryPerSecond { get; init; } = 500;

    /// <summary>Most bytes of evidence a second; null: as many as go.</summary>
    public double? EvidenceBytesPerSecond { get; init; } = 1 << 20;
}
