namespace SignalWatch.Hardware;

/// <summary>A UDP datagram of a captured frame.</summary>
public readonly ref struct Datagram
{
    /// <summary>Which flow it is of.</summary>
    public required FlowKey Flow { get; init; }

    /// <summary>What it carries, as far as it was captured; valid until the next frame.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Bytes that it carries on the wire.</summary>
    public required int Length { get; init; }

    /// <summary>When the frame was captured that completed it, ns since 1970.</summary>
    public required long TimeNs { get; init; }

    /// <summary>Time to live, or hop limit.</summary>
    public required byte Ttl { get; init; }

    /// <summary>Differentiated services code point (RFC 2474).</summary>
    public required byte Dscp { get; init; }

    /// <summary>False where the snap length cut it: what is missing was on the wire.</summary>
    public bool IsWhole => Payload.Length == Length;
}

/// <summary>What a frame held.</summary>
public enum FrameContent
{
    /// <summary>A UDP datagram.</summary>
    Datagram,

    /// <summary>Joins and leaves of groups.</summary>
    Membership,

    /// <summary>A part of a datagram whose other parts have not come yet.</summary>
    Fragment,

    /// <summary>Something else than IP, or IP with something else than UDP.</summary>
    Other,

    /// <summary>Headers that contradict themselves, or that the snap length cut.</summary>
    Damaged,
}

/// <summary>What a dissector met.</summary>
/// <param name="Frames">Frames looked at.</param>
/// <param name="Datagrams">UDP datagrams in them.</param>
/// <param name="Fragments">IP fragments in them.</param>
/// <param name="FragmentsLost">Datagrams given up because fragments of them did not come.</param>
/// <param name="Damaged">Frames whose headers contradict themselves, or that the snap length cut.</param>
public readonly record struct DissectionStatistics(long Frames, long Datagrams, long Fragments, long FragmentsLost, long Damaged);
