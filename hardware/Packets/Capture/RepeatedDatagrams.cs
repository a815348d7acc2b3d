using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>Finds datagrams that come twice because a mirror port copies them where they come in and where they go out. Transport stream packets in plain UDP have no number by which a
/// receiver could tell, so each copy would look like a run of continuity errors of the broadcaster.</summary>
internal sealed class RepeatedDatagrams
{
    private const int Kept = 2; // the copy comes within microseconds: at most one other datagram lies between
    private const int Longest = 1500;
    private const long LongestDelayNs = 5_000_000;
    private const int NullPid = 0x1FFF;

    private readonly byte[] bytes = new byte[Kept * Longest];
    private readonly int[] lengths = new int[Kept];
    private readonly long[] times = new long[Kept];
    private int next;

    /// <summary>Whether a datagram is byte for byte one of those just before it. Null packets are all alike, and a single packet may legally be sent twice (ISO/IEC 13818-1 2.4.3.3): these are none.</summary>
    public bool IsRepeat(ReadOnlySpan<byte> payload, int packetSize, long timeNs)
    {
        for (var i = 0; i < Kept; i++)
            if (lengths[i] == payload.Length && timeNs - times[i] is >= 0 and < LongestDelayNs && payload.SequenceEqual(bytes.AsSpan(i * Longest, lengths[i])) && payload.Length > packetSize && !IsStuffing(payload, packetSize))
                return true;
        if (payload.Length > Longest) return false;
        payload.CopyTo(bytes.AsSpan(next * Longest));
        (lengths[next], times[next]) = (payload.Length, timeNs);
        next = (next + 1) % Kept;
        return false;
    }

    private static bool IsStuffing(ReadOnlySpan<byte> payload, int packetSize)
    {
        var sync = packetSize == 192 ? 4 : 0;
        for (var at = sync; at + 4 <= payload.Length; at += packetSize)
            if ((BinaryPrimitives.ReadUInt32BigEndian(payload[at..]) >> 8 & 0x1FFF) != NullPid) return false;
        return true;
    }
}
