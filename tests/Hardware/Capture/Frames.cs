using System.Buffers.Binary;
using System.Net;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>Frames and capture files, byte by byte.</summary>
internal static class Frames
{
    public const long BeginNs = 1_700_000_000_000_000_000;

    public static byte[] Ethernet(byte[] packet, int type = 0x0800, params int[] vlans)
    {
        List<byte> frame = [1, 0, 0x5E, 1, 1, 1, 2, 0, 0, 0, 0, 1];
        foreach (var vlan in vlans) frame.AddRange([.. Half(vlan == vlans[^1] ? 0x8100 : 0x88A8), .. Half(vlan)]);
        return [.. frame, .. Half(type), .. packet];
    }

    public static byte[] IPv4(byte protocol, byte[] payload, string source = "10.0.0.1", string destination = "239.1.1.1", byte ttl = 16, byte dscp = 34, int identification = 7, int fragment = 0) =>
        [0x45, (byte)(dscp << 2), .. Half(20 + payload.Length), .. Half(identification), .. Half(fragment), ttl, protocol, 0, 0, .. Address(source), .. Address(destination), .. payload];

    public static byte[] IPv6(byte next, byte[] payload, string source = "2001:db8::1", string destination = "ff15::1") =>
        [0x68, 0x80, 0, 0, .. Half(payload.Length), next, 9, .. Address(source), .. Address(destination), .. payload];

    public static byte[] Udp(byte[] payload, int source = 2000, int destination = 5000) => [.. Half(source), .. Half(destination), .. Half(8 + payload.Length), 0, 0, .. payload];

    /// <summary>A frame of UDP over IPv4 over Ethernet.</summary>
    public static byte[] Datagram(byte[] payload, int port = 5000, int sourcePort = 2000, string source = "10.0.0.1", string destination = "239.1.1.1") =>
        Ethernet(IPv4(17, Udp(payload, sourcePort, port), source, destination));

    public static byte[] Rtp(byte[] payload, int sequence, int type = 33, uint ssrc = 0x1234_5678, uint time = 0) =>
        [0x80, (byte)type, .. Half(sequence), .. Word(time), .. Word(ssrc), .. payload];

    /// <summary>Transport stream packets whose bytes tell their number.</summary>
    public static byte[] Packets(int count, int first = 0, int size = 188, int syncOffset = 0)
    {
        var bytes = new byte[count * size];
        for (var i = 0; i < count; i++)
        {
            var packet = bytes.AsSpan(i * size);
            new Random(first + i).NextBytes(packet[..size]);
            BinaryPrimitives.WriteUInt32BigEndian(packet[syncOffset..], 0x4701_0010u | (uint)(first + i & 15));
            BinaryPrimitives.WriteInt32BigEndian(packet[(syncOffset + 4)..], first + i);
        }
        return bytes;
    }

    public static byte[] Pcap(IEnumerable<byte[]> frames, bool bigEndian = false, bool nanoseconds = true, int link = 1, long stepNs = 1_000_000)
    {
        List<byte> file = [.. Word(nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4, bigEndian), .. Half(2, bigEndian), .. Half(4, bigEndian), .. new byte[8], .. Word(65535, bigEndian), .. Word((uint)link, bigEndian)];
        var at = BeginNs;
        foreach (var frame in frames)
        {
            file.AddRange([.. Word((uint)(at / 1_000_000_000), bigEndian), .. Word((uint)(at % 1_000_000_000 / (nanoseconds ? 1 : 1000)), bigEndian)]);
            file.AddRange([.. Word((uint)frame.Length, bigEndian), .. Word((uint)frame.Length, bigEndian), .. frame]);
            at += stepNs;
        }
        return [.. file];
    }

    public static byte[] Block(uint type, bool bigEndian, params byte[][] parts)
    {
        List<byte> body = [.. parts.SelectMany(p => p)];
        while (body.Count % 4 != 0) body.Add(0);
        var length = (uint)body.Count + 12;
        return [.. Word(type, bigEndian), .. Word(length, bigEndian), .. body, .. Word(length, bigEndian)];
    }

    public static byte[] Section(bool bigEndian) => Block(0x0A0D0D0A, bigEndian, Word(0x1A2B3C4D, bigEndian), Half(1, bigEndian), Half(0, bigEndian), Enumerable.Repeat((byte)0xFF, 8).ToArray());

    public static byte[] Interface(bool bigEndian, int link = 1, byte[]? options = null) => Block(1, bigEndian, Half(link, bigEndian), Half(0, bigEndian), Word(0, bigEndian), options ?? []);

    public static byte[] Enhanced(bool bigEndian, int number, ulong ticks, byte[] frame) =>
        Block(6, bigEndian, Word((uint)number, bigEndian), Word((uint)(ticks >> 32), bigEndian), Word((uint)ticks, bigEndian), Word((uint)frame.Length, bigEndian), Word((uint)frame.Length, bigEndian), frame);

    public static byte[] Half(int value, bool bigEndian = true)
    {
        var bytes = new byte[2];
        if (bigEndian) BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        else BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    public static byte[] Word(uint value, bool bigEndian = true)
    {
        var bytes = new byte[4];
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Address(string address) => IPAddress.Parse(address).GetAddressBytes();

    public static CaptureFileSource Open(byte[] file, string? filter = null) => new("test", new MemoryStream(file), new CaptureFileOptions { Filter = filter });

    /// <summary>All frames of a file, copied.</summary>
    public static List<(long TimeNs, byte[] Bytes, LinkType Link)> All(CaptureFileSource source)
    {
        List<(long, byte[], LinkType)> all = [];
        while (source.Read(out var frame) == CaptureStatus.Frame) all.Add((frame.TimeNs, frame.Bytes.ToArray(), frame.Link));
        return all;
    }

    public static CapturedFrame Captured(byte[] frame, long timeNs = BeginNs, LinkType link = LinkType.Ethernet) => new(timeNs, frame.Length, link, frame);
}
