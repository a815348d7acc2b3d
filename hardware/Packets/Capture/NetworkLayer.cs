using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>The header of an IPv4 (RFC 791) or IPv6 packet (RFC 8200), with its extension headers.</summary>
internal ref struct NetworkLayer
{
    // IANA protocol numbers.
    public const int Igmp = 2;
    public const int Udp = 17;
    public const int Gre = 47;
    public const int IcmpV6 = 58;
    private const int HopByHop = 0;
    private const int IPv4InIp = 4;
    private const int IPv6InIp = 41;
    private const int Routing = 43;
    private const int FragmentHeader = 44;
    private const int Authentication = 51;
    private const int DestinationOptions = 60;
    private const int MostExtensions = 8;

    public NetworkAddress Source;
    public NetworkAddress Destination;
    public byte Ttl;
    public byte Dscp;
    public int Protocol;

    /// <summary>What follows the headers, as far as it was captured.</summary>
    public ReadOnlySpan<byte> Payload;

    /// <summary>Bytes that follow the headers on the wire.</summary>
    public int Length;

    public bool IsFragment;
    public uint Identification;
    public int FragmentOffset;
    public bool MoreFragments;

    /// <summary>Whether the packet is an IP packet in this one.</summary>
    public readonly bool IsTunnel => Protocol is IPv4InIp or IPv6InIp;

    /// <returns>False where the headers contradict themselves or are cut.</returns>
    public bool TryRead(int etherType, ReadOnlySpan<byte> packet) => etherType == LinkLayer.IPv4 ? TryReadV4(packet) : TryReadV6(packet);

    private bool TryReadV4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 20 || packet[0] >> 4 != 4) return false;
        var header = (packet[0] & 0x0F) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (total == 0) total = packet.Length; // captured on the sending machine before segmentation offload filled it in
        if (header < 20 || header > packet.Length || total < header) return false;
        Source = NetworkAddress.Read(packet.Slice(12, 4));
        Destination = NetworkAddress.Read(packet.Slice(16, 4));
        (Ttl, Protocol, Dscp) = (packet[8], packet[9], (byte)(packet[1] >> 2));
        var flags = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        MoreFragments = (flags & 0x2000) != 0;
        FragmentOffset = (flags & 0x1FFF) * 8;
        IsFragment = MoreFragments || FragmentOffset > 0;
        Identification = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        Take(packet[header..], total - header);
        return true;
    }

    private bool TryReadV6(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 40 || packet[0] >> 4 != 6) return false;
        Source = NetworkAddress.Read(packet.Slice(8, 16));
        Destination = NetworkAddress.Read(packet.Slice(24, 16));
        (Ttl, Protocol, Dscp) = (packet[7], packet[6], (byte)((packet[0] & 0x0F) << 2 | packet[1] >> 6));
        Take(packet[40..], BinaryPrimitives.ReadUInt16BigEndian(packet[4..]));
        for (var count = 0; count < MostExtensions && Protocol is HopByHop or Routing or FragmentHeader or Authentication or DestinationOptions; count++)
        {
            if (Payload.Length < 8) return false;
            if (Protocol == FragmentHeader) TakeFragmentHeader();
            else if (!TryPassExtension()) return false;
            if (IsFragment && FragmentOffset > 0) return true; // headers after the first fragment's are its data
        }
        return true;
    }

    private void TakeFragmentHeader()
    {
        var field = BinaryPrimitives.ReadUInt16BigEndian(Payload[2..]);
        (MoreFragments, FragmentOffset) = ((field & 1) != 0, field & 0xFFF8);
        IsFragment = MoreFragments || FragmentOffset > 0; // alone it is an atomic fragment (RFC 6946): whole
        Identification = BinaryPrimitives.ReadUInt32BigEndian(Payload[4..]);
        Protocol = Payload[0];
        Take(Payload[8..], Length - 8);
    }

    private bool TryPassExtension()
    {
        var length = Protocol == Authentication ? (Payload[1] + 2) * 4 : (Payload[1] + 1) * 8; // RFC 4302 2.2, RFC 8200 4.3
        if (length > Payload.Length || length > Length) return false;
        Protocol = Payload[0];
        Take(Payload[length..], Length - length);
        return true;
    }

    // Frames are padded to 60 bytes: what is beyond the packet's own length is none of it.
    private void Take(ReadOnlySpan<byte> rest, int length)
    {
        Length = Math.Max(length, 0);
        Payload = rest[..Math.Min(rest.Length, Length)];
    }
}
