namespace SignalWatch.Hardware.Tests;

/// <summary>Media delivery index and times between datagrams, by hand and by brute force.</summary>
public sealed class RtpDeliveryTests
{
    private const long SecondNs = 1_000_000_000;

    [Fact]
    public void A_steady_stream_has_the_delay_factor_of_one_datagram()
    {
        // RFC 4445 4: the buffer holds one datagram and drains it until the next comes.
        var index = new MediaDeliveryIndex();
        index.SetMediaRate(1316 * 8 * 1000, MediaRateSource.Nominal);
        for (var i = 0; i < 3000; i++) index.Push(i * Rtp.MillisecondNs, 1316);
        index.Seconds.Should().HaveCount(2);
        foreach (var second in index.Seconds) second.DelayFactorMs.Should().BeApproximately(1, 1e-6);
        index.Seconds[1].Should().BeEquivalentTo(new { Second = 1, Datagrams = 1000, MediaBytes = 1_316_000, RateSource = MediaRateSource.Nominal, MediaLossRate = 0 });
    }

    [Fact]
    public void Without_a_rate_the_measured_mean_is_used_and_said()
    {
        var index = new MediaDeliveryIndex();
        for (var i = 0; i < 2500; i++) index.Push(i * Rtp.MillisecondNs, 1316);
        index.Seconds[0].RateSource.Should().Be(MediaRateSource.Measured);
        index.Seconds[0].MediaRateBps.Should().BeApproximately(1316 * 8 * 1000, 1);
        index.Seconds[0].DelayFactorMs.Should().BeApproximately(1, 0.001);
    }

    [Fact]
    public void A_rate_that_comes_late_is_in_time_for_the_first_second()
    {
        var index = new MediaDeliveryIndex();
        for (var i = 0; i < 999; i++) index.Push(i * Rtp.MillisecondNs, 1316);
        index.SetMediaRate(1316 * 8 * 500, MediaRateSource.Pcr);
        index.Push(SecondNs, 1316);
        // Twice the rate fills the buffer: 998 datagrams come in 998 ms, half of them drain, and the first moment has none.
        index.Seconds[0].DelayFactorMs.Should().BeApproximately(1000.0 * (999 - 499) / 500, 1e-6);
        index.Seconds[0].RateSource.Should().Be(MediaRateSource.Pcr);
    }

    [Fact]
    public void Any_arrivals_give_the_delay_factor_of_the_definition()
    {
        var random = new Random(4445);
        for (var run = 0; run < 50; run++)
        {
            var rate = random.NextDouble() * 40e6 + 1e6;
            var count = random.Next(2, 3000);
            var times = Enumerable.Range(0, count).Select(_ => (long)(random.NextDouble() * random.NextDouble() * 2 * SecondNs)).Order().ToArray();
            var sizes = times.Select(_ => 188 * random.Next(1, 8)).ToArray();
            var index = new MediaDeliveryIndex();
            for (var i = 0; i < count; i++) index.Push(times[i], sizes[i]);
            index.SetMediaRate(rate, MediaRateSource.Pcr);
            var last = times[^1] / SecondNs;
            if (times[0] / SecondNs == last) continue;
            double received = 0, highest = last > times[0] / SecondNs ? 0 : double.MinValue, lowest = highest == 0 ? 0 : double.MaxValue;
            for (var i = 0; i < count; i++)
            {
                if (times[i] / SecondNs != last) continue;
                var drained = rate * (times[i] - last * SecondNs) / SecondNs;
                lowest = Math.Min(lowest, received - drained);
                received += sizes[i] * 8;
                highest = Math.Max(highest, received - drained);
            }
            index.Current!.Value.DelayFactorMs.Should().BeApproximately((highest - lowest) / rate * 1000, 1e-6);
        }
    }

    [Fact]
    public void A_sender_that_makes_every_arrival_a_corner_of_the_hull_is_still_measured()
    {
        // Ever faster: all points of the curve t² are corners, 5,000 where 512 have room. The extremes are at the ends.
        var index = new MediaDeliveryIndex();
        index.SetMediaRate(188 * 8 * 5000, MediaRateSource.Nominal);
        for (var i = 0; i < 5000; i++) index.Push((long)(Math.Sqrt(i / 5000.0) * SecondNs), 188);
        // The buffer drains until the slope of t² is the rate: at half a second, when a quarter has come.
        index.Current!.Value.DelayFactorMs.Should().BeApproximately(250, 2);
    }

    [Fact]
    public void Silence_gives_seconds_without_a_value_and_the_loss_stays_where_it_was()
    {
        var index = new MediaDeliveryIndex();
        index.SetMediaRate(1e6, MediaRateSource.Nominal);
        index.Push(SecondNs / 2, 1316);
        index.Tick(4 * SecondNs);
        index.Missing(SecondNs / 2, 7);
        index.Missing(4 * SecondNs, 14);
        index.Seconds.Select(s => (s.Second, s.DelayFactorMs.HasValue, s.MediaLossRate)).Should().Equal((0, true, 7), (1, false, 0), (2, false, 0), (3, false, 0));
        index.Current!.Value.MediaLossRate.Should().Be(14);
        index.LostOrOutOfOrder.Should().Be(21);
        // What was missing when the second began shows in it: 0.4 s of an empty buffer.
        index.Push(4 * SecondNs + 4 * SecondNs / 10, 1316);
        index.Current!.Value.DelayFactorMs.Should().BeApproximately(400, 1e-6);
        index.Tick(SecondNs * 3600 * 24 * 365);
        index.Seconds.Should().HaveCount(64);
    }

    [Fact]
    public void A_clock_that_is_set_back_begins_anew()
    {
        var index = new MediaDeliveryIndex();
        index.SetMediaRate(1316 * 8 * 1000, MediaRateSource.Nominal);
        for (var i = 0; i < 1500; i++) index.Push(100 * SecondNs + i * Rtp.MillisecondNs, 1316);
        for (var i = 0; i < 1500; i++) index.Push(10 * SecondNs + i * Rtp.MillisecondNs, 1316);
        index.Seconds.Select(s => s.Second).Should().Equal(100, 101, 10);
        index.Seconds[2].DelayFactorMs.Should().BeApproximately(1, 1e-6);
    }

    [Fact]
    public void Intervals_are_counted_in_bins_with_extremes_mean_and_percentiles()
    {
        var intervals = new InterArrivalHistogram();
        (intervals.MinNs, intervals.MaxNs, intervals.MeanNs, intervals.PercentileNs(0.5)).Should().Be((null, null, null, null));
        var at = 5L;
        intervals.Push(at);
        foreach (var interval in Enumerable.Range(1, 1000)) intervals.Push(at += interval * 10_000L);
        intervals.Push(at += 3 * SecondNs);
        intervals.Count.Should().Be(1001);
        (intervals.MinNs, intervals.MaxNs, intervals.MaxEndedNs).Should().Be((10_000, 3 * SecondNs, at));
        intervals.MeanNs.Should().BeApproximately((10_000.0 * 500_500 + 3e9) / 1001, 1);
        intervals.PercentileNs(0.5).Should().BeInRange(5_010_000, 5_010_000 * 9 / 8);
        intervals.PercentileNs(0.99).Should().BeInRange(9_900_000, 10_000_000 * 9 / 8);
        intervals.PercentileNs(1).Should().Be(3 * SecondNs);
        intervals.Bins.Sum(b => b.Count).Should().Be(1001);
        intervals.Bins.Should().AllSatisfy(b => (b.ToNs > b.FromNs).Should().BeTrue());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1023, 0)]
    [InlineData(1024, 1024)]
    [InlineData(1_000_000, 983_040)]
    [InlineData(9_999_999_999, 9_663_676_416)]
    [InlineData(20_000_000_000, 17_179_869_184)]
    public void An_interval_lies_in_its_bin(long interval, long from)
    {
        var intervals = new InterArrivalHistogram();
        intervals.Push(0);
        intervals.Push(interval);
        var bin = intervals.Bins.Single();
        bin.FromNs.Should().Be(from);
        (interval < (bin.ToNs ?? long.MaxValue)).Should().BeTrue();
    }
}
