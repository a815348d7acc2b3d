using System.Buffers.Binary;
using System.Net;

namespace SignalWatch.Hardware;

/// <summary>An IPv4 or IPv6 address as a value: flows are looked up by it for every datagram. An IPv4 address is its mapped form (RFC 4291 2.5.5.2).</summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The last 64 bits.</param>
public readonly record struct NetworkAddress(ulong High, ulong Low)
{
    private const ulong Mapped = 0xFFFF_0000_0000;

    /// <summary>Whether it is of version 4.</summary>
    public bool IsIPv4 => High == 0 && Low >> 32 == Mapped >> 32;

    /// <summary>A group of 224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsIPv4 ? (Low & 0xF000_0000) == 0xE000_0000 : High >> 56 == 0xFF;

    /// <summary>Reads 4 or 16 bytes.</summary>
    internal static NetworkAddress Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 4
            ? new(0, Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>As the framework has it.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(IsIPv4 ? bytes[12..] : bytes);
    }

    /// <summary>As people write it.</summary>
    public override string ToString() => ToIPAddress().ToString();
}

/// <summary>What makes datagrams one flow.</summary>
/// <param name="Source">Who sends.</param>
/// <param name="SourcePort">From which port.</param>
/// <param name="Destination">To whom: a host or a group.</param>
/// <param name="DestinationPort">To which port.</param>
/// <param name="Vlan">VLAN of the outermost tag; 0 without.</param>
/// <param name="InnerVlan">VLAN of the second tag (802.1ad); 0 without.</param>
public readonly record struct FlowKey(NetworkAddress Source, ushort SourcePort, NetworkAddress Destination, ushort DestinationPort, ushort Vlan, ushort InnerVlan)
{
    /// <summary>The answers to it.</summary>
    internal FlowKey Reversed => new(Destination, DestinationPort, Source, SourcePort, Vlan, InnerVlan);

    /// <summary>Mixes all of it with few multiplications: it is reckoned for every datagram.</summary>
    public override int GetHashCode()
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15; // 2^64 divided by the golden ratio
        var ports = (ulong)SourcePort << 48 | (ulong)DestinationPort << 32 | (uint)Vlan << 16 | InnerVlan;
        var hash = (Source.High ^ Destination.High * 3) * Odd ^ Source.Low;
        hash = (hash ^ hash >> 32) * Odd ^ Destination.Low;
        hash = (hash ^ hash >> 32) * Odd ^ ports;
        hash = (hash ^ hash >> 32) * Odd;
        return (int)(hash >> 32);
    }

    /// <summary>As people write it: <c>10.0.0.1:2000 → 239.1.1.1:5000 VLAN 123</c>.</summary>
    public override string ToString() => $"{End(Source, SourcePort)} → {End(Destination, DestinationPort)}{Tag()}";

    /// <summary>Address and port as people write them.</summary>
    public static string End(NetworkAddress address, ushort port) => address.IsIPv4 ? $"{address}:{port}" : $"[{address}]:{port}";

    private string Tag() => Vlan == 0 ? "" : InnerVlan == 0 ? $" VLAN {Vlan}" : $" VLAN {Vlan}.{InnerVlan}";
}
