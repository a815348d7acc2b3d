using System.Numerics;
using SignalWatch.Contracts;
using SignalWatch.Simulation;
using SignalWatch.Simulation.Fm;

namespace SignalWatch.Tests.Simulation;

public sealed class FmBandTests
{
    private const int Rate = FmBandSource.SampleRateHz;
    private static readonly float[] Before = Band(TimeSpan.Zero, 0.2);
    private static readonly float[] After = Band(TimeSpan.FromMinutes(2), 0.2);

    [Fact]
    public void Each_emitter_has_its_level_where_the_truth_says_and_the_pirate_only_when_it_is_on_air()
    {
        foreach (var (samples, minutes) in new[] { (Before, 0), (After, 2) })
        {
            var city = City.BuiltIn(new ManualTime());
            foreach (var emitter in city.TruthAt(city.VirtualNow.AddMinutes(minutes)).Emitters)
            {
                var level = LevelDb(samples, emitter.FrequencyHz - 98_000_000, emitter.Modulated ? 100_000 : 40_000);
                if (emitter.OnAir) level.Should().BeApproximately(emitter.LevelDbfs, 0.8, "{0} is on air", emitter.Name.En);
                else level.Should().BeLessThan(emitter.LevelDbfs - 20, "{0} is silent", emitter.Name.En);
            }
        }
    }

    [Theory]
    [InlineData(-400_000)] // 97.6 MHz, the strongest: its images would show 240…360 kHz away
    [InlineData(500_000)]
    public void The_mean_frequency_of_a_station_is_its_carrier(int nominal)
    {
        var city = City.BuiltIn(new ManualTime());
        var truth = city.TruthAt(city.VirtualNow).Emitters.Single(e => e.FrequencyHz == 98_000_000 + nominal);
        MeanFrequency(Before, nominal, 100_000).Should().BeApproximately(truth.CarrierHz - truth.FrequencyHz, 400);
    }

    [Fact]
    public void Between_the_stations_there_is_nothing_but_noise() =>
        // 98.7 MHz ± 20 kHz: -46 dBFS of noise in 2.4 MHz is -63.8 in 40 kHz
        LevelDb(Before, 700_000, 20_000).Should().BeInRange(-65.5, -61);

    [Fact]
    public void No_sample_is_clipped_and_none_is_not_a_number()
    {
        After.Should().OnlyContain(s => float.IsFinite(s));
        After.Max(Math.Abs).Should().BeLessThan(1);
    }

    [Fact]
    public async Task A_read_waits_until_its_samples_are_over()
    {
        var time = new ManualTime();
        await using var source = City.BuiltIn(time).OpenFmBand();
        var begin = time.GetUtcNow();
        var reading = source.ReadAsync(new float[2 * 24_000], CancellationToken.None).AsTask(); // 10 ms
        reading.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(11));
        var read = await reading.WaitAsync(Hang.Limit);
        read.Should().Be(new Hardware.IqRead(24_000, begin, false));
        source.Stream.Origin.Should().Be(Origin.Simulated);
    }

    [Fact]
    public async Task A_reader_that_comes_late_gets_the_present_and_is_told_of_the_hole()
    {
        var time = new ManualTime();
        await using var source = City.BuiltIn(time).OpenFmBand();
        time.Advance(TimeSpan.FromSeconds(5));
        var read = await source.ReadAsync(new float[2 * 24_000], CancellationToken.None);
        read.Discontinuity.Should().BeTrue();
        read.At.Should().BeCloseTo(time.GetUtcNow(), TimeSpan.FromMilliseconds(11));
        time.Advance(TimeSpan.FromMilliseconds(10));
        (await source.ReadAsync(new float[2 * 24_000], CancellationToken.None)).Discontinuity.Should().BeFalse();
    }

    [Fact]
    public async Task Reading_allocates_nothing_for_a_sample()
    {
        var time = new ManualTime();
        await using var source = City.BuiltIn(time).OpenFmBand();
        var buffer = new float[2 * 24_000];
        ((FmBandSource)source).Generate(buffer, time.GetUtcNow());
        var before = GC.GetAllocatedBytesForCurrentThread();
        ((FmBandSource)source).Generate(buffer, time.GetUtcNow());
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void At_night_the_receiver_makes_an_image_and_a_product_that_nobody_sends()
    {
        var samples = Night(center: null, later: TimeSpan.Zero);
        // 91.9 and 92.2 MHz at -13 and -14 dBFS, intercept 3 dBFS: 2 × 91.9 − 92.2 = 91.6 MHz at 2 × −13 − 14 − 2 × 3 = −46 dBFS. As wide as both programmes, so not all of it lies in 200 kHz.
        LevelDb(samples, 300_000, 100_000).Should().BeInRange(-49.5, -45);
        // The image of 91.9 MHz about 91.3 MHz is 90.7 MHz, 34 dB lower.
        LevelDb(samples, -600_000, 100_000).Should().BeInRange(-48.5, -45.5);
        var city = City.BuiltIn(new ManualTime(), "night");
        city.TruthAt(city.VirtualNow).Emitters.Select(e => e.FrequencyHz).Should().NotContain([91_600_000, 90_700_000]);
    }

    [Fact]
    public void A_receiver_that_is_tuned_elsewhere_hears_what_is_there()
    {
        var samples = Night(center: 93_700_000, later: TimeSpan.FromMinutes(1));
        LevelDb(samples, -300_000, 100_000).Should().BeApproximately(-29, 0.8, "the overspill of 93.4 MHz");
        LevelDb(samples, -700_000, 50_000).Should().BeLessThan(-55, "93.0 MHz is free, and the pirate of 91.0 MHz far away");
    }

    private static float[] Night(double? center, TimeSpan later)
    {
        var time = new ManualTime();
        var source = (FmBandSource)City.BuiltIn(time, "night").OpenFmBand();
        if (center is { } hz) source.Tune(hz);
        time.Advance(later);
        var samples = new float[2 * Rate / 5];
        source.Generate(samples, time.GetUtcNow());
        return samples;
    }

    private static float[] Band(TimeSpan later, double seconds)
    {
        var time = new ManualTime();
        var source = (FmBandSource)City.BuiltIn(time).OpenFmBand();
        time.Advance(later);
        var samples = new float[2 * (int)(seconds * Rate)];
        source.Generate(samples, time.GetUtcNow());
        return samples;
    }

    // A windowed-sinc low-pass around a frequency, in plain double arithmetic, one output every 8 samples.
    private static Complex[] Channel(float[] samples, double offset, double halfWidth)
    {
        const int Half = 240;
        var taps = Enumerable.Range(-Half, 2 * Half + 1).Select(n =>
            2 * halfWidth / Rate * Sinc(2 * halfWidth / Rate * n) * (0.42 + 0.5 * Math.Cos(Math.PI * n / Half) + 0.08 * Math.Cos(2 * Math.PI * n / Half))).ToArray();
        var count = (samples.Length / 2 - taps.Length) / 8;
        var mixed = new Complex[samples.Length / 2];
        for (var i = 0; i < mixed.Length; i++) mixed[i] = new Complex(samples[2 * i], samples[2 * i + 1]) * Complex.FromPolarCoordinates(1, -Math.Tau * offset * i / Rate);
        var channel = new Complex[count];
        for (var i = 0; i < count; i++)
            for (var k = 0; k < taps.Length; k++) channel[i] += taps[k] * mixed[8 * i + k];
        return channel;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static double LevelDb(float[] samples, double offset, double halfWidth) => 10 * Math.Log10(Channel(samples, offset, halfWidth).Average(c => c.Magnitude * c.Magnitude));

    private static double MeanFrequency(float[] samples, double offset, double halfWidth)
    {
        var channel = Channel(samples, offset, halfWidth);
        var turns = 0.0;
        for (var i = 1; i < channel.Length; i++) turns += (channel[i] * Complex.Conjugate(channel[i - 1])).Phase / Math.Tau;
        return turns / (channel.Length - 1) * Rate / 8;
    }
}
