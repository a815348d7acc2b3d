using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>Stations in each other's sidebands are two; a station that deviates too far is one.</summary>
public sealed class CloseStationsTests
{
    private const double Rate = 1_200_000;
    private const double Middle = 98_050_000;

    private static FmBandReading Last(Action<SyntheticBand> fill, double seconds = 0.65)
    {
        var band = new SyntheticBand(Rate, seconds).Noise(-110);
        fill(band);
        FmBandReading? last = null;
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = Middle, Interval = TimeSpan.FromSeconds(0.3) }) { OnReading = r => last = r };
        receiver.Process(band.Iq, discontinuity: false);
        return last!;
    }

    [Theory]
    [InlineData(100_000, 0)]
    [InlineData(100_000, 3)]
    [InlineData(100_000, 10)]
    [InlineData(100_000, 20)]
    [InlineData(-100_000, 6)]
    [InlineData(-100_000, 20)]
    [InlineData(200_000, 0)]
    [InlineData(200_000, 10)]
    [InlineData(200_000, 20)]
    [InlineData(-200_000, 28)]
    public void Two_programmes_are_two_stations(double distanceHz, double weakerDb)
    {
        var reading = Last(band => band.Programme(-50_000, -12).Programme(-50_000 + distanceHz, -12 - weakerDb, sound: 2));
        var carriers = reading.Carriers.OrderByDescending(c => c.LevelDbfs).ThenBy(c => Math.Abs(c.NominalHz - 98_000_000)).ToList();
        carriers.Select(c => c.NominalHz).Should().BeEquivalentTo([98_000_000L, (long)(98_000_000 + distanceHz)]);
        carriers.Should().AllSatisfy(c => c.OffRaster.Should().BeFalse());
        carriers.Single(c => c.NominalHz == 98_000_000).LevelDbfs.Should().BeApproximately(-12, 0.5);
        carriers.Single(c => c.NominalHz != 98_000_000).LevelDbfs.Should().BeApproximately(-12 - weakerDb, 1.5);
        reading.Masked.Should().BeEmpty();
    }

    [Fact]
    public void One_channel_from_a_stronger_station_no_pilot_deviation_is_valid()
    {
        var weaker = Last(band => band.Programme(-50_000, -12).Programme(50_000, -22, sound: 2)).Carriers.MaxBy(c => c.NominalHz)!;
        weaker.Station!.PilotDeviationHz.IsValid.Should().BeFalse();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    public void A_station_beside_a_bare_carrier_and_a_bare_carrier_beside_a_station_are_found(double weakerDb)
    {
        Last(band => band.BareCarrier(-50_000, -12).Programme(50_000, -12 - weakerDb)).Carriers.Select(c => c.NominalHz).Should().Equal(98_000_000, 98_100_000);
        Last(band => band.Programme(-50_000, -12).BareCarrier(50_000, -12 - weakerDb)).Carriers.Select(c => c.NominalHz).Should().Equal(98_000_000, 98_100_000);
    }

    [Theory]
    [InlineData(95_000, 0.4, false)]
    [InlineData(95_000, 1.0, false)]
    [InlineData(110_000, 1.0, false)]
    [InlineData(95_000, 0.7, true)]
    [InlineData(110_000, 0.7, true)]
    public void An_over_deviated_programme_is_one_station(double peakHz, double loudness, bool speech)
    {
        var reading = Last(band => band.Programme(-50_000, -6, peakHz, speech: speech, loudness: loudness));
        reading.Carriers.Should().ContainSingle().Which.NominalHz.Should().Be(98_000_000);
    }

    [Theory]
    [InlineData(75_000)]
    [InlineData(95_000)]
    [InlineData(130_000)]
    public void A_tone_is_one_station_in_spite_of_its_two_humps(double deviationHz)
    {
        var reading = Last(band => band.Station(-50_000, -6, deviationHz: deviationHz));
        reading.Carriers.Should().ContainSingle().Which.NominalHz.Should().Be(98_000_000);
    }

    [Fact]
    public void An_image_in_a_stations_sidebands_is_an_image()
    {
        var reading = Last(band => band.Programme(350_000, -12).Programme(-250_000, -20, sound: 3).Imbalance(25));
        reading.Carriers.Select(c => c.NominalHz).Should().Equal(97_800_000, 98_400_000);
        reading.Masked.Should().ContainSingle().Which.Should().Match<MaskedPeak>(m => m.Reason == MaskReason.Image && Math.Abs(m.FrequencyHz - 97_700_000) < 30_000 && Math.Abs(m.LevelDbfs + 37) < 2);
    }

    [Fact]
    public void The_filter_is_chosen_from_the_neighbours_and_says_which()
    {
        Last(band => band.Programme(-50_000, -12)).Carriers.Single().Station!.Filter.HalfWidthHz.Should().Be(150_000);
        var near = Last(band => band.Programme(-50_000, -12).Programme(50_000, -32, sound: 2)).Carriers.Single(c => c.NominalHz == 98_000_000).Station!.Filter;
        near.HalfWidthHz.Should().Be(80_000);
        near.Why.En.Should().MatchRegex("a neighbour at 98\\.[01][0-9]+ MHz, 2[01]\\.[0-9] dB weaker");
        var weak = Last(band => band.Programme(-50_000, -12).Programme(150_000, -32, sound: 2)).Carriers.Single(c => c.NominalHz == 98_000_000);
        weak.Station!.Filter.HalfWidthHz.Should().Be(120_000);
        weak.OccupiedBandwidthHz.Should().BeNull();
        weak.NeighbourHz.Should().BeApproximately(98_200_000, 10_000);
    }
}
