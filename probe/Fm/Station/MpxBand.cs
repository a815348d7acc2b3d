using System.Runtime.Intrinsics;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>A band of the multiplex, out of the spectrum of a block: filtered, its middle at 0 Hz, at a rate that is a power of two lower.
/// Other than a <see cref="Channel"/> it may be wider than the channels of its <see cref="Channelizer"/>, and leaves the turning to its user, who knows the phase of the pilot.</summary>
internal sealed class MpxBand
{
    private const double StopBandDb = 65;

    private readonly Channelizer source;
    private readonly Fft inverse;
    private readonly float[] responseRe, responseIm, binsRe, binsIm, blockRe, blockIm;

    /// <summary>Prepares a band.</summary>
    /// <param name="source">Whose blocks it takes.</param>
    /// <param name="decimation">Samples of the multiplex for each of the band's.</param>
    /// <param name="middleHz">Its middle.</param>
    /// <param name="halfWidthHz">It passes so much to both sides.</param>
    /// <param name="factor">The gain wanted at a frequency.</param>
    public MpxBand(Channelizer source, int decimation, double middleHz, double halfWidthHz, Func<double, double> factor)
    {
        this.source = source;
        var size = source.Size / decimation;
        RateHz = source.SampleRateHz / decimation;
        inverse = new Fft(size);
        (binsRe, binsIm, blockRe, blockIm) = (new float[size], new float[size], new float[size], new float[size]);
        (responseRe, responseIm) = (new float[size], new float[size]);
        var binHz = source.SampleRateHz / source.Size;
        MiddleBin = (int)Math.Round(middleHz / binHz);
        // A quarter of a block is what overlap leaves to the filter; its delay is then that of the pilot's and of the RDS filter: an eighth of a block.
        var taps = FirDesign.LowPass(size / 4 + 1, halfWidthHz + FirDesign.TransitionHz(size / 4 + 1, RateHz, StopBandDb) / 2, RateHz, StopBandDb);
        Respond(taps, (middleHz - MiddleBin * binHz) / RateHz, k => factor((MiddleBin + k) * binHz) / source.Size);
    }

    /// <summary>Its sample rate, Hz.</summary>
    public double RateHz { get; }

    /// <summary>Which bin of the block's spectrum is at 0 Hz.</summary>
    public int MiddleBin { get; }

    /// <summary>Samples of a block.</summary>
    public int Hop => blockRe.Length / 4 * 3;

    /// <summary>Real parts of the block.</summary>
    public ReadOnlySpan<float> Re => blockRe.AsSpan(blockRe.Length - Hop);

    /// <summary>Imaginary parts of the block.</summary>
    public ReadOnlySpan<float> Im => blockIm.AsSpan(blockIm.Length - Hop);

    /// <summary>Computes the samples of the present block.</summary>
    public void Compute()
    {
        var half = binsRe.Length / 2;
        Multiply(MiddleBin, 0, half);
        if (MiddleBin >= half) Multiply(MiddleBin - half, half, half);
        else
        {
            Multiply(source.Size + MiddleBin - half, half, half - MiddleBin);
            Multiply(0, 2 * half - MiddleBin, MiddleBin);
        }
        inverse.Inverse(binsRe, binsIm, blockRe, blockIm);
    }

    private void Multiply(int from, int to, int count)
    {
        ReadOnlySpan<float> re = source.SpectrumRe.Slice(from, count), im = source.SpectrumIm.Slice(from, count);
        var n = 0;
        for (; n <= count - 8; n += 8)
        {
            var (xr, xi) = (Vector256.LoadUnsafe(in re[n]), Vector256.LoadUnsafe(in im[n]));
            var (hr, hi) = (Vector256.LoadUnsafe(ref responseRe[to + n]), Vector256.LoadUnsafe(ref responseIm[to + n]));
            (xr * hr - xi * hi).StoreUnsafe(ref binsRe[to + n]);
            (xr * hi + xi * hr).StoreUnsafe(ref binsIm[to + n]);
        }
        for (; n < count; n++)
        {
            binsRe[to + n] = re[n] * responseRe[to + n] - im[n] * responseIm[to + n];
            binsIm[to + n] = re[n] * responseIm[to + n] + im[n] * responseRe[to + n];
        }
    }

    private void Respond(float[] taps, double offsetTurns, Func<int, double> factor)
    {
        var size = responseRe.Length;
        var (tapsRe, tapsIm) = (new float[size], new float[size]);
        for (var n = 0; n < taps.Length; n++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * offsetTurns * n);
            (tapsRe[n], tapsIm[n]) = ((float)(taps[n] * cos), (float)(taps[n] * sin));
        }
        inverse.Forward(tapsRe, tapsIm, responseRe, responseIm);
        for (var k = 0; k < size; k++)
        {
            var scale = (float)factor(k < size / 2 ? k : k - size);
            (responseRe[k], responseIm[k]) = (responseRe[k] * scale, responseIm[k] * scale);
        }
    }
}
