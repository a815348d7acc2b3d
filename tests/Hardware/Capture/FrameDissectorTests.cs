using System.Net;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>From frames to datagrams.</summary>
public sealed class FrameDissectorTests
{
    private static readonly byte[] Payload = Frames.Packets(2);

    private readonly FrameDissector dissector = new();

    [Fact]
    public void A_datagram_has_its_flow_its_marks_and_no_padding()
    {
        var (content, flow, payload) = Look([.. Frames.Ethernet(Frames.IPv4(17, Frames.Udp([1, 2, 3]))), .. new byte[15]]);
        content.Should().Be(FrameContent.Datagram);
        payload.Should().Equal(1, 2, 3);
        flow.ToString().Should().Be("10.0.0.1:2000 → 239.1.1.1:5000");
        dissector.Dissect(Frames.Captured(Frames.Ethernet(Frames.IPv4(17, Frames.Udp([1, 2, 3])))), out var datagram);
        (datagram.Ttl, datagram.Dscp, datagram.TimeNs, datagram.Length, datagram.IsWhole).Should().Be(((byte)16, (byte)34, Frames.BeginNs, 3, true));
    }

    [Theory]
    [InlineData(new int[0], 0, 0)]
    [InlineData(new[] { 123 }, 123, 0)]
    [InlineData(new[] { 100, 200 }, 100, 200)]
    [InlineData(new[] { 0, 200 }, 200, 0)] // priority tags are no VLAN
    public void Stacked_VLANs_are_part_of_the_flow(int[] tags, int outer, int inner)
    {
        var (_, flow, payload) = Look(Frames.Ethernet(Frames.IPv4(17, Frames.Udp(Payload)), vlans: tags));
        payload.Should().Equal(Payload);
        (flow.Vlan, flow.InnerVlan).Should().Be(((ushort)outer, (ushort)inner));
    }

    public static TheoryData<LinkType, byte[]> Links => new()
    {
        { LinkType.LinuxCooked, new byte[14] },
        { LinkType.LinuxCooked2, [] },
        { LinkType.Raw, [] },
        { LinkType.RawOfLinux, [] },
        { LinkType.IPv4, [] },
        { LinkType.Null, [2, 0, 0, 0] },
        { LinkType.Loop, [0, 0, 0, 2] },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void Every_link_layer_leads_to_the_same_datagram(LinkType link, byte[] header)
    {
        byte[] before = link switch
        {
            LinkType.LinuxCooked => [.. header, 8, 0],
            LinkType.LinuxCooked2 => [8, 0, .. new byte[18]],
            _ => header,
        };
        var (content, flow, payload) = Look([.. before, .. Frames.IPv4(17, Frames.Udp(Payload))], link);
        content.Should().Be(FrameContent.Datagram);
        payload.Should().Equal(Payload);
        flow.DestinationPort.Should().Be(5000);
    }

    [Fact]
    public void PPPoE_and_MPLS_are_passed()
    {
        var packet = Frames.IPv4(17, Frames.Udp(Payload));
        Look(Frames.Ethernet([0x11, 0, 0, 1, .. Frames.Half(packet.Length + 2), 0, 0x21, .. packet], type: 0x8864)).Payload.Should().Equal(Payload);
        Look(Frames.Ethernet([0, 1, 0, 64, 0, 2, 1, 64, .. packet], type: 0x8847)).Payload.Should().Equal(Payload);
    }

    [Fact]
    public void IPv6_with_extension_headers_is_read()
    {
        byte[] hopByHop = [60, 0, 5, 2, 0, 0, 1, 0];
        byte[] destination = [44, 1, .. new byte[14]];
        byte[] atomic = [17, 0, 0, 0, 0, 0, 0, 9]; // RFC 6946
        var (content, flow, payload) = Look(Frames.Ethernet(Frames.IPv6(0, [.. hopByHop, .. destination, .. atomic, .. Frames.Udp(Payload)]), type: 0x86DD));
        content.Should().Be(FrameContent.Datagram);
        payload.Should().Equal(Payload);
        flow.ToString().Should().Be("[2001:db8::1]:2000 → [ff15::1]:5000");
        flow.Destination.IsMulticast.Should().BeTrue();
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 })]
    [InlineData(new[] { 2, 0, 1 })]
    [InlineData(new[] { 1, 1, 0, 2 })]
    public void Fragments_come_together_in_any_order_and_twice(int[] order)
    {
        var whole = Frames.Udp(Frames.Packets(14));
        byte[] V4(int i) => Frames.Ethernet(Frames.IPv4(17, Piece(whole, i), fragment: i * 160 | (i < 2 ? 0x2000 : 0)));
        byte[] V6(int i) => Frames.Ethernet(Frames.IPv6(44, [17, 0, .. Frames.Half(i * 1280 | (i < 2 ? 1 : 0)), 0, 0, 0, 5, .. Piece(whole, i)]), type: 0x86DD);
        foreach (var piece in (Func<int, byte[]>[])[V4, V6])
        {
            for (var n = 0; n < order.Length - 1; n++) Look(piece(order[n])).Content.Should().Be(FrameContent.Fragment);
            var (content, flow, payload) = Look(piece(order[^1]));
            content.Should().Be(FrameContent.Datagram);
            payload.Should().Equal(whole[8..]);
            flow.DestinationPort.Should().Be(5000);
        }
        dissector.Statistics.FragmentsLost.Should().Be(0);
    }

    [Fact]
    public void Fragments_that_never_complete_cost_bounded_memory_and_are_counted()
    {
        for (var i = 0; i < 1_000; i++)
            Look(Frames.Ethernet(Frames.IPv4(17, new byte[1280], identification: i, fragment: 0x2000))).Content.Should().Be(FrameContent.Fragment);
        dissector.Statistics.Should().Be(new DissectionStatistics(Frames: 1_000, Datagrams: 0, Fragments: 1_000, FragmentsLost: 936, Damaged: 0));
    }

    [Fact]
    public void What_a_remote_mirror_port_wraps_is_unwrapped()
    {
        var mirrored = Frames.Ethernet(Frames.IPv4(17, Frames.Udp(Payload)), vlans: 55);
        byte[] two = [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, .. new byte[8], .. mirrored];
        byte[] three = [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, .. new byte[12], .. mirrored];
        byte[] threeLong = [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, .. new byte[11], 1, .. new byte[8], .. mirrored];
        byte[] plain = [0, 0, 0x65, 0x58, .. mirrored];
        foreach (var gre in (byte[][])[two, three, threeLong, plain])
        {
            var (content, flow, payload) = Look(Frames.Ethernet(Frames.IPv4(47, gre, destination: "192.168.0.9")));
            content.Should().Be(FrameContent.Datagram);
            payload.Should().Equal(Payload);
            flow.ToString().Should().Be("10.0.0.1:2000 → 239.1.1.1:5000 VLAN 55");
        }
        Look(Frames.Ethernet(Frames.IPv4(47, [0, 0, 8, 0, .. Frames.IPv4(17, Frames.Udp(Payload))]))).Payload.Should().Equal(Payload);
        Look(Frames.Ethernet(Frames.IPv4(4, Frames.IPv4(17, Frames.Udp(Payload))))).Payload.Should().Equal(Payload);
    }

    [Fact]
    public void A_frame_cut_by_the_snap_length_says_so()
    {
        var frame = Frames.Datagram(Payload);
        dissector.Dissect(new CapturedFrame(0, frame.Length, LinkType.Ethernet, frame.AsSpan(0, 200)), out var datagram).Should().Be(FrameContent.Datagram);
        (datagram.Length, datagram.Payload.Length, datagram.IsWhole).Should().Be((376, 158, false));
        for (var length = 0; length < 42; length++) dissector.Dissect(new CapturedFrame(0, frame.Length, LinkType.Ethernet, frame.AsSpan(0, length)), out _).Should().Be(FrameContent.Damaged);
    }

    [Fact]
    public void Joins_and_leaves_of_IGMP_are_facts()
    {
        Reports(Frames.IPv4(2, [0x16, 0, 0, 0, 239, 1, 1, 1])).Should().Equal("Join 10.0.0.1 239.1.1.1  IGMPv2");
        Reports(Frames.IPv4(2, [0x17, 0, 0, 0, 239, 1, 1, 1])).Should().Equal("Leave 10.0.0.1 239.1.1.1  IGMPv2");
        Reports(Frames.IPv4(2, [0x11, 100, 0, 0, 0, 0, 0, 0])).Should().Equal("Query 10.0.0.1 0.0.0.0  IGMPv2");
        byte[] three =
        [
            0x22, 0, 0, 0, 0, 0, 0, 4,
            4, 0, 0, 0, 239, 1, 1, 1,
            3, 0, 0, 0, 239, 1, 1, 2,
            5, 0, 0, 2, 232, 1, 1, 3, 10, 0, 0, 7, 10, 0, 0, 8,
            6, 1, 0, 1, 232, 1, 1, 3, 10, 0, 0, 9, 1, 2, 3, 4, // with a word of auxiliary data
        ];
        Reports(Frames.IPv4(2, three)).Should().Equal(
            "Join 10.0.0.1 239.1.1.1 excluding IGMPv3",
            "Leave 10.0.0.1 239.1.1.2  IGMPv3",
            "Join 10.0.0.1 232.1.1.3 10.0.0.7,10.0.0.8 IGMPv3",
            "Leave 10.0.0.1 232.1.1.3 10.0.0.9 IGMPv3");
    }

    [Fact]
    public void Joins_and_leaves_of_MLD_are_facts()
    {
        byte[] alert = [58, 0, 5, 2, 0, 0, 1, 0]; // the router alert that MLD has (RFC 2710 3)
        var group = IPAddress.Parse("ff15::1").GetAddressBytes();
        Reports(Frames.IPv6(0, [.. alert, 131, 0, 0, 0, 0, 0, 0, 0, .. group]), type: 0x86DD).Should().Equal("Join 2001:db8::1 ff15::1  MLDv1");
        Reports(Frames.IPv6(0, [.. alert, 132, 0, 0, 0, 0, 0, 0, 0, .. group]), type: 0x86DD).Should().Equal("Leave 2001:db8::1 ff15::1  MLDv1");
        byte[] two = [143, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 1, .. group, .. IPAddress.Parse("2001:db8::7").GetAddressBytes()];
        Reports(Frames.IPv6(0, [.. alert, .. two]), type: 0x86DD).Should().Equal("Join 2001:db8::1 ff15::1 2001:db8::7 MLDv2");
    }

    private static byte[] Piece(byte[] whole, int index) => whole[(index * 1280)..Math.Min(whole.Length, (index + 1) * 1280)];

    private (FrameContent Content, FlowKey Flow, byte[] Payload) Look(byte[] frame, LinkType link = LinkType.Ethernet)
    {
        var content = dissector.Dissect(Frames.Captured(frame, link: link), out var datagram);
        return (content, datagram.Flow, datagram.Payload.ToArray());
    }

    private IEnumerable<string> Reports(byte[] packet, int type = 0x0800)
    {
        Look(Frames.Ethernet(packet, type)).Content.Should().Be(FrameContent.Membership);
        return dissector.Reports.Select(r => $"{r.Action} {r.Host} {r.Group} {(r.Excludes ? "excluding" : "")}{string.Join(',', r.Sources)} {r.Protocol}");
    }
}
