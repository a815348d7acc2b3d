using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>What a receiver adds of its own is said, and is no station.</summary>
public sealed class ReceiverFaultsTests
{
    private const double Rate = 1_200_000;

    private static List<FmBandReading> Run(SyntheticBand band, double rate = Rate, FmBandSettings? settings = null)
    {
        var readings = new List<FmBandReading>();
        var receiver = new FmBandReceiver(settings ?? new FmBandSettings { SampleRateHz = rate, CenterFrequencyHz = 98_000_000, Interval = TimeSpan.FromSeconds(0.5) }) { OnReading = readings.Add };
        receiver.Process(band.Iq, discontinuity: false);
        return readings;
    }

    private static SyntheticBand Band(double seconds = 1.1) => new SyntheticBand(Rate, seconds).Noise(-110);

    [Fact]
    public void The_spike_is_masked_and_said()
    {
        var peak = Run(Band().Spike(0.05).Programme(300_000, -30))[^1].Masked.Should().ContainSingle().Which;
        peak.Reason.Should().Be(MaskReason.DcSpike);
        peak.LevelDbfs.Should().BeApproximately(20 * Math.Log10(0.05) + 3.01, 0.5, "it is in both branches");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-700)]
    public void A_bare_carrier_beside_the_spike_is_a_carrier(double hz)
    {
        var reading = Run(Band().Spike(0.02).BareCarrier(hz, -30))[^1];
        reading.Carriers.Should().ContainSingle().Which.OffsetHz.Should().BeApproximately(hz, 20);
        reading.Carriers[0].LevelDbfs.Should().BeApproximately(-30, 0.5);
        reading.Masked.Should().ContainSingle().Which.Reason.Should().Be(MaskReason.DcSpike);
    }

    [Fact]
    public void A_bare_carrier_that_stands_still_in_the_middle_is_masked_not_dropped() =>
        Run(Band().BareCarrier(1, -40))[^1].Masked.Should().ContainSingle().Which.Reason.Should().Be(MaskReason.DcSpike);

    [Theory]
    [InlineData(25)]
    [InlineData(30)]
    [InlineData(40)]
    public void Images_of_programmes_and_of_bare_carriers_are_masked(double imageDb)
    {
        foreach (var band in new[] { Band().Programme(350_000, -6).Imbalance(imageDb), Band().BareCarrier(350_000, -6).Imbalance(imageDb) })
        {
            var reading = Run(band)[^1];
            reading.Carriers.Should().ContainSingle();
            var image = reading.Masked.Should().ContainSingle().Which;
            image.Reason.Should().Be(MaskReason.Image);
            image.LevelDbfs.Should().BeApproximately(-6 - imageDb, 1.5);
        }
    }

    [Fact]
    public void Two_bare_carriers_at_mirror_frequencies_are_two()
    {
        // 30 Hz off the mirror: an image stands exactly there.
        Run(Band().BareCarrier(300_000, -12).BareCarrier(-300_030, -40))[^1].Carriers.Should().HaveCount(2);
    }

    [Fact]
    public void A_carrier_at_the_edge_is_said_to_be_there()
    {
        var reading = Run(Band().Programme(500_000, -30))[^1];
        reading.Carriers.Should().BeEmpty();
        reading.Masked.Should().ContainSingle().Which.Should().Match<MaskedPeak>(m => m.Reason == MaskReason.HopEdge && Math.Abs(m.FrequencyHz - 98_500_000) < 50_000);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    public void The_noise_floor_follows_a_slope_under_stations(double slopeDb)
    {
        double Density(double hz) => Math.Pow(10, (-110 + slopeDb * hz / 2_000_000) / 10) + (Math.Abs(hz + 700_000) < 130_000 ? 1e-8 : 0) + (Math.Abs(hz - 500_000) < 110_000 ? 1e-9 : 0);
        var floor = new NoiseFloor(1_080_000);
        floor.Update((from, to) => Density((from + to) / 2) * (to - from));
        foreach (var hz in new[] { -1_050_000.0, -700_000, -300_000, 0, 500_000, 1_050_000 })
            (10 * Math.Log10(floor.At(hz))).Should().BeApproximately(-110 + slopeDb * hz / 2_000_000, 0.3, $"at {hz}");
    }

    [Fact]
    public void A_step_of_gain_moves_levels_and_noise_and_makes_no_carriers()
    {
        var readings = Run(Band(3.05).Programme(-300_000, -45).Programme(300_000, -50, sound: 2).GainStep(20, 1.2));
        readings.Should().AllSatisfy(r => r.Carriers.Select(c => c.NominalHz).Should().Equal(97_700_000, 98_300_000));
        readings[1].NoiseFloorDbfsPerHz.Should().BeApproximately(-110, 0.3);
        readings[3].NoiseFloorDbfsPerHz.Should().BeApproximately(-90, 0.3);
        readings[3].Carriers[0].LevelDbfs.Should().BeApproximately(-25, 0.3);
        readings[3].Carriers[0].SnrDb.Should().BeApproximately(readings[1].Carriers[0].SnrDb, 0.3);
    }

    [Fact]
    public void A_carrier_that_comes_and_goes_is_on_and_off_within_two_intervals()
    {
        var readings = Run(Band(4.05).Programme(300_000, -40, fromSecond: 1.25, toSecond: 2.75));
        readings.Select(r => r.Carriers.Any(c => c.OnAir)).Should().Equal(false, false, true, true, true, true, false, false);
    }

    [Fact]
    public void A_gap_is_said_of_the_interval_that_it_tears()
    {
        var readings = new List<FmBandReading>();
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = 98_000_000, Interval = TimeSpan.FromSeconds(0.25) }) { OnReading = readings.Add };
        var iq = Band(1.1).Programme(300_000, -30).Iq;
        receiver.Process(iq.AsSpan(0, 2 * 400_000), discontinuity: true);
        receiver.Process(iq.AsSpan(2 * 500_000), discontinuity: true);
        readings.Select(r => r.Torn).Should().Equal(false, true, false, false);
        readings.Should().AllSatisfy(r => r.Carriers.Should().ContainSingle().Which.LevelDbfs.Should().BeApproximately(-30, 0.3));
    }

    [Fact]
    public void What_comes_up_with_an_overload_is_suspect_and_what_was_there_is_not()
    {
        var band = Band(2.05).Programme(-300_000, -30).Programme(300_000, 4, sound: 2, fromSecond: 1);
        for (var n = 0; n < band.Iq.Length; n++) band.Iq[n] = Math.Clamp(band.Iq[n], -1, 1);
        var last = Run(band)[^1];
        last.Overload.Should().BeTrue();
        last.ClippedShare.Should().BeInRange(0.2, 0.9);
        last.Carriers.Single(c => c.NominalHz == 97_700_000).Suspect.Should().BeFalse();
        last.Carriers.Single(c => c.NominalHz == 98_300_000).Suspect.Should().BeTrue();
    }

    [Fact]
    public void Maximum_mean_and_minimum_are_those_of_an_analyser()
    {
        var reading = Run(Band(0.55).BareCarrier(300_000, -30, fromSecond: 0.2))[0];
        var spectra = reading.Spectra!;
        var at = (int)Math.Round((98_300_000 - spectra.StartHz) / spectra.StepHz);
        // Between two bins Hann's window reads 1.4 dB low.
        spectra.MaxDbfs.Skip(at - 1).Take(3).Max().Should().BeInRange(-31.5f, -29.5f);
        spectra.MeanDbfs.Skip(at - 1).Take(3).Max().Should().BeApproximately(spectra.MaxDbfs.Skip(at - 1).Take(3).Max() + (float)(10 * Math.Log10(0.6)), 0.3f);
        spectra.MinDbfs[at].Should().BeLessThan(-80);
        (spectra.MeanDbfs.Take(100).Average() - 10 * Math.Log10(spectra.ResolutionHz)).Should().BeApproximately(-110, 0.3);
    }
}
