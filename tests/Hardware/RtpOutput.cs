using System.Buffers.Binary;

namespace SignalWatch.Hardware.Tests;

/// <summary>What a receiver gives on.</summary>
internal sealed class RtpOutput
{
    public RtpOutput() => Handler = Take;

    public PacketsHandler Handler { get; }

    public List<byte[]> Payloads { get; } = [];

    public List<long> TimesNs { get; } = [];

    public List<int> MissingBefore { get; } = [];

    public byte[] Bytes => [.. Payloads.SelectMany(p => p)];

    /// <summary>Numbers that <see cref="Rtp.Packet"/> wrote into the payloads.</summary>
    public IEnumerable<int> Numbers => Payloads.Select(p => BinaryPrimitives.ReadInt32BigEndian(p.AsSpan(4)));

    private void Take(ReadOnlySpan<byte> transportPackets, long timeNs, int missingDatagramsBefore)
    {
        Payloads.Add(transportPackets.ToArray());
        TimesNs.Add(timeNs);
        MissingBefore.Add(missingDatagramsBefore);
    }
}

/// <summary>RTP datagrams of known content.</summary>
internal static class Rtp
{
    public const long MillisecondNs = 1_000_000;

    /// <summary>Seven transport packets that carry the number; the rest of their bytes follows from it.</summary>
    public static byte[] Packet(int number, uint ssrc = 0x1234_5678, int packets = 7, byte type = 33, uint? timestamp = null)
    {
        var datagram = new byte[12 + packets * 188];
        datagram[0] = 0x80;
        datagram[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)number);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(4), timestamp ?? (uint)(number * 90));
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(8), ssrc);
        new Random(number).NextBytes(datagram.AsSpan(12));
        for (var at = 12; at < datagram.Length; at += 188) datagram[at] = 0x47;
        if (packets > 0) BinaryPrimitives.WriteInt32BigEndian(datagram.AsSpan(16), number);
        return datagram;
    }

    /// <summary>The FEC of SMPTE ST 2022-1 over these packets: the parity, written a bit at a time as RFC 2733 says, and nothing of the decoder.</summary>
    public static byte[] Fec(int fecNumber, bool isRow, int offset, params byte[][] media)
    {
        var length = media.Max(m => m.Length) - 12;
        var fec = new byte[28 + length];
        fec[0] = 0x80;
        fec[1] = 96;
        foreach (var packet in media)
        {
            fec[0] ^= (byte)(packet[0] & 0x3F);
            fec[1] ^= (byte)(packet[1] & 0x80);
            fec[14] ^= (byte)(packet.Length - 12 >> 8);
            fec[15] ^= (byte)(packet.Length - 12);
            fec[16] ^= (byte)(packet[1] & 0x7F);
            for (var i = 0; i < 4; i++) fec[20 + i] ^= packet[4 + i];
            for (var i = 12; i < packet.Length; i++) fec[16 + i] ^= packet[i];
        }
        fec[16] |= 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(fec.AsSpan(2), (ushort)fecNumber);
        media[0].AsSpan(2, 2).CopyTo(fec.AsSpan(12));
        fec[24] = (byte)(isRow ? 0x40 : 0);
        fec[25] = (byte)offset;
        fec[26] = (byte)media.Length;
        return fec;
    }

    /// <summary>All sequence numbers of the events of one kind.</summary>
    public static IEnumerable<int> Sequences(this RtpStatistics statistics, params RtpEventKind[] kinds) =>
        statistics.Events.Where(e => kinds.Contains(e.Kind)).SelectMany(e => Enumerable.Range(0, e.Count).Select(i => (e.Sequence + i) & 0xFFFF));
}
