using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SignalWatch.Signal;

/// <summary>Angles of complex samples, many at once. (Sines and cosines need no code of ours: <c>Vector256.SinCos</c> is in the platform.)</summary>
public static class Phase
{
    /// <summary>atan2(y, x) in radians, −π to π; 0 where both are 0. Error at most 5e-7 rad, mostly the rounding of single precision.
    /// Odd polynomial of Abramowitz and Stegun 4.4.49 on 0 to 1, the other octants by symmetry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Atan2(Vector256<float> y, Vector256<float> x)
    {
        var (absX, absY) = (Vector256.Abs(x), Vector256.Abs(y));
        var small = Vector256.Min(absX, absY);
        var large = Vector256.Max(absX, absY);
        // The least positive normal number keeps 0/0 from making a NaN that would stay in every sum for the rest of the interval.
        var t = small / Vector256.Max(large, Vector256.Create(1.17549435e-38f));
        var t2 = t * t;
        var p = Vector256.Create(0.0028662257f);
        p = Vector256.MultiplyAddEstimate(p, t2, Vector256.Create(-0.0161657367f));
        p = Vector256.MultiplyAddEstimate(p, t2, Vector256.Create(0.0429096138f));
        p = Vector256.MultiplyAddEstimate(p, t2, Vector256.Create(-0.0752896400f));
        p = Vector256.MultiplyAddEstimate(p, t2, Vector256.Create(0.1065626393f));
        p = Vector256.MultiplyAddEstimate(p, t2, Vector256.Create(-0.1420889944f));
        p = Vector256.MultiplyAddEstimate(p, t2, Vector256.Create(0.1999355085f));
        p = Vector256.MultiplyAddEstimate(p, t2, Vector256.Create(-0.3333314528f));
        var angle = Vector256.MultiplyAddEstimate(p * t2, t, t);
        angle = Vector256.ConditionalSelect(Vector256.GreaterThan(absY, absX), Vector256.Create(MathF.PI / 2) - angle, angle);
        angle = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), Vector256.Create(MathF.PI) - angle, angle);
        return Vector256.ConditionalSelect(Vector256.LessThan(y, Vector256<float>.Zero), -angle, angle);
    }

    /// <summary>The angle from each sample to the next, the discriminator of FM: arg(z[n] · conj(z[n−1])).</summary>
    /// <param name="re">Real parts, the one before the first output in front: one more than outputs.</param>
    /// <param name="im">Imaginary parts, likewise.</param>
    /// <param name="scale">Factor on the result: sample rate / 2π gives Hz.</param>
    /// <param name="output">The angles, scaled.</param>
    public static void Steps(ReadOnlySpan<float> re, ReadOnlySpan<float> im, float scale, Span<float> output)
    {
        if (re.Length != output.Length + 1 || im.Length != re.Length) throw new ArgumentException("one more sample than outputs");
        var factor = Vector256.Create(scale);
        ref var fromRe = ref Unsafe.AsRef(in re[0]);
        ref var fromIm = ref Unsafe.AsRef(in im[0]);
        var n = 0;
        for (; n <= output.Length - 8; n += 8)
        {
            var (ar, ai) = (Vector256.LoadUnsafe(ref fromRe, (nuint)n), Vector256.LoadUnsafe(ref fromIm, (nuint)n));
            var (br, bi) = (Vector256.LoadUnsafe(ref fromRe, (nuint)n + 1), Vector256.LoadUnsafe(ref fromIm, (nuint)n + 1));
            (Atan2(bi * ar - br * ai, br * ar + bi * ai) * factor).StoreUnsafe(ref output[0], (nuint)n);
        }
        for (; n < output.Length; n++)
        {
            float ar = re[n], ai = im[n], br = re[n + 1], bi = im[n + 1];
            output[n] = MathF.Atan2(bi * ar - br * ai, br * ar + bi * ai) * scale;
        }
    }
}
