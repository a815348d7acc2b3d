using SignalWatch.Contracts;
using SignalWatch.Fm;
using static SignalWatch.Tests.SyntheticStation;

namespace SignalWatch.Tests;

/// <summary>What can't be measured is not said to be valid, however plausible the figure.</summary>
public sealed class StationClaimsTests
{
    private static StationReading Station(Reception reception, double rdsHz, double halfWidthHz = 120_000)
    {
        var rds = Rds();
        var station = StationReceiver.ForIq(250_000, 0, filter: new ChannelFilter(halfWidthHz, new Text("", "")));
        station.Process(Iq(250_000, 1, 40, t => Stereo(Sine(30_000, 700, t), Sine(30_000, 1111, t), t) + rdsHz * rds.At(t) * Math.Sin(2 * Math.PI * 57_000 * t)));
        return station.Read(reception)!;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Beside_a_stronger_carrier_nothing_of_the_modulation_is_valid(bool beside)
    {
        var reading = Station(new Reception(40, Overload: false, Torn: false, 1) { BesideStronger = beside }, 2000);
        List<Measured> all = [reading.PilotHz, reading.PilotDeviationHz, reading.RdsDeviationHz, reading.RmsDeviationHz, reading.PeakDeviationHz, reading.LeftDbfs, reading.RightDbfs];
        all.Should().OnlyContain(m => m.IsValid == !beside);
        if (beside) all.Should().OnlyContain(m => m.How.En.Contains("sidebands"));
        // The power would be the neighbour's: no figure at all.
        foreach (var power in new[] { reading.MpxPowerDbr, reading.WorstMpxPowerDbr })
        {
            power.Value.HasValue.Should().Be(!beside);
            if (beside) power.How.En.Should().Contain("sidebands");
        }
    }

    // What a narrow filter cuts off RDS, up to 11 %, is less than the tolerance of 0.3 kHz of 2 kHz, and more of 4 kHz.
    [Theory]
    [InlineData(80_000, 2000, true)]
    [InlineData(80_000, 4000, false)]
    [InlineData(115_000, 4000, true)]
    public void RDS_deviation_is_valid_where_the_filter_leaves_it_within_its_tolerance(double halfWidthHz, double rdsHz, bool isValid) =>
        Station(new Reception(40, Overload: false, Torn: false, 1), rdsHz, halfWidthHz).RdsDeviationHz.IsValid.Should().Be(isValid);
}
