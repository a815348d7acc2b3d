using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>Tells by the content of a flow's first datagrams what it is. Ports say nothing. What was looked at meanwhile is held, so that no packet of a stream is missing.</summary>
internal sealed class FlowRecognition
{
    private const int SyncsToAcquire = 5;    // TR 101 290 5.2.1: as a receiver acquires synchronisation
    private const int MostLooks = 64;
    private const int RtpInARow = 8;
    private const int SrtInARow = 16;
    private const int MostRtpStep = 100;     // larger steps of a sequence number are another stream, or no stream
    private const int MostHeld = 4 * 204 + 4 * RtpFields.MostHeaderBytes;

    private byte[]? held;
    private int heldBytes;
    private readonly List<(int Length, long TimeNs)> heldDatagrams = [];
    private int syncs;
    private bool syncsInRtp;
    private PacketLayout layout;
    private int rtpRow;
    private ushort rtpSequence;
    private uint rtpSsrc;
    private int srtRow;
    private uint srtSocket;
    private uint srtSequence;

    /// <summary>Datagrams looked at.</summary>
    public int Looks { get; private set; }

    /// <summary>Whether enough was seen to say that it is nothing that is looked for.</summary>
    public bool IsExhausted => Looks >= MostLooks;

    /// <summary>Packet layout of what was recognised.</summary>
    public PacketLayout Layout => layout;

    /// <summary>Gives what was held while it was undecided.</summary>
    internal delegate void Held(ReadOnlySpan<byte> payload, long timeNs);

    /// <summary>Looks at one more datagram.</summary>
    /// <returns>What the flow is; <see cref="TapProtocol.Other"/> where that can't be said yet.</returns>
    public TapProtocol Look(ReadOnlySpan<byte> datagram, long timeNs)
    {
        Looks++;
        var srt = datagram.Length >= SrtPacket.HeaderBytes ? new SrtPacket(datagram) : default;
        if (srt.IsHandshake) return TapProtocol.Srt; // first, because as RTP it would be of version 2
        var isRtp = RtpFields.TryRead(datagram, out var rtp);
        // Before packets are looked for: the exclusive or of an odd number of them has their sync bytes.
        if (isRtp && FecFields.TryRead(datagram[rtp.Payload], out var isRow)) return isRow ? TapProtocol.Fec2022Row : TapProtocol.Fec2022Column;
        if (LookForPackets(isRtp ? datagram[rtp.Payload] : datagram, isRtp) is { } carrier)
        {
            if (syncs >= SyncsToAcquire) return carrier;
            Hold(datagram, timeNs);
            return TapProtocol.Other;
        }
        (syncs, heldBytes) = (0, 0);
        heldDatagrams.Clear();
        if (IsRtcp(datagram)) return TapProtocol.Rtcp;
        if (isRtp && IsRtpInARow(rtp)) return TapProtocol.Rtp;
        return IsSrtInARow(srt) ? TapProtocol.Srt : TapProtocol.Other;
    }

    /// <summary>Whether a single datagram leaves no doubt: for a flow that was something else so far.</summary>
    public static TapProtocol LookOnce(ReadOnlySpan<byte> datagram, out PacketLayout layout)
    {
        var fresh = new FlowRecognition();
        var found = fresh.Look(datagram, 0);
        layout = fresh.layout;
        return found is TapProtocol.UdpTs or TapProtocol.RtpTs ? found : TapProtocol.Other;
    }

    /// <summary>Gives what was held, in order.</summary>
    public void Release(Held give)
    {
        var at = 0;
        foreach (var (length, timeNs) in heldDatagrams)
        {
            give(held.AsSpan(at, length), timeNs);
            at += length;
        }
        heldDatagrams.Clear();
    }

    private TapProtocol? LookForPackets(ReadOnlySpan<byte> payload, bool inRtp)
    {
        var found = PacketLayout.Find(payload, out var seen);
        if (found == 0 && !IsBehindSrtHeader(payload)) found = PacketLayout.FindUnaligned(payload, SyncsToAcquire, out seen);
        if (found == 0) return null;
        if (seen != layout || inRtp != syncsInRtp) (syncs, layout, syncsInRtp) = (0, seen, inRtp);
        syncs += found;
        return inRtp ? TapProtocol.RtpTs : TapProtocol.UdpTs;
    }

    // Whole packets after 16 bytes: if it is SRT, its numbers will tell.
    private static bool IsBehindSrtHeader(ReadOnlySpan<byte> payload) =>
        payload.Length > SrtPacket.HeaderBytes && (payload[0] & 0x80) == 0 && PacketLayout.Find(payload[SrtPacket.HeaderBytes..], out _) > 0;

    // Fewer than five packets are held: no more than a thousand bytes, and their RTP headers.
    private void Hold(ReadOnlySpan<byte> datagram, long timeNs)
    {
        held ??= new byte[MostHeld];
        if (heldBytes + datagram.Length > held.Length) return;
        datagram.CopyTo(held.AsSpan(heldBytes));
        heldBytes += datagram.Length;
        heldDatagrams.Add((datagram.Length, timeNs));
    }

    private bool IsRtpInARow(in RtpFields rtp)
    {
        var step = (short)(rtp.Sequence - rtpSequence);
        // The lowest bit of the source marks what RIST sends again, out of turn.
        var follows = (rtp.Ssrc | 1) == (rtpSsrc | 1) && step is > -MostRtpStep and < MostRtpStep and not 0;
        rtpRow = follows ? rtpRow + 1 : 1;
        (rtpSequence, rtpSsrc) = (rtp.Sequence, rtp.Ssrc);
        return rtpRow >= RtpInARow;
    }

    // RFC 3550 6.1: a compound of packets whose lengths add up to the datagram's; 6.4, 6.5, RFC 4585 and RFC 3611 for the types.
    public static bool IsRtcp(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 8) return false;
        while (datagram.Length >= 4)
        {
            if (datagram[0] >> 6 != 2 || datagram[1] is < 200 or > 207) return false;
            var length = (BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) + 1) * 4;
            if (length > datagram.Length) return false;
            datagram = datagram[length..];
        }
        return datagram.IsEmpty;
    }

    // A tap that comes after the handshake sees data whose numbers follow each other, or answers to one socket.
    private bool IsSrtInARow(in SrtPacket packet)
    {
        if (packet.IsEmpty)
        {
            srtRow = 0;
            return false;
        }
        var follows = packet.IsControl
            ? packet is { Subtype: 0, ControlType: SrtPacket.KeepAlive or SrtPacket.Acknowledgement or SrtPacket.LossReport or SrtPacket.AcknowledgementOfAcknowledgement }
              && packet.Payload.Length <= 4 + 28 + 4 * 366 // the longest is a loss report that fills a frame
            : packet.Position == 3 && packet.Message != 0 && (srtRow == 0 || SrtPacket.Difference(packet.Sequence, srtSequence) is > -MostRtpStep and < MostRtpStep);
        if (packet.Socket == 0) follows = false;
        srtRow = follows && (srtRow == 0 || packet.Socket == srtSocket) ? srtRow + 1 : 0;
        srtSocket = packet.Socket;
        if (!packet.IsControl) srtSequence = packet.Sequence;
        return srtRow >= SrtInARow;
    }
}

/// <summary>Fields of an RTP header (RFC 3550 5.1) that tell flows apart.</summary>
internal readonly record struct RtpFields(byte PayloadType, ushort Sequence, uint Ssrc, Range Payload)
{
    public const int MostHeaderBytes = 12 + 15 * 4 + 4; // with all contributing sources and an empty extension
    private const int FixedBytes = 12;

    public static bool TryRead(ReadOnlySpan<byte> datagram, out RtpFields fields)
    {
        fields = default;
        if (datagram.Length < FixedBytes || datagram[0] >> 6 != 2) return false;
        var type = (byte)(datagram[1] & 0x7F);
        if (type is >= 72 and <= 79) return false; // RTCP with its marker bit (RFC 5761 4)
        var start = FixedBytes + 4 * (datagram[0] & 0x0F);
        if ((datagram[0] & 0x10) != 0)
        {
            if (start + 4 > datagram.Length) return false;
            start += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 2)..]);
        }
        var end = datagram.Length - ((datagram[0] & 0x20) != 0 ? datagram[^1] : 0);
        if (start > end) return false;
        fields = new RtpFields(type, BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]), BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]), start..end);
        return true;
    }
}

/// <summary>The header of a SMPTE 2022-1 error correction packet (5.2 there; the layout is RFC 2733's, extended).</summary>
internal static class FecFields
{
    private const int Bytes = 16;

    /// <summary>Whether an RTP payload is one: fields that the standard fixes have their values, and the rest is as long as whole packets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out bool isRow)
    {
        isRow = false;
        if (payload.Length <= Bytes || (payload.Length - Bytes) % PacketLayout.Packet != 0) return false;
        var extended = (payload[4] & 0x80) != 0;                                     // E
        var mask = payload[5] | payload[6] | payload[7];                             // set by RFC 2733 alone
        var (reserved, type, index) = (payload[12] & 0x80, payload[12] >> 3 & 7, payload[12] & 7); // type 0: exclusive or
        var (offset, count) = (payload[13], payload[14]);
        isRow = (payload[12] & 0x40) != 0;                                           // D
        return extended && mask == 0 && reserved == 0 && type == 0 && index == 0 && offset > 0 && count > 0 && payload[15] == 0;
    }
}
