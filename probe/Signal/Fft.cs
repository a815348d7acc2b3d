using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SignalWatch.Signal;

/// <summary>Complex discrete Fourier transform of a power-of-two size, single precision, real and imaginary parts in separate arrays.
/// Stockham's self-sorting form, radix 4: every pass reads and writes in order, so that no bit reversal is needed and all passes fill whole vectors.
/// Where all passes no longer fit the first cache, <see cref="FourStepFft"/> takes its place: from there on memory, not arithmetic, would set the pace.
/// An instance has scratch memory of its own: one thread at a time.</summary>
public sealed class Fft
{
    private readonly FourStepFft? fourStep;
    private readonly Memory<float> fourStepScratch;
    private readonly Pass[] passes = [];
    private readonly float[] scratchRe = [];
    private readonly float[] scratchIm = [];

    /// <summary>Prepares a transform.</summary>
    /// <param name="size">Points: a power of two, 16 to 65,536.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another size.</exception>
    public Fft(int size)
    {
        if (size is < 16 or > 65_536 || !int.IsPow2(size)) throw new ArgumentOutOfRangeException(nameof(size), size, "a power of two, 16 to 65536");
        Size = size;
        if (size >= FourStepFft.LeastSize)
        {
            fourStep = FourStepFft.Create(size);
            fourStepScratch = FourStepFft.CacheLines(fourStep.ScratchLength);
            return;
        }
        (scratchRe, scratchIm) = (new float[size], new float[size]);
        var list = new List<Pass>();
        for (int length = size, stride = 1; length >= 4; length /= 4, stride *= 4) list.Add(new Pass(length, stride));
        passes = [.. list];
    }

    /// <summary>The same transform with scratch memory of its own, for another thread: the tables are shared.</summary>
    public Fft(Fft other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (Size, passes, fourStep) = (other.Size, other.passes, other.fourStep);
        if (fourStep is not null) fourStepScratch = FourStepFft.CacheLines(fourStep.ScratchLength);
        else (scratchRe, scratchIm) = (new float[Size], new float[Size]);
    }

    /// <summary>Points.</summary>
    public int Size { get; }

    /// <summary>X[k] = Σ x[n] e^(−j2πkn/N), not scaled. The outputs must not overlap the inputs.</summary>
    /// <exception cref="ArgumentException">A span has another length than <see cref="Size"/>.</exception>
    public void Forward(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm)
    {
        if (re.Length != Size || im.Length != Size || outRe.Length != Size || outIm.Length != Size) throw new ArgumentException($"all four spans hold {Size} points");
        if (fourStep is not null)
        {
            fourStep.Forward(re, im, outRe, outIm, fourStepScratch.Span);
            return;
        }
        var odd = (int.Log2(Size) & 1) == 1;
        var writes = passes.Length + (odd ? 1 : 0);
        // The last pass must land in the output: with an odd number of passes the first one goes there, else into scratch.
        var toOutput = (writes & 1) == 1;
        ref var sourceRe = ref Unsafe.AsRef(in re[0]);
        ref var sourceIm = ref Unsafe.AsRef(in im[0]);
        foreach (var pass in passes)
        {
            ref var targetRe = ref (toOutput ? ref outRe[0] : ref scratchRe[0]);
            ref var targetIm = ref (toOutput ? ref outIm[0] : ref scratchIm[0]);
            pass.Run(ref sourceRe, ref sourceIm, ref targetRe, ref targetIm);
            sourceRe = ref targetRe;
            sourceIm = ref targetIm;
            toOutput = !toOutput;
        }
        if (odd) LastRadix2(ref sourceRe, ref sourceIm, ref outRe[0], ref outIm[0], Size / 2);
    }

    /// <summary>x[n] = Σ X[k] e^(+j2πkn/N), not scaled: <see cref="Forward"/> followed by this gives N times the input.</summary>
    /// <exception cref="ArgumentException">A span has another length than <see cref="Size"/>.</exception>
    public void Inverse(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm) => Forward(im, re, outIm, outRe);

    private static void LastRadix2(ref float re, ref float im, ref float outRe, ref float outIm, int half)
    {
        for (var q = 0; q < half; q += Vector256<float>.Count)
        {
            nuint low = (nuint)q, high = (nuint)(q + half);
            var (ar, ai) = (Vector256.LoadUnsafe(ref re, low), Vector256.LoadUnsafe(ref im, low));
            var (br, bi) = (Vector256.LoadUnsafe(ref re, high), Vector256.LoadUnsafe(ref im, high));
            (ar + br).StoreUnsafe(ref outRe, low);
            (ai + bi).StoreUnsafe(ref outIm, low);
            (ar - br).StoreUnsafe(ref outRe, high);
            (ai - bi).StoreUnsafe(ref outIm, high);
        }
    }

    /// <summary>One radix-4 pass: <c>length</c> is the size of the sub-transforms that are left, <c>stride</c> how many of them run side by side.</summary>
    private sealed class Pass
    {
        private readonly int stride;
        private readonly int quarter;

        // Twiddle factors e^(−j2πkp/length), k = 1, 2, 3. In the pass of stride 4 each stands four times in a row, once for each transform side by side.
        private readonly float[] w1Re, w1Im, w2Re, w2Im, w3Re, w3Im;

        public Pass(int length, int stride)
        {
            this.stride = stride;
            quarter = length / 4;
            var repeat = stride == 4 ? 4 : 1;
            (w1Re, w1Im) = Twiddles(1, length, repeat);
            (w2Re, w2Im) = Twiddles(2, length, repeat);
            (w3Re, w3Im) = Twiddles(3, length, repeat);
        }

        public void Run(ref float re, ref float im, ref float outRe, ref float outIm)
        {
            if (stride == 1)
            {
                if (Avx.IsSupported && quarter >= 8) FirstAvx(ref re, ref im, ref outRe, ref outIm);
                else FirstScalar(ref re, ref im, ref outRe, ref outIm);
            }
            else if (stride == 4)
            {
                if (quarter >= 2) SecondWide(ref re, ref im, ref outRe, ref outIm);
                else SecondNarrow(ref re, ref im, ref outRe, ref outIm);
            }
            else if (Vector512.IsHardwareAccelerated) Later512(ref re, ref im, ref outRe, ref outIm);
            else Later256(ref re, ref im, ref outRe, ref outIm);
        }

        private static (float[] Re, float[] Im) Twiddles(int power, int length, int repeat)
        {
            var re = new float[length / 4 * repeat];
            var im = new float[re.Length];
            for (var i = 0; i < re.Length; i++)
            {
                var (sin, cos) = Math.SinCos(-2 * Math.PI * power * (i / repeat) / length);
                (re[i], im[i]) = ((float)cos, (float)sin);
            }
            return (re, im);
        }

        private void FirstScalar(ref float re, ref float im, ref float outRe, ref float outIm)
        {
            for (var p = 0; p < quarter; p++)
            {
                float ar = Unsafe.Add(ref re, p), ai = Unsafe.Add(ref im, p), br = Unsafe.Add(ref re, p + quarter), bi = Unsafe.Add(ref im, p + quarter);
                float cr = Unsafe.Add(ref re, p + 2 * quarter), ci = Unsafe.Add(ref im, p + 2 * quarter), dr = Unsafe.Add(ref re, p + 3 * quarter), di = Unsafe.Add(ref im, p + 3 * quarter);
                float sr = ar + cr, si = ai + ci, tr = ar - cr, ti = ai - ci, ur = br + dr, ui = bi + di, vr = bi - di, vi = dr - br;
                Put(ref outRe, ref outIm, 4 * p, sr + ur, si + ui, 1, 0);
                Put(ref outRe, ref outIm, 4 * p + 1, tr + vr, ti + vi, w1Re[p], w1Im[p]);
                Put(ref outRe, ref outIm, 4 * p + 2, sr - ur, si - ui, w2Re[p], w2Im[p]);
                Put(ref outRe, ref outIm, 4 * p + 3, tr - vr, ti - vi, w3Re[p], w3Im[p]);
            }
        }

        private static void Put(ref float outRe, ref float outIm, int at, float re, float im, float wRe, float wIm)
        {
            Unsafe.Add(ref outRe, at) = re * wRe - im * wIm;
            Unsafe.Add(ref outIm, at) = re * wIm + im * wRe;
        }

        private void FirstAvx(ref float re, ref float im, ref float outRe, ref float outIm)
        {
            for (var p = 0; p < quarter; p += 8)
            {
                Butterfly(
                    Vector256.LoadUnsafe(ref re, (nuint)p), Vector256.LoadUnsafe(ref im, (nuint)p),
                    Vector256.LoadUnsafe(ref re, (nuint)(p + quarter)), Vector256.LoadUnsafe(ref im, (nuint)(p + quarter)),
                    Vector256.LoadUnsafe(ref re, (nuint)(p + 2 * quarter)), Vector256.LoadUnsafe(ref im, (nuint)(p + 2 * quarter)),
                    Vector256.LoadUnsafe(ref re, (nuint)(p + 3 * quarter)), Vector256.LoadUnsafe(ref im, (nuint)(p + 3 * quarter)),
                    Vector256.LoadUnsafe(ref w1Re[0], (nuint)p), Vector256.LoadUnsafe(ref w1Im[0], (nuint)p),
                    Vector256.LoadUnsafe(ref w2Re[0], (nuint)p), Vector256.LoadUnsafe(ref w2Im[0], (nuint)p),
                    Vector256.LoadUnsafe(ref w3Re[0], (nuint)p), Vector256.LoadUnsafe(ref w3Im[0], (nuint)p),
                    out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
                Interleave4(r0, r1, r2, r3, ref outRe, (nuint)(4 * p));
                Interleave4(i0, i1, i2, i3, ref outIm, (nuint)(4 * p));
            }
        }

        /// <summary>Writes a0 b0 c0 d0 a1 b1 …</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Interleave4(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, ref float to, nuint at)
        {
            var ab = Avx.UnpackLow(a, b).AsDouble();
            var cd = Avx.UnpackLow(c, d).AsDouble();
            var abHigh = Avx.UnpackHigh(a, b).AsDouble();
            var cdHigh = Avx.UnpackHigh(c, d).AsDouble();
            var x0 = Avx.UnpackLow(ab, cd).AsSingle();
            var x1 = Avx.UnpackHigh(ab, cd).AsSingle();
            var x2 = Avx.UnpackLow(abHigh, cdHigh).AsSingle();
            var x3 = Avx.UnpackHigh(abHigh, cdHigh).AsSingle();
            Avx.Permute2x128(x0, x1, 0x20).StoreUnsafe(ref to, at);
            Avx.Permute2x128(x2, x3, 0x20).StoreUnsafe(ref to, at + 8);
            Avx.Permute2x128(x0, x1, 0x31).StoreUnsafe(ref to, at + 16);
            Avx.Permute2x128(x2, x3, 0x31).StoreUnsafe(ref to, at + 24);
        }

        /// <summary>Stride 4: the four transforms side by side are half a vector, so a vector takes two neighbouring butterflies.</summary>
        private void SecondWide(ref float re, ref float im, ref float outRe, ref float outIm)
        {
            var apart = 4 * quarter;
            for (var i = 0; i < apart; i += 8)
            {
                Butterfly(
                    Vector256.LoadUnsafe(ref re, (nuint)i), Vector256.LoadUnsafe(ref im, (nuint)i),
                    Vector256.LoadUnsafe(ref re, (nuint)(i + apart)), Vector256.LoadUnsafe(ref im, (nuint)(i + apart)),
                    Vector256.LoadUnsafe(ref re, (nuint)(i + 2 * apart)), Vector256.LoadUnsafe(ref im, (nuint)(i + 2 * apart)),
                    Vector256.LoadUnsafe(ref re, (nuint)(i + 3 * apart)), Vector256.LoadUnsafe(ref im, (nuint)(i + 3 * apart)),
                    Vector256.LoadUnsafe(ref w1Re[0], (nuint)i), Vector256.LoadUnsafe(ref w1Im[0], (nuint)i),
                    Vector256.LoadUnsafe(ref w2Re[0], (nuint)i), Vector256.LoadUnsafe(ref w2Im[0], (nuint)i),
                    Vector256.LoadUnsafe(ref w3Re[0], (nuint)i), Vector256.LoadUnsafe(ref w3Im[0], (nuint)i),
                    out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
                var to = (nuint)(4 * i);
                StorePair(r0, r1, ref outRe, to);
                StorePair(r2, r3, ref outRe, to + 8);
                StorePair(i0, i1, ref outIm, to);
                StorePair(i2, i3, ref outIm, to + 8);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void StorePair(Vector256<float> a, Vector256<float> b, ref float to, nuint at)
        {
            Vector256.Create(a.GetLower(), b.GetLower()).StoreUnsafe(ref to, at);
            Vector256.Create(a.GetUpper(), b.GetUpper()).StoreUnsafe(ref to, at + 16);
        }

        /// <summary>Stride 4 of the 16-point transform: one butterfly, all twiddle factors 1.</summary>
        private static void SecondNarrow(ref float re, ref float im, ref float outRe, ref float outIm)
        {
            var (ar, ai) = (Vector128.LoadUnsafe(ref re), Vector128.LoadUnsafe(ref im));
            var (br, bi) = (Vector128.LoadUnsafe(ref re, 4), Vector128.LoadUnsafe(ref im, 4));
            var (cr, ci) = (Vector128.LoadUnsafe(ref re, 8), Vector128.LoadUnsafe(ref im, 8));
            var (dr, di) = (Vector128.LoadUnsafe(ref re, 12), Vector128.LoadUnsafe(ref im, 12));
            (ar + cr + (br + dr)).StoreUnsafe(ref outRe);
            (ai + ci + (bi + di)).StoreUnsafe(ref outIm);
            (ar - cr + (bi - di)).StoreUnsafe(ref outRe, 4);
            (ai - ci + (dr - br)).StoreUnsafe(ref outIm, 4);
            (ar + cr - (br + dr)).StoreUnsafe(ref outRe, 8);
            (ai + ci - (bi + di)).StoreUnsafe(ref outIm, 8);
            (ar - cr - (bi - di)).StoreUnsafe(ref outRe, 12);
            (ai - ci - (dr - br)).StoreUnsafe(ref outIm, 12);
        }

        private void Later256(ref float re, ref float im, ref float outRe, ref float outIm)
        {
            var apart = quarter * stride;
            for (var p = 0; p < quarter; p++)
            {
                var (w1r, w1i) = (Vector256.Create(w1Re[p]), Vector256.Create(w1Im[p]));
                var (w2r, w2i) = (Vector256.Create(w2Re[p]), Vector256.Create(w2Im[p]));
                var (w3r, w3i) = (Vector256.Create(w3Re[p]), Vector256.Create(w3Im[p]));
                for (var q = 0; q < stride; q += 8)
                {
                    var from = p * stride + q;
                    Butterfly(
                        Vector256.LoadUnsafe(ref re, (nuint)from), Vector256.LoadUnsafe(ref im, (nuint)from),
                        Vector256.LoadUnsafe(ref re, (nuint)(from + apart)), Vector256.LoadUnsafe(ref im, (nuint)(from + apart)),
                        Vector256.LoadUnsafe(ref re, (nuint)(from + 2 * apart)), Vector256.LoadUnsafe(ref im, (nuint)(from + 2 * apart)),
                        Vector256.LoadUnsafe(ref re, (nuint)(from + 3 * apart)), Vector256.LoadUnsafe(ref im, (nuint)(from + 3 * apart)),
                        w1r, w1i, w2r, w2i, w3r, w3i,
                        out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
                    var to = 4 * p * stride + q;
                    r0.StoreUnsafe(ref outRe, (nuint)to);
                    i0.StoreUnsafe(ref outIm, (nuint)to);
                    r1.StoreUnsafe(ref outRe, (nuint)(to + stride));
                    i1.StoreUnsafe(ref outIm, (nuint)(to + stride));
                    r2.StoreUnsafe(ref outRe, (nuint)(to + 2 * stride));
                    i2.StoreUnsafe(ref outIm, (nuint)(to + 2 * stride));
                    r3.StoreUnsafe(ref outRe, (nuint)(to + 3 * stride));
                    i3.StoreUnsafe(ref outIm, (nuint)(to + 3 * stride));
                }
            }
        }

        private void Later512(ref float re, ref float im, ref float outRe, ref float outIm)
        {
            var apart = quarter * stride;
            for (var p = 0; p < quarter; p++)
            {
                var (w1r, w1i) = (Vector512.Create(w1Re[p]), Vector512.Create(w1Im[p]));
                var (w2r, w2i) = (Vector512.Create(w2Re[p]), Vector512.Create(w2Im[p]));
                var (w3r, w3i) = (Vector512.Create(w3Re[p]), Vector512.Create(w3Im[p]));
                for (var q = 0; q < stride; q += 16)
                {
                    var from = p * stride + q;
                    var (ar, ai) = (Vector512.LoadUnsafe(ref re, (nuint)from), Vector512.LoadUnsafe(ref im, (nuint)from));
                    var (br, bi) = (Vector512.LoadUnsafe(ref re, (nuint)(from + apart)), Vector512.LoadUnsafe(ref im, (nuint)(from + apart)));
                    var (cr, ci) = (Vector512.LoadUnsafe(ref re, (nuint)(from + 2 * apart)), Vector512.LoadUnsafe(ref im, (nuint)(from + 2 * apart)));
                    var (dr, di) = (Vector512.LoadUnsafe(ref re, (nuint)(from + 3 * apart)), Vector512.LoadUnsafe(ref im, (nuint)(from + 3 * apart)));
                    var (sr, si, tr, ti) = (ar + cr, ai + ci, ar - cr, ai - ci);
                    var (ur, ui, vr, vi) = (br + dr, bi + di, bi - di, dr - br);
                    var to = (nuint)(4 * p * stride + q);
                    var step = (nuint)stride;
                    (sr + ur).StoreUnsafe(ref outRe, to);
                    (si + ui).StoreUnsafe(ref outIm, to);
                    Rotate(tr + vr, ti + vi, w1r, w1i, ref outRe, ref outIm, to + step);
                    Rotate(sr - ur, si - ui, w2r, w2i, ref outRe, ref outIm, to + 2 * step);
                    Rotate(tr - vr, ti - vi, w3r, w3i, ref outRe, ref outIm, to + 3 * step);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Rotate(Vector512<float> re, Vector512<float> im, Vector512<float> wRe, Vector512<float> wIm, ref float outRe, ref float outIm, nuint at)
        {
            Vector512.MultiplyAddEstimate(re, wRe, -(im * wIm)).StoreUnsafe(ref outRe, at);
            Vector512.MultiplyAddEstimate(re, wIm, im * wRe).StoreUnsafe(ref outIm, at);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Butterfly(
            Vector256<float> ar, Vector256<float> ai, Vector256<float> br, Vector256<float> bi,
            Vector256<float> cr, Vector256<float> ci, Vector256<float> dr, Vector256<float> di,
            Vector256<float> w1r, Vector256<float> w1i, Vector256<float> w2r, Vector256<float> w2i, Vector256<float> w3r, Vector256<float> w3i,
            out Vector256<float> r0, out Vector256<float> i0, out Vector256<float> r1, out Vector256<float> i1,
            out Vector256<float> r2, out Vector256<float> i2, out Vector256<float> r3, out Vector256<float> i3)
        {
            var (sr, si, tr, ti) = (ar + cr, ai + ci, ar - cr, ai - ci);
            var (ur, ui, vr, vi) = (br + dr, bi + di, bi - di, dr - br); // v = −j(b − d)
            (r0, i0) = (sr + ur, si + ui);
            var (xr, xi) = (tr + vr, ti + vi);
            (r1, i1) = (Vector256.MultiplyAddEstimate(xr, w1r, -(xi * w1i)), Vector256.MultiplyAddEstimate(xr, w1i, xi * w1r));
            (xr, xi) = (sr - ur, si - ui);
            (r2, i2) = (Vector256.MultiplyAddEstimate(xr, w2r, -(xi * w2i)), Vector256.MultiplyAddEstimate(xr, w2i, xi * w2r));
            (xr, xi) = (tr - vr, ti - vi);
            (r3, i3) = (Vector256.MultiplyAddEstimate(xr, w3r, -(xi * w3i)), Vector256.MultiplyAddEstimate(xr, w3i, xi * w3r));
        }
    }
}
