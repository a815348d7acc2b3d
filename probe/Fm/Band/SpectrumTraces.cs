using System.Runtime.Intrinsics;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Mean, maximum and minimum power of Hann-windowed blocks by bin, in one pass; made from spectra without a window, as <see cref="HannSpectrum"/> does.</summary>
internal sealed class SpectrumTraces(int size)
{
    private readonly float[] sum = new float[size];
    private readonly float[] max = new float[size];
    private readonly float[] min = new float[size];

    public int Blocks { get; private set; }

    /// <summary>Sums over the blocks, bin 0 at 0 Hz.</summary>
    public ReadOnlySpan<float> Sums => sum;

    /// <summary>The highest of the blocks.</summary>
    public ReadOnlySpan<float> Highest => max;

    /// <summary>The lowest of the blocks.</summary>
    public ReadOnlySpan<float> Lowest => min;

    /// <summary>Factor on one block's values such that the sum over a signal's bins is its power: 1 for full scale. Sums want it divided by <see cref="Blocks"/>.</summary>
    public double BlockScale => 4.0 / (HannSpectrum.NoiseBandwidthBins * size * (double)size);

    /// <summary>Factor on the sums, likewise.</summary>
    public double Scale => Blocks == 0 ? 0 : BlockScale / Blocks;

    public void Clear()
    {
        Array.Clear(sum);
        Array.Clear(max);
        Array.Fill(min, float.MaxValue);
        Blocks = 0;
    }

    /// <summary>Adds what another has, and its extremes.</summary>
    public void Add(SpectrumTraces other)
    {
        if (other.Blocks == 0) return;
        // A cleared minimum is the largest number there is; one that was never cleared is 0 and would stay.
        if (Blocks == 0) Clear();
        for (var k = 0; k < size; k++)
        {
            sum[k] += other.sum[k];
            max[k] = Math.Max(max[k], other.max[k]);
            min[k] = Math.Min(min[k], other.min[k]);
        }
        Blocks += other.Blocks;
    }

    /// <summary>Adds a block by its spectrum without a window, bin 0 at 0 Hz.</summary>
    public void Add(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        if (re.Length != size || im.Length != size) throw new ArgumentException($"a block has {size} bins");
        if (Blocks == 0) Clear();
        AddBin(re, im, 0);
        var (half, quarter) = (Vector256.Create(0.5f), Vector256.Create(0.25f));
        var k = 1;
        for (; k <= size - 9; k += 8)
        {
            var xr = Vector256.LoadUnsafe(in re[k]) * half - (Vector256.LoadUnsafe(in re[k - 1]) + Vector256.LoadUnsafe(in re[k + 1])) * quarter;
            var xi = Vector256.LoadUnsafe(in im[k]) * half - (Vector256.LoadUnsafe(in im[k - 1]) + Vector256.LoadUnsafe(in im[k + 1])) * quarter;
            var power = xr * xr + xi * xi;
            (Vector256.LoadUnsafe(ref sum[k]) + power).StoreUnsafe(ref sum[k]);
            Vector256.MaxNative(Vector256.LoadUnsafe(ref max[k]), power).StoreUnsafe(ref max[k]);
            Vector256.MinNative(Vector256.LoadUnsafe(ref min[k]), power).StoreUnsafe(ref min[k]);
        }
        for (; k < size; k++) AddBin(re, im, k);
        Blocks++;
    }

    private void AddBin(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int k)
    {
        int before = (k + size - 1) % size, after = (k + 1) % size;
        var xr = re[k] * 0.5f - (re[before] + re[after]) * 0.25f;
        var xi = im[k] * 0.5f - (im[before] + im[after]) * 0.25f;
        var power = xr * xr + xi * xi;
        sum[k] += power;
        max[k] = Math.Max(max[k], power);
        min[k] = Math.Min(min[k], power);
    }
}
