using System.Runtime.Intrinsics;
using SignalWatch.Signal;

namespace SignalWatch.Tests;

public sealed class PrimitiveTests
{
    [Fact]
    public void Atan2_is_within_its_stated_error_all_around()
    {
        for (var n = 0; n < 100_000; n++)
        {
            var angle = (n / 50_000.0 - 1) * Math.PI * 0.999999;
            var (sin, cos) = Math.SinCos(angle);
            var (y, x) = ((float)(3 * sin), (float)(3 * cos));
            Phase.Atan2(Vector256.Create(y), Vector256.Create(x))[0].Should().BeApproximately((float)Math.Atan2(y, x), 5e-7f);
        }
    }

    [Fact]
    public void Atan2_of_nothing_is_0() => Phase.Atan2(Vector256<float>.Zero, Vector256<float>.Zero)[3].Should().Be(0);

    [Fact]
    public void Steps_are_the_frequency()
    {
        float[] re = new float[102], im = new float[102], hz = new float[101];
        for (var n = 0; n < re.Length; n++) (im[n], re[n]) = MathF.SinCos(-0.25f * n);
        Phase.Steps(re, im, 1, hz);
        hz.Should().AllSatisfy(step => step.Should().BeApproximately(-0.25f, 1e-5f));
    }

    [Fact]
    public void A_low_pass_passes_and_stops_where_it_was_asked_to()
    {
        var taps = FirDesign.LowPass(129, 60_000, 300_000);
        var transition = FirDesign.TransitionHz(129, 300_000);
        GainDb(taps, 0).Should().BeApproximately(0, 1e-4);
        GainDb(taps, (60_000 - transition / 2) / 300_000).Should().BeApproximately(0, 0.01);
        GainDb(taps, 60_000 / 300_000.0).Should().BeApproximately(-6, 0.1);
        for (var hz = 60_000 + transition / 2; hz <= 150_000; hz += 500) GainDb(taps, hz / 300_000).Should().BeLessThan(-69);
    }

    [Fact]
    public void A_loop_finds_phase_and_frequency()
    {
        var loop = new PhaseLockedLoop(20, 1000, 10);
        var phase = 1.0;
        for (var n = 0; n < 2000; n++)
        {
            phase += 2 * Math.PI * 3 / 1000;
            loop.Advance(Math.IEEERemainder(phase - loop.PhaseRad, 2 * Math.PI));
        }
        loop.OffsetHz.Should().BeApproximately(3, 1e-6);
        loop.SetBandwidth(5);
        loop.OffsetHz.Should().BeApproximately(3, 1e-6);
    }

    [Fact]
    public void A_loop_does_not_run_away()
    {
        var loop = new PhaseLockedLoop(50, 1000, 4);
        for (var n = 0; n < 10_000; n++) loop.Advance(1);
        loop.OffsetHz.Should().BeApproximately(4, 1e-9);
    }

    [Fact]
    public void The_power_of_a_sine_and_of_noise_is_that_of_their_bins()
    {
        const int Size = 1024;
        var spectrum = new HannSpectrum(Size);
        var fft = new Fft(Size);
        var random = new Random(9);
        float[] re = new float[Size], im = new float[Size], a = new float[Size], b = new float[Size];
        for (var block = 0; block < 200; block++)
        {
            for (var n = 0; n < Size; n++)
            {
                var (sin, cos) = MathF.SinCos(2 * MathF.PI * 100.37f * n / Size + block);
                // Uniform noise of ±0.05 in both parts: power 2 × 0.05² / 3.
                (re[n], im[n]) = (0.5f * cos + 0.1f * (random.NextSingle() - 0.5f), 0.5f * sin + 0.1f * (random.NextSingle() - 0.5f));
            }
            fft.Forward(re, im, a, b);
            spectrum.Add(a, b);
        }
        var sine = spectrum.Sums[90..111].ToArray().Sum(p => p * spectrum.Scale);
        var noise = spectrum.Sums[200..1000].ToArray().Sum(p => p * spectrum.Scale) * Size / 800;
        sine.Should().BeApproximately(0.25, 0.001);
        noise.Should().BeApproximately(2 * 0.0025 / 3, 0.00003);
    }

    [Fact]
    public void Sums_are_sums()
    {
        var (x, y) = FftTests.Noise(1003, 4);
        Sums.Of(x).Should().BeApproximately(x.Sum(v => (double)v), 1e-3);
        Sums.OfSquares(x, y).Should().BeApproximately(x.Sum(v => (double)v * v) + y.Sum(v => (double)v * v), 1e-2);
        Sums.CountBeyond(x, 0.9f).Should().Be(x.Count(v => Math.Abs(v) > 0.9f));
    }

    private static double GainDb(float[] taps, double turns)
    {
        double re = 0, im = 0;
        for (var n = 0; n < taps.Length; n++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * turns * n);
            (re, im) = (re + taps[n] * cos, im + taps[n] * sin);
        }
        return 10 * Math.Log10(re * re + im * im);
    }
}
