using System.Runtime.Intrinsics;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Statistics of the deviation (SM.1268-5 annex 2): slots of 50 ms with their peaks, and a histogram. Samples are signed: the carrier's offset is taken off when the statistics are read, once it is known well.
/// <para>The histogram counts plain samples: of a signal that has nothing to do with the sampling clock they are a fair draw of all instants. A peak, though, lies between samples: there it is interpolated.</para></summary>
internal sealed class DeviationMeter
{
    /// <summary>Length of a slot, s.</summary>
    public const double SlotSeconds = 0.05;

    private const int Reach = 8;
    private const int Fractions = 4;
    private const float ScanShare = 0.75f;

    // Band limited to 60 of at least 62.5 kHz, or of 96 kHz and more: Kaiser's window over 16 samples.
    private static readonly float[][] Between = [.. Enumerable.Range(0, Fractions).Select(Interpolation)];

    private readonly float[] line;
    private readonly int slotLength;
    private readonly int[] slot = new int[DeviationHistogram.Bins];
    private int filled;
    private float high, low, slotHigh, slotLow;
    private double sum, squares;
    private int tainted;

    /// <summary>Prepares the statistics.</summary>
    /// <param name="sampleRateHz">Rate of the multiplex.</param>
    /// <param name="maxBlock">Most samples of a block.</param>
    public DeviationMeter(double sampleRateHz, int maxBlock)
    {
        line = new float[2 * Reach + maxBlock];
        slotLength = (int)Math.Round(sampleRateHz * SlotSeconds);
        Clear();
    }

    /// <summary>Takes each slot as it ends.</summary>
    public Action<DeviationSlot>? OnSlot { get; set; }

    /// <summary>Samples are missing: what there is of a slot is dropped.</summary>
    public void Reset()
    {
        Array.Clear(line);
        tainted = 0;
        Clear();
    }

    /// <summary>The carrier came or went, or was changed: slots from now on to that after the next are not counted.</summary>
    public void Taint() => tainted = 3;

    /// <summary>Whether slots are not counted at present.</summary>
    public bool IsTainted => tainted > 0;

    /// <summary>Takes a block of the multiplex, low-pass filtered, Hz.</summary>
    public void Process(ReadOnlySpan<float> hz)
    {
        // A peak needs the samples on both sides of it: the statistics are the filter's reach behind.
        line.AsSpan(hz.Length, 2 * Reach).CopyTo(line);
        hz.CopyTo(line.AsSpan(2 * Reach));
        var (from, end) = (Reach, Reach + hz.Length);
        while (from < end)
        {
            var to = Math.Min(end, from + slotLength - filled);
            Count(line.AsSpan(from, to - from));
            FindPeaks(from, to);
            filled += to - from;
            if (filled == slotLength) EndSlot();
            from = to;
        }
    }

    private void EndSlot()
    {
        if (tainted > 0) tainted--;
        else if (double.IsFinite(squares) && float.IsFinite(slotHigh - slotLow)) OnSlot?.Invoke(new DeviationSlot(slot, slotLength, sum / slotLength, squares / slotLength, slotHigh, slotLow));
        Clear();
    }

    private void Clear()
    {
        Array.Clear(slot);
        (filled, sum, squares) = (0, 0, 0);
        (high, low, slotHigh, slotLow) = (float.NegativeInfinity, float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity);
    }

    private void Count(ReadOnlySpan<float> hz)
    {
        var (total, total2) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var (most, least) = (Vector256.Create(high), Vector256.Create(low));
        Span<int> at = stackalloc int[8];
        var counts = slot;
        var n = 0;
        for (; n <= hz.Length - 8; n += 8)
        {
            var x = Vector256.LoadUnsafe(in hz[n]);
            total += x;
            total2 += x * x;
            most = Vector256.Max(most, x);
            least = Vector256.Min(least, x);
            DeviationHistogram.BinsOf(x).StoreUnsafe(ref at[0]);
            counts[at[0]]++;
            counts[at[1]]++;
            counts[at[2]]++;
            counts[at[3]]++;
            counts[at[4]]++;
            counts[at[5]]++;
            counts[at[6]]++;
            counts[at[7]]++;
        }
        sum += Vector256.Sum(total);
        squares += Vector256.Sum(total2);
        for (var lane = 0; lane < 8; lane++) (high, low) = (Math.Max(high, most[lane]), Math.Min(low, least[lane]));
        for (; n < hz.Length; n++)
        {
            var x = hz[n];
            (sum, squares, high, low) = (sum + x, squares + x * x, Math.Max(high, x), Math.Min(low, x));
            counts[DeviationHistogram.BinOf(x)]++;
        }
        (slotHigh, slotLow) = (Math.Max(slotHigh, high), Math.Min(slotLow, low));
    }

    // Only what comes near the slot's peak is interpolated: between samples a signal of 60 kHz bandwidth, most of it far lower, rises little.
    private void FindPeaks(int from, int to)
    {
        var limit = ScanShare * Math.Max(Math.Abs(high), Math.Abs(low));
        if (!(limit > 0)) return;
        var bound = Vector256.Create(limit);
        for (var at = from; at < to; at += 8)
        {
            if (at + 8 <= to && !Vector256.GreaterThanAny(Vector256.Abs(Vector256.LoadUnsafe(ref line[at])), bound)) continue;
            for (var n = at; n < Math.Min(at + 8, to); n++)
            {
                var x = line[n];
                if (x > limit && x >= line[n - 1] && x > line[n + 1]) slotHigh = Math.Max(slotHigh, Peak(n, 1));
                else if (-x > limit && x <= line[n - 1] && x < line[n + 1]) slotLow = Math.Min(slotLow, -Peak(n, -1));
            }
        }
    }

    // Quarters of a sample on both sides, then the parabola through the highest of them and its neighbours.
    private float Peak(int n, float sign)
    {
        Span<float> y = [At(n - 1, 2), At(n - 1, 3), line[n], At(n, 1), At(n, 2)];
        var best = 1;
        for (var k = 1; k < 4; k++)
        {
            if (sign * y[k] > sign * y[best]) best = k;
        }
        float a = sign * y[best - 1], b = sign * y[best], c = sign * y[best + 1];
        var curve = a - 2 * b + c;
        // Where the highest of them is at the end, the parabola's top would be outside of it.
        return curve < 0 && Math.Abs(a - c) <= -2 * curve ? b - (a - c) * (a - c) / (8 * curve) : Math.Max(a, Math.Max(b, c));
    }

    private float At(int n, int quarter)
    {
        var weights = Between[quarter];
        ref var first = ref line[n - Reach + 1];
        var total = Vector256.LoadUnsafe(ref first) * Vector256.LoadUnsafe(ref weights[0]) + Vector256.LoadUnsafe(ref first, 8) * Vector256.LoadUnsafe(ref weights[8]);
        return Vector256.Sum(total);
    }

    private static float[] Interpolation(int quarter)
    {
        var window = Window.Kaiser(2 * Reach * Fractions + 1, 5);
        var weights = new double[2 * Reach];
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var distance = tap - (Reach - 1) - (double)quarter / Fractions;
            var sinc = Math.Abs(distance) < 1e-9 ? 1 : Math.Sin(Math.PI * distance) / (Math.PI * distance);
            weights[tap] = sinc * window[(int)Math.Round((distance + Reach) * Fractions)];
        }
        var gain = weights.Sum();
        return Array.ConvertAll(weights, w => (float)(w / gain));
    }
}

/// <summary>What a slot of 50 ms held. The counts are the meter's own memory: valid during the call.</summary>
/// <param name="Counts">Samples by bin of <see cref="DeviationHistogram"/>.</param>
/// <param name="Samples">How many.</param>
/// <param name="Mean">Mean, Hz.</param>
/// <param name="Square">Mean square, Hz².</param>
/// <param name="High">Highest value, between samples too, Hz.</param>
/// <param name="Low">Lowest value, likewise.</param>
internal readonly record struct DeviationSlot(int[] Counts, int Samples, double Mean, double Square, float High, float Low);
