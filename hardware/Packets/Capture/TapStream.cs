namespace SignalWatch.Hardware;

/// <summary>What a flow is, by its content.</summary>
public enum TapProtocol
{
    /// <summary>Not known yet, or nothing of what follows.</summary>
    Other,

    /// <summary>Transport stream packets in UDP.</summary>
    UdpTs,

    /// <summary>Transport stream packets in RTP (RFC 2250).</summary>
    RtpTs,

    /// <summary>RTP with something else.</summary>
    Rtp,

    /// <summary>RTP with retransmission by RIST, simple profile (VSF TR-06-1).</summary>
    Rist,

    /// <summary>Forward error correction over columns (SMPTE 2022-1).</summary>
    Fec2022Column,

    /// <summary>Forward error correction over rows (SMPTE 2022-1).</summary>
    Fec2022Row,

    /// <summary>Reports on an RTP stream (RFC 3550 6).</summary>
    Rtcp,

    /// <summary>Secure Reliable Transport (draft-sharabayko-srt), live or file mode.</summary>
    Srt,
}

/// <summary>What happened to a stream.</summary>
public enum TapChange
{
    /// <summary>It was recognised.</summary>
    Found,

    /// <summary>More became known of what it is.</summary>
    Reclassified,

    /// <summary>Nothing came for a while.</summary>
    Stopped,

    /// <summary>It came back.</summary>
    Resumed,
}

/// <summary>A flow on a link that is recognised, or looked at. The same object for as long as the flow is remembered.</summary>
public sealed class TapStream
{
    internal const long SecondNs = 1_000_000_000;

    private long windowBeganNs;
    private long windowBytes;

    internal TapStream(in FlowKey flow, long timeNs) => (Flow, FirstNs, LastNs, windowBeganNs) = (flow, timeNs, timeNs, timeNs);

    /// <summary>Counts from 1 in the order of recognition; 0 until then.</summary>
    public int Number { get; internal set; }

    /// <summary>From where, to where, in which VLAN.</summary>
    public FlowKey Flow { get; }

    /// <summary>What it is.</summary>
    public TapProtocol Protocol { get; internal set; }

    /// <summary>Whether datagrams of it came lately, by the last tick.</summary>
    public bool IsActive { get; internal set; } = true;

    /// <summary>Whether its payload is transport stream packets.</summary>
    public bool CarriesTransportStream { get; internal set; }

    /// <summary>Bytes of a transport stream packet: 188, 192 or 204; 0 where it carries none.</summary>
    public int PacketSize { get; internal set; }

    /// <summary>Datagrams.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes that its datagrams carry on the wire.</summary>
    public long Bytes { get; private set; }

    /// <summary>Datagrams that the snap length cut: they were on the wire, and can't be analysed.</summary>
    public long Cut { get; private set; }

    /// <summary>Datagrams of plain UDP that came twice, and were handed on once: the mirror port copies both directions, or the network doubles them.</summary>
    public long Repeated { get; internal set; }

    /// <summary>Time of the first datagram, ns since 1970.</summary>
    public long FirstNs { get; }

    /// <summary>Time of the last datagram, ns since 1970.</summary>
    public long LastNs { get; private set; }

    /// <summary>Time to live of the last datagram.</summary>
    public byte Ttl { get; private set; }

    /// <summary>Differentiated services code point of the last datagram.</summary>
    public byte Dscp { get; private set; }

    /// <summary>RTP payload type; null without RTP.</summary>
    public byte? PayloadType { get; internal set; }

    /// <summary>RTP synchronisation source; null without RTP.</summary>
    public uint? Ssrc { get; internal set; }

    /// <summary>The stream that this one protects or reports on, where it is known.</summary>
    public TapStream? Media { get; internal set; }

    /// <summary>What was met of SRT; null for other protocols.</summary>
    public SrtStatistics? Srt { get; internal set; }

    /// <summary>Bits of all datagrams over the time from the first to the last, b/s; null for a single one.</summary>
    public double? BitrateBps => LastNs > FirstNs ? Bytes * 8.0 * SecondNs / (LastNs - FirstNs) : null;

    /// <summary>The same over about the last second; null before one is over.</summary>
    public double? LastBitrateBps { get; private set; }

    internal FlowRecognition? Recognition { get; set; } = new();

    internal RepeatedDatagrams? Repeats { get; set; }

    internal SrtFlow? SrtFlow { get; set; }

    // The list of its kind, the one that was heard of last at its end.
    internal TapStream? Older { get; set; }

    internal TapStream? Newer { get; set; }

    internal void Count(in Datagram datagram)
    {
        Packets++;
        Bytes += datagram.Length;
        if (!datagram.IsWhole) Cut++;
        (Ttl, Dscp) = (datagram.Ttl, datagram.Dscp);
        // Frames of several processors may be out of order by a little; more is a clock that was set back.
        if (datagram.TimeNs > LastNs || datagram.TimeNs < LastNs - SecondNs) LastNs = datagram.TimeNs;
        var passed = datagram.TimeNs - windowBeganNs;
        if (passed is < 0 or >= SecondNs)
        {
            if (passed > 0) LastBitrateBps = windowBytes * 8.0 * SecondNs / passed;
            (windowBeganNs, windowBytes) = (datagram.TimeNs, 0);
        }
        windowBytes += datagram.Length;
    }

    internal void Stop() => (IsActive, LastBitrateBps) = (false, 0);
}
