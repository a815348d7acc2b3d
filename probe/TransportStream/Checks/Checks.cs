namespace SignalWatch.TransportStream;

/// <summary>The catalogue: every check, in the standard's order, then our own.</summary>
public static class Checks
{
    /// <summary>See its texts.</summary>
    public static readonly Check SyncLost = Of("1.1", CheckPriority.First, "TS_sync_loss");
    /// <summary>See its texts.</summary>
    public static readonly Check SyncByteError = Of("1.2", CheckPriority.First, "Sync_byte_error");
    /// <summary>See its texts.</summary>
    public static readonly Check ContinuityError = Of("1.4", CheckPriority.First, "Continuity_count_error");
    /// <summary>See its texts.</summary>
    public static readonly Check TransportError = Of("2.1", CheckPriority.Second, "Transport_error");
    /// <summary>See its texts.</summary>
    public static readonly Check CrcError = Of("2.2", CheckPriority.Second, "CRC_error");
    /// <summary>See its texts.</summary>
    public static readonly Check SyncGained = Of("sync.gained", CheckPriority.Own, "Sync gained");
    /// <summary>See its texts.</summary>
    public static readonly Check BadSection = Of("section.unreadable", CheckPriority.Own, "Unreadable section");
    /// <summary>See its texts.</summary>
    public static readonly Check ServiceAppeared = Of("service.appeared", CheckPriority.Own, "Service appeared");
    /// <summary>See its texts.</summary>
    public static readonly Check ServiceDisappeared = Of("service.disappeared", CheckPriority.Own, "Service disappeared");
    /// <summary>See its texts.</summary>
    public static readonly Check ServiceReturned = Of("service.returned", CheckPriority.Own, "Service returned");

    private static Check Of(string id, CheckPriority priority, string name) => new(id, priority, name, "", new("", ""), new("", ""), new("", ""));
}
