namespace SignalWatch.TransportStream;

/// <summary>What can happen in a transport stream.</summary>
public enum OccurrenceKind
{
    /// <summary>Synchronisation gained, for the first time or again.</summary>
    SyncGained,

    /// <summary>Synchronisation lost: two bad sync bytes in a row, or silence (TR 101 290 1.1).</summary>
    SyncLost,

    /// <summary>One bad sync byte (TR 101 290 1.2).</summary>
    SyncByteError,

    /// <summary>Continuity counter other than expected, or a packet more than twice (TR 101 290 1.4).</summary>
    ContinuityError,

    /// <summary>transport_error_indicator set (TR 101 290 2.1).</summary>
    TransportError,

    /// <summary>Section with a wrong CRC (TR 101 290 2.2).</summary>
    CrcError,

    /// <summary>Section that can't be read.</summary>
    BadSection,

    /// <summary>A service is present that does not belong to the line-up.</summary>
    ServiceAppeared,

    /// <summary>A service left the PAT, or its PMT stopped.</summary>
    ServiceDisappeared,

    /// <summary>A service of the line-up is present again.</summary>
    ServiceReturned,
}

/// <summary>One thing that happened in a transport stream.</summary>
public readonly record struct TransportStreamOccurrence
{
    /// <summary>What.</summary>
    public required OccurrenceKind Kind { get; init; }

    /// <summary>When the bytes arrived in which it happened, or the tick that found it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Index of the packet since monitoring began, from 0.</summary>
    public required long PacketIndex { get; init; }

    /// <summary>The PID, or null.</summary>
    public int? Pid { get; init; }

    /// <summary>The service, or null.</summary>
    public int? ServiceId { get; init; }

    /// <summary>The <c>table_id</c> of a section, or null.</summary>
    public int? TableId { get; init; }

    /// <summary>Continuity counter that was due.</summary>
    public int? ExpectedCc { get; init; }

    /// <summary>Continuity counter that came.</summary>
    public int? Cc { get; init; }

    /// <summary>Packets that are missing at least, modulo 16; 0 for a packet that came too often.</summary>
    public int? MissingPackets { get; init; }
}
