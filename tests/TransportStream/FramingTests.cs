namespace SignalWatch.TransportStream.Tests;

/// <summary>TR 101 290 1.1 and 1.2.</summary>
public sealed class FramingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void Four_good_sync_bytes_are_not_yet_sync_and_five_are()
    {
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Push(new StreamBuilder().Video(0x100, 4).ToArray(), Start);
        analyzer.Report(Start).InSync.Should().BeFalse();
        analyzer.Push([0x47], Start);
        var report = analyzer.Report(Start);
        report.InSync.Should().BeTrue();
        report.Packets.Should().Be(4);
    }

    [Fact]
    public void One_bad_sync_byte_is_an_error_and_no_loss_and_two_are_a_loss()
    {
        var one = new StreamBuilder().Video(0x100, 20).ToArray();
        one[10 * 188] = 0x46;
        var (report, kinds) = Analyze(one);
        report.Should().BeEquivalentTo(new { InSync = true, SyncByteErrors = 1, SyncLosses = 0, SkippedBytes = 0L, Packets = 20L });
        kinds.Should().Equal(Checks.SyncByteError, Checks.ContinuityError);

        var two = new StreamBuilder().Video(0x100, 20).ToArray();
        two[10 * 188] = two[11 * 188] = 0x46;
        (report, kinds) = Analyze(two);
        report.Should().BeEquivalentTo(new { InSync = true, SyncByteErrors = 2, SyncLosses = 1, SkippedBytes = 0L, CcErrors = 0, Packets = 20L });
        kinds.Should().Equal(Checks.SyncByteError, Checks.SyncLost, Checks.SyncByteError);
    }

    [Fact]
    public void Bytes_that_slipped_in_cost_few_packets_and_are_counted()
    {
        var bytes = new StreamBuilder().Video(0x100, 10).Raw(1, 2, 3).Video(0x100, 10).ToArray();
        var (report, _) = Analyze(bytes);
        report.InSync.Should().BeTrue();
        report.SyncLosses.Should().Be(1);
        (report.Packets * 188 + report.SkippedBytes).Should().Be(bytes.Length);
        report.Packets.Should().BeGreaterThanOrEqualTo(18);
    }

    [Fact]
    public void Silence_is_loss_of_sync_found_by_the_tick_and_starts_at_the_last_packet()
    {
        var analyzer = new TransportStreamAnalyzer(new());
        List<TransportStreamOccurrence> occurrences = [];
        analyzer.Occurred += occurrences.Add;
        analyzer.Push(new StreamBuilder().Video(0x100, 10).ToArray(), Start);
        analyzer.Tick(Start.AddSeconds(1));
        analyzer.Report(Start.AddSeconds(1)).InSync.Should().BeTrue("1 s is the limit, not past it");
        analyzer.Tick(Start.AddSeconds(1.1));
        occurrences[^1].Check.Should().Be(Checks.SyncLost);
        var report = analyzer.Report(Start.AddSeconds(3));
        report.InSync.Should().BeFalse();
        report.OutOfSyncSeconds.Should().Be(3);
        report.Services.Should().BeEmpty("nothing is known of them");

        analyzer.Push(new StreamBuilder().Video(0x100, 10).ToArray(), Start.AddSeconds(4));
        report = analyzer.Report(Start.AddSeconds(4));
        report.Should().BeEquivalentTo(new { InSync = true, OutOfSyncSeconds = (double?)null, CcErrors = 0 }, "a silence is one loss, not a continuity error on each PID");
    }

    [Fact]
    public void A_stream_that_never_came_is_out_of_sync_since_monitoring_began()
    {
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Tick(Start);
        analyzer.Report(Start.AddSeconds(5)).OutOfSyncSeconds.Should().Be(5);
    }

    [Fact]
    public void Without_PCR_the_rate_is_that_of_arrival()
    {
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Tick(Start);
        analyzer.Push(new StreamBuilder().Video(0x100, 1000).ToArray(), Start.AddSeconds(0.5));
        var report = analyzer.Report(Start.AddSeconds(1));
        report.BitrateSource.Should().Be(BitrateSource.Arrival);
        report.BitrateBps.Should().Be(1000 * 188 * 8);
    }

    [Fact]
    public void A_clock_that_wraps_is_no_jump_and_a_stretch_with_a_loss_is_left_out()
    {
        const long Cycle = (1L << 33) * 300;
        var builder = new StreamBuilder().Packet(0x100, pcr: Cycle - 270_000).Video(0x100, 9).Packet(0x100, pcr: 270_000).Video(0x100, 9);
        counted(builder.Packet(0x100, pcr: 810_000)).Should().BeApproximately(10 * 1504 * 27e6 / 540_000, 1);
        counted(builder.Video(0x100, 2).Packet(0x101).Packet(0x101, cc: 5).Packet(0x100, pcr: 900_000)).Should().BeApproximately(10 * 1504 * 27e6 / 540_000, 1, "the last stretch lost packets");

        static double? counted(StreamBuilder built)
        {
            var analyzer = new TransportStreamAnalyzer(new());
            analyzer.Push(built.ToArray(), Start);
            return analyzer.Report(Start).BitrateBps;
        }
    }

    private static (MultiplexReport Report, List<Check> Kinds) Analyze(byte[] bytes)
    {
        var analyzer = new TransportStreamAnalyzer(new());
        List<Check> kinds = [];
        analyzer.Occurred += o =>
        {
            if (o.Change != OccurrenceChange.Clear) kinds.Add(o.Check);
        };
        analyzer.Push(bytes, Start);
        return (analyzer.Report(Start), kinds);
    }
}
