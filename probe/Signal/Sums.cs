using System.Numerics;

namespace SignalWatch.Signal;

/// <summary>Sums over many samples.</summary>
public static class Sums
{
    /// <summary>Σ x.</summary>
    public static double Of(ReadOnlySpan<float> x)
    {
        var sum = Vector<float>.Zero;
        var n = 0;
        for (; n <= x.Length - Vector<float>.Count; n += Vector<float>.Count) sum += new Vector<float>(x[n..]);
        double total = Vector.Sum(sum);
        for (; n < x.Length; n++) total += x[n];
        return total;
    }

    /// <summary>Σ re² + im².</summary>
    public static double OfSquares(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        var sum = Vector<float>.Zero;
        var n = 0;
        for (; n <= re.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            var (x, y) = (new Vector<float>(re[n..]), new Vector<float>(im[n..]));
            sum += x * x + y * y;
        }
        double total = Vector.Sum(sum);
        for (; n < re.Length; n++) total += re[n] * re[n] + im[n] * im[n];
        return total;
    }

    /// <summary>How many are beyond ±limit.</summary>
    public static int CountBeyond(ReadOnlySpan<float> x, float limit)
    {
        var count = Vector<int>.Zero;
        var bound = new Vector<float>(limit);
        var n = 0;
        for (; n <= x.Length - Vector<float>.Count; n += Vector<float>.Count) count -= Vector.GreaterThan(Vector.Abs(new Vector<float>(x[n..])), bound);
        var total = Vector.Sum(count);
        for (; n < x.Length; n++) total += MathF.Abs(x[n]) > limit ? 1 : 0;
        return total;
    }
}
