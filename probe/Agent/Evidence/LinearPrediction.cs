using System.Runtime.Intrinsics;

namespace SignalWatch.Probe.Evidence;

/// <summary>A linear predictor of order 8 (RFC 9639 §9.2.6), fitted by autocorrelation. Vectors have four lanes on every machine, so that the same sound gives the same bytes everywhere.</summary>
internal sealed class LinearPrediction
{
    public const int Order = 8;

    // Coefficients of 12 bits: fewer cost prediction, more cost header (§9.2.6 permits 1 to 15). The shift has 5 bits and may not be negative.
    private const int Precision = 12, MostShift = 15;

    private readonly double[] window;
    private readonly double[] windowed;
    private readonly int[] coefficients = new int[Order];
    private int shift;

    public LinearPrediction(int mostSamples)
    {
        (window, windowed) = (new double[mostSamples], new double[mostSamples]);
        Shape(mostSamples);
    }

    /// <summary>Bits of precision, shift and coefficients.</summary>
    public int DescriptionBits { get; } = 4 + 5 + Order * Precision;

    /// <summary>Fits the predictor to a block.</summary>
    /// <returns>False where none can be found: silence, or a block that is too short.</returns>
    public bool Fit(ReadOnlySpan<int> samples)
    {
        // The window is made for whole blocks; the last one of a file does without.
        if (samples.Length != window.Length) return false;
        for (var n = 0; n < samples.Length; n++) windowed[n] = samples[n] * window[n];
        Span<double> correlation = stackalloc double[Order + 1];
        for (var lag = 0; lag <= Order; lag++) correlation[lag] = Correlate(windowed.AsSpan(lag), windowed);
        Span<double> predictor = stackalloc double[Order];
        return Solve(correlation, predictor) && Quantise(predictor);
    }

    /// <summary>What the prediction misses; the first samples are left as they are.</summary>
    public void Residual(ReadOnlySpan<int> s, int[] to)
    {
        long c0 = coefficients[0], c1 = coefficients[1], c2 = coefficients[2], c3 = coefficients[3], c4 = coefficients[4], c5 = coefficients[5], c6 = coefficients[6], c7 = coefficients[7];
        for (var n = Order; n < s.Length; n++)
        {
            var past = s.Slice(n - Order, Order);
            var sum = c0 * past[7] + c1 * past[6] + c2 * past[5] + c3 * past[4] + c4 * past[3] + c5 * past[2] + c6 * past[1] + c7 * past[0];
            to[n] = s[n] - (int)(sum >> shift);
        }
    }

    public void Write(FlacBits to)
    {
        to.Write(Precision - 1, 4);
        to.Write((uint)shift, 5);
        foreach (var coefficient in coefficients) to.WriteSigned(coefficient, Precision);
    }

    // Welch's window: a parabola, exact in every arithmetic.
    private void Shape(int length)
    {
        for (var n = 0; n < length; n++)
        {
            var x = (2.0 * n - (length - 1)) / (length + 1);
            window[n] = 1 - x * x;
        }
    }

    private static double Correlate(ReadOnlySpan<double> later, ReadOnlySpan<double> earlier)
    {
        var sum = Vector256<double>.Zero;
        var n = 0;
        for (; n <= later.Length - 4; n += 4) sum += Vector256.Create(later[n..]) * Vector256.Create(earlier[n..]);
        var rest = 0.0;
        for (; n < later.Length; n++) rest += later[n] * earlier[n];
        return sum[0] + sum[1] + (sum[2] + sum[3]) + rest;
    }

    // Levinson and Durbin.
    private static bool Solve(ReadOnlySpan<double> correlation, Span<double> predictor)
    {
        var error = correlation[0];
        if (error <= 0) return false;
        Span<double> before = stackalloc double[Order];
        for (var i = 0; i < Order; i++)
        {
            var reflection = correlation[i + 1];
            for (var j = 0; j < i; j++) reflection -= predictor[j] * correlation[i - j];
            reflection /= error;
            predictor[..i].CopyTo(before);
            predictor[i] = reflection;
            for (var j = 0; j < i; j++) predictor[j] = before[j] - reflection * before[i - 1 - j];
            error *= 1 - reflection * reflection;
            if (error <= 0) return false; // a pure tone: the rounding of doubles is all that is left, and fixed predictors do well enough
        }
        return true;
    }

    private bool Quantise(ReadOnlySpan<double> predictor)
    {
        var largest = 0.0;
        foreach (var value in predictor) largest = Math.Max(largest, Math.Abs(value));
        if (!double.IsFinite(largest) || largest == 0) return false;
        shift = Math.Min(MostShift, Precision - 2 - Math.ILogB(largest));
        if (shift < 0) return false;
        // What rounding takes from one coefficient goes to the next, so that their sum stays right.
        var carried = 0.0;
        for (var n = 0; n < Order; n++)
        {
            var wanted = predictor[n] * (1 << shift) + carried;
            coefficients[n] = (int)Math.Clamp(Math.Round(wanted), -(1 << (Precision - 1)), (1 << (Precision - 1)) - 1);
            carried = wanted - coefficients[n];
        }
        return true;
    }
}
