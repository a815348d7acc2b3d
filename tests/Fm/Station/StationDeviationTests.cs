using SignalWatch.Fm;
using static SignalWatch.Tests.SyntheticStation;

namespace SignalWatch.Tests;

/// <summary>Deviation, MPX power, pilot and RDS of stations made by formula: the answers are known.</summary>
public sealed class StationDeviationTests
{
    // BS.412-9 annex: 0 dBr is a sine of 19 kHz peak deviation.
    [Theory]
    [InlineData(19_000, 400, 192_000, 0.0)]
    [InlineData(40_000, 400, 192_000, 6.47)]
    [InlineData(40_000, 30, 250_000, 6.47)]
    [InlineData(19_000, 50_000, 312_500, 0.0)]
    public void A_sine_has_the_power_and_the_peak_of_its_definition(double peak, double hz, double rate, double dbr)
    {
        // 2.3 kHz beside its frequency: that is no modulation.
        var reading = Read(StationReceiver.ForMpx(rate), Mpx(rate, 3, t => 2300 + Sine(peak, hz, t)));
        reading.MpxPowerDbr.Value.Should().BeApproximately(dbr, 0.02);
        reading.PeakDeviationHz.Justified.Should().BeApproximately(peak, 150);
        reading.RmsDeviationHz.Justified.Should().BeApproximately(peak / Math.Sqrt(2), 50);
        reading.PilotDeviationHz.Value.Should().Be(0);
        reading.RdsDeviationHz.Value.Should().Be(0);
    }

    [Theory]
    [InlineData(192_000)]
    [InlineData(300_000)]
    public void A_peak_between_samples_is_found(double rate)
    {
        // They meet once in a tenth of a second, at any place between samples.
        var reading = Read(StationReceiver.ForMpx(rate), Mpx(rate, 2, t => Sine(30_000, 41_003.1, t) + Sine(25_000, 50_017.7, t) + Sine(20_000, 999.3, t)));
        reading.PeakDeviationHz.Justified.Should().BeApproximately(75_000, 700);
    }

    [Theory]
    [InlineData(18_998.5)]
    [InlineData(19_002.0)]
    [InlineData(19_011.0)]
    public void The_pilots_frequency_and_deviation_are_measured_in_the_loudest_programme(double hz)
    {
        var station = StationReceiver.ForIq(250_000, 0);
        var reading = Read(station, Iq(250_000, 1.5, 40, t => Stereo(Sine(88_000, 700, t), Sine(60_000, 1111, t), t, hz, 6000)), 40);
        reading.PilotHz.Justified.Should().BeApproximately(hz, 0.1);
        reading.PilotDeviationHz.Justified.Should().BeApproximately(6000, 100);
        reading.Stereo.Should().BeTrue();
    }

    [Theory]
    [InlineData(1000, true, 0)]
    [InlineData(2000, true, 0)]
    [InlineData(4000, true, 90)]
    [InlineData(7500, true, 0)]
    [InlineData(2000, true, -30)]
    public void RDS_deviation_and_phase_are_measured(double peak, bool pilot, double degrees)
    {
        var rds = Rds();
        var reading = Read(StationReceiver.ForIq(250_000, 0), Iq(250_000, 1.5, 25, t =>
            Stereo(Sine(30_000, 700, t), Sine(30_000, 1111, t), t, pilot: pilot ? 6750 : 0) + peak * rds.At(t) * Math.Sin(2 * Math.PI * 57_000 * t + degrees / 180 * Math.PI)), 25);
        reading.RdsDeviationHz.Justified.Should().BeApproximately(PeakByRms(rds) * peak, Math.Max(60, 0.02 * peak));
        var error = reading.RdsPhaseDegrees.Justified!.Value - degrees;
        (error - 180 * Math.Round(error / 180)).Should().BeApproximately(0, 3);
    }

    // RDS deviation is defined as 1.445 times the RMS; the peak of one waveform with its data is near that, not equal.
    private static double PeakByRms(RdsWaveform rds) => 1.445 * Math.Sqrt(Enumerable.Range(0, 40_000).Average(n => Math.Pow(rds.At(0.01 + n * 3e-5), 2)));

    [Fact]
    public void RDS_of_a_station_without_pilot_is_measured_once_its_blocks_are_received()
    {
        var bits = Enumerable.Repeat(new RdsGroup(0x1234, 0x0408, 0xE0E0, 0x4142), 8).SelectMany(RdsBits.Of).ToList();
        var rds = new RdsWaveform(bits);
        var reading = Read(StationReceiver.ForMpx(192_000), Mpx(192_000, 2, t => Sine(30_000, 700, t) + Sine(2500 * rds.At(t), 57_002, t)));
        reading.RdsDeviationHz.Justified.Should().BeApproximately(PeakByRms(rds) * 2500, 100);
        reading.RdsPhaseDegrees.Value.Should().BeNull();
    }

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(30)]
    public void Noise_makes_a_peak_no_higher_than_the_instruments_tolerance(double snrDb)
    {
        const double Tone = 66_000;
        var reading = Read(StationReceiver.ForIq(300_000, 0), Iq(300_000, 2, snrDb, t => Sine(Tone, 1003.7, t) + Sine(6750, PilotHz, t)), snrDb);
        reading.PeakDeviationHz.Value.Should().BeApproximately(Tone + 6750, 2000);
        reading.OverDeviated.Should().BeNull();
        reading.MpxPowerDbr.Value.Should().BeApproximately(10 * Math.Log10((Tone * Tone + 6750.0 * 6750) / (19_000.0 * 19_000)), 0.05);
    }

    [Fact]
    public void Noise_alone_is_no_station()
    {
        var reading = Read(StationReceiver.ForIq(250_000, 0), Iq(250_000, 2, 0, _ => 0, _ => 0), -10);
        reading.PeakDeviationHz.Justified.Should().BeNull();
        reading.PeakDeviationHz.Value.Should().BeNull();
        reading.RmsDeviationHz.Value.Should().BeNull();
        reading.OverDeviated.Should().BeNull();
        reading.Stereo.Should().BeNull();
        reading.RdsDeviationHz.Value.Should().Be(0);
        reading.SilenceSeconds.Value.Should().BeNull();
        reading.LeftDbfs.Value.Should().BeNull();
    }

    [Fact]
    public void A_bare_carrier_deviates_by_nothing()
    {
        var reading = Read(StationReceiver.ForIq(250_000, 0), Iq(250_000, 2, 35, _ => -400), 35);
        reading.PeakDeviationHz.Value.Should().BeLessThan(1000);
        reading.RmsDeviationHz.Justified.Should().BeLessThan(150);
        reading.MpxPowerDbr.Value.Should().BeLessThan(-35);
        (reading.RdsDeviationHz.Value, reading.PilotDeviationHz.Value, reading.Stereo).Should().Be((0, 0, false));
        reading.SilenceSeconds.Justified.Should().BeGreaterThan(1.2);
    }

    [Fact]
    public void Missing_samples_make_no_peak()
    {
        var station = StationReceiver.ForIq(250_000, 0);
        var iq = Iq(250_000, 2, 45, Programme);
        var whole = Read(StationReceiver.ForIq(250_000, 0), iq, 45);
        for (var at = 0; at + 200_000 <= iq.Length; at += 200_000)
        {
            station.Process(iq.AsSpan(at, 193_210));
            station.Reset();
        }
        var torn = station.Read(new Reception(45, false, Torn: false, 2))!;
        torn.PeakDeviationHz.Justified.Should().BeInRange(0.85 * whole.PeakDeviationHz.Value!.Value, whole.PeakDeviationHz.Value.Value + 300);
        torn.OverDeviated.Should().BeNull();
    }

    [Fact]
    public void A_transmitter_that_switches_off_and_on_is_not_accused()
    {
        // Between, there is noise alone: it deviates by more than any station.
        var iq = Iq(250_000, 3, 40, Programme, t => t is > 1.0 and < 1.5 or > 2.1 and < 2.3 ? 0 : 1);
        var reading = Read(StationReceiver.ForIq(250_000, 0), iq, 40);
        reading.OverDeviated.Should().BeNull();
        reading.PeakDeviationHz.Value.Should().BeLessThan(77_000);
    }

    [Fact]
    public void Another_filter_makes_no_peak()
    {
        var channelizer = new Signal.Channelizer(250_000, 1, 512);
        var carrier = new CarrierDemodulator(channelizer, 0, new ChannelFilter(112_000, new("宽", "wide")), null);
        ReadOnlySpan<float> iq = Iq(250_000, 1.5, 45, Programme);
        var blocks = 0;
        while (channelizer.Take(ref iq))
        {
            carrier.ProcessBlock();
            if (++blocks % 100 == 0) carrier.Refilter(new ChannelFilter(112_000 + blocks / 100, new("宽", "wide")));
        }
        var reading = carrier.Read(new Reception(45, false, false, 1.5))!;
        reading.PeakDeviationHz.Justified.Should().BeInRange(40_000, 76_000);
        reading.OverDeviated.Should().BeNull();
    }

    [Fact]
    public void A_narrow_filter_says_that_it_reads_too_low()
    {
        var station = StationReceiver.ForIq(250_000, 0, filter: new ChannelFilter(80_000, new("窄", "narrow")));
        var peak = Read(station, Iq(250_000, 1, 40, Programme), 40).PeakDeviationHz;
        peak.Justified.Should().BeNull();
        peak.How.En.Should().Contain("±80 kHz");
    }

    [Fact]
    public void An_interval_with_overload_is_not_counted()
    {
        var station = StationReceiver.ForMpx(192_000);
        station.Process(Mpx(192_000, 1, t => Sine(95_000, 700, t)));
        var overloaded = station.Read(new Reception(40, Overload: true, Torn: false, 1))!;
        (overloaded.PeakDeviationHz.Justified, overloaded.OverDeviated).Should().Be((null, null));
        var after = Read(station, Mpx(192_000, 1, t => Sine(60_000, 700, t)), 40);
        after.PeakDeviationHz.Justified.Should().BeLessThan(61_000);
        after.OverDeviated.Should().BeNull();
    }

    [Theory]
    [InlineData(70_000, false)]
    [InlineData(76_500, false)]
    [InlineData(78_500, true)]
    public void After_a_minute_a_station_is_accused_or_cleared(double peak, bool over)
    {
        var station = StationReceiver.ForMpx(150_000);
        var second = Mpx(150_000, 1, t => Sine(peak, 997, t));
        bool? verdict = null;
        for (var n = 0; n < 62; n++)
        {
            verdict = Read(station, second, 50).OverDeviated;
            // A violation is sure at once, its absence only after 60 s; but one second alone is not much.
            if (n == 50) verdict.Should().Be(over ? true : null);
        }
        verdict.Should().Be(over);
    }

    [Fact]
    public void A_click_is_no_violation()
    {
        var mpx = Mpx(192_000, 5, t => Sine(60_000, 997, t));
        for (var n = 400_000; n < 400_006; n++) mpx[n] = 140_000;
        Read(StationReceiver.ForMpx(192_000), mpx, 50).OverDeviated.Should().BeNull();
    }

    [Fact]
    public void The_histogram_counts_each_sample_once_by_kilohertz()
    {
        var reading = Read(StationReceiver.ForMpx(192_000), Mpx(192_000, 4, t => 500 + Sine(20_000, 997, t)));
        var total = reading.Histogram.Sum();
        total.Should().BeInRange((long)(3.85 * 192_000), 4 * 192_000);
        // Of a sine, asin(1/20) · 2/π of the time is below a twentieth of its peak.
        ((double)reading.Histogram[0] / total).Should().BeApproximately(Math.Asin(0.05) * 2 / Math.PI, 0.002);
        reading.Histogram.Skip(21).Sum().Should().Be(0);
        reading.ShareAbove75k.Value.Should().Be(0);
    }

    [Fact]
    public void The_minute_of_MPX_power_slides_and_its_worst_is_kept()
    {
        var power = new ModulationPower(0.05);
        for (var n = 0; n < 1199; n++) power.Add(0, 19_000.0 * 19_000, 0);
        (power.IsFull, power.WorstDbr).Should().Be((false, null));
        for (var n = 0; n < 1201; n++) power.Add(0, 19_000.0 * 19_000 / 4, 0);
        power.Dbr.Should().BeApproximately(10 * Math.Log10(0.5), 1e-6);
        power.WorstDbr.Should().BeApproximately(10 * Math.Log10(2), 0.01);
        power.Seconds.Should().BeApproximately(60, 1e-9);
    }
}
