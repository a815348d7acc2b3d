namespace SignalWatch.Fm;

/// <summary>The noise under a band, by frequency. It follows a receiver's roll-off and its steps of gain, and stations don't lift it:
/// first the low quantile of narrow stretches about each frequency, then a straight line through those stretches that are noise by that measure.</summary>
internal sealed class NoiseFloor
{
    /// <summary>Distance of the frequencies that it is computed for; between, it is interpolated.</summary>
    public const double NodeHz = 50_000;

    // 10 kHz: narrower than the gap between two stations 200 kHz apart, wide enough that one second's noise in it is steady to 0.1 dB.
    private const double StretchHz = 10_000;

    // So much of the surroundings must be free of stations; of 1.2 MHz, 120 kHz.
    private const double FreeShare = 0.1;
    private const double ReachHz = 600_000;

    // What is so near to the floor is noise: on the first look, where a slope of the floor is still in it, and on the second.
    private const double FirstLookDb = 3, SecondLookDb = 1;
    private const double LineReachHz = 500_000;
    private const int LeastStretches = 5;

    // Over time it is smoothed over three intervals; a step of gain moves the whole band at once, and then it begins afresh.
    private const double TimeShare = 1 / 3.0;
    private const double StepDb = 1;
    private const double LowestDb = -300;

    private readonly double edgeHz;
    private readonly double[] stretches;
    private readonly double[] sorted;
    private readonly double[] smooth;
    private readonly double[] fresh;
    private readonly double[] before;
    private readonly double[] sortedNodes;
    private double lastMedian;
    private bool started;

    public NoiseFloor(double edgeHz)
    {
        this.edgeHz = edgeHz;
        stretches = new double[Math.Max(1, (int)(2 * edgeHz / StretchHz))];
        sorted = new double[stretches.Length];
        fresh = new double[Math.Max(2, (int)Math.Ceiling(2 * edgeHz / NodeHz) + 1)];
        (smooth, before, sortedNodes) = (new double[fresh.Length], new double[fresh.Length], new double[fresh.Length]);
    }

    /// <summary>The nodes, dB of power in 1 Hz, from the lower edge up.</summary>
    public ReadOnlySpan<double> NodesDb => smooth;

    /// <summary>Their median, dB of power in 1 Hz.</summary>
    public double MedianDb { get; private set; } = LowestDb;

    /// <summary>Forgets: what comes now is another receiver, gain or frequency.</summary>
    public void Reset() => started = false;

    /// <summary>Takes an interval.</summary>
    /// <param name="power">Power between two frequencies relative to the middle of the band.</param>
    public void Update(Func<double, double, double> power)
    {
        for (var n = 0; n < stretches.Length; n++)
        {
            var from = -edgeHz + n * StretchHz;
            stretches[n] = Decibels(power(from, from + StretchHz) / StretchHz);
        }
        for (var node = 0; node < fresh.Length; node++) fresh[node] = Quantile(NodeFrequency(node));
        Refine(FirstLookDb);
        Refine(SecondLookDb);
        Track();
    }

    /// <summary>Noise density at a frequency, power in 1 Hz.</summary>
    public double At(double hz) => Math.Pow(10, Interpolate(smooth, hz) / 10);

    private double NodeFrequency(int node) => -edgeHz + node * NodeHz;

    private static double StretchFrequency(int n, double edgeHz) => -edgeHz + (n + 0.5) * StretchHz;

    private double Quantile(double hz)
    {
        var (from, to) = Reach(hz, ReachHz);
        Array.Copy(stretches, from, sorted, 0, to - from);
        Array.Sort(sorted, 0, to - from);
        return sorted[(int)(FreeShare * (to - from))];
    }

    // The reach keeps its width at the edges of the band, as far as there is band.
    private (int From, int To) Reach(double hz, double reachHz)
    {
        var width = Math.Min(stretches.Length, (int)(2 * reachHz / StretchHz));
        var from = Math.Clamp((int)((hz + edgeHz - reachHz) / StretchHz), 0, stretches.Length - width);
        return (from, from + width);
    }

    private void Refine(double withinDb)
    {
        // Both looks judge by what the one before said, not by their own beginnings.
        fresh.CopyTo(before, 0);
        for (var node = 0; node < fresh.Length; node++) fresh[node] = Line(NodeFrequency(node), withinDb) ?? before[node];
    }

    private double? Line(double hz, double withinDb)
    {
        double w = 0, x = 0, y = 0, xx = 0, xy = 0;
        var count = 0;
        var (from, to) = Reach(hz, LineReachHz);
        for (var n = from; n < to; n++)
        {
            var at = StretchFrequency(n, edgeHz);
            if (Math.Abs(stretches[n] - Interpolate(before, at)) > withinDb) continue;
            var u = (at - hz) / LineReachHz;
            var weight = 1 / (1 + 4 * u * u);
            (w, x, y, xx, xy) = (w + weight, x + weight * u, y + weight * stretches[n], xx + weight * u * u, xy + weight * u * stretches[n]);
            count++;
        }
        if (count < LeastStretches) return null;
        var determinant = w * xx - x * x;
        // All of them at one place give a level and no slope.
        return determinant > 1e-3 * w * w ? (xx * y - x * xy) / determinant : y / w;
    }

    private void Track()
    {
        fresh.AsSpan().CopyTo(sortedNodes);
        Array.Sort(sortedNodes);
        var median = sortedNodes[sortedNodes.Length / 2];
        var share = started && Math.Abs(median - lastMedian) <= StepDb ? TimeShare : 1;
        for (var node = 0; node < fresh.Length; node++) smooth[node] += share * (fresh[node] - smooth[node]);
        (lastMedian, started) = (median, true);
        smooth.AsSpan().CopyTo(sortedNodes);
        Array.Sort(sortedNodes);
        MedianDb = sortedNodes[sortedNodes.Length / 2];
    }

    private double Interpolate(double[] nodes, double hz)
    {
        var at = Math.Clamp((hz + edgeHz) / NodeHz, 0, nodes.Length - 1);
        var whole = Math.Min((int)at, nodes.Length - 2);
        return nodes[whole] + (at - whole) * (nodes[whole + 1] - nodes[whole]);
    }

    private static double Decibels(double power) => power > 0 ? Math.Max(LowestDb, 10 * Math.Log10(power)) : LowestDb;
}
