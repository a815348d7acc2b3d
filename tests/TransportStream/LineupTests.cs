namespace SignalWatch.TransportStream.Tests;

public sealed class LineupTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void A_service_that_comes_after_learning_is_a_stranger()
    {
        var line = new Line(null);
        line.Run(0, 12, 101, 102);
        line.Analyzer.Lineup!.Services.Should().Equal(new LineupService(101, "S101"), new LineupService(102, "S102"));
        var report = line.Run(12, 14, 101, 102, 666);
        report.Services.Select(s => (s.ServiceId, s.Present, s.InLineup)).Should().Equal((101, true, true), (102, true, true), (666, true, false));
        line.Occurred.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Check = Checks.ServiceAppeared, ServiceId = 666 });
    }

    [Fact]
    public void While_learning_nobody_is_a_stranger()
    {
        var line = new Line(null);
        line.Run(0, 2, 101);
        line.Run(2, 4, 101, 102).Services.Should().OnlyContain(s => s.InLineup);
        line.Occurred.Should().BeEmpty();
    }

    [Fact]
    public void A_service_that_leaves_the_PAT_is_absent_at_once_and_returns()
    {
        var line = new Line(null);
        line.Run(0, 12, 101, 102);
        line.Run(12, 13, 101).Services.Select(s => (s.ServiceId, s.Present)).Should().Equal((101, true), (102, false));
        line.Run(13, 14, 101, 102).Services.Should().OnlyContain(s => s.Present);
        line.Occurred.Select(o => (o.Check, o.ServiceId)).Should().Equal((Checks.ServiceDisappeared, 102), (Checks.ServiceDisappeared, 102));
    }

    [Fact]
    public void A_service_whose_PMT_stops_is_absent_after_five_seconds_and_not_before()
    {
        var line = new Line(null);
        line.Run(0, 12, 101, 102);
        line.Silent.Add(102);
        line.Run(12, 16, 101, 102).Services.Single(s => s.ServiceId == 102).Present.Should().BeTrue();
        line.Run(16, 18, 101, 102).Services.Single(s => s.ServiceId == 102).Present.Should().BeFalse();
    }

    [Fact]
    public void A_kept_lineup_is_not_learnt_anew_so_a_restart_knows_the_stranger()
    {
        var kept = new Lineup(17, 8755, Start, [new(101, "S101"), new(102, "S102")]);
        var line = new Line(kept);
        var report = line.Run(0, 3, 101, 666);
        report.LineupKnown.Should().BeTrue();
        report.Services.Select(s => (s.ServiceId, s.Name, s.Present, s.InLineup)).Should().Equal((101, "S101", true, true), (102, "S102", false, true), (666, "S666", true, false));
        line.Analyzer.Lineup.Should().Be(kept);
    }

    [Fact]
    public void Before_the_first_PAT_nothing_is_said_of_a_kept_lineup()
    {
        var analyzer = new TransportStreamAnalyzer(new() { Lineup = new(17, 8755, Start, [new(101, null)]) });
        analyzer.Push(new StreamBuilder().Video(0x100, 20).ToArray(), Start);
        analyzer.Report(Start).Services.Should().BeEmpty();
    }

    [Fact]
    public void After_a_loss_of_sync_each_service_gets_its_time_again()
    {
        var line = new Line(null);
        line.Run(0, 12, 101, 102);
        line.Silent.UnionWith([101, 102]);
        line.Run(72, 74, 101, 102).Services.Should().OnlyContain(s => s.Present, "for a minute nothing was known of them");
    }

    [Fact]
    public void Scrambling_is_told_by_the_packets_and_one_flipped_bit_is_none()
    {
        var builder = new StreamBuilder().Pat(17, 1, (101, 0x100), (102, 0x200)).Pmt(0x100, 101, 1, 0x101, 0x101).Pmt(0x200, 102, 1, 0x201, 0x201);
        builder.Video(0x101, 20, tsc: 2).Video(0x201, 20).Video(0x201, 1, tsc: 2);
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Push(builder.ToArray(), Start);
        analyzer.Report(Start).Services.Select(s => s.Scrambled).Should().Equal(true, false);
    }

    [Fact]
    public void A_shared_PID_counts_for_both_services()
    {
        var builder = new StreamBuilder().Pat(17, 1, (101, 0x100), (102, 0x200)).Pmt(0x100, 101, 1, 0x101, 0x101).Pmt(0x200, 102, 1, 0x201, 0x101);
        builder.Video(0x101, 3).Packet(0x101, cc: 9);
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Push(builder.ToArray(), Start);
        var report = analyzer.Report(Start);
        report.CcErrors.Should().Be(1);
        report.Services.Select(s => s.CcErrors).Should().Equal(1, 1);
    }

    /// <summary>A multiplex by the half second.</summary>
    private sealed class Line
    {
        private readonly StreamBuilder builder = new();
        private int sent;
        private int version;
        private int[] last = [];

        public Line(Lineup? lineup)
        {
            Analyzer = new TransportStreamAnalyzer(new() { Lineup = lineup });
            Analyzer.Occurred += o =>
            {
                if (o.Check.Priority == CheckPriority.Own) Occurred.Add(o);
            };
        }

        public TransportStreamAnalyzer Analyzer { get; }

        public List<TransportStreamOccurrence> Occurred { get; } = [];

        public HashSet<int> Silent { get; } = [];

        public MultiplexReport Run(double from, double to, params int[] services)
        {
            if (!services.SequenceEqual(last)) (last, version) = (services, version + 1 & 31);
            for (var t = from; t < to; t += 0.5)
            {
                builder.Pat(17, version, [.. services.Select(s => (s, 0x100 + s))]);
                builder.Sdt(17, 8755, version, [.. services.Select(s => (s, $"S{s}"))]);
                foreach (var service in services.Where(s => !Silent.Contains(s))) builder.Pmt(0x100 + service, service, 1, 0x1000 + service, 0x1000 + service);
                foreach (var service in services) builder.Video(0x1000 + service, 3);
                var bytes = builder.ToArray();
                Analyzer.Push(bytes.AsSpan(sent), Start.AddSeconds(t));
                sent = bytes.Length;
                Analyzer.Tick(Start.AddSeconds(t + 0.4));
            }
            return Analyzer.Report(Start.AddSeconds(to - 0.1));
        }
    }
}
