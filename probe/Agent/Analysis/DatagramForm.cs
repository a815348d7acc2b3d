namespace SignalWatch.Probe.Analysis;

/// <summary>What a datagram with a transport stream is, by its bytes.</summary>
internal static class DatagramForm
{
    private const int RtpHeaderBytes = 12;

    /// <summary>RTP of version 2 (RFC 3550 5.1), and not packets that begin with a sync byte, or with an M2TS stamp before one. Three packets behind an RTP header are as long as three with stamps.</summary>
    public static bool IsRtp(ReadOnlySpan<byte> payload) =>
        payload.Length > RtpHeaderBytes && payload[0] >> 6 == 2 && payload[0] != PacketGrid.SyncByte && !IsStamped(payload);

    private static bool IsStamped(ReadOnlySpan<byte> payload)
    {
        if (payload.Length % PacketGrid.StampedBytes != 0) return false;
        for (var at = PacketGrid.StampBytes; at < payload.Length; at += PacketGrid.StampedBytes)
            if (payload[at] != PacketGrid.SyncByte) return false;
        return true;
    }
}
