using System.Numerics;
using SignalWatch.Signal;

namespace SignalWatch.Tests;

/// <summary>The transform against its definition, summed in double precision.</summary>
public sealed class FftTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
    public void Forward_is_the_definition(int size)
    {
        var (re, im) = Noise(size, 1);
        var (outRe, outIm) = (new float[size], new float[size]);
        new Fft(size).Forward(re, im, outRe, outIm);
        for (var k = 0; k < size; k++)
        {
            var sum = Complex.Zero;
            for (var n = 0; n < size; n++) sum += new Complex(re[n], im[n]) * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)k * n % size) / size);
            outRe[k].Should().BeApproximately((float)sum.Real, 2e-6f * size);
            outIm[k].Should().BeApproximately((float)sum.Imaginary, 2e-6f * size);
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(32768)]
    [InlineData(65536)]
    public void There_and_back_is_the_size_times_the_input(int size)
    {
        var (re, im) = Noise(size, 2);
        float[] a = new float[size], b = new float[size], c = new float[size], d = new float[size];
        var fft = new Fft(size);
        fft.Forward(re, im, a, b);
        fft.Inverse(a, b, c, d);
        for (var n = 0; n < size; n++)
        {
            (c[n] / size).Should().BeApproximately(re[n], 2e-6f);
            (d[n] / size).Should().BeApproximately(im[n], 2e-6f);
        }
    }

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(4096, 3000)]
    [InlineData(65536, 40_001)]
    public void An_oscillation_on_a_bin_is_in_that_bin_alone(int size, int bin)
    {
        float[] re = new float[size], im = new float[size], a = new float[size], b = new float[size];
        for (var n = 0; n < size; n++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * ((long)bin * n % size) / size);
            (re[n], im[n]) = ((float)cos, (float)sin);
        }
        new Fft(size).Forward(re, im, a, b);
        for (var k = 0; k < size; k++) Math.Sqrt(a[k] * (double)a[k] + b[k] * (double)b[k]).Should().BeApproximately(k == bin ? size : 0, 1e-4 * Math.Sqrt(size));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(131072)]
    public void Other_sizes_are_refused(int size) => FluentActions.Invoking(() => new Fft(size)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void A_transform_allocates_nothing()
    {
        var fft = new Fft(4096);
        var (re, im) = Noise(4096, 3);
        var (a, b) = (new float[4096], new float[4096]);
        fft.Forward(re, im, a, b);
        Allocated.Bytes(() =>
        {
            for (var i = 0; i < 100; i++) fft.Forward(re, im, a, b);
        }).Should().Be(0);
    }

    internal static (float[] Re, float[] Im) Noise(int size, int seed)
    {
        var random = new Random(seed);
        var (re, im) = (new float[size], new float[size]);
        for (var n = 0; n < size; n++) (re[n], im[n]) = (random.NextSingle() * 2 - 1, random.NextSingle() * 2 - 1);
        return (re, im);
    }
}
