using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SignalWatch.Signal;

/// <summary>One step of decimation in frequency, radix 4: a transform of N points as four of N / 4, one after the other, each of memory that lies together.</summary>
internal sealed class FftSplit
{
    private readonly Fft inner;
    private readonly int quarter;

    // e^(−j2πp/N); its square and cube are multiplied out, which costs less than fetching them.
    private readonly float[] twiddleRe;
    private readonly float[] twiddleIm;

    public FftSplit(int size)
    {
        quarter = size / 4;
        inner = new Fft(quarter);
        (twiddleRe, twiddleIm) = (new float[quarter], new float[quarter]);
        for (var p = 0; p < quarter; p++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * p / size);
            (twiddleRe[p], twiddleIm[p]) = ((float)cos, (float)sin);
        }
    }

    /// <summary>Forward transform. The split goes to the output, the four transforms from there to scratch, and from there, interleaved, back.</summary>
    public void Forward(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm, Span<float> scratchRe, Span<float> scratchIm)
    {
        Butterflies(ref Unsafe.AsRef(in re[0]), ref Unsafe.AsRef(in im[0]), ref outRe[0], ref outIm[0]);
        for (var k = 0; k < 4; k++)
        {
            var part = new Range(k * quarter, (k + 1) * quarter);
            inner.Forward(outRe[part], outIm[part], scratchRe[part], scratchIm[part]);
        }
        Interleave(ref scratchRe[0], ref outRe[0]);
        Interleave(ref scratchIm[0], ref outIm[0]);
    }

    private void Butterflies(ref float re, ref float im, ref float outRe, ref float outIm)
    {
        // Whole cache lines at a time: the sixteen streams are multiples of 4 KB apart and push one another out of the first cache.
        nuint b = (nuint)quarter, c = 2 * b, d = 3 * b;
        for (nuint p = 0; p < b; p += 16)
        {
            var (ar, ai) = (Vector512.LoadUnsafe(ref re, p), Vector512.LoadUnsafe(ref im, p));
            var (br, bi) = (Vector512.LoadUnsafe(ref re, p + b), Vector512.LoadUnsafe(ref im, p + b));
            var (cr, ci) = (Vector512.LoadUnsafe(ref re, p + c), Vector512.LoadUnsafe(ref im, p + c));
            var (dr, di) = (Vector512.LoadUnsafe(ref re, p + d), Vector512.LoadUnsafe(ref im, p + d));
            var (w1r, w1i) = (Vector512.LoadUnsafe(ref twiddleRe[0], p), Vector512.LoadUnsafe(ref twiddleIm[0], p));
            var (w2r, w2i) = Times(w1r, w1i, w1r, w1i);
            var (w3r, w3i) = Times(w2r, w2i, w1r, w1i);
            var (sr, si, tr, ti) = (ar + cr, ai + ci, ar - cr, ai - ci);
            var (ur, ui, vr, vi) = (br + dr, bi + di, bi - di, dr - br); // v = −j(b − d)
            (sr + ur).StoreUnsafe(ref outRe, p);
            (si + ui).StoreUnsafe(ref outIm, p);
            var (xr, xi) = Times(tr + vr, ti + vi, w1r, w1i);
            xr.StoreUnsafe(ref outRe, p + b);
            xi.StoreUnsafe(ref outIm, p + b);
            (xr, xi) = Times(sr - ur, si - ui, w2r, w2i);
            xr.StoreUnsafe(ref outRe, p + c);
            xi.StoreUnsafe(ref outIm, p + c);
            (xr, xi) = Times(tr - vr, ti - vi, w3r, w3i);
            xr.StoreUnsafe(ref outRe, p + d);
            xi.StoreUnsafe(ref outIm, p + d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Re, Vector512<float> Im) Times(Vector512<float> ar, Vector512<float> ai, Vector512<float> br, Vector512<float> bi) =>
        (Vector512.MultiplyAddEstimate(ar, br, -(ai * bi)), Vector512.MultiplyAddEstimate(ar, bi, ai * br));

    // X[4m + k] is point m of transform k.
    private void Interleave(ref float from, ref float to)
    {
        nuint b = (nuint)quarter;
        if (!Avx.IsSupported)
        {
            for (nuint m = 0; m < b; m++)
                for (nuint k = 0; k < 4; k++) Unsafe.Add(ref to, 4 * m + k) = Unsafe.Add(ref from, m + k * b);
            return;
        }
        for (nuint m = 0; m < b; m += 8)
            Fft.Interleave4(Vector256.LoadUnsafe(ref from, m), Vector256.LoadUnsafe(ref from, m + b), Vector256.LoadUnsafe(ref from, m + 2 * b), Vector256.LoadUnsafe(ref from, m + 3 * b), ref to, 4 * m);
    }
}
