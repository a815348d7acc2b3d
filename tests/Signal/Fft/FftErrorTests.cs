using System.Numerics;
using System.Runtime.Intrinsics.X86;
using SignalWatch.Signal;

namespace SignalWatch.Tests;

/// <summary>How far the transforms are from one in double precision, at every size and in every width of vectors.</summary>
public sealed class FftErrorTests
{
    public static TheoryData<int, int> LongSizesAndLanes()
    {
        var data = new TheoryData<int, int>();
        foreach (var size in (int[])[2048, 4096, 8192, 16384, 32768, 65536])
            foreach (var lanes in (int[])[4, 8, 16]) data.Add(size, lanes);
        return data;
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(16384)]
    [InlineData(32768)]
    [InlineData(65536)]
    public void The_error_is_that_of_single_precision(int size)
    {
        var fft = new Fft(size);
        var (outRe, outIm) = (new float[size], new float[size]);
        // The error of a few points says little.
        var blocks = Math.Max(1, 8192 / size);
        double sum = 0;
        for (var block = 0; block < blocks; block++)
        {
            var (re, im) = FftTests.Noise(size, 100 + block);
            fft.Forward(re, im, outRe, outIm);
            sum += Math.Pow(RelativeError(re, im, outRe, outIm), 2);
        }
        Math.Sqrt(sum / blocks).Should().BeLessThan(Bound(size));
    }

    [Theory]
    [MemberData(nameof(LongSizesAndLanes))]
    public void Every_width_of_vectors_gives_the_same_bits(int size, int lanes)
    {
        var (re, im) = FftTests.Noise(size, 6);
        var (expectedRe, expectedIm) = (new float[size], new float[size]);
        new Fft(size).Forward(re, im, expectedRe, expectedIm);
        var (outRe, outIm) = (new float[size], new float[size]);
        FourStepFft fft = lanes switch { 4 => new FourStepFft<Lanes4>(size), 8 => new FourStepFft<Lanes8>(size), _ => new FourStepFft<Lanes16>(size) };
        fft.Forward(re, im, outRe, outIm, FourStepFft.CacheLines(fft.ScratchLength).Span);
        outRe.AsSpan().SequenceEqual(expectedRe).Should().BeTrue();
        outIm.AsSpan().SequenceEqual(expectedIm).Should().BeTrue();
        RelativeError(re, im, outRe, outIm).Should().BeLessThan(Bound(size));
    }

    // An FFT's error grows with the root of the number of its stages (Gentleman and Sande 1966). The factor is 5 % above what these transforms have,
    // where a product and a sum are rounded once, and where twice.
    private static double Bound(int size) => (Fma.IsSupported ? 3.6e-8 : 3.8e-8) * Math.Sqrt(int.Log2(size));

    /// <summary>Root of the error's power over that of the transform.</summary>
    private static double RelativeError(float[] re, float[] im, float[] outRe, float[] outIm)
    {
        var expected = Transform([.. re.Zip(im, (r, i) => new Complex(r, i))]);
        double error = 0, power = 0;
        for (var k = 0; k < re.Length; k++)
        {
            var (dr, di) = (outRe[k] - expected[k].Real, outIm[k] - expected[k].Imaginary);
            error += dr * dr + di * di;
            power += expected[k].Real * expected[k].Real + expected[k].Imaginary * expected[k].Imaginary;
        }
        return Math.Sqrt(error / power);
    }

    // Danielson and Lanczos: even and odd points apart.
    private static Complex[] Transform(Complex[] points)
    {
        if (points.Length == 1) return points;
        var half = points.Length / 2;
        var (even, odd) = (new Complex[half], new Complex[half]);
        for (var n = 0; n < half; n++) (even[n], odd[n]) = (points[2 * n], points[2 * n + 1]);
        (even, odd) = (Transform(even), Transform(odd));
        for (var k = 0; k < half; k++)
        {
            var turned = odd[k] * Complex.FromPolarCoordinates(1, -Math.PI * k / half);
            (points[k], points[k + half]) = (even[k] + turned, even[k] - turned);
        }
        return points;
    }
}
