using System.Buffers.Binary;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>Transport streams on a link, found by their content.</summary>
public sealed class IpTapTests
{
    private readonly List<(int Stream, byte[] Payload, long TimeNs)> given = [];
    private readonly List<string> changes = [];
    private long now = Frames.BeginNs;

    [Theory]
    [InlineData(188, 0, 7)]
    [InlineData(192, 4, 6)]
    [InlineData(204, 0, 6)]
    public void Packets_in_UDP_are_recognised_on_any_port(int size, int syncOffset, int packets)
    {
        var tap = Tap();
        Push(tap, Frames.Datagram(Frames.Packets(packets, 0, size, syncOffset), port: 7));
        Push(tap, Frames.Datagram(Frames.Packets(packets, packets, size, syncOffset), port: 7));
        var stream = tap.Streams.Should().ContainSingle().Which;
        (stream.Protocol, stream.PacketSize, stream.CarriesTransportStream, stream.Number).Should().Be((TapProtocol.UdpTs, size, true, 1));
        (stream.Packets, stream.Bytes, stream.Ttl, stream.Dscp).Should().Be((2, 2 * packets * size, (byte)16, (byte)34));
        Given(1).Should().Equal(Frames.Packets(2 * packets, 0, size, syncOffset));
        changes.Should().Equal("1 Found");
    }

    [Fact]
    public void Of_datagrams_of_one_packet_the_first_ones_are_not_lost_while_it_is_undecided()
    {
        var tap = Tap();
        for (var i = 0; i < 9; i++)
        {
            Push(tap, Frames.Datagram(Frames.Packets(1, i)));
            tap.Streams.Should().HaveCount(i < 4 ? 0 : 1, "five sync bytes acquire");
        }
        Given(1).Should().Equal(Frames.Packets(9));
        given.Select(g => g.TimeNs).Should().BeInAscendingOrder();
        given[0].TimeNs.Should().Be(Frames.BeginNs);
    }

    [Fact]
    public void Packets_that_do_not_begin_where_the_datagram_does_are_recognised()
    {
        var bytes = Frames.Packets(30);
        var tap = Tap();
        for (var at = 100; at + 1300 <= bytes.Length; at += 1300) Push(tap, Frames.Datagram(bytes[at..(at + 1300)]));
        tap.Streams.Should().ContainSingle().Which.Protocol.Should().Be(TapProtocol.UdpTs);
        Given(1).Should().Equal(bytes[100..(100 + given.Count * 1300)]);
    }

    [Theory]
    [InlineData(33)]
    [InlineData(97)]
    public void RTP_with_packets_is_recognised_by_its_payload_and_handed_on_with_its_header(int type)
    {
        var tap = Tap();
        var datagram = Frames.Rtp(Frames.Packets(7), sequence: 65535, type);
        Push(tap, Frames.Datagram(datagram));
        var stream = tap.Streams.Should().ContainSingle().Which;
        (stream.Protocol, stream.PayloadType, stream.Ssrc).Should().Be((TapProtocol.RtpTs, (byte)type, 0x1234_5678u));
        given.Should().ContainSingle().Which.Payload.Should().Equal(datagram);
    }

    [Fact]
    public void RTP_with_something_else_is_told_apart_and_becomes_what_it_turns_into()
    {
        var tap = Tap();
        for (var i = 0; i < 250; i++) Push(tap, Frames.Datagram(Frames.Rtp(new byte[500], i, 96)));
        tap.Streams.Should().ContainSingle().Which.Protocol.Should().Be(TapProtocol.Rtp);
        given.Should().BeEmpty();
        for (var i = 250; i < 700; i++) Push(tap, Frames.Datagram(Frames.Rtp(Frames.Packets(7, i), i, 96)));
        tap.Streams[0].Should().BeEquivalentTo(new { Protocol = TapProtocol.RtpTs, CarriesTransportStream = true });
        given.Should().NotBeEmpty();
    }

    [Fact]
    public void Error_correction_and_reports_are_related_to_their_media_whichever_comes_first()
    {
        byte[] Fec(bool row) => Frames.Rtp([0, 1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, (byte)(row ? 0x40 : 0), (byte)(row ? 1 : 10), (byte)(row ? 10 : 5), 0, .. new byte[1316]], 1, 96, ssrc: 0);
        byte[] report = [0x80, 200, 0, 6, .. new byte[24], 0x81, 202, 0, 2, 1, 2, 3, 4, 1, 1, 65, 0];
        var tap = Tap();
        Push(tap, Frames.Datagram(Fec(row: false), port: 5002));
        Push(tap, Frames.Datagram(report, port: 5001));
        Push(tap, Frames.Datagram(Frames.Rtp(Frames.Packets(7), 1), port: 5000));
        Push(tap, Frames.Datagram(Fec(row: true), port: 5004));
        Push(tap, Frames.Datagram(Fec(row: true), port: 6004));
        tap.Streams.Select(s => s.Protocol).Should().Equal(TapProtocol.Fec2022Column, TapProtocol.Rtcp, TapProtocol.RtpTs, TapProtocol.Fec2022Row, TapProtocol.Fec2022Row);
        tap.Streams.Select(s => s.Media?.Number ?? 0).Should().Equal(3, 3, 0, 3, 0);
        given.Select(g => g.Stream).Should().Equal(1, 3, 4, 5);
    }

    [Fact]
    public void A_request_for_packets_makes_an_RTP_stream_RIST()
    {
        var tap = Tap();
        Push(tap, Frames.Datagram(Frames.Rtp(Frames.Packets(7), 1), port: 5000, destination: "10.0.0.9"));
        byte[] nack = [0x81, 205, 0, 3, 0, 0, 0, 1, 0x12, 0x34, 0x56, 0x78, 0, 1, 0, 0];
        Push(tap, Frames.Datagram(nack, port: 4001, sourcePort: 5001, source: "10.0.0.9", destination: "10.0.0.1"));
        tap.Streams[0].Protocol.Should().Be(TapProtocol.Rist);
        tap.Streams[1].Media.Should().BeSameAs(tap.Streams[0]);
        Push(tap, Frames.Datagram(Frames.Rtp(Frames.Packets(7, 7), 2), port: 5000, destination: "10.0.0.9"));
        given.Should().HaveCount(2, "RIST is still a transport stream");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reports_on_the_port_of_their_media_are_not_handed_on_with_it(bool reportFirst)
    {
        byte[] report = [0x80, 200, 0, 6, .. new byte[24], 0x81, 202, 0, 2, 1, 2, 3, 4, 1, 1, 65, 0];
        var tap = Tap();
        for (var i = 0; i < 6; i++) Push(tap, Frames.Datagram(i % 2 == 0 == reportFirst ? report : Frames.Rtp(Frames.Packets(7), i)));
        tap.Streams.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Protocol = TapProtocol.RtpTs, Packets = 6, Ssrc = 0x1234_5678u });
        given.Should().HaveCount(reportFirst ? 2 : 3).And.OnlyContain(g => g.Payload.Length == 1328);
    }

    [Theory]
    [InlineData(new[] { 0, 0, 7, 7, 14, 14, 21 }, 3)]         // each copy at once
    [InlineData(new[] { 0, 7, 0, 7, 14, 21, 14, 21 }, 4)]     // one other between
    public void A_mirror_port_that_copies_both_directions_doubles_no_packet(int[] datagrams, int repeated)
    {
        var tap = Tap();
        foreach (var first in datagrams) Push(tap, Frames.Datagram(Frames.Packets(7, first)));
        Given(1).Should().Equal(Frames.Packets(28));
        (tap.Streams[0].Repeated, tap.Streams[0].Packets).Should().Be((repeated, datagrams.Length));
    }

    [Fact]
    public void Equal_datagrams_that_are_legal_are_all_handed_on()
    {
        var stuffing = Frames.Packets(7);
        for (var i = 0; i < 7; i++) stuffing.AsSpan(i * 188 + 4, 184).Fill(0xFF);
        for (var i = 0; i < 7; i++) BinaryPrimitives.WriteUInt32BigEndian(stuffing.AsSpan(i * 188), 0x471F_FF10);
        var single = Frames.Packets(1);
        var rtp = Frames.Rtp(Frames.Packets(7), 1);
        var tap = Tap();
        for (var i = 0; i < 6; i++) Push(tap, Frames.Datagram(stuffing, port: 1));
        for (var i = 0; i < 6; i++) Push(tap, Frames.Datagram(single, port: 2));
        for (var i = 0; i < 6; i++) Push(tap, Frames.Datagram(rtp, port: 3));
        given.GroupBy(g => g.Stream).Select(g => g.Count()).Should().Equal(6, 6, 6);
        now += 10_000_000;
        Push(tap, Frames.Datagram(Frames.Packets(7, 70), port: 1));
        now += 10_000_000;
        Push(tap, Frames.Datagram(Frames.Packets(7, 70), port: 1)); // 11 ms later: a loop of the sender, no mirror
        given.Count(g => g.Stream == 1).Should().Be(8);
    }

    [Fact]
    public void A_clock_that_is_set_back_neither_stops_streams_nor_keeps_them_alive()
    {
        var tap = Tap();
        Push(tap, Frames.Datagram(Frames.Packets(7)));
        now -= 3_600_000_000_000;
        Push(tap, Frames.Datagram(Frames.Packets(7)));
        tap.Streams[0].IsActive.Should().BeTrue();
        tap.Tick(now + 3_000_000_000);
        tap.Streams[0].Should().BeEquivalentTo(new { IsActive = false, LastBitrateBps = 0d });
    }

    [Fact]
    public void Noise_is_nothing_and_flows_are_forgotten_before_streams()
    {
        var random = new Random(5);
        var tap = Tap(new() { MostFlows = 100 });
        Push(tap, Frames.Datagram(Frames.Packets(7)));
        for (var i = 0; i < 3_000; i++)
        {
            var noise = new byte[random.Next(1, 1400)];
            random.NextBytes(noise);
            Push(tap, Frames.Datagram(noise, port: 10_000 + i % 2_000));
        }
        tap.Streams.Should().ContainSingle();
        tap.OtherFlows.Should().HaveCount(100);
        tap.Statistics.Should().BeEquivalentTo(new { Flows = 3_001, FlowsForgotten = 2_900, StreamsForgotten = 0 });
    }

    [Fact]
    public void More_streams_than_are_remembered_give_way_in_the_order_of_their_silence()
    {
        var tap = Tap(new() { MostStreams = 3 });
        foreach (var port in (int[])[1, 2, 3, 1, 4]) Push(tap, Frames.Datagram(Frames.Packets(7), port));
        tap.Streams.Select(s => (int)s.Flow.DestinationPort).Should().BeEquivalentTo([1, 3, 4]);
        tap.Statistics.StreamsForgotten.Should().Be(1);
    }

    [Fact]
    public void A_stream_that_stops_is_told_on_time_though_nothing_else_comes_and_so_is_its_return()
    {
        var tap = Tap();
        Push(tap, Frames.Datagram(Frames.Packets(7)));
        tap.Tick(now + 1_900_000_000);
        changes.Should().Equal("1 Found");
        tap.Tick(now + 2_100_000_000);
        tap.Streams[0].IsActive.Should().BeFalse();
        now += 3_000_000_000;
        Push(tap, Frames.Datagram(Frames.Packets(7)));
        changes.Should().Equal("1 Found", "1 Stopped", "1 Resumed");
    }

    [Fact]
    public void Datagrams_that_the_snap_length_cut_are_counted_and_not_handed_on()
    {
        var tap = Tap();
        var frame = Frames.Datagram(Frames.Packets(7));
        Push(tap, frame);
        tap.Push(new CapturedFrame(now, frame.Length, LinkType.Ethernet, frame.AsSpan(0, 600)));
        tap.Statistics.Cut.Should().Be(1);
        (tap.Streams[0].Packets, tap.Streams[0].Cut, tap.Streams[0].Bytes).Should().Be((2, 1, 2 * 1316));
        given.Should().HaveCount(1);
    }

    [Fact]
    public void The_rate_of_the_last_second_follows_the_stream()
    {
        var tap = Tap();
        for (var i = 0; i < 1_000; i++)
        {
            Push(tap, Frames.Datagram(Frames.Packets(7, 7 * i)));
            now += i < 500 ? 9_000_000 : 4_000_000; // each push is 1 ms itself
        }
        tap.Streams[0].LastBitrateBps.Should().BeApproximately(1316 * 8 / 0.005, 1316 * 8 * 2);
        tap.Streams[0].BitrateBps.Should().BeApproximately(1316 * 8 / 0.0075, 1316 * 8 * 2);
    }

    [Fact]
    public void Joins_and_leaves_that_are_seen_are_remembered()
    {
        List<GroupReport> told = [];
        var tap = new IpTap(new() { Group = told.Add, MostReports = 3 });
        for (byte i = 1; i <= 5; i++) Push(tap, Frames.Ethernet(Frames.IPv4(2, [0x16, 0, 0, 0, 239, 1, 1, i]), vlans: 7));
        told.Should().HaveCount(5).And.OnlyContain(r => r.Vlan == 7 && r.Action == GroupAction.Join);
        tap.GroupReports.Select(r => r.Group.ToString()).Should().Equal("239.1.1.3", "239.1.1.4", "239.1.1.5");
    }

    [Fact]
    public void Frames_of_known_flows_allocate_nothing()
    {
        var sum = 0L;
        var tap = new IpTap(new() { Handler = (_, payload, _) => sum += payload.Length });
        byte[][] frames = [.. Enumerable.Range(0, 100).Select(i => Frames.Datagram(i % 2 == 0 ? Frames.Packets(7) : Frames.Rtp(Frames.Packets(7), 1), port: 1000 + i)), Frames.Datagram(new byte[99], port: 9)];
        void Round()
        {
            foreach (var frame in frames) tap.Push(new CapturedFrame(now += 100_000, frame.Length, LinkType.Ethernet, frame));
        }
        for (var i = 0; i < 100; i++) Round();
        Allocated.Bytes(() =>
        {
            for (var i = 0; i < 100; i++) Round();
        }).Should().Be(0);
        tap.Streams.Should().HaveCount(100);
        sum.Should().Be(600 * 50 * (1316 + 1328));
    }

    private IpTap Tap(TapSettings? settings = null) => new((settings ?? new()) with
    {
        Handler = (stream, payload, timeNs) => given.Add((stream.Number, payload.ToArray(), timeNs)),
        Changed = (stream, change) => changes.Add($"{stream.Number} {change}"),
    });

    private void Push(IpTap tap, byte[] frame)
    {
        tap.Push(Frames.Captured(frame, now));
        now += 1_000_000;
    }

    private byte[] Given(int stream) => [.. given.Where(g => g.Stream == stream).SelectMany(g => g.Payload)];
}
