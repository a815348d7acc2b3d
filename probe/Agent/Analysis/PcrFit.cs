namespace SignalWatch.Probe.Analysis;

/// <summary>A rate found by the PCRs of one PID.</summary>
/// <param name="Pid">The PID.</param>
/// <param name="BitrateBps">Rate of the whole stream, b/s, for packets of 188 bytes.</param>
/// <param name="ErrorBps">Standard error of it; null where the rate is not constant.</param>
/// <param name="IsRound">A whole multiple of 100 b/s lies within the error, and was taken for it.</param>
/// <param name="IsConstant">One rate holds from PCR to PCR.</param>
/// <param name="Clocks">PCRs that it rests on.</param>
/// <param name="Knots">Position, in packets, and time, s, of each PCR, for a rate that is not constant.</param>
internal sealed record PcrFit(int Pid, double BitrateBps, double? ErrorBps, bool IsRound, bool IsConstant, int Clocks, IReadOnlyList<(double Packet, double Seconds)> Knots);

/// <summary>PCRs of one PID with their positions → the rate. One jump of the clock, one lost stretch or one wild value does not move it.</summary>
internal sealed class PcrTrain(int pid)
{
    private const double ClockHz = 27_000_000;
    private const long ClockCycle = (1L << 33) * 300; // ISO/IEC 13818-1 2.4.2.2
    private const double LongestStep = ClockHz / 2;   // five times what TR 101 290 2.3.a allows: a longer one is a jump
    private const double LegalStep = ClockHz / 10;    // TR 101 290 2.3.a and 2.3.b
    private const double JumpRatio = 4;
    private const double MostDeviating = 0.05;
    private const int Neighbours = 8;
    private const int MostClocks = 65_536;            // 45 minutes at the usual 25 a second
    private const double PacketBits = PacketGrid.TransportBytes * 8;

    private readonly List<Sample> samples = [];
    private bool broken;

    public int Pid => pid;

    public int Count => samples.Count;

    /// <summary>The file's order of bytes was torn here.</summary>
    public void Break() => broken = true;

    /// <summary>A PCR at a position.</summary>
    public void Add(double packet, long clock, bool discontinuity)
    {
        if (samples.Count < MostClocks) samples.Add(new Sample(packet, clock, discontinuity || broken));
        broken = false;
    }

    /// <summary>What rate they give; null where no two PCRs follow each other.</summary>
    public PcrFit? Fit()
    {
        var steps = Steps();
        if (steps.Count == 0) return null;
        var ratios = steps.ConvertAll(s => s.Packets / s.Ticks);
        var median = Median(ratios);
        var deviations = steps.ConvertAll(s => Math.Abs(s.Packets - s.Ticks * median));
        // Half a packet: where one is lost the positions behind it are shifted by a whole one. Where the clock itself jitters by more, by what is usual there.
        var limit = Math.Max(0.5, 4 * Median(deviations));
        var usual = steps.ConvertAll(s => s.Packets);
        var isConstant = Median(deviations) <= Math.Max(0.25, 0.01 * Median(usual));
        // Where null packets were taken out, most steps of a full stream stay as they were, and the position falls behind all the same.
        if (!isConstant || deviations.Count(d => d > limit) > MostDeviating * steps.Count) return Interpolated(steps);
        var fit = LeastSquares(steps, deviations, limit);
        if (fit is not { } line) return Interpolated(steps);
        var rate = line.Slope * ClockHz * PacketBits;
        var error = line.Error * ClockHz * PacketBits;
        return new PcrFit(pid, rate, error, IsRound: false, IsConstant: true, samples.Count, []);
    }

    private List<Step> Steps()
    {
        var steps = new List<Step>();
        for (var i = 1; i < samples.Count; i++)
        {
            var ticks = (samples[i].Clock - samples[i - 1].Clock + ClockCycle) % ClockCycle;
            var packets = samples[i].Packet - samples[i - 1].Packet;
            if (!samples[i].Break && ticks is > 0 and var t && t <= LongestStep && packets > 0) steps.Add(new Step(i, packets, ticks));
        }
        return steps;
    }

    // Unbroken runs have one slope and each an offset of its own: sums of squares about their own means.
    private static (double Slope, double Error)? LeastSquares(List<Step> steps, List<double> deviations, double limit)
    {
        double sxx = 0, sxy = 0, syy = 0;
        var points = 0;
        for (var first = 0; first < steps.Count;)
        {
            if (deviations[first] > limit)
            {
                first++;
                continue;
            }
            var last = first;
            while (last + 1 < steps.Count && steps[last + 1].To == steps[last].To + 1 && deviations[last + 1] <= limit) last++;
            var (rx, rxy, ry) = Run(steps, first, last);
            (sxx, sxy, syy, points) = (sxx + rx, sxy + rxy, syy + ry, points + last - first + 1);
            first = last + 1;
        }
        if (sxx <= 0) return null;
        var slope = sxy / sxx;
        var residual = Math.Max(0, syy - slope * sxy);
        return (slope, points > 2 ? Math.Sqrt(residual / (points - 1) / sxx) : double.PositiveInfinity);
    }

    private static (double Sxx, double Sxy, double Syy) Run(List<Step> steps, int first, int last)
    {
        double x = 0, y = 0, meanX = 0, meanY = 0, sxx = 0, sxy = 0, syy = 0;
        var n = 1;
        for (var i = first; i <= last; i++)
        {
            (x, y) = (x + steps[i].Ticks, y + steps[i].Packets);
            n++;
            var (dx, dy) = (x - meanX, y - meanY);
            (meanX, meanY) = (meanX + dx / n, meanY + dy / n);
            (sxx, sxy, syy) = (sxx + dx * (x - meanX), sxy + dx * (y - meanY), syy + dy * (y - meanY));
        }
        return (sxx, sxy, syy);
    }

    // Where the clock jumped or bytes are missing, the mean rate carries over.
    private PcrFit Interpolated(List<Step> steps)
    {
        var continuous = Continuous(steps).ToList();
        var mean = continuous.Sum(s => s.Packets) / continuous.Sum(s => (double)s.Ticks);
        var ticksByIndex = continuous.ToDictionary(s => s.To, s => (double)s.Ticks);
        var knots = new List<(double, double)>(samples.Count);
        var ticks = samples[0].Packet / mean;
        knots.Add((samples[0].Packet, ticks / ClockHz));
        for (var i = 1; i < samples.Count; i++)
        {
            var packets = samples[i].Packet - samples[i - 1].Packet;
            if (packets <= 0) continue;
            ticks += ticksByIndex.TryGetValue(i, out var step) ? step : packets / mean;
            knots.Add((samples[i].Packet, ticks / ClockHz));
        }
        return new PcrFit(pid, mean * ClockHz * PacketBits, null, IsRound: false, IsConstant: false, samples.Count, knots);
    }

    // Where the rate varies, a clock that jumps ahead looks like a pause. It is none where far too few packets lie between for what lies around:
    // taken for time it would make everything else overdue.
    private static IEnumerable<Step> Continuous(List<Step> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Ticks <= LegalStep)
            {
                yield return steps[i];
                continue;
            }
            var (from, to) = (Math.Max(0, i - Neighbours), Math.Min(steps.Count, i + Neighbours + 1));
            var around = Median(steps.GetRange(from, to - from).ConvertAll(s => s.Packets / s.Ticks));
            if (steps[i].Packets / steps[i].Ticks * JumpRatio >= around) yield return steps[i];
        }
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private readonly record struct Sample(double Packet, long Clock, bool Break);

    private readonly record struct Step(int To, double Packets, long Ticks);
}
