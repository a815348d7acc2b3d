using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>The header of an RTP packet (RFC 3550 5.1) and where its payload is.</summary>
internal readonly struct RtpHeader
{
    /// <summary>Bytes before the contributing sources; what FEC protects begins behind them (RFC 2733 3).</summary>
    public const int FixedBytes = 12;

    private const int PacketBytes = 188;
    private const byte SyncByte = 0x47;

    private RtpHeader(ReadOnlySpan<byte> datagram, int payloadStart, int payloadEnd)
    {
        PayloadType = (byte)(datagram[1] & 0x7F);
        SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        Timestamp = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        Ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        (PayloadStart, PayloadEnd) = (payloadStart, payloadEnd);
    }

    public byte PayloadType { get; }

    public ushort SequenceNumber { get; }

    public uint Timestamp { get; }

    public uint Ssrc { get; }

    /// <summary>Behind contributing sources and extension.</summary>
    public int PayloadStart { get; }

    /// <summary>Before the padding.</summary>
    public int PayloadEnd { get; }

    /// <summary>Reads the header.</summary>
    /// <returns>False where it is not of version 2, is cut short, or has an extension or padding longer than the datagram.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out RtpHeader header)
    {
        header = default;
        if (datagram.Length < FixedBytes || datagram[0] >> 6 != 2) return false;
        var start = FixedBytes + 4 * (datagram[0] & 0x0F); // contributing sources
        if ((datagram[0] & 0x10) != 0)
        {
            if (start + 4 > datagram.Length) return false;
            start += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 2)..]);
        }
        var end = datagram.Length;
        if ((datagram[0] & 0x20) != 0)
        {
            if (datagram[^1] == 0) return false; // padding counts its own length byte
            end -= datagram[^1];
        }
        if (start > end) return false;
        header = new RtpHeader(datagram, start, end);
        return true;
    }

    /// <summary>RTCP on the port of RTP: its packet types 192 to 223 lie where no payload type of RTP with a marker may (RFC 5761 4).</summary>
    public static bool IsControl(ReadOnlySpan<byte> datagram) => datagram.Length >= 8 && datagram[0] >> 6 == 2 && datagram[1] is >= 192 and <= 223;

    /// <summary>Where the packets of a datagram are. A datagram that begins with a sync byte is plain: as RTP it would be of version 1.</summary>
    /// <returns>The whole datagram where it is no RTP that carries whole packets: the analyser counts what can't be read.</returns>
    public static Range Payload(ReadOnlySpan<byte> datagram) =>
        TryRead(datagram, out var header) && IsWholePackets(datagram[header.PayloadStart..header.PayloadEnd]) ? header.PayloadStart..header.PayloadEnd : Range.All;

    /// <summary>Whole packets of 188 bytes, the first with its sync byte.</summary>
    public static bool IsWholePackets(ReadOnlySpan<byte> payload) => payload.Length > 0 && payload[0] == SyncByte && payload.Length % PacketBytes == 0;
}
