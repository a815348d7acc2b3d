using SignalWatch.Contracts;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.Evidence;

/// <summary>Why evidence is kept, and of what: what is known at that moment, as it goes into the manifest.</summary>
internal sealed record EvidenceOccasion
{
    /// <summary>Nominal frequency of the carrier, Hz.</summary>
    public required long FrequencyHz { get; init; }

    /// <summary>When the suspicion began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why.</summary>
    public required Text Reason { get; init; }

    /// <summary>Digest of the register's version that the carrier was compared with; null where there is none.</summary>
    public string? RegisterDigest { get; init; }

    /// <summary>What was known of the carrier.</summary>
    public Identification? Identification { get; init; }

    /// <summary>Who receives, where, and with what.</summary>
    public required EvidenceReceiver Receiver { get; init; }
}

/// <summary>Who receives, where, and with what.</summary>
internal sealed record EvidenceReceiver
{
    public required ProbeId Probe { get; init; }

    public required WatchId Watch { get; init; }

    /// <summary>Area code of GB/T 2260.</summary>
    public required string Area { get; init; }

    /// <summary>The receiver, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Live, replayed or simulated.</summary>
    public required Origin Origin { get; init; }

    /// <summary>In which times are written.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Where its time comes from: GNSS, NTP, or this machine alone.</summary>
    public required Text Clock { get; init; }

    /// <summary>Version of this program.</summary>
    public required string Software { get; init; }

    public EvidencePosition? Position { get; init; }

    public EvidenceCalibration? Calibration { get; init; }

    /// <summary>Input power in dBm that gives 0 dBFS; null where the receiver is not calibrated.</summary>
    public double? DbmAtFullScale { get; init; }
}

/// <summary>Where the antenna is.</summary>
/// <param name="Latitude">WGS-84, degrees.</param>
/// <param name="Longitude">WGS-84, degrees.</param>
/// <param name="Source">Who says so: GNSS, or the configuration.</param>
internal sealed record EvidencePosition(double Latitude, double Longitude, string Source);

/// <summary>By which calibration levels are known.</summary>
/// <param name="Id">Its certificate.</param>
/// <param name="Expires">Until when it holds.</param>
internal sealed record EvidenceCalibration(string Id, DateTimeOffset Expires);
