using System.Buffers.Binary;

namespace SignalWatch.Hardware.Tests;

/// <summary>The UDP datagrams of a classic pcap file: Ethernet, IPv4, no fragments. Enough for recordings that are known.</summary>
internal static class RtpCapture
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;

    internal sealed record Datagram(long TimeNs, int Port, byte[] Payload);

    public static List<Datagram> Read(string path)
    {
        var file = File.ReadAllBytes(path).AsSpan();
        var unit = BinaryPrimitives.ReadUInt32LittleEndian(file) switch { Nanoseconds => 1, Microseconds => 1000, var other => throw new InvalidDataException($"{path}: magic {other:x}") };
        List<Datagram> datagrams = [];
        for (var rest = file[24..]; rest.Length >= 16;)
        {
            var timeNs = BinaryPrimitives.ReadUInt32LittleEndian(rest) * 1_000_000_000L + BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) * (long)unit;
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
            var ip = rest.Slice(16, length)[14..];
            var udp = ip[(4 * (ip[0] & 15))..];
            var udpLength = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
            datagrams.Add(new Datagram(timeNs, BinaryPrimitives.ReadUInt16BigEndian(udp[2..]), udp[8..udpLength].ToArray()));
            rest = rest[(16 + length)..];
        }
        return datagrams;
    }
}
