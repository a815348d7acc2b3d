using SignalWatch.Contracts;
using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>What is a carrier and what is not, on bands made by formula.</summary>
public sealed class FmBandReceiverTests
{
    private const double Rate = 2_400_000;
    private const double NoiseDbfsEachHz = -110;

    private static List<FmBandReading> Run(SyntheticBand band, FmBandSettings? settings = null, int passes = 1)
    {
        var readings = new List<FmBandReading>();
        var receiver = new FmBandReceiver(settings ?? new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = 98_000_000 }) { OnReading = readings.Add };
        for (var pass = 0; pass < passes; pass++)
            for (var at = 0; at < band.Iq.Length; at += 100_000) receiver.Process(band.Iq.AsSpan(at, Math.Min(100_000, band.Iq.Length - at)), discontinuity: at == 0);
        return readings;
    }

    private static SyntheticBand Band(double seconds = 2.2) => new SyntheticBand(Rate, seconds).Noise(NoiseDbfsEachHz);

    [Fact]
    public void Noise_has_no_carriers() => Run(Band()).Should().AllSatisfy(r =>
    {
        r.Carriers.Should().BeEmpty();
        r.Masked.Should().BeEmpty();
        r.NoiseFloorDbfsPerHz.Should().BeApproximately(NoiseDbfsEachHz, 0.3);
    });

    [Fact]
    public void Silence_of_all_bits_zero_has_no_carriers() => Run(new SyntheticBand(Rate, 2.2)).Should().AllSatisfy(r => r.Carriers.Should().BeEmpty());

    [Fact]
    public void The_receivers_own_spike_is_no_carrier() => Run(Band().Spike(0.05).Station(500_000, -30)).Should().AllSatisfy(r => r.Carriers.Select(c => c.NominalHz).Should().Equal(98_500_000));

    [Fact]
    public void A_station_in_the_middle_of_the_band_is_one_in_spite_of_the_spike()
    {
        var carrier = Run(Band().Spike(0.01).Station(0, -30)).Last().Carriers.Should().ContainSingle().Which;
        carrier.NominalHz.Should().Be(98_000_000);
        carrier.LevelDbfs.Should().BeApproximately(-30, 0.5);
    }

    [Fact]
    public void An_image_is_masked_with_its_cause()
    {
        foreach (var reading in Run(Band().Station(600_000, -12).Imbalance(30)))
        {
            reading.Carriers.Select(c => c.NominalHz).Should().Equal(98_600_000);
            reading.Masked.Should().Contain(m => m.Reason == MaskReason.Image && Math.Abs(m.FrequencyHz - 97_400_000) < 20_000 && Math.Abs(m.CausedByHz - 98_600_000) < 20_000);
        }
    }

    [Fact]
    public void A_station_at_the_mirror_of_a_stronger_one_is_not_taken_for_its_image() =>
        Run(Band().Station(600_000, -12).Station(-600_000, -36)).Should().AllSatisfy(r => r.Carriers.Select(c => c.NominalHz).Should().Equal(97_400_000, 98_600_000));

    [Theory]
    [InlineData(45_000)]
    [InlineData(70_000)]
    [InlineData(100_000)]
    public void The_skirts_of_a_strong_station_are_not_carriers(double deviationHz) =>
        Run(Band().Station(-300_000, -6, deviationHz: deviationHz)).Should().AllSatisfy(r => r.Carriers.Select(c => c.NominalHz).Should().Equal(97_700_000));

    [Fact]
    public void A_weak_neighbour_300_kHz_away_is_one() =>
        Run(Band().Station(-300_000, -12).Station(0, -40)).Should().AllSatisfy(r => r.Carriers.Select(c => c.NominalHz).Should().Equal(97_700_000, 98_000_000));

    [Theory]
    [InlineData(250_000, 98_250_000)]
    [InlineData(-537_000, 97_460_000)]
    public void A_carrier_between_the_frequencies_of_the_raster_is_said_to_be_so(double hz, long nominal)
    {
        var carrier = Run(Band().Station(hz, -30)).Last().Carriers.Should().ContainSingle().Which;
        carrier.NominalHz.Should().Be(nominal);
        carrier.OffRaster.Should().BeTrue();
        carrier.OffsetHz.Should().BeApproximately(hz + 98_000_000 - nominal, 100);
    }

    [Fact]
    public void What_vanished_is_said_to_be_off_the_air_for_a_while_and_then_forgotten()
    {
        var bits = Enumerable.Repeat(new RdsGroup(0x1234, 0x0408, 0xE0E0, 0x4142), 8).SelectMany(RdsBits.Of).ToList();
        var settings = new FmBandSettings { SampleRateHz = 300_000, CenterFrequencyHz = 98_000_000, RemembersVanished = TimeSpan.FromSeconds(2) };
        var band = new SyntheticBand(300_000, 8.5).Noise(NoiseDbfsEachHz).Station(0, -30, rds: bits, toSecond: 4);
        var readings = Run(band, settings with { UsableShare = 0.99 });
        readings[3].Carriers.Single().Should().Match<CarrierReading>(c => c.OnAir && c.Rds!.Pi == 0x1234 && c.OnAirSeconds > 3.9);
        readings[4].Carriers.Single().Should().Match<CarrierReading>(c => !c.OnAir && c.Rds == null && c.Pilot == null && c.Modulated == null && c.OnAirSeconds == 0);
        readings[5].Carriers.Single().OnAir.Should().BeFalse();
        readings[^1].Carriers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rds_is_read_with_and_without_a_pilot(bool pilot)
    {
        int[] name = [0x5241, 0x4449, 0x4F20, 0x3120];
        var bits = Enumerable.Range(0, 4).Select(s => new RdsGroup(0xC123, (ushort)(0x0400 | s), 0xE0E0, (ushort)name[s])).SelectMany(RdsBits.Of).ToList();
        var carrier = Run(Band(3.2).Station(400_300, -30, pilot, bits)).Last().Carriers.Single();
        carrier.Pilot.Should().Be(pilot);
        carrier.Rds.Should().NotBeNull();
        carrier.Rds!.Pi.Should().Be(0xC123);
        carrier.Rds.Ps.Should().Be("RADIO 1 ");
        carrier.Rds.TrafficProgramme.Should().BeTrue();
        carrier.Rds.BlockErrorRate.Should().BeLessThan(0.05);
        carrier.OffsetHz.Should().BeApproximately(300, 50);
    }

    [Fact]
    public void A_bare_carrier_is_not_modulated_and_a_tone_is()
    {
        var last = Run(Band().BareCarrier(-500_000, -35).Station(500_000, -35, pilot: false, deviationHz: 5000)).Last().Carriers;
        last.Select(c => c.Modulated).Should().Equal(false, true);
        last[1].Station!.RmsDeviationHz.Value.Should().BeApproximately(5000 * Math.Sqrt((0.36 + 0.16) / 2), 200);
        last[0].OccupiedBandwidthHz.Should().BeLessThan(3000);
    }

    [Fact]
    public void Of_a_carrier_near_the_noise_nothing_is_said_that_noise_could_have_made()
    {
        // -110 dBFS/Hz make -57 dBFS in 200 kHz: SNR 8 dB.
        var carrier = Run(Band().Station(300_000, -49)).Last().Carriers.Single();
        carrier.SnrDb.Should().BeApproximately(8, 0.5);
        (carrier.Station?.RmsDeviationHz.Justified, carrier.OccupiedBandwidthHz, carrier.Modulated).Should().Be((null, null, null));
    }

    [Fact]
    public void Clipping_is_said()
    {
        var band = Band().Station(300_000, 3);
        for (var n = 0; n < band.Iq.Length; n++) band.Iq[n] = Math.Clamp(band.Iq[n], -1, 1);
        Run(band).Should().AllSatisfy(r => r.Overload.Should().BeTrue());
    }

    [Theory]
    [InlineData(2_048_000)]
    [InlineData(2_500_000)]
    [InlineData(3_200_000)]
    [InlineData(10_000_000)]
    public void Every_rate_works(double rate)
    {
        var band = new SyntheticBand(rate, 2.1).Noise(NoiseDbfsEachHz).Station(-700_000, -30).Station(700_000, -20);
        var last = Run(band, new FmBandSettings { SampleRateHz = rate, CenterFrequencyHz = 100_000_000 }).Last();
        last.Carriers.Select(c => c.NominalHz).Should().Equal(99_300_000, 100_700_000);
        last.Carriers.Should().AllSatisfy(c => c.Pilot.Should().BeTrue());
        last.Carriers[1].LevelDbfs.Should().BeApproximately(-20, 0.5);
        last.Carriers[1].Station!.RmsDeviationHz.Value.Should().BeInRange(23_000, 24_500);
    }

    [Fact]
    public void A_waterfall_line_has_its_stations_where_they_are()
    {
        var lines = 0;
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = 98_000_000, SpectrumLinesPerSecond = 10 })
        {
            OnSpectrum = line =>
            {
                lines++;
                line.Dbfs.Length.Should().Be(2048);
                var dbfs = line.Dbfs.ToArray();
                (line.StartHz + Array.IndexOf(dbfs, dbfs.Max()) * line.StepHz).Should().BeApproximately(98_300_000, line.StepHz);
                // All of the carrier's power is in its two nearest steps.
                (10 * Math.Log10(dbfs.Sum(d => Math.Pow(10, d / 10)))).Should().BeApproximately(-20, 0.5);
            },
        };
        receiver.Process(Band(1.05).BareCarrier(300_000, -20).Iq, discontinuity: false);
        lines.Should().Be(10);
    }

    [Fact]
    public void Samples_that_are_no_numbers_are_survived_after_a_discontinuity()
    {
        var readings = new List<FmBandReading>();
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = 300_000, CenterFrequencyHz = 98_000_000, UsableShare = 0.99 }) { OnReading = readings.Add };
        var bad = new float[60_000];
        Array.Fill(bad, float.NaN);
        receiver.Process(bad, discontinuity: false);
        receiver.Process(new SyntheticBand(300_000, 3.2).Noise(NoiseDbfsEachHz).Station(0, -30).Iq, discontinuity: true);
        readings[^1].Carriers.Should().ContainSingle().Which.LevelDbfs.Should().BeApproximately(-30, 0.5);
    }

    [Fact]
    public void A_block_of_samples_allocates_nothing()
    {
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = 98_000_000, Interval = TimeSpan.FromSeconds(1) });
        var band = Band(0.8).Station(0, -30).Station(500_000, -40);
        receiver.Process(band.Iq, discontinuity: false);
        receiver.Process(band.Iq, discontinuity: false); // the first reading was in here
        Allocated.Bytes(() => receiver.Process(band.Iq.AsSpan(0, 2 * 800_000), discontinuity: false)).Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200_000)]
    [InlineData(61_440_000)]
    [InlineData(double.NaN)]
    public void A_rate_that_cannot_be_used_is_refused(double rate) =>
        FluentActions.Invoking(() => new FmBandReceiver(new FmBandSettings { SampleRateHz = rate, CenterFrequencyHz = 98e6 })).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("fm.sample-rate");
}
