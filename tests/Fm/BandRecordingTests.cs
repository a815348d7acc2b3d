using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>fm/iq/band_98M_2400k: 3 s of a synthetic band with exact truth (band_98M_2400k.truth.json); its RDS are groups of real stations,
/// Austria A203, Netherlands 8201 and France F201.</summary>
public sealed class BandRecordingTests
{
    private static readonly Lazy<List<FmBandReading>> Readings = new(() => Run(seconds: 12));

    private static List<FmBandReading> Run(int seconds)
    {
        var iq = RawIq.Cu8(Recordings.File("fm", "iq", "band_98M_2400k.sigmf-data"));
        var readings = new List<FmBandReading>();
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = 2_400_000, CenterFrequencyHz = 98_000_000 }) { OnReading = readings.Add };
        for (var pass = 0; pass < seconds / 3; pass++)
            for (var at = 0; at < iq.Length; at += 96_000) receiver.Process(iq.AsSpan(at, Math.Min(96_000, iq.Length - at)), discontinuity: at == 0);
        return readings;
    }

    [RecordingFact]
    public void All_five_carriers_are_found_and_nothing_else()
    {
        foreach (var reading in Readings.Value)
            reading.Carriers.Select(c => c.NominalHz).Should().Equal(97_400_000, 97_800_000, 98_200_000, 98_500_000, 98_800_000);
    }

    [RecordingTheory]
    [InlineData(97_400_000, -18, 17_925.0)]
    [InlineData(97_800_000, -30, 31_570.0)]
    [InlineData(98_200_000, -24, 17_742.0)]
    [InlineData(98_500_000, -34, null)]
    [InlineData(98_800_000, -38, 18_105.0)]
    public void Level_and_deviation_are_those_of_the_truth(long hz, double levelDbfs, double? deviationRmsHz)
    {
        // The first interval is surveyed, not yet demodulated.
        foreach (var carrier in Readings.Value.Skip(1).Select(r => r.Carriers.Single(c => c.NominalHz == hz)))
        {
            carrier.OnAir.Should().BeTrue();
            carrier.OffRaster.Should().BeFalse();
            carrier.LevelDbfs.Should().BeApproximately(levelDbfs, 0.5);
            carrier.Modulated.Should().Be(deviationRmsHz is not null);
            if (deviationRmsHz is { } rms) carrier.Station!.RmsDeviationHz.Value.Should().BeInRange(0.9 * rms, 1.1 * rms);
            else carrier.Station!.RmsDeviationHz.Value.Should().BeLessThan(1000);
        }
    }

    // The programme's own mean stays in it: up to 100 Hz, and 150 Hz with the pirate's deviation, whatever the filter.
    [RecordingTheory]
    [InlineData(97_400_000, 0)]
    [InlineData(97_800_000, -2300)]
    [InlineData(98_200_000, 180)]
    [InlineData(98_500_000, 0)]
    [InlineData(98_800_000, 0)]
    public void Offset_is_that_of_the_truth_once_the_programme_averages_out(long hz, double offsetHz) =>
        Readings.Value.Skip(3).Select(r => r.Carriers.Single(c => c.NominalHz == hz).OffsetHz).Should().AllSatisfy(o => o.Should().BeApproximately(offsetHz, 175));

    [RecordingFact]
    public void Pilots_are_where_they_were_put()
    {
        var last = Readings.Value[^1].Carriers.ToDictionary(c => c.NominalHz, c => c.Pilot);
        last.Should().Equal(new Dictionary<long, bool?> { [97_400_000] = true, [97_800_000] = false, [98_200_000] = true, [98_500_000] = false, [98_800_000] = true });
    }

    [RecordingFact]
    public void Rds_tells_the_stations_apart()
    {
        var last = Readings.Value[^1].Carriers.ToDictionary(c => c.NominalHz, c => (c.Rds?.Pi, c.Rds?.Ps));
        last.Should().Equal(new Dictionary<long, (ushort?, string?)>
        {
            [97_400_000] = (0xA203, "  OE 3  "),
            [97_800_000] = (null, null),
            [98_200_000] = (0x8201, "NPO R1  "),
            [98_500_000] = (null, null),
            [98_800_000] = (0xF201, "  INTER "),
        });
    }

    [RecordingFact]
    public void The_noise_floor_is_that_of_the_truth_plus_eight_bits()
    {
        // -108.8 dBFS/Hz were put in; 8 bits add a noise of -49.9 dBFS over 2.4 MHz.
        var expected = 10 * Math.Log10(Math.Pow(10, -10.88) + Math.Pow(10, -4.99) / 2.4e6);
        Readings.Value[^1].NoiseFloorDbfsPerHz.Should().BeApproximately(expected, 0.5);
        Readings.Value.Should().AllSatisfy(r => r.Overload.Should().BeFalse());
    }
}
