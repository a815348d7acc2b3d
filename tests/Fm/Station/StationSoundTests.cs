using SignalWatch.Contracts;
using SignalWatch.Fm;
using static SignalWatch.Tests.SyntheticStation;

namespace SignalWatch.Tests;

/// <summary>What is heard of a station made by formula.</summary>
public sealed class StationSoundTests
{
    private static (List<float> Left, List<float> Right, StationReading Reading) Hear(bool iq, double rate, double seconds, Func<double, double> multiplex, double snrDb = 60)
    {
        var (left, right) = (new List<float>(), new List<float>());
        var tap = new StationTap
        {
            OnSound = (l, r) =>
            {
                left.AddRange(l);
                right.AddRange(r);
            },
        };
        var station = iq ? StationReceiver.ForIq(rate, 0, tap) : StationReceiver.ForMpx(rate, tap);
        var reading = Read(station, iq ? Iq(rate, seconds, snrDb, multiplex) : Mpx(rate, seconds, multiplex), snrDb);
        return (left, right, reading);
    }

    // Amplitude of a tone in the last half second.
    private static double Tone(List<float> sound, double hz)
    {
        double re = 0, im = 0;
        for (var n = sound.Count - 16_000; n < sound.Count; n++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * hz * n / 32_000);
            (re, im) = (re + sound[n] * cos, im + sound[n] * sin);
        }
        return Math.Sqrt(re * re + im * im) / 8000;
    }

    [Theory]
    [InlineData(false, 192_000)]
    [InlineData(false, 171_000)]
    [InlineData(true, 250_000)]
    [InlineData(true, 300_000)]
    [InlineData(true, 312_500)]
    [InlineData(true, 2_048_000)]
    public void Left_and_right_come_apart_at_32_kHz_and_at_their_level(bool iq, double rate)
    {
        const double Seconds = 1.2;
        var (left, right, _) = Hear(iq, rate, Seconds, t => Stereo(Sine(40_000, 1000, t) + Sine(15_000, 9_000, t), Sine(20_000, 3000, t), t));
        left.Count.Should().BeCloseTo((int)(Seconds * 32_000), 1600);
        left.Count.Should().Be(right.Count);
        double Deemphasis(double hz) => 1 / Math.Sqrt(1 + Math.Pow(2 * Math.PI * hz * 50e-6, 2));
        Tone(left, 1000).Should().BeApproximately(40 / 75.0 * Deemphasis(1000), 0.005);
        Tone(left, 9000).Should().BeApproximately(15 / 75.0 * Deemphasis(9000), 0.002);
        Tone(right, 3000).Should().BeApproximately(20 / 75.0 * Deemphasis(3000), 0.003);
        (20 * Math.Log10(Tone(left, 1000) / Tone(right, 1000))).Should().BeGreaterThan(45);
        (20 * Math.Log10(Tone(right, 3000) / Tone(left, 3000))).Should().BeGreaterThan(40);
        // The pilot ends at the filter.
        Tone(left, 13_000).Should().BeLessThan(1e-3);
    }

    [Fact]
    public void Without_a_pilot_there_is_mono()
    {
        var (left, right, reading) = Hear(false, 192_000, 1, t => Sine(30_000, 1000, t) + Sine(20_000, 1000, t) * Math.Sin(2 * Math.PI * 38_000 * t));
        left.Should().Equal(right);
        reading.LeftDbfs.Value.Should().Be(reading.RightDbfs.Value);
        reading.Stereo.Should().BeFalse();
    }

    [Fact]
    public void Silence_is_counted_until_there_is_sound_again()
    {
        var rds = Rds();
        // 2 kHz off its frequency, with pilot and RDS: none of that is sound.
        double Multiplex(double t, double sound) => 2000 + Stereo(Sine(sound, 400, t), Sine(sound, 400, t), t) + Sine(2000 * rds.At(t), 57_000, t);
        var station = StationReceiver.ForMpx(192_000);
        Read(station, Mpx(192_000, 2, t => Multiplex(t, 20_000)), 50).SilenceSeconds.Justified.Should().Be(0);
        for (var second = 1; second <= 4; second++)
        {
            var silence = Read(station, Mpx(192_000, 1, t => Multiplex(t, 30)), 50).SilenceSeconds;
            silence.Justified.Should().BeApproximately(second, 0.6);
        }
        Read(station, Mpx(192_000, 1, t => Multiplex(t, 2_000)), 50).SilenceSeconds.Justified.Should().Be(0);
    }

    [Theory]
    [InlineData(45, true)]
    [InlineData(28, true)]
    [InlineData(14, null)]
    public void In_noise_silence_is_told_or_said_not_to_be(double snrDb, bool? silent)
    {
        var (_, _, reading) = Hear(true, 250_000, 2.5, t => Stereo(0, 0, t), snrDb);
        if (silent is null) reading.SilenceSeconds.Should().Match<Measured>(m => m.Value == null && m.How.En.Contains("noise"));
        else reading.SilenceSeconds.Justified.Should().BeGreaterThan(1.5);
        if (snrDb < 40) reading.LeftDbfs.Value.Should().BeNull();
    }

    [Fact]
    public void Sound_in_noise_is_sound()
    {
        var (_, _, reading) = Hear(true, 250_000, 2, t => Stereo(Sine(8000, 500, t), 0, t), 16);
        reading.SilenceSeconds.Justified.Should().Be(0);
        reading.LeftDbfs.Value.Should().BeApproximately(20 * Math.Log10(8 / 75.0), 0.5);
    }

    [Fact]
    public void A_block_of_samples_allocates_nothing()
    {
        long heard = 0;
        var station = StationReceiver.ForIq(250_000, 0, new StationTap { OnSound = (l, _) => heard += l.Length });
        var iq = Iq(250_000, 0.5, 40, Programme);
        station.Process(iq);
        station.Process(iq);
        Allocated.Bytes(() => station.Process(iq)).Should().Be(0);
        heard.Should().BePositive();
    }

    [Fact]
    public void Samples_that_are_no_numbers_are_survived_after_a_reset()
    {
        var station = StationReceiver.ForMpx(192_000);
        var bad = new float[20_000];
        Array.Fill(bad, float.NaN);
        station.Process(bad);
        station.Reset();
        var reading = Read(station, Mpx(192_000, 1, Programme), 40);
        reading.PeakDeviationHz.Justified.Should().BeInRange(30_000, 80_000);
        reading.PilotDeviationHz.Justified.Should().BeApproximately(6750, 50);
        reading.RmsDeviationHz.Justified.Should().BeInRange(5_000, 40_000);
        reading.LeftDbfs.Justified.Should().BeInRange(-30, 0);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(double.NaN)]
    public void A_rate_that_cannot_be_used_is_refused(double rate)
    {
        FluentActions.Invoking(() => StationReceiver.ForMpx(rate)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("fm.sample-rate");
        FluentActions.Invoking(() => StationReceiver.ForIq(rate, 0)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("fm.sample-rate");
        FluentActions.Invoking(() => StationReceiver.ForIq(250_000, 130_000)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("fm.station-offset");
    }
}
