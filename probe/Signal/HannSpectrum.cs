using System.Runtime.Intrinsics;

namespace SignalWatch.Signal;

/// <summary>Sums power spectra of Hann-windowed blocks, made from spectra without a window: Hann's window is three bins wide in frequency
/// (½ of the bin less ¼ of each neighbour), so that a channelizer's transform serves for the spectrum as well.</summary>
public sealed class HannSpectrum(int size)
{
    /// <summary>Equivalent noise bandwidth of the window, bins.</summary>
    public const double NoiseBandwidthBins = 1.5;

    private readonly float[] power = new float[size];

    /// <summary>Blocks in the sum.</summary>
    public int Blocks { get; private set; }

    /// <summary>The sums, bin 0 at 0 Hz. A sine of amplitude 1 on a bin gives, for each block, a total over its bins of
    /// size² × <see cref="NoiseBandwidthBins"/> / 4; <see cref="Scale"/> makes powers of them.</summary>
    public ReadOnlySpan<float> Sums => power;

    /// <summary>Factor on the sums such that the sum over a signal's bins is its power: 1 for full scale.</summary>
    public double Scale => Blocks == 0 ? 0 : 4.0 / (NoiseBandwidthBins * Blocks * (double)size * size);

    /// <summary>Begins a new sum.</summary>
    public void Clear()
    {
        Array.Clear(power);
        Blocks = 0;
    }

    /// <summary>Adds another sum of the same size.</summary>
    public void Add(HannSpectrum other)
    {
        if (other.power.Length != size) throw new ArgumentException($"the other has {other.power.Length} bins, this one {size}");
        for (var k = 0; k < size; k++) power[k] += other.power[k];
        Blocks += other.Blocks;
    }

    /// <summary>Adds a block.</summary>
    /// <param name="re">Its spectrum without a window, real parts.</param>
    /// <param name="im">Imaginary parts.</param>
    public void Add(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        if (re.Length != size || im.Length != size) throw new ArgumentException($"a block has {size} bins");
        AddBin(re, im, 0);
        var (half, quarter) = (Vector512.Create(0.5f), Vector512.Create(0.25f));
        var k = 1;
        for (; k <= size - 17; k += 16)
        {
            var xr = Vector512.LoadUnsafe(in re[k]) * half - (Vector512.LoadUnsafe(in re[k - 1]) + Vector512.LoadUnsafe(in re[k + 1])) * quarter;
            var xi = Vector512.LoadUnsafe(in im[k]) * half - (Vector512.LoadUnsafe(in im[k - 1]) + Vector512.LoadUnsafe(in im[k + 1])) * quarter;
            (Vector512.LoadUnsafe(ref power[k]) + xr * xr + xi * xi).StoreUnsafe(ref power[k]);
        }
        for (; k < size; k++) AddBin(re, im, k);
        Blocks++;
    }

    private void AddBin(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int k)
    {
        int before = (k + size - 1) % size, after = (k + 1) % size;
        var xr = re[k] * 0.5f - (re[before] + re[after]) * 0.25f;
        var xi = im[k] * 0.5f - (im[before] + im[after]) * 0.25f;
        power[k] += xr * xr + xi * xi;
    }
}
