using System.Runtime.CompilerServices;

namespace SignalWatch.Signal;

/// <summary>The points of butterflies in memory: <c>Step</c> numbers from one point of a butterfly to its next, <c>Next</c> from one butterfly to the next.</summary>
internal readonly ref struct FftPoints(ref float re, ref float im, nuint step, nuint next)
{
    public readonly ref float Re = ref re;
    public readonly ref float Im = ref im;
    public readonly nuint Step = step;
    public readonly nuint Next = next;
}

/// <summary>How a butterfly's result k is multiplied by its twiddle factor, w^k, and put away.</summary>
internal interface ITwiddle<TLanes> where TLanes : struct, ILanes<TLanes>
{
    static abstract void Put(TLanes re, TLanes im, ref float outRe, ref float outIm, nuint at, ref float w, nuint power);
}

/// <summary>All factors are 1.</summary>
internal readonly struct NoTwiddle<TLanes> : ITwiddle<TLanes> where TLanes : struct, ILanes<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(TLanes re, TLanes im, ref float outRe, ref float outIm, nuint at, ref float w, nuint power)
    {
        TLanes.Store(re, ref outRe, at);
        TLanes.Store(im, ref outIm, at);
    }
}

/// <summary>All lanes have the same factor: w¹ re, im, w² re, im …</summary>
internal readonly struct CommonTwiddle<TLanes> : ITwiddle<TLanes> where TLanes : struct, ILanes<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(TLanes re, TLanes im, ref float outRe, ref float outIm, nuint at, ref float w, nuint power)
    {
        var (wr, wi) = (TLanes.All(Unsafe.Add(ref w, 2 * power - 2)), TLanes.All(Unsafe.Add(ref w, 2 * power - 1)));
        TLanes.Store(TLanes.SubtractProduct(re * wr, im, wi), ref outRe, at);
        TLanes.Store(TLanes.MultiplyAdd(re, wi, im * wr), ref outIm, at);
    }
}

/// <summary>Each lane has its own factor: the lanes' w¹ re, their w¹ im, their w² re …</summary>
internal readonly struct LaneTwiddle<TLanes> : ITwiddle<TLanes> where TLanes : struct, ILanes<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(TLanes re, TLanes im, ref float outRe, ref float outIm, nuint at, ref float w, nuint power)
    {
        var lanes = (nuint)TLanes.Count;
        var (wr, wi) = (TLanes.Load(ref w, (2 * power - 2) * lanes), TLanes.Load(ref w, (2 * power - 1) * lanes));
        TLanes.Store(TLanes.SubtractProduct(re * wr, im, wi), ref outRe, at);
        TLanes.Store(TLanes.MultiplyAdd(re, wi, im * wr), ref outIm, at);
    }
}

/// <summary>Discrete Fourier transforms of four and of eight points, decimation in frequency: a row of them, each on vectors of neighbouring transforms.
/// The results may replace the points, as a butterfly writes only when it has read everything.</summary>
internal static class FftButterflies<TLanes, TTwiddle> where TLanes : struct, ILanes<TLanes> where TTwiddle : struct, ITwiddle<TLanes>
{
    /// <summary>Numbers of twiddle factors of a radix-8 butterfly, for each lane where each has its own.</summary>
    public const int Twiddles8 = 14;

    /// <summary>The same for radix 4.</summary>
    public const int Twiddles4 = 6;

    public static void Radix8(int count, FftPoints from, FftPoints to, ref float w, int nextTwiddle)
    {
        ref var re = ref from.Re;
        ref var im = ref from.Im;
        ref var outRe = ref to.Re;
        ref var outIm = ref to.Im;
        var (step, toStep) = (from.Step, to.Step);
        var root = TLanes.All(0.70710678118654752f);
        for (; count > 0; count--)
        {
            // Sums and differences of the points n and n + 4.
            var (ar, br, ai, bi) = (TLanes.Load(ref re, 0), TLanes.Load(ref re, 4 * step), TLanes.Load(ref im, 0), TLanes.Load(ref im, 4 * step));
            var (s0r, s0i, d0r, d0i) = (ar + br, ai + bi, ar - br, ai - bi);
            (ar, br, ai, bi) = (TLanes.Load(ref re, 2 * step), TLanes.Load(ref re, 6 * step), TLanes.Load(ref im, 2 * step), TLanes.Load(ref im, 6 * step));
            var (s2r, s2i, d2r, d2i) = (ar + br, ai + bi, ar - br, ai - bi);
            (ar, br, ai, bi) = (TLanes.Load(ref re, step), TLanes.Load(ref re, 5 * step), TLanes.Load(ref im, step), TLanes.Load(ref im, 5 * step));
            var (s1r, s1i, d1r, d1i) = (ar + br, ai + bi, ar - br, ai - bi);
            (ar, br, ai, bi) = (TLanes.Load(ref re, 3 * step), TLanes.Load(ref re, 7 * step), TLanes.Load(ref im, 3 * step), TLanes.Load(ref im, 7 * step));
            var (s3r, s3i, d3r, d3i) = (ar + br, ai + bi, ar - br, ai - bi);

            // Even results: the four-point transform of the sums.
            var (er, ei, fr, fi) = (s0r + s2r, s0i + s2i, s0r - s2r, s0i - s2i);
            var (gr, gi, hr, hi) = (s1r + s3r, s1i + s3i, s1i - s3i, s3r - s1r); // h = −j(s1 − s3)
            TLanes.Store(er + gr, ref outRe, 0);
            TLanes.Store(ei + gi, ref outIm, 0);
            TTwiddle.Put(er - gr, ei - gi, ref outRe, ref outIm, 4 * toStep, ref w, 4);
            TTwiddle.Put(fr + hr, fi + hi, ref outRe, ref outIm, 2 * toStep, ref w, 2);
            TTwiddle.Put(fr - hr, fi - hi, ref outRe, ref outIm, 6 * toStep, ref w, 6);

            // Odd results: that of the differences, turned by 0, 1, 2 and 3 eighths. The factor √½ of the odd eighths waits for the last sum, where it costs nothing.
            var (ur, ui, vr, vi) = (d1r + d1i, d1i - d1r, d3i - d3r, d3r + d3i); // u = √2 e^(−jπ/4) d1; v the conjugate of √2 e^(−j3π/4) d3
            var (pr, pi, qr, qi) = (d0r + d2i, d0i - d2r, d0r - d2i, d0i + d2r); // d0 ∓ j d2
            var (xr, xi, yr, yi) = (ur + vr, ui - vi, ui + vi, vr - ur);
            TTwiddle.Put(TLanes.MultiplyAdd(xr, root, pr), TLanes.MultiplyAdd(xi, root, pi), ref outRe, ref outIm, toStep, ref w, 1);
            TTwiddle.Put(TLanes.SubtractProduct(pr, xr, root), TLanes.SubtractProduct(pi, xi, root), ref outRe, ref outIm, 5 * toStep, ref w, 5);
            TTwiddle.Put(TLanes.MultiplyAdd(yr, root, qr), TLanes.MultiplyAdd(yi, root, qi), ref outRe, ref outIm, 3 * toStep, ref w, 3);
            TTwiddle.Put(TLanes.SubtractProduct(qr, yr, root), TLanes.SubtractProduct(qi, yi, root), ref outRe, ref outIm, 7 * toStep, ref w, 7);

            re = ref Unsafe.Add(ref re, from.Next);
            im = ref Unsafe.Add(ref im, from.Next);
            outRe = ref Unsafe.Add(ref outRe, to.Next);
            outIm = ref Unsafe.Add(ref outIm, to.Next);
            w = ref Unsafe.Add(ref w, nextTwiddle);
        }
    }

    public static void Radix4(int count, FftPoints from, FftPoints to, ref float w, int nextTwiddle)
    {
        ref var re = ref from.Re;
        ref var im = ref from.Im;
        ref var outRe = ref to.Re;
        ref var outIm = ref to.Im;
        var (step, toStep) = (from.Step, to.Step);
        for (; count > 0; count--)
        {
            var (ar, br, cr, dr) = (TLanes.Load(ref re, 0), TLanes.Load(ref re, step), TLanes.Load(ref re, 2 * step), TLanes.Load(ref re, 3 * step));
            var (ai, bi, ci, di) = (TLanes.Load(ref im, 0), TLanes.Load(ref im, step), TLanes.Load(ref im, 2 * step), TLanes.Load(ref im, 3 * step));
            var (sr, si, tr, ti) = (ar + cr, ai + ci, ar - cr, ai - ci);
            var (ur, ui, vr, vi) = (br + dr, bi + di, bi - di, dr - br); // v = −j(b − d)
            TLanes.Store(sr + ur, ref outRe, 0);
            TLanes.Store(si + ui, ref outIm, 0);
            TTwiddle.Put(tr + vr, ti + vi, ref outRe, ref outIm, toStep, ref w, 1);
            TTwiddle.Put(sr - ur, si - ui, ref outRe, ref outIm, 2 * toStep, ref w, 2);
            TTwiddle.Put(tr - vr, ti - vi, ref outRe, ref outIm, 3 * toStep, ref w, 3);

            re = ref Unsafe.Add(ref re, from.Next);
            im = ref Unsafe.Add(ref im, from.Next);
            outRe = ref Unsafe.Add(ref outRe, to.Next);
            outIm = ref Unsafe.Add(ref outIm, to.Next);
            w = ref Unsafe.Add(ref w, nextTwiddle);
        }
    }
}
