using SignalWatch.Contracts;
using SignalWatch.Fm;

namespace SignalWatch.Tests;

public sealed class BandSweepTests
{
    [Theory]
    [InlineData(2_400_000, 87_000_000, 108_000_000, 10)]
    [InlineData(2_048_000, 87_000_000, 108_000_000, 10)]
    [InlineData(3_200_000, 108_000_000, 137_000_000, 10)]
    [InlineData(2_400_000, 98_000_000, 98_500_000, 2)]
    public void A_plan_hears_every_channel_whole_within_its_period(double rate, double from, double to, double seconds)
    {
        var plan = SweepPlan.For(new SweepSettings { SampleRateHz = rate, FromHz = from, ToHz = to, Period = TimeSpan.FromSeconds(seconds) });
        for (var hz = from; hz <= to; hz += 100_000)
            plan.Hops.Should().Contain(h => hz - 100_000 >= h.FromHz && hz + 100_000 <= h.ToHz, $"{hz} Hz is to be heard");
        plan.Hops.Should().AllSatisfy(h =>
        {
            (h.ToHz - h.FromHz).Should().BeApproximately(0.8 * rate, 1);
            // Between two channels: there the spike is in no carrier.
            (h.CenterHz % 100_000).Should().Be(50_000);
        });
        (plan.Hops.Sum(h => h.Dwell.TotalSeconds) + 0.05 * plan.Hops.Count).Should().BeApproximately(seconds, 0.001);
    }

    [Fact]
    public void Heard_twice_every_channel_is_whole_at_two_tunings_within_ten_seconds()
    {
        var plan = SweepPlan.For(new SweepSettings { SampleRateHz = 2_400_000, Twice = true });
        for (var hz = 87_000_000.0; hz <= 108_000_000; hz += 100_000)
            plan.Hops.Count(h => hz - 100_000 >= h.FromHz && hz + 100_000 <= h.ToHz).Should().BeGreaterThanOrEqualTo(2, $"{hz} Hz is to be heard twice");
        (plan.Hops.Sum(h => h.Dwell.TotalSeconds) + 0.05 * plan.Hops.Count).Should().BeApproximately(10, 0.001);
    }

    [Fact]
    public void What_is_beside_a_spike_or_on_an_image_is_measured_at_the_other_tuning_and_is_nothing_where_it_is_not_there()
    {
        const double Rate = 2_400_000;
        var plan = SweepPlan.For(new SweepSettings { SampleRateHz = Rate, FromHz = 97_000_000, ToHz = 98_400_000, Period = TimeSpan.FromSeconds(2), Twice = true });
        var hop = plan.Hops[1];
        var (weakHz, strongHz) = (hop.CenterHz - 350_000, hop.CenterHz + 350_000); // each on the other's image
        var besideHz = hop.CenterHz + 50_000;
        var sweeps = new List<BandSweepReading>();
        var receiver = new BandSweepReceiver(plan) { OnSweep = sweeps.Add };
        for (var sweep = 0; sweep < 2; sweep++)
            foreach (var at in plan.Hops)
            {
                receiver.Begin(at, 2 * sweep + 0.4 * at.Index);
                var band = new SyntheticBand(Rate, at.Dwell.TotalSeconds + 0.05, seed: 11 * sweep + at.Index).Noise(-110).Spike(0.05);
                foreach (var (hz, dbfs) in new[] { (weakHz, -35.0), (strongHz, -10.0), (besideHz, -32.0) })
                    if (Math.Abs(hz - at.CenterHz) < 1_000_000) band.Station(hz - at.CenterHz, dbfs);
                // The image of the strong one, 27 dB down; at the other tuning it falls elsewhere.
                if (Math.Abs(strongHz - at.CenterHz) < 1_000_000) band.Station(at.CenterHz - strongHz + 900, -37);
                receiver.Process(band.Iq).Should().BeTrue();
            }
        var found = sweeps[1].Carriers;
        found.Select(c => c.NominalHz).Should().BeEquivalentTo([(long)weakHz, (long)strongHz, (long)besideHz]);
        foreach (var (hz, dbfs) in new[] { (weakHz, -35.0), (strongHz, -10.0), (besideHz, -32.0) })
        {
            var carrier = found.Single(c => c.NominalHz == (long)hz);
            carrier.OffsetHz.Should().BeApproximately(0, 300, $"{hz}");
            carrier.LevelDbfs.Should().BeApproximately(dbfs, 1.5, $"{hz}");
        }
    }

    [Theory]
    [InlineData(250_000, 10)]
    [InlineData(2_400_000, 3)]
    public void A_plan_that_cannot_be_kept_is_refused(double rate, double seconds) =>
        FluentActions.Invoking(() => SweepPlan.For(new SweepSettings { SampleRateHz = rate, Period = TimeSpan.FromSeconds(seconds) })).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("fm.sweep");

    [Fact]
    public void Hops_are_put_together_and_each_carrier_is_there_once()
    {
        const double Rate = 1_200_000;
        (double Hz, double Dbfs)[] stations = [(97_100_000, -30), (97_700_000, -42), (98_000_000, -20), (98_300_000, -40)];
        var plan = SweepPlan.For(new SweepSettings { SampleRateHz = Rate, FromHz = 97_000_000, ToHz = 98_400_000, Period = TimeSpan.FromSeconds(1.2) });
        plan.Hops.Count.Should().BeGreaterThan(1);
        var sweeps = new List<BandSweepReading>();
        var receiver = new BandSweepReceiver(plan) { OnSweep = sweeps.Add };
        for (var sweep = 0; sweep < 2; sweep++)
            foreach (var hop in plan.Hops)
            {
                receiver.Begin(hop, 1.2 * sweep + 0.4 * hop.Index);
                // What rolls off at a hop's edges is not heard: a station there is left out by the tuner's filter.
                var band = new SyntheticBand(Rate, hop.Dwell.TotalSeconds + 0.05, seed: 7 * sweep + hop.Index).Noise(-110).Spike(0.003);
                foreach (var (hz, dbfs) in stations)
                    if (Math.Abs(hz - hop.CenterHz) < 500_000) band.Station(hz - hop.CenterHz, dbfs);
                receiver.Process(band.Iq).Should().BeTrue();
            }
        sweeps.Should().HaveCount(2);
        var last = sweeps[1];
        (last.StartSeconds, last.MissingHops.Count).Should().Be((1.2, 0));
        last.Carriers.Select(c => c.NominalHz).Should().Equal(stations.Select(s => (long)s.Hz));
        last.Carriers.Zip(stations).Should().AllSatisfy(p => p.First.LevelDbfs.Should().BeApproximately(p.Second.Dbfs, 0.5));
        last.Carriers.Should().AllSatisfy(c => c.Pilot.Should().BeTrue());
        last.Masked.Should().AllSatisfy(m => m.Reason.Should().Be(MaskReason.DcSpike));
        // Power of the strongest station from the stitched spectrum: steps hold the power in the resolution bandwidth.
        var power = 0.0;
        for (var n = 0; n < last.Spectra.MeanDbfs.Count; n++)
            if (Math.Abs(last.Spectra.StartHz + n * last.Spectra.StepHz - 98_000_000) < 100_000) power += Math.Pow(10, last.Spectra.MeanDbfs[n] / 10) * last.Spectra.StepHz / last.Spectra.ResolutionHz;
        (10 * Math.Log10(power)).Should().BeApproximately(-20, 0.7);
        last.NoiseFloor.At(97_400_000).Should().BeApproximately(-110, 0.5);
    }

    [Fact]
    public void A_hop_that_was_not_heard_is_missing_not_empty()
    {
        var plan = SweepPlan.For(new SweepSettings { SampleRateHz = 1_200_000, FromHz = 97_000_000, ToHz = 98_400_000, Period = TimeSpan.FromSeconds(1.2), MeasureStations = false });
        BandSweepReading? reading = null;
        var receiver = new BandSweepReceiver(plan) { OnSweep = r => reading = r };
        receiver.Begin(plan.Hops[^1], 5);
        receiver.Process(new SyntheticBand(1_200_000, plan.Hops[0].Dwell.TotalSeconds + 0.05).Noise(-110).Iq).Should().BeTrue();
        reading!.MissingHops.Should().Equal(plan.Hops.Take(plan.Hops.Count - 1));
        reading.Spectra.MeanDbfs[0].Should().Be(-200);
    }
}
