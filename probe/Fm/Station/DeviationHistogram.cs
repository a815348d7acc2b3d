using System.Runtime.Intrinsics;

namespace SignalWatch.Fm;

/// <summary>Samples of the deviation by value, signed, in bins of 100 Hz up to ±200 kHz; the outermost hold all that is beyond.</summary>
internal sealed class DeviationHistogram
{
    /// <summary>How many bins.</summary>
    public const int Bins = 4000;

    private const float BinHz = 100;

    private readonly long[] counts = new long[Bins];
    private double meanSum;

    /// <summary>Samples in it.</summary>
    public long Samples { get; private set; }

    /// <summary>Their mean, Hz: the carrier's offset.</summary>
    public double Mean => Samples > 0 ? meanSum / Samples : 0;

    /// <summary>The bins of eight values.</summary>
    public static Vector256<int> BinsOf(Vector256<float> hz) =>
        Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(hz * (1 / BinHz) + Vector256.Create(Bins / 2f), Vector256<float>.Zero), Vector256.Create(Bins - 1f)));

    /// <summary>The bin of a value.</summary>
    public static int BinOf(float hz) => float.IsNaN(hz) ? 0 : (int)Math.Clamp(hz / BinHz + Bins / 2f, 0, Bins - 1);

    /// <summary>Samples of a slot beyond a limit on both sides of the mean.</summary>
    public static int CountBeyond(ReadOnlySpan<int> slot, double mean, double limit)
    {
        var (below, above) = (BinOf((float)(mean - limit)), BinOf((float)(mean + limit)) + 1);
        var count = 0;
        foreach (var c in slot[..below]) count += c;
        foreach (var c in slot[above..]) count += c;
        return count;
    }

    /// <summary>Adds a slot.</summary>
    public void Add(in DeviationSlot slot)
    {
        for (var bin = 0; bin < Bins; bin++) counts[bin] += slot.Counts[bin];
        Samples += slot.Samples;
        meanSum += slot.Mean * slot.Samples;
    }

    /// <summary>Adds another.</summary>
    public void Add(DeviationHistogram other)
    {
        for (var bin = 0; bin < Bins; bin++) counts[bin] += other.counts[bin];
        Samples += other.Samples;
        meanSum += other.meanSum;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Array.Clear(counts);
        (Samples, meanSum) = (0, 0);
    }

    /// <summary>Share of samples beyond a limit on both sides of the mean; within a bin they are taken as evenly spread.</summary>
    public double ShareBeyond(double limitHz)
    {
        if (Samples == 0) return 0;
        return (Above((Mean + limitHz) / BinHz + Bins / 2.0) + Samples - Above((Mean - limitHz) / BinHz + Bins / 2.0)) / Samples;
    }

    /// <summary>The deviation that a share of the samples exceeds, Hz.</summary>
    public double Exceeded(double share)
    {
        double low = 0, high = Bins / 2 * BinHz;
        // Bisection to 1 Hz: the share falls with the limit.
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (ShareBeyond(middle) > share) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>Samples by |deviation| in steps of 1 kHz up to 200 kHz.</summary>
    public IReadOnlyList<long> ByKilohertz()
    {
        var result = new long[(int)(Bins / 2 * BinHz / 1000)];
        for (var bin = 0; bin < Bins; bin++)
        {
            var hz = Math.Abs((bin + 0.5 - Bins / 2) * BinHz - Mean);
            result[Math.Min((int)(hz / 1000), result.Length - 1)] += counts[bin];
        }
        return result;
    }

    private double Above(double bin)
    {
        if (bin <= 0) return Samples;
        if (bin >= Bins) return 0;
        var whole = (int)bin;
        long count = 0;
        for (var k = whole + 1; k < Bins; k++) count += counts[k];
        return count + counts[whole] * (whole + 1 - bin);
    }
}
