using SignalWatch.Fm;
using SignalWatch.Signal;

namespace SignalWatch.Tests;

/// <summary>From IQ to groups, each recording once through from its beginning, as redsea had it.
/// Counted as redsea counts: groups of which at least one block was received; and those of them whose type is known.</summary>
public sealed class IqGroupTests
{
    [RecordingTheory]
    [InlineData(97_400_000, 0xA203)]
    [InlineData(98_200_000, 0x8201)]
    [InlineData(98_800_000, 0xF201)]
    public void No_fewer_groups_than_redsea_from_the_band(long hz, int pi)
    {
        var iq = RawIq.Cu8(Recordings.File("fm", "iq", "band_98M_2400k.sigmf-data"));
        var expected = Redsea.Groups(Recordings.File("fm", "iq", $"band_98M_2400k.sigmf-data.{hz}.redsea.json"));
        Check(expected, iq, 2_400_000, 8, hz - 98_000_000, (ushort)pi);
    }

    [RecordingFact]
    public void No_fewer_groups_than_redsea_from_a_noisy_station()
    {
        var iq = RawIq.Ci16(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-data"));
        var expected = Redsea.Groups(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-data.redsea.json"));
        Check(expected, iq, 252_000, 1, 0, 0x2205);
    }

    private static void Check(List<Redsea.Group> expected, float[] iq, double rate, int decimation, double offsetHz, ushort pi)
    {
        var channelizer = new Channelizer(rate, decimation, 512);
        var demodulator = new CarrierDemodulator(channelizer, offsetHz, new ChannelFilter(120_000, default), tap: null);
        ReadOnlySpan<float> rest = iq;
        while (channelizer.Take(ref rest)) demodulator.ProcessBlock();
        demodulator.Mpx.Station.Pi.Should().Be(pi);
        demodulator.Mpx.Station.Groups.Should().BeGreaterThanOrEqualTo(expected.Count);
        demodulator.Mpx.Station.GroupsOfType.Sum().Should().BeGreaterThanOrEqualTo(expected.Count(g => g.Type is not null));
    }
}
