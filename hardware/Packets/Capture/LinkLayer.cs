using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>From the first byte of a frame to its network layer.</summary>
internal ref struct LinkLayer
{
    // IEEE 802 EtherTypes (registry of the IEEE Registration Authority).
    public const int IPv4 = 0x0800;
    public const int IPv6 = 0x86DD;
    public const int TransparentEthernet = 0x6558;
    private const int Vlan = 0x8100;         // 802.1Q
    private const int ServiceVlan = 0x88A8;  // 802.1ad
    private const int OldVlan = 0x9100;      // QinQ before 802.1ad
    private const int PppoeSession = 0x8864; // RFC 2516
    private const int Mpls = 0x8847;         // RFC 5332
    private const int MplsMulticast = 0x8848;
    private const int MostTags = 8;

    /// <summary>EtherType of <see cref="Rest"/>; 0 where the frame has none that is known.</summary>
    public int Type;

    /// <summary>What follows the link layer.</summary>
    public ReadOnlySpan<byte> Rest;

    /// <summary>VLAN of the outermost tag; 0 without.</summary>
    public ushort OuterTag;

    /// <summary>VLAN of the next tag; 0 without.</summary>
    public ushort InnerTag;

    /// <summary>Whether the frame ends within its link layer.</summary>
    public bool IsCut;

    public LinkLayer(LinkType link, ReadOnlySpan<byte> frame)
    {
        Rest = frame;
        switch (link)
        {
            case LinkType.Ethernet:
                Begin(typeAt: 12, length: 14);
                break;
            case LinkType.LinuxCooked:
                Begin(typeAt: 14, length: 16);
                break;
            case LinkType.LinuxCooked2:
                Begin(typeAt: 0, length: 20);
                break;
            case LinkType.Raw or LinkType.RawOfLinux or LinkType.RawOfOpenBsd or LinkType.IPv4 or LinkType.IPv6:
                ByVersion();
                break;
            case LinkType.Null or LinkType.Loop:
                Pass(4); // the number of the address family differs by system; the version of IP does not
                if (!IsCut) ByVersion();
                break;
        }
    }

    /// <summary>Goes on in a packet that carries IP without a type of its own.</summary>
    public void Enter(ReadOnlySpan<byte> packet)
    {
        Rest = packet;
        ByVersion();
    }

    private void Begin(int typeAt, int length)
    {
        if (Rest.Length < length)
        {
            IsCut = true;
            return;
        }
        Type = BinaryPrimitives.ReadUInt16BigEndian(Rest[typeAt..]);
        Rest = Rest[length..];
        for (var tags = 0; tags < MostTags && Type is Vlan or ServiceVlan or OldVlan; tags++) TakeTag();
        if (Type == PppoeSession) TakePppoe();
        else if (Type is Mpls or MplsMulticast) TakeLabels();
    }

    private void TakeTag()
    {
        if (Rest.Length < 4)
        {
            (IsCut, Type) = (true, 0);
            return;
        }
        var id = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(Rest) & 0x0FFF); // 0 is a priority without a VLAN (802.1Q 9.6)
        if (OuterTag == 0) OuterTag = id;
        else if (InnerTag == 0) InnerTag = id;
        Type = BinaryPrimitives.ReadUInt16BigEndian(Rest[2..]);
        Rest = Rest[4..];
    }

    // RFC 2516 4 and the PPP protocol numbers of IPv4 and IPv6.
    private void TakePppoe()
    {
        Pass(8);
        if (IsCut) return;
        Type = 0;
        ByVersion();
    }

    // RFC 3032 2.1: the bottom of the stack has the S bit. What is below is IP where its first nibble says so (RFC 4928 3).
    private void TakeLabels()
    {
        Type = 0;
        var bottom = false;
        for (var labels = 0; labels < MostTags && !bottom && !IsCut; labels++)
        {
            bottom = Rest.Length >= 4 && (Rest[2] & 1) != 0;
            Pass(4);
        }
        if (bottom) ByVersion();
    }

    private void ByVersion() => Type = Rest.Length == 0 ? 0 : (Rest[0] >> 4) switch { 4 => IPv4, 6 => IPv6, _ => 0 };

    private void Pass(int bytes)
    {
        IsCut = Rest.Length < bytes;
        Rest = IsCut ? default : Rest[bytes..];
    }
}
