using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Clocks against trains of PCRs of which everything is known.</summary>
public sealed class ClocksSyntheticTests
{
    private static readonly Text Nothing = new("无", "none");
    private static readonly Text Capture = new("抓包时间", "capture");

    [Theory]
    [InlineData(38_014_706, 0.0375, 0, 0, 0)]
    [InlineData(38_014_706, 0.025, 12.5, 200, 0)]
    [InlineData(5_000_000, 0.1, -30, 300, 0)]
    [InlineData(601_600, 0.025, 27, 350, 0)]
    [InlineData(601_600, 0.02, 5, 1500, 3000)]
    [InlineData(80_000_000, 0.01, -100, 2000, 5000)]
    public void A_clock_at_constant_rate_is_measured(double bitrate, double interval, double offset, double white, double swing)
    {
        var train = new ClocksPcrTrain { BitrateBps = bitrate, IntervalSeconds = interval, OffsetPpm = offset, WhiteNs = white, SwingNs = swing };
        var (meter, _) = Run(train.Points(30));
        var report = meter.Report(Given(bitrate));
        report.OffsetPpm.Value.Should().BeApproximately(offset, 0.1);
        report.AccuracyMaxNs.Value.Should().BeInRange((interval > 0.05 ? 0.65 : 0.8) * white - 20, 1.2 * white + 20);
        report.AccuracyP99Ns.Value.Should().BeLessThanOrEqualTo(report.AccuracyMaxNs.Value!.Value);
        report.WanderNs.Value.Should().BeInRange(0.85 * swing, 1.15 * swing + 0.5 * white + 20);
        report.LongestIntervalMs.Should().BeApproximately(interval * 1e3, 4);
        report.OverallJitterNs.Value.Should().BeNull();
        report.DriftMilliHertzPerSecond.Value.Should().BeNull();
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-4_000)]
    [InlineData(30_000)]
    [InlineData(-2_000_000)]
    [InlineData(15_000_000)]
    public void One_wrong_PCR_is_one_error_and_names_its_own_place(double errorNs)
    {
        foreach (var wrong in new[] { 30, 100, 400, 555 })
        {
            var points = new ClocksPcrTrain { IntervalSeconds = 0.02 }.Points(12).ToList();
            points[wrong] = points[wrong] with { Pcr = ClocksPcrTrain.Mod(points[wrong].Pcr + (long)Math.Round(errorNs * 0.027)) };
            var (_, samples) = Run(points);
            var beyond = samples.Where(s => Math.Abs(s.AccuracyNs) > 500).ToList();
            beyond.Should().ContainSingle($"PCR {wrong}");
            beyond[0].JudgedByteIndex.Should().Be(points[wrong].ByteIndex);
            beyond[0].AccuracyNs.Should().BeApproximately(errorNs, 60 + Math.Abs(errorNs) * 0.01);
            samples.Should().NotContain(s => s.Step == ClockStep.Jump);
        }
    }

    [Fact]
    public void Noise_within_the_limit_is_never_called_an_error_not_even_at_the_start()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var (_, samples) = Run(new ClocksPcrTrain { WhiteNs = 380, OffsetPpm = 10, Seed = seed, BitrateBps = 10_000_000 }.Points(6));
            samples.Should().NotContain(s => Math.Abs(s.AccuracyNs) > 500);
        }
    }

    [Fact]
    public void The_clock_goes_round_without_a_jump()
    {
        var (meter, samples) = Run(new ClocksPcrTrain { Start = ProgramClock.Cycle - 5 * ProgramClock.Hz, OffsetPpm = 3 }.Points(12));
        samples.Should().NotContain(s => s.Step == ClockStep.Jump || Math.Abs(s.AccuracyNs) > 60);
        meter.Report(Given(38_000_000)).OffsetPpm.Value.Should().BeApproximately(3, 0.05);
    }

    [Fact]
    public void Where_the_rate_changes_between_PCRs_nothing_is_measured_and_the_reason_is_said()
    {
        var random = new Random(3);
        var place = 0L;
        var points = Enumerable.Range(0, 500).Select(i => (i * 0.03, place += 188 * random.Next(20, 120), (long)(i * 810_000))).ToList();
        var (meter, samples) = Run(points);
        samples.Should().OnlyContain(s => double.IsNaN(s.AccuracyNs) && s.Step != ClockStep.Jump);
        var report = meter.Report(Given(1_000_000));
        foreach (var figure in new[] { report.AccuracyMaxNs, report.AccuracyP99Ns, report.OffsetPpm, report.WanderNs })
        {
            figure.Value.Should().BeNull();
            figure.Method.En.Should().Contain("not constant");
        }
        meter.TicksPerByte.Should().BeInRange(20, 300); // it still says how time goes on between two PCRs
    }

    [Fact]
    public void A_stream_that_changes_its_rate_once_is_measured_on_both_sides_and_accused_of_nothing()
    {
        var slow = new ClocksPcrTrain { BitrateBps = 20_000_000 }.Points(8).ToList();
        var fast = new ClocksPcrTrain { BitrateBps = 40_000_000 }.Points(8).ToList();
        var (meter, samples) = Run(slow.Concat(fast.Skip(1).Select(p => (8 + p.Seconds, slow[^1].ByteIndex + p.ByteIndex, slow[^1].Pcr + p.Pcr - fast[0].Pcr))));
        samples.Should().NotContain(s => Math.Abs(s.AccuracyNs) > 500);
        samples.Count(s => !double.IsNaN(s.AccuracyNs)).Should().BeGreaterThan(400);
        (1 / meter.TicksPerByte!.Value * 8 * ProgramClock.Hz).Should().BeApproximately(40_000_000, 100);
        meter.Report(Given(40_000_000)).OffsetPpm.Value.Should().BeApproximately(0, 0.1);
    }

    [Fact]
    public void Losses_start_the_positions_anew_and_neither_accuse_nor_spoil_the_frequency()
    {
        var meter = new ClockMeter(1);
        List<ClockSample> samples = [];
        var missing = 0L;
        foreach (var (i, p) in new ClocksPcrTrain { OffsetPpm = 8, WhiteNs = 100 }.Points(40).Index())
        {
            if (i % 170 == 169)
            {
                missing += 188 * 25;
                meter.Loss();
            }
            Add(meter, p.Pcr, p.ByteIndex - missing, 0, false, samples);
        }
        samples.Should().OnlyContain(s => s.Step == ClockStep.Normal || s.Step == ClockStep.First);
        samples.Should().NotContain(s => Math.Abs(s.AccuracyNs) > 150);
        meter.Report(Given(38_000_000)).OffsetPpm.Value.Should().BeApproximately(8, 0.1);
    }

    [Theory]
    [InlineData(250, false, nameof(ClockStep.Jump))]
    [InlineData(80, false, nameof(ClockStep.Jump))]
    [InlineData(70, false, nameof(ClockStep.Normal))] // 95 ms after the one before: within the 100 ms of TR 101 290 2.3.b
    [InlineData(-26, false, nameof(ClockStep.Jump))]
    [InlineData(-24, false, nameof(ClockStep.Normal))]
    [InlineData(-40_000_000, false, nameof(ClockStep.Jump))]
    [InlineData(250, true, nameof(ClockStep.Signalled))]
    [InlineData(0, true, nameof(ClockStep.Signalled))]
    public void A_jump_is_one_where_the_clock_leaves_100_ms_without_an_indication(double ms, bool indicated, string name)
    {
        var expected = Enum.Parse<ClockStep>(name);
        var meter = new ClockMeter(1);
        List<ClockSample> samples = [];
        foreach (var (i, p) in new ClocksPcrTrain().Points(10).Index())
            Add(meter, i < 200 ? p.Pcr : ClocksPcrTrain.Mod(p.Pcr + (long)(ms * 27_000)), p.ByteIndex, 0, indicated && i == 200, samples);
        samples.Where(s => s.Step is not (ClockStep.Normal or ClockStep.First)).Select(s => s.Step).Should().Equal(expected == ClockStep.Normal ? [] : [expected]);
        samples.Should().NotContain(s => Math.Abs(s.AccuracyNs) > 500, "a clock that starts anew is no inaccurate one");
        if (expected != ClockStep.Normal) samples.Single(s => s.Step == expected).IntervalMs.Should().BeApproximately(25, 0.1);
    }

    [Theory]
    [InlineData(0.176)]
    [InlineData(3)]
    public void PCRs_that_are_missing_are_a_long_interval_and_no_jump(double gap)
    {
        var points = new ClocksPcrTrain { BitrateBps = 376_000, IntervalSeconds = 0.032 }.Points(20).Where(p => p.Seconds < 6 || p.Seconds >= 6 + gap).ToList();
        var (meter, samples) = Run(points);
        samples.Should().OnlyContain(s => s.Step == ClockStep.Normal || s.Step == ClockStep.First);
        samples.Max(s => s.IntervalMs).Should().BeApproximately(gap * 1e3, 40);
        meter.Report(Given(376_000)).LongestIntervalMs.Should().BeApproximately(gap * 1e3, 40);
    }

    [Theory]
    [InlineData(20, 0, 60)]
    [InlineData(-30, 150_000, 60)]
    [InlineData(3, 1_000_000, 300)]
    public void Against_arrival_times_the_frequency_comes_from_the_packets_with_the_least_delay(double offset, double meanDelayNs, double seconds)
    {
        var random = new Random(11);
        var meter = new ClockMeter(1);
        foreach (var p in new ClocksPcrTrain { OffsetPpm = offset, IntervalSeconds = 0.03 }.Points(seconds))
            meter.Add(p.Pcr, p.ByteIndex, (long)(p.Seconds * 1e9 - meanDelayNs * Math.Log(1 - random.NextDouble())), false);
        var report = meter.Report(new ClockReference(null, null, true, Capture));
        report.OffsetPpm.Value.Should().BeApproximately(offset, meanDelayNs > 0 ? 0.5 : 0.02);
        report.OffsetPpm.Method.En.Should().Contain("capture");
        report.OverallJitterNs.Value.Should().BeInRange(2 * meanDelayNs, 15 * meanDelayNs + 50);
    }

    [Fact]
    public void Against_arrival_times_nothing_is_said_before_ten_seconds()
    {
        var (meter, _) = Run(new ClocksPcrTrain().Points(9));
        var report = meter.Report(new ClockReference(null, null, true, Capture));
        report.OffsetPpm.Value.Should().BeNull();
        report.OverallJitterNs.Value.Should().BeNull();
        report.OffsetPpm.Method.En.Should().Contain("10 s");
        report.AccuracyMaxNs.Value.Should().NotBeNull();
    }

    [Fact]
    public void Overall_jitter_is_the_peak_about_the_clocks_own_course()
    {
        var meter = new ClockMeter(1);
        foreach (var p in new ClocksPcrTrain { OffsetPpm = 25, WhiteNs = 0 }.Points(40))
            meter.Add(p.Pcr, p.ByteIndex, (long)(p.Seconds * 1e9 + 50_000 * Math.Sin(2 * Math.PI * 3 * p.Seconds)), false);
        meter.Report(new ClockReference(null, null, true, Capture)).OverallJitterNs.Value.Should().BeApproximately(50_000, 2_500);
    }

    [Fact]
    public void Drift_takes_a_minute_and_is_right()
    {
        const double MilliHertzPerSecond = 60;
        var meter = new ClockMeter(1);
        var early = true;
        foreach (var p in new ClocksPcrTrain { OffsetPpm = 2, DriftPpmPerSecond = MilliHertzPerSecond / 27_000, WhiteNs = 40 }.Points(200))
        {
            meter.Add(p.Pcr, p.ByteIndex, (long)(p.Seconds * 1e9), false);
            if (!early || p.Seconds < 50) continue;
            meter.Report(new ClockReference(null, null, true, Capture)).DriftMilliHertzPerSecond.Value.Should().BeNull();
            early = false;
        }
        meter.Report(new ClockReference(null, null, true, Capture)).DriftMilliHertzPerSecond.Value.Should().BeApproximately(MilliHertzPerSecond, 3);
        meter.Report(Given(38_000_000)).DriftMilliHertzPerSecond.Value.Should().BeApproximately(MilliHertzPerSecond, 3);
    }

    [Fact]
    public void An_hour_is_looked_back_on_and_not_more_is_kept()
    {
        var (meter, _) = Run(new ClocksPcrTrain { OffsetPpm = -7, WhiteNs = 200, IntervalSeconds = 0.05 }.Points(3 * 3600));
        meter.Report(Given(38_000_000)).OffsetPpm.Value.Should().BeApproximately(-7, 0.001);
    }

    [Fact]
    public void A_rate_that_is_given_wrong_is_no_offset()
    {
        var (meter, _) = Run(new ClocksPcrTrain().Points(12));
        var offset = meter.Report(Given(37_000_000)).OffsetPpm;
        offset.Value.Should().BeNull();
        offset.Method.En.Should().Contain("another rate");
    }

    [Fact]
    public void The_leader_is_the_clock_by_which_the_rate_is_a_chosen_one()
    {
        Lead(38_000_000, 12, 0, -20).Should().Be(1);
        Lead(6.875e6 * 6 * 188 / 204, 12, 4, 0).Should().Be(2); // DVB-C, 64-QAM
        Lead(33_333_333, 5, 5, 12).Should().Be(0);              // no chosen rate: the one that others agree with
        Lead(33_333_333, 5, -5, 12).Should().Be(0);             // nor do they agree: the first
        ClockMeter.Lead([]).Should().BeNull();
        ClockMeter.Lead([new ClockMeter(1)]).Should().BeNull();
    }

    [Fact]
    public void Without_a_reference_the_leader_has_no_offset_and_the_others_have_one_beside_it()
    {
        var clocks = new[] { 5.0, -5, 12 }.Select(ppm => Run(new ClocksPcrTrain { BitrateBps = 33_333_333, OffsetPpm = ppm, WhiteNs = 50 }.Points(12)).Meter).ToArray();
        var reference = new ClockReference(null, ClockMeter.Lead(clocks), false, Nothing);
        var offsets = clocks.Select(c => c.Report(reference).OffsetPpm).ToList();
        offsets[0].Value.Should().BeNull();
        offsets[1].Value.Should().BeApproximately(-10, 0.05);
        offsets[2].Value.Should().BeApproximately(7, 0.05);
        offsets[1].Method.En.Should().Contain("relative to the clock on PID 1");
    }

    [Fact]
    public void Hostile_values_give_finite_figures_or_none()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var meter = new ClockMeter(1);
            var place = 0L;
            var time = 0L;
            var field = new byte[6];
            for (var i = 0; i < 3000; i++)
            {
                random.NextBytes(field);
                place = random.Next(50) == 0 ? random.NextInt64(1L << 50) : place + random.Next(0, 100_000);
                time = random.Next(50) == 0 ? random.NextInt64(1L << 60) : time + random.Next(0, 100_000_000);
                var pcr = seed % 3 == 0 ? ProgramClock.ReadPcr(field) : ClocksPcrTrain.Mod(i * 675_000L + (random.Next(100) == 0 ? random.Next() : 0));
                var sample = meter.Add(pcr, place, time, random.Next(200) == 0);
                double.IsFinite(sample.IntervalMs).Should().BeTrue();
                if (random.Next(300) == 0) meter.Loss();
                if (random.Next(500) == 0) AssertFinite(meter.Report(new ClockReference(random.Next(2) == 0 ? 1e6 : null, ClockMeter.Lead([meter]), random.Next(2) == 0, Capture)));
                if (meter.TicksPerByte is { } rate) double.IsFinite(rate).Should().BeTrue();
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_a_PCR()
    {
        var points = new ClocksPcrTrain { WhiteNs = 800, SwingNs = 2000 }.Points(60).ToArray();
        var meter = new ClockMeter(1);
        var turn = 0L;
        var add = () =>
        {
            foreach (var (t, b, p) in points)
            {
                meter.Add(ClocksPcrTrain.Mod(p + turn * 60 * ProgramClock.Hz), b + turn * points[^1].ByteIndex, (long)(t * 1e9), false);
                while (meter.TryJudgeNext(out _)) { }
            }
            turn++;
        };
        add();
        Allocated.Bytes(add).Should().Be(0);
    }

    [Fact]
    public void A_meter_takes_no_more_than_16_KB()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var meter = new ClockMeter(1);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(16 * 1024);
        GC.KeepAlive(meter);
    }

    private static int Lead(double bitrate, params double[] ppm)
    {
        var clocks = ppm.Select((offset, i) => Run(new ClocksPcrTrain { BitrateBps = bitrate, OffsetPpm = offset, WhiteNs = 50, Seed = i }.Points(12)).Meter).ToArray();
        return Array.IndexOf(clocks, ClockMeter.Lead(clocks));
    }

    private static ClockReference Given(double bitrate) => new(bitrate, null, false, Nothing);

    private static (ClockMeter Meter, List<ClockSample> Samples) Run(IEnumerable<(double Seconds, long ByteIndex, long Pcr)> points)
    {
        var meter = new ClockMeter(1);
        List<ClockSample> samples = [];
        foreach (var p in points) Add(meter, p.Pcr, p.ByteIndex, (long)(p.Seconds * 1e9), false, samples);
        return (meter, samples);
    }

    private static void Add(ClockMeter meter, long pcr, long byteIndex, long arrivalNs, bool discontinuity, List<ClockSample> samples)
    {
        samples.Add(meter.Add(pcr, byteIndex, arrivalNs, discontinuity));
        while (meter.TryJudgeNext(out var more)) samples.Add(more);
    }

    private static void AssertFinite(ClockReport report)
    {
        foreach (var figure in new[] { report.AccuracyMaxNs, report.AccuracyP99Ns, report.OverallJitterNs, report.OffsetPpm, report.DriftMilliHertzPerSecond, report.WanderNs })
        {
            if (figure.Value is { } value) double.IsFinite(value).Should().BeTrue(figure.Method.En);
            figure.Method.Zh.Should().NotBeEmpty();
            figure.Method.En.Should().NotBeEmpty();
        }
    }
}
