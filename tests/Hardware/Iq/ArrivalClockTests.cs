using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>The time of samples that come without time stamps.</summary>
public sealed class ArrivalClockTests
{
    private const double Rate = 1_000_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Jitter_of_the_network_does_not_reach_the_time_stamps()
    {
        var clock = new ArrivalClock(Rate);
        var random = new Random(1);
        for (var n = 1; n <= 6000; n++)
        {
            // 10 ms of samples, up to 30 ms late, never early.
            clock.Arrived(10_000, Start.AddMilliseconds(10 * n + 30 * random.NextDouble()), out var missing);
            missing.Should().Be(0);
            if (n > 200) (clock.TimeOf(clock.Samples) - Start.AddMilliseconds(10 * n)).TotalMilliseconds.Should().BeInRange(-1e-3, 2);
        }
    }

    [Fact]
    public void A_crystal_that_runs_slow_or_fast_is_followed()
    {
        foreach (var ppm in (int[])[-100, 100])
        {
            var clock = new ArrivalClock(Rate);
            for (var n = 1; n <= 60_000; n++) clock.Arrived(10_000, Start.AddMilliseconds(10 * n * (1 + ppm * 1e-6)), out _);
            // After ten minutes the crystal is 60 ms off.
            (clock.TimeOf(clock.Samples) - Start.AddMilliseconds(600_000 * (1 + ppm * 1e-6))).TotalMilliseconds.Should().BeApproximately(0, 1);
        }
    }

    [Fact]
    public void A_burst_after_a_pause_loses_nothing_and_what_stays_late_was_lost()
    {
        var clock = new ArrivalClock(Rate);
        var at = Start;
        void Come(TimeSpan late, int blocks, out long missing)
        {
            missing = 0;
            for (var n = 0; n < blocks; n++)
            {
                clock.Arrived(10_000, (at += TimeSpan.FromMilliseconds(10)) + late, out var now);
                missing += now;
            }
        }
        Come(TimeSpan.Zero, 500, out var lost);
        lost.Should().Be(0);
        // One second stalls in the network and comes at once.
        clock.Arrived(1_000_000, at += TimeSpan.FromSeconds(1), out lost);
        lost.Should().Be(0);
        Come(TimeSpan.Zero, 500, out lost);
        lost.Should().Be(0);
        // 250 ms never come: everything after is 250 ms late for good.
        at += TimeSpan.FromMilliseconds(250);
        Come(TimeSpan.Zero, 500, out lost);
        lost.Should().BeCloseTo(250_000, 5000);
        (clock.TimeOf(clock.Samples) - at).TotalMilliseconds.Should().BeApproximately(0, 1);
        Come(TimeSpan.Zero, 1000, out lost);
        lost.Should().Be(0);
    }
}
