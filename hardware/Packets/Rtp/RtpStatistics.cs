namespace SignalWatch.Hardware;

/// <summary>What an <see cref="RtpReceiver"/> has counted since it began. Counts are of datagrams, not of transport packets.</summary>
public sealed record RtpStatistics
{
    /// <summary>Synchronization source (RFC 3550 5.1). Null before the first packet.</summary>
    public uint? Ssrc { get; init; }

    /// <summary>Payload type of the latest packet: 33 for MP2T (RFC 3551 6), or one that was agreed on.</summary>
    public int? PayloadType { get; init; }

    /// <summary>Times that it changed.</summary>
    public long PayloadTypeChanges { get; init; }

    /// <summary>RTP datagrams received, by all paths, with duplicates and late ones.</summary>
    public long Datagrams { get; init; }

    /// <summary>Datagrams whose packets were given on.</summary>
    public long Delivered { get; init; }

    /// <summary>No RTP of version 2, or lengths that do not fit.</summary>
    public long Malformed { get; init; }

    /// <summary>Of another source, or with a sequence number out of all relation, and not followed by its successor: dropped.</summary>
    public long Strays { get; init; }

    /// <summary>Times that the sender began anew.</summary>
    public long Restarts { get; init; }

    /// <summary>Lost on the network, before FEC; with two paths: lost on both.</summary>
    public long Lost { get; init; }

    /// <summary>Of these, rebuilt by FEC.</summary>
    public long Recovered { get; init; }

    /// <summary>What is missing in the packets given on.</summary>
    public long LostAfterFec => Lost - Recovered;

    /// <summary>Gaps in the packets given on, of whatever length: one of them explains all continuity errors behind it.</summary>
    public long Gaps { get; init; }

    /// <summary>Overtaken on their path and put back in order.</summary>
    public long Reordered { get; init; }

    /// <summary>Ran ahead of more packets than ran ahead with them.</summary>
    public long Early { get; init; }

    /// <summary>Came again on the same path.</summary>
    public long Duplicates { get; init; }

    /// <summary>Came after they were given up. Still counted as lost: a receiver with this window would not have had them.</summary>
    public long Late { get; init; }

    /// <summary>Retransmissions of RIST (VSF TR-06-1 5.3.3: the last bit of the SSRC is set).</summary>
    public long Retransmissions { get; init; }

    /// <summary>Payloads that are not whole 188-byte packets: given on as they are.</summary>
    public long IrregularPayloads { get; init; }

    /// <summary>Interarrival jitter of the first path (RFC 3550 6.4.1), from the 90 kHz time stamps and the pushed times, in nanoseconds.
    /// A sender that stamps a burst with one time shows the burst.</summary>
    public double JitterNs { get; init; }

    /// <summary>One entry; two for a hitless pair (SMPTE ST 2022-7).</summary>
    public IReadOnlyList<RtpPathStatistics> Paths { get; init; } = [];

    /// <summary>Second path against first. Null for a single path, and while no packet came on both.</summary>
    public PathSkew? Skew { get; init; }

    /// <summary>Null where no FEC came.</summary>
    public FecStatistics? Fec { get; init; }

    /// <summary>The latest sender report (RFC 3550 6.4.1). Null where no RTCP came.</summary>
    public SenderReport? SenderReport { get; init; }

    /// <summary>The latest 512 events, oldest first.</summary>
    public IReadOnlyList<RtpEvent> Events { get; init; } = [];
}

/// <summary>One path by itself.</summary>
public sealed record RtpPathStatistics
{
    /// <summary>RTP datagrams that came.</summary>
    public long Datagrams { get; init; }

    /// <summary>Sequence numbers from the first to the highest (RFC 3550 A.3).</summary>
    public long Expected { get; init; }

    /// <summary>Of these, never came on this path. A packet still on its way counts until it comes.</summary>
    public long Lost { get; init; }

    /// <summary>Came again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Were overtaken.</summary>
    public long Reordered { get; init; }

    /// <summary>Ran ahead.</summary>
    public long Early { get; init; }

    /// <summary>By how many sequence numbers the deepest came too late.</summary>
    public int DeepestReorder { get; init; }

    /// <summary>Overtaken packets by depth: 1, 2, 3–4, 5–8, 9–16, 17–32, 33–64, more.</summary>
    public IReadOnlyList<long> ReorderDepths { get; init; } = [];

    /// <summary>Interarrival jitter (RFC 3550 6.4.1), in nanoseconds.</summary>
    public double JitterNs { get; init; }
}

/// <summary>How much later the second path brings a packet than the first, in nanoseconds; negative where it is the faster one.</summary>
/// <param name="MinNs">Least.</param>
/// <param name="MaxNs">Most.</param>
/// <param name="MeanNs">Mean over the packets that came on both and were overtaken on neither.</param>
/// <param name="Packets">How many came on both.</param>
public sealed record PathSkew(long MinNs, long MaxNs, double MeanNs, long Packets);

/// <summary>Forward error correction of SMPTE ST 2022-1.</summary>
public sealed record FecStatistics
{
    /// <summary>Columns of the matrix, L. Null while not known.</summary>
    public int? Columns { get; init; }

    /// <summary>Rows of the matrix, D. Null while not known: a stream of row FEC alone does not say it.</summary>
    public int? Rows { get; init; }

    /// <summary>Column FEC packets that came.</summary>
    public long ColumnPackets { get; init; }

    /// <summary>Row FEC packets that came.</summary>
    public long RowPackets { get; init; }

    /// <summary>FEC packets that did not come, by their own sequence numbers.</summary>
    public long Lost { get; init; }

    /// <summary>Datagrams on the FEC ports that were no FEC of ST 2022-1.</summary>
    public long Unsupported { get; init; }

    /// <summary>Why, of the latest.</summary>
    public FecUnsupported UnsupportedReason { get; init; }
}

/// <summary>Why FEC can't be used.</summary>
public enum FecUnsupported
{
    /// <summary>Nothing unsupported came.</summary>
    None,

    /// <summary>No RTP, or too short for a FEC header.</summary>
    NotFec,

    /// <summary>The extension bit E is not set: FEC of RFC 2733 by mask, Raptor (RFC 6682), ST 2022-5 or something else.</summary>
    OtherScheme,

    /// <summary>Type 1 of ST 2022-1: Hamming.</summary>
    Hamming,

    /// <summary>Type 2 of ST 2022-1: Reed-Solomon.</summary>
    ReedSolomon,

    /// <summary>A type that ST 2022-1 reserves.</summary>
    ReservedType,

    /// <summary>Offset or NA that span no packets, or more than can be kept.</summary>
    Matrix,
}
