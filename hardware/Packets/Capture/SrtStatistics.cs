namespace SignalWatch.Hardware;

/// <summary>What a tap sees of one direction of an SRT connection. What is missing at the tap was lost before it; what the receiver asks for again was lost on the whole way.</summary>
public sealed class SrtStatistics
{
    /// <summary>Data packets, sent again ones too.</summary>
    public long DataPackets { get; internal set; }

    /// <summary>Bytes of their payload.</summary>
    public long DataBytes { get; internal set; }

    /// <summary>Data packets that say that they are sent again.</summary>
    public long Retransmitted { get; internal set; }

    /// <summary>Data packets that had been seen before.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Sequence numbers that were not there when their turn came.</summary>
    public long Missing { get; internal set; }

    /// <summary>Of these, seen later.</summary>
    public long Recovered { get; internal set; }

    /// <summary>Of these, never seen within the latency: lost.</summary>
    public long Lost { get; internal set; }

    /// <summary>Loss reports (NAK) of the receiver.</summary>
    public long LossReports { get; internal set; }

    /// <summary>Packets that these reports ask for, each as often as it is asked for.</summary>
    public long PacketsReportedLost { get; internal set; }

    /// <summary>Handshakes.</summary>
    public long Handshakes { get; internal set; }

    /// <summary>The connection was closed by its ends.</summary>
    public bool IsShutDown { get; internal set; }

    /// <summary>The payload is encrypted: it can be counted, not analysed.</summary>
    public bool IsEncrypted { get; internal set; }

    /// <summary>What the caller asked for by name (stream ID); null where the handshake was not seen, or had none.</summary>
    public string? StreamId { get; internal set; }

    /// <summary>The receiver's latency that was agreed, ms; null where the handshake was not seen.</summary>
    public int? LatencyMs { get; internal set; }
}
