using FsCheck;
using FsCheck.Fluent;

namespace SignalWatch.Hardware.Tests;

/// <summary>Order, loss and restarts, with packets that carry their number.</summary>
public sealed class RtpReceiverTests
{
    private readonly RtpOutput output = new();
    private RtpReceiver receiver = new(new());
    private long nowNs = 1_000_000_000;

    [Fact]
    public void Packets_in_order_come_out_at_once()
    {
        for (var i = 0; i < 10; i++)
        {
            Push(i);
            output.Payloads.Should().HaveCount(i + 1);
        }
        output.Numbers.Should().Equal(Enumerable.Range(0, 10));
        receiver.Statistics.Should().BeEquivalentTo(new { Datagrams = 10, Delivered = 10, Lost = 0, Gaps = 0, Reordered = 0, Late = 0 });
        receiver.Statistics.Events.Should().BeEmpty();
    }

    [Fact]
    public void Overtaken_packets_are_put_back_and_only_they_are_counted()
    {
        Push(1, 2, 5, 3, 6, 4, 7);
        output.Numbers.Should().Equal(1, 2, 3, 4, 5, 6, 7);
        receiver.Flush(output.Handler);
        receiver.Statistics.Sequences(RtpEventKind.Reordered).Should().Equal(3, 4);
        var path = receiver.Statistics.Paths.Single();
        path.DeepestReorder.Should().Be(2);
        path.ReorderDepths.Should().Equal(0, 2, 0, 0, 0, 0, 0, 0);
        receiver.Statistics.Lost.Should().Be(0);
    }

    [Fact]
    public void One_packet_that_runs_ahead_of_many_is_early_and_the_many_are_not_accused()
    {
        Push([1, 20, .. Enumerable.Range(2, 18), 21]);
        output.Numbers.Should().Equal(Enumerable.Range(1, 21));
        receiver.Statistics.Sequences(RtpEventKind.Early).Should().Equal(20);
        receiver.Statistics.Reordered.Should().Be(0);
    }

    [Fact]
    public void A_swap_of_two_is_one_reordered_packet_as_in_RFC_4737()
    {
        Push(1, 3, 2, 4);
        receiver.Statistics.Sequences(RtpEventKind.Reordered).Should().Equal(2);
        receiver.Statistics.Early.Should().Be(0);
    }

    [Fact]
    public void A_duplicate_is_dropped_and_counted_whether_it_follows_at_once_or_was_held()
    {
        Push(1, 2, 2, 4, 4, 3, 3, 5);
        output.Numbers.Should().Equal(1, 2, 3, 4, 5);
        receiver.Statistics.Sequences(RtpEventKind.Duplicate).Should().Equal(2, 4, 3);
        receiver.Statistics.Lost.Should().Be(0);
    }

    [Theory]
    [InlineData(64, 62, 0)]
    [InlineData(64, 64, 1)]
    [InlineData(16, 16, 1)]
    public void A_hole_is_given_up_when_the_window_has_passed_it(int window, int behind, int lost)
    {
        receiver = new RtpReceiver(new() { ReorderPackets = window, ReorderTime = TimeSpan.FromHours(1) });
        Push([1, .. Enumerable.Range(3, behind)]);
        receiver.Statistics.Lost.Should().Be(lost);
        Push(2);
        receiver.Statistics.Late.Should().Be(lost);
        receiver.Statistics.Lost.Should().Be(lost);
        output.Numbers.Should().Equal([1, .. lost == 0 ? [2] : Array.Empty<int>(), .. Enumerable.Range(3, behind)]);
        output.MissingBefore.Sum().Should().Be(lost);
    }

    [Fact]
    public void A_hole_is_given_up_when_its_time_is_over_even_if_nothing_follows()
    {
        Push(1, 3);
        receiver.Tick(nowNs + 190 * Rtp.MillisecondNs, output.Handler);
        output.Numbers.Should().Equal(1);
        receiver.Tick(nowNs + 210 * Rtp.MillisecondNs, output.Handler);
        output.Numbers.Should().Equal(1, 3);
        output.MissingBefore.Should().Equal(0, 1);
        receiver.Statistics.Events.Should().ContainSingle(e => e.Kind == RtpEventKind.Lost && e.Sequence == 2 && e.TimeNs == nowNs);
    }

    [Fact]
    public void What_waited_for_an_overtaken_packet_keeps_its_own_time()
    {
        foreach (var (number, ms) in ((int, int)[])[(1, 10), (3, 30), (4, 40), (2, 100), (5, 110)]) receiver.Push(Rtp.Packet(number), ms * Rtp.MillisecondNs, output.Handler);
        output.Numbers.Should().Equal(1, 2, 3, 4, 5);
        output.TimesNs.Should().Equal(new[] { 10, 30, 30, 40, 110 }.Select(ms => ms * Rtp.MillisecondNs));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_freeze_the_times()
    {
        receiver.Push(Rtp.Packet(1), 3_600_000 * Rtp.MillisecondNs, output.Handler);
        receiver.Push(Rtp.Packet(2), 10 * Rtp.MillisecondNs, output.Handler);
        output.TimesNs.Should().Equal(3_600_000 * Rtp.MillisecondNs, 10 * Rtp.MillisecondNs);
    }

    [Fact]
    public void Two_holes_are_two_gaps_and_each_says_how_much_is_missing()
    {
        Push(1, 2, 6, 7, 10, 11);
        receiver.Flush(output.Handler);
        output.Numbers.Should().Equal(1, 2, 6, 7, 10, 11);
        output.MissingBefore.Should().Equal(0, 0, 3, 0, 2, 0);
        receiver.Statistics.Should().BeEquivalentTo(new { Lost = 5, LostAfterFec = 5, Gaps = 2 });
        receiver.Statistics.Paths.Single().Lost.Should().Be(5);
    }

    [Fact]
    public void The_wrap_of_the_sequence_number_is_no_event_for_several_rounds()
    {
        receiver = new RtpReceiver(new());
        for (var i = 0; i < 200_000; i++) receiver.Push(Rtp.Packet(i, packets: 1), nowNs += Rtp.MillisecondNs, output.Handler);
        receiver.Statistics.Should().BeEquivalentTo(new { Delivered = 200_000, Lost = 0, Restarts = 0, Strays = 0 });
        receiver.Statistics.Events.Should().BeEmpty();
    }

    [Fact]
    public void A_loss_over_the_wrap_is_one_event()
    {
        Push([65530, 65531, .. Enumerable.Range(65540, 100)]);
        receiver.Flush(output.Handler);
        receiver.Statistics.Events.Single().Should().BeEquivalentTo(new { Kind = RtpEventKind.Lost, Sequence = 65532, Count = 8 });
        receiver.Statistics.Sequences(RtpEventKind.Lost).Should().Equal(65532, 65533, 65534, 65535, 0, 1, 2, 3);
    }

    [Fact]
    public void Another_SSRC_is_a_restart_and_none_of_its_packets_is_lost()
    {
        Push(1, 2, 3);
        foreach (var number in (int[])[40_000, 40_001, 40_002]) Push(Rtp.Packet(number, ssrc: 9));
        output.Numbers.Should().Equal(1, 2, 3, 40_000, 40_001, 40_002);
        receiver.Statistics.Should().BeEquivalentTo(new { Ssrc = 9u, Restarts = 1, Lost = 0, Strays = 0 });
        receiver.Statistics.Events.Should().ContainSingle(e => e.Kind == RtpEventKind.Restart && e.Sequence == 40_000);
    }

    [Fact]
    public void One_packet_of_another_source_is_a_stray_and_the_stream_goes_on()
    {
        Push(1, 2);
        Push(Rtp.Packet(40_000, ssrc: 9));
        Push(3);
        output.Numbers.Should().Equal(1, 2, 3);
        receiver.Statistics.Should().BeEquivalentTo(new { Restarts = 0, Strays = 1, Lost = 0 });
    }

    [Fact]
    public void Two_senders_in_turns_on_one_group_do_not_take_turns_here()
    {
        for (var burst = 0; burst < 50; burst++)
        {
            foreach (var i in Enumerable.Range(burst * 5, 5)) Push(Rtp.Packet(1000 + i));
            foreach (var i in Enumerable.Range(burst * 5, 5)) Push(Rtp.Packet(30_000 + i, ssrc: 9));
        }
        receiver.Statistics.Restarts.Should().BeLessThanOrEqualTo(1);
        receiver.Statistics.Strays.Should().BeGreaterThan(200);
        receiver.Statistics.Lost.Should().Be(0);
    }

    [Fact]
    public void The_same_SSRC_with_numbers_out_of_all_relation_is_a_restart()
    {
        Push([.. Enumerable.Range(1000, 200), .. Enumerable.Range(20_000, 5), .. Enumerable.Range(500, 5)]);
        output.Numbers.Should().Equal([.. Enumerable.Range(1000, 200), .. Enumerable.Range(20_000, 5), .. Enumerable.Range(500, 5)]);
        receiver.Statistics.Should().BeEquivalentTo(new { Restarts = 2, Lost = 0, Strays = 0, Late = 0 });
    }

    [Fact]
    public void A_recording_in_a_loop_is_a_restart_and_not_a_flood_of_duplicates()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 300; i++) receiver.Push(Rtp.Packet(i), nowNs += 10 * Rtp.MillisecondNs, output.Handler);
        }
        receiver.Flush(output.Handler);
        output.Numbers.Should().Equal(Enumerable.Repeat(Enumerable.Range(0, 300), 3).SelectMany(n => n));
        receiver.Statistics.Should().BeEquivalentTo(new { Restarts = 2, Duplicates = 0, Lost = 0, Late = 0 });
    }

    [Fact]
    public void An_outage_of_seconds_is_a_loss_and_no_restart()
    {
        for (var i = 0; i < 2000; i++) receiver.Push(Rtp.Packet(i), nowNs += Rtp.MillisecondNs, output.Handler);
        nowNs += 5000 * Rtp.MillisecondNs;
        for (var i = 7000; i < 7010; i++) receiver.Push(Rtp.Packet(i), nowNs += Rtp.MillisecondNs, output.Handler);
        output.MissingBefore.Where(m => m > 0).Should().Equal(5000);
        receiver.Statistics.Should().BeEquivalentTo(new { Lost = 5000, Gaps = 1, Restarts = 0, Delivered = 2010 });
        receiver.Statistics.Events.Single().Should().BeEquivalentTo(new { Kind = RtpEventKind.Lost, Sequence = 2000, Count = 5000 });
    }

    [Fact]
    public void A_change_of_the_payload_type_is_counted()
    {
        Push(Rtp.Packet(1));
        Push(Rtp.Packet(2, type: 96));
        Push(Rtp.Packet(3, type: 96));
        receiver.Statistics.Should().BeEquivalentTo(new { PayloadType = 96, PayloadTypeChanges = 1, Delivered = 3 });
    }

    [Fact]
    public void Jitter_is_that_of_RFC_3550()
    {
        // 9,000 ticks are 100 ms; every second packet comes 16 ms late: |D| = 16 ms each time, J = 16 ms · (1 − (15/16)ⁿ).
        for (var i = 0; i < 50; i++) receiver.Push(Rtp.Packet(i, timestamp: unchecked((uint)(i * 9000 - 20_000))), i * 100 * Rtp.MillisecondNs + i % 2 * 16 * Rtp.MillisecondNs, output.Handler);
        receiver.Statistics.JitterNs.Should().BeApproximately(16e6 * (1 - Math.Pow(15.0 / 16, 49)), 1);
    }

    [Fact]
    public void Header_extension_contributing_sources_and_padding_are_taken_off()
    {
        var plain = Rtp.Packet(7);
        byte[] full = [0xB1, .. plain[1..12], /* source */ 1, 2, 3, 4, /* extension */ 0, 0, 0, 1, 9, 9, 9, 9, .. plain[12..], 0, 0, 3];
        Push(full);
        output.Payloads.Single().Should().Equal(plain[12..]);
        receiver.Statistics.IrregularPayloads.Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void What_is_no_RTP_is_counted_and_nothing_else(int length)
    {
        Push(Rtp.Packet(1)[..length]);
        Push((byte[])[0x47, .. new byte[187]]);
        Push((byte[])[0xA0, 33, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 200]); // padding longer than the datagram
        Push((byte[])[0x90, 33, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]); // extension likewise
        receiver.Statistics.Should().BeEquivalentTo(new { Malformed = 4, Datagrams = 0, Ssrc = (uint?)null });
        receiver.Tick(nowNs, output.Handler);
        receiver.Flush(output.Handler);
        output.Payloads.Should().BeEmpty();
    }

    [Fact]
    public void Payloads_that_are_not_whole_packets_are_given_on_as_they_are_and_counted()
    {
        var odd = Rtp.Packet(1)[..500];
        Push(odd);
        output.Payloads.Single().Should().Equal(odd[12..]);
        receiver.Statistics.IrregularPayloads.Should().Be(1);
    }

    [Fact]
    public void Datagrams_too_large_to_be_kept_go_through_and_give_up_what_they_would_wait_for()
    {
        Push(Rtp.Packet(1, packets: 300));
        Push(Rtp.Packet(3, packets: 300));
        Push(Rtp.Packet(4));
        output.Numbers.Should().Equal(1, 3, 4);
        receiver.Statistics.Lost.Should().Be(1);
    }

    [Fact]
    public void Jumbo_frames_are_reordered_like_others()
    {
        foreach (var number in (int[])[1, 4, 2, 6, 5, 3, 7]) Push(Rtp.Packet(number, packets: number % 2 == 0 ? 47 : 7));
        output.Numbers.Should().Equal(1, 2, 3, 4, 5, 6, 7);
        receiver.Statistics.Lost.Should().Be(0);
    }

    [Fact]
    public void A_retransmission_of_RIST_fills_the_hole()
    {
        Push(1, 2, 4);
        Push(Rtp.Packet(3, ssrc: 0x1234_5679));
        Push(5);
        output.Numbers.Should().Equal(1, 2, 3, 4, 5);
        receiver.Statistics.Should().BeEquivalentTo(new { Retransmissions = 1, Lost = 0, Strays = 0, Ssrc = 0x1234_5678u });
    }

    [Fact]
    public void A_sender_report_is_set_against_what_arrived()
    {
        Push([.. Enumerable.Range(1, 10)]);
        receiver.PushControl(Report(sent: 1000, bytes: 1_316_000), nowNs);
        receiver.Statistics.SenderReport.Should().BeEquivalentTo(new { PacketsSent = 1000u, BytesSent = 1_316_000u, NtpTime = 0xE000_0000_8000_0000ul, RtpTimestamp = 77u, SentBetween = (long?)null });
        Push([.. Enumerable.Range(11, 5), 15, .. Enumerable.Range(20, 5)]);
        Push(Report(sent: 1014, bytes: 0)); // on the media's port: RFC 5761
        receiver.Statistics.SenderReport.Should().BeEquivalentTo(new { SentBetween = 14, ReceivedBetween = 10 });
        receiver.PushControl(Report(sent: 5, bytes: 0, ssrc: 99), nowNs);
        receiver.PushControl(Report(sent: 5, bytes: 0).AsSpan(..20), nowNs);
        receiver.Statistics.SenderReport!.PacketsSent.Should().Be(1014);
        receiver.Statistics.Malformed.Should().Be(0);
    }

    /// <summary>Any permutation within the window comes out in order, and nothing is lost or late.</summary>
    [Fact]
    public void Any_disorder_within_the_window_is_put_right() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var sent = Enumerable.Range(65_400, 400).ToArray();
            var order = sent.Select((number, i) => (number, at: i == 0 ? -1 : i + random.NextDouble() * 30)).OrderBy(p => p.at).Select(p => p.number).ToArray();
            var (sut, got) = (new RtpReceiver(new()), new RtpOutput());
            var timeNs = 0L;
            foreach (var number in order) sut.Push(Rtp.Packet(number, packets: 1), timeNs += 100_000, got.Handler);
            var statistics = sut.Statistics;
            return got.Numbers.SequenceEqual(sent) && statistics is { Lost: 0, Late: 0, Duplicates: 0, Restarts: 0 };
        }).QuickCheckThrowOnFailure();

    /// <summary>Whatever is lost and doubled: what comes out is in order, is what came, and the counts add up.</summary>
    [Fact]
    public void Losses_and_duplicates_are_exact_whatever_the_order() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var lost = Enumerable.Range(2, 500).Where(_ => random.Next(20) == 0).ToHashSet();
            var twice = Enumerable.Range(2, 500).Where(n => !lost.Contains(n) && random.Next(20) == 0).ToHashSet();
            var arrivals = Enumerable.Range(1, 600).Where(n => !lost.Contains(n)).SelectMany(n => twice.Contains(n) ? [n, n] : new[] { n })
                .Select((number, i) => (number, at: i == 0 ? -1 : i + random.NextDouble() * 20)).OrderBy(p => p.at).Select(p => p.number).ToArray();
            var (sut, got) = (new RtpReceiver(new()), new RtpOutput());
            var timeNs = 0L;
            foreach (var number in arrivals) sut.Push(Rtp.Packet(number, packets: 1), timeNs += 100_000, got.Handler);
            sut.Flush(got.Handler);
            var statistics = sut.Statistics;
            return got.Numbers.SequenceEqual(Enumerable.Range(1, 600).Where(n => !lost.Contains(n)))
                && statistics.Sequences(RtpEventKind.Lost).Order().SequenceEqual(lost.Order())
                && statistics.Sequences(RtpEventKind.Duplicate).Order().SequenceEqual(twice.Order())
                && got.MissingBefore.Sum() == lost.Count;
        }).QuickCheckThrowOnFailure();

    private static byte[] Report(uint sent, uint bytes, uint ssrc = 0x1234_5678)
    {
        byte[] Word(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
        byte[] receiverReport = [0x80, 201, 0, 1, 0, 0, 0, 1];
        return [.. receiverReport, 0x80, 200, 0, 6, .. Word(ssrc), .. Word(0xE000_0000), .. Word(0x8000_0000), .. Word(77), .. Word(sent), .. Word(bytes)];
    }

    private void Push(params int[] numbers)
    {
        foreach (var number in numbers) Push(Rtp.Packet(number));
    }

    private void Push(byte[] datagram) => receiver.Push(datagram, nowNs += Rtp.MillisecondNs, output.Handler);
}
