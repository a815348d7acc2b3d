namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>SRT on a link: recognised, put in order, its loss counted.</summary>
public sealed class SrtFlowTests
{
    private const uint Socket = 0x1111_2222;
    private const uint First = 0x7FFF_FFFA; // it wraps soon: numbers have 31 bits

    private readonly List<int> given = [];
    private readonly List<long> times = [];
    private readonly IpTap tap;
    private long now = Frames.BeginNs;

    public SrtFlowTests() => tap = new IpTap(new()
    {
        Handler = (_, payload, timeNs) =>
        {
            payload.Length.Should().Be(1316);
            given.Add(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(payload[4..]) / 7);
            times.Add(timeNs);
        },
    });

    private SrtStatistics Srt => tap.Streams.Single(s => s.Flow.DestinationPort == 9000).Srt!;

    [Fact]
    public void What_comes_out_of_order_and_again_is_given_in_order_once()
    {
        Handshake(latencyMs: 120);
        foreach (var packet in (int[])[0, 1, 2, 5, 3, 3, 4, 6, 9, 8, 7, 2, 10]) Data(packet);
        given.Should().Equal(Enumerable.Range(0, 11));
        times.Should().BeInAscendingOrder();
        Srt.Should().BeEquivalentTo(new { DataPackets = 13, Missing = 4, Recovered = 4, Lost = 0, Duplicates = 2, Handshakes = 1, LatencyMs = 120, StreamId = "cctv-1", IsEncrypted = false });
        tap.Streams[0].Should().BeEquivalentTo(new { Protocol = TapProtocol.Srt, CarriesTransportStream = true, PacketSize = 188 });
    }

    [Fact]
    public void What_is_missing_from_the_beginning_is_missed_by_the_handshake()
    {
        Handshake(latencyMs: 120);
        Data(2);
        Data(3);
        now += 200_000_000;
        tap.Tick(now);
        given.Should().Equal(2, 3);
        Srt.Should().BeEquivalentTo(new { Missing = 2, Lost = 2 });
    }

    [Fact]
    public void After_its_latency_a_gap_stays_a_gap_and_what_comes_then_is_too_late()
    {
        Handshake(latencyMs: 120);
        Data(0);
        Data(2);
        Data(3);
        now += 200_000_000;
        Data(4);
        given.Should().Equal(0, 2, 3, 4);
        Data(1, isSentAgain: true);
        given.Should().HaveCount(4);
        Srt.Should().BeEquivalentTo(new { Missing = 1, Recovered = 0, Lost = 1, Retransmitted = 1, Duplicates = 1 });
    }

    [Fact]
    public void A_gap_wider_than_the_window_is_passed_and_memory_is_bounded()
    {
        Handshake(latencyMs: 8000);
        Data(0);
        Data(1);
        Data(5_000);
        Data(20_000);
        tap.Flush();
        given.Should().Equal(0, 1, 5_000, 20_000);
        Srt.Should().BeEquivalentTo(new { Missing = 4_998 + 14_999, Lost = 4_998 + 14_999 });
    }

    [Fact]
    public void A_sender_that_begins_anew_is_followed()
    {
        Handshake(latencyMs: 120);
        Data(0);
        Data(100_000_000);
        Data(100_000_001);
        given.Should().HaveCount(3);
        Srt.Lost.Should().Be(0);
    }

    [Fact]
    public void What_the_receiver_reports_lost_is_counted_with_the_stream()
    {
        Handshake(latencyMs: 120);
        for (var i = 0; i < 5; i++) Data(i);
        byte[] answer = [0x80, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Frames.Word(Socket), .. Frames.Word(7), .. Frames.Word(0x8000_0000 | 0x7FFF_FFFE), .. Frames.Word(2)];
        for (var i = 0; i < 16; i++) Push(Frames.Datagram(answer, port: 4000, sourcePort: 9000, source: "10.0.0.2", destination: "10.0.0.1"));
        tap.Streams.Should().HaveCount(2).And.OnlyContain(s => s.Protocol == TapProtocol.Srt);
        tap.Streams[1].Media.Should().BeSameAs(tap.Streams[0]);
        Srt.Should().BeEquivalentTo(new { LossReports = 1, PacketsReportedLost = 6 }, "the answers before were needed to recognise the flow");
    }

    [Fact]
    public void A_tap_that_comes_later_recognises_it_by_its_numbers()
    {
        for (var i = 100; i < 140; i++) Data(i);
        tap.Streams.Should().ContainSingle().Which.Protocol.Should().Be(TapProtocol.Srt);
        given.Should().Equal(Enumerable.Range(115, 25));
        Srt.Should().BeEquivalentTo(new { Missing = 0, LatencyMs = (int?)null });
    }

    [Fact]
    public void Encrypted_payload_is_counted_and_not_handed_on()
    {
        Handshake(latencyMs: 120);
        for (var i = 0; i < 10; i++) Data(i, key: 1);
        given.Should().BeEmpty();
        Srt.Should().BeEquivalentTo(new { IsEncrypted = true, DataPackets = 10, Missing = 0 });
        tap.Streams[0].CarriesTransportStream.Should().BeFalse();
    }

    private void Handshake(int latencyMs) => Push(
    [
        0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 5, 0, 0, 0, 1, .. Frames.Word(First), .. Frames.Word(1500), .. Frames.Word(8192), .. Frames.Word(0xFFFF_FFFF), .. Frames.Word(Socket), .. new byte[20],
        0, 1, 0, 3, 0, 1, 4, 2, 0, 0, 0, 0xBF, .. Frames.Half(latencyMs), .. Frames.Half(latencyMs),
        0, 5, 0, 2, .. "vtcc"u8, .. "\0\0\x31-"u8, // "cctv-1" in reversed words
    ], flow: true);

    private void Data(int number, bool isSentAgain = false, int key = 0) => Push(
    [
        .. Frames.Word(First + (uint)number & 0x7FFF_FFFF),
        .. Frames.Word(0xC000_0000 | (uint)key << 27 | (isSentAgain ? 0x0400_0000u : 0) | (uint)number + 1),
        .. Frames.Word((uint)number * 1000), .. Frames.Word(Socket), .. key == 0 ? Frames.Packets(7, 7 * number) : new byte[1316],
    ], flow: true);

    private void Push(byte[] bytes, bool flow = false)
    {
        tap.Push(Frames.Captured(flow ? Frames.Datagram(bytes, port: 9000, sourcePort: 4000, destination: "10.0.0.2") : bytes, now));
        now += 1_000_000;
    }
}
