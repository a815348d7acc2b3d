using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>From captured frames to UDP datagrams: Ethernet with stacked VLANs, PPPoE and MPLS, Linux cooked, loopback and raw IP; IPv4 and IPv6 with extension headers and fragments;
/// IP in IP, GRE and ERSPAN (what a remote mirror port sends). Joins and leaves of groups are told as facts. Nothing is allocated for a datagram; one thread at a time.</summary>
public sealed class FrameDissector
{
    private const int MostTunnels = 4; // a frame that nests deeper wants to keep us busy

    // GRE (RFC 2784, RFC 2890) and what it carries.
    private const int ErspanTwo = 0x88BE;
    private const int ErspanThree = 0x22EB;

    private readonly FragmentTable fragments = new();
    private readonly List<GroupReport> reports = [];
    private long frames;
    private long datagrams;
    private long parts;
    private long damaged;

    /// <summary>What was met so far.</summary>
    public DissectionStatistics Statistics => new(frames, datagrams, parts, fragments.Lost, damaged);

    /// <summary>What the last frame said of groups, where it was <see cref="FrameContent.Membership"/>.</summary>
    public IReadOnlyList<GroupReport> Reports => reports;

    /// <summary>Looks at a frame.</summary>
    /// <param name="frame">The frame, whatever its bytes.</param>
    /// <param name="datagram">Its datagram; its payload is valid until the frame's bytes are not, or until the next call.</param>
    public FrameContent Dissect(in CapturedFrame frame, out Datagram datagram)
    {
        frames++;
        datagram = default;
        var content = Look(frame, ref datagram);
        if (content == FrameContent.Datagram) datagrams++;
        else if (content == FrameContent.Damaged) damaged++;
        return content;
    }

    private FrameContent Look(in CapturedFrame frame, ref Datagram datagram)
    {
        var link = new LinkLayer(frame.Link, frame.Bytes);
        if (link.IsCut) return FrameContent.Damaged;
        for (var tunnels = 0; tunnels <= MostTunnels; tunnels++)
        {
            if (link.Type is not (LinkLayer.IPv4 or LinkLayer.IPv6)) return FrameContent.Other;
            var ip = default(NetworkLayer);
            if (!ip.TryRead(link.Type, link.Rest)) return FrameContent.Damaged;
            if (ip.IsFragment)
            {
                parts++;
                if (!fragments.Add(ref ip, frame.TimeNs)) return FrameContent.Fragment;
            }
            if (ip.Protocol == NetworkLayer.Udp) return ReadUdp(ip, frame.TimeNs, link, ref datagram);
            if (ip.Protocol is NetworkLayer.Igmp or NetworkLayer.IcmpV6) return ReadMembership(ip, frame.TimeNs, link.OuterTag);
            if (ip.IsTunnel) link.Enter(ip.Payload);
            else if (ip.Protocol != NetworkLayer.Gre || !TryOpenGre(ip.Payload, ref link)) return FrameContent.Other;
        }
        return FrameContent.Other;
    }

    private static FrameContent ReadUdp(in NetworkLayer ip, long timeNs, in LinkLayer link, ref Datagram datagram)
    {
        if (ip.Payload.Length < 8) return FrameContent.Damaged;
        int length = BinaryPrimitives.ReadUInt16BigEndian(ip.Payload[4..]);
        if (length == 0) length = ip.Length; // a jumbogram (RFC 2675 4)
        if (length < 8 || length > ip.Length) return FrameContent.Damaged;
        datagram = new Datagram
        {
            Flow = new FlowKey(ip.Source, BinaryPrimitives.ReadUInt16BigEndian(ip.Payload), ip.Destination, BinaryPrimitives.ReadUInt16BigEndian(ip.Payload[2..]), link.OuterTag, link.InnerTag),
            Payload = ip.Payload[8..Math.Min(length, ip.Payload.Length)],
            Length = length - 8,
            TimeNs = timeNs,
            Ttl = ip.Ttl,
            Dscp = ip.Dscp,
        };
        return FrameContent.Datagram;
    }

    private FrameContent ReadMembership(in NetworkLayer ip, long timeNs, ushort vlan)
    {
        reports.Clear();
        return GroupMessages.Read(ip, timeNs, vlan, reports) ? FrameContent.Membership : FrameContent.Other;
    }

    private static bool TryOpenGre(ReadOnlySpan<byte> gre, ref LinkLayer link)
    {
        if (gre.Length < 4) return false;
        var hasSequence = (gre[0] & 0x10) != 0;
        var header = 4 + ((gre[0] & 0x80) != 0 ? 4 : 0) + ((gre[0] & 0x20) != 0 ? 4 : 0) + (hasSequence ? 4 : 0);
        int carried = BinaryPrimitives.ReadUInt16BigEndian(gre[2..]);
        // draft-foschiano-erspan: type I has no header and no sequence number, type II has 8 bytes, type III 12 and 8 more where its last bit (O) is set.
        if (carried == ErspanTwo && hasSequence) header += 8;
        else if (carried == ErspanThree) header += 12 + (gre.Length > header + 11 && (gre[header + 11] & 1) != 0 ? 8 : 0);
        if (header > gre.Length) return false;
        if (carried is not (ErspanTwo or ErspanThree or LinkLayer.TransparentEthernet))
        {
            link.Type = carried;
            link.Rest = gre[header..];
            return true;
        }
        var mirrored = new LinkLayer(LinkType.Ethernet, gre[header..]);
        if (mirrored.IsCut) return false;
        link = mirrored;
        return true;
    }
}
