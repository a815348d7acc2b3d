using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>RTP around transport stream packets (RFC 3550 5.1, RFC 2250).</summary>
internal static class RtpHeader
{
    private const int FixedBytes = 12;
    private const int PacketBytes = 188;
    private const byte SyncByte = 0x47;

    /// <summary>Where the packets of a datagram are. A datagram that begins with a sync byte is plain: as RTP it would be of version 1.</summary>
    /// <returns>The whole datagram where it is no RTP that carries whole packets: the analyser counts what can't be read.</returns>
    public static Range Payload(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < FixedBytes || datagram[0] == SyncByte || datagram[0] >> 6 != 2) return Range.All;
        var start = FixedBytes + 4 * (datagram[0] & 0x0F); // contributing sources
        if ((datagram[0] & 0x10) != 0)
        {
            if (start + 4 > datagram.Length) return Range.All;
            start += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 2)..]);
        }
        var end = datagram.Length - ((datagram[0] & 0x20) != 0 ? datagram[^1] : 0); // padding says its own length
        return start < end && datagram[start] == SyncByte && (end - start) % PacketBytes == 0 ? start..end : Range.All;
    }
}
