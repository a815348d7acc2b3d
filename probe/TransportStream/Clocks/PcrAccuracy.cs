namespace SignalWatch.TransportStream;

/// <summary>One PCR judged against its byte position.</summary>
/// <param name="ByteIndex">Where it lies.</param>
/// <param name="ArrivalNs">When it arrived.</param>
/// <param name="ErrorNs">Its value less the course of its neighbours, less twice the standard error of that course: what is certain of it.</param>
/// <param name="CourseNs">The course of its neighbours less its value.</param>
/// <param name="IsOutlier">It does not lie where the noise of its neighbours would leave it.</param>
/// <param name="TicksPerByte">Rate of the course there.</param>
/// <param name="Ticks">Its value, in ticks since its stretch began.</param>
/// <param name="Stretch">PCRs of one stretch follow one another without a jump or a loss.</param>
internal readonly record struct JudgedPcr(long ByteIndex, long ArrivalNs, double ErrorNs, double CourseNs, bool IsOutlier, double TicksPerByte, long Ticks, int Stretch);

/// <summary>PCR_AC (TR 101 290 2.4, annex I): the error of each PCR against its byte position at constant rate, without what is slower than 1 Hz. A PCR is judged when 0.4 s of
/// PCRs lie behind it, against a robust course: one wrong PCR is one error, and none of its neighbours.</summary>
internal sealed class PcrAccuracy
{
    private const int Capacity = 128;             // the window where PCRs come every 12 ms; denser ones make the window shorter
    private const int FewestPoints = 41;          // where PCRs are rarer the window is longer, …
    private const long LongestWindow = 2 * ProgramClock.Hz;  // … up to this: beyond it the slow swing of a clock is no parabola …
    private const int LeastPoints = 17;           // … unless even fewer are in it
    private const int FewestAtEnd = 12;
    private const int FewestBehind = 3;
    // A parabola over 1.5 s passes what is slower than 0.7 Hz (−3 dB), over 1 s what is slower than 1 Hz, the demarcation of MGF3: a little more of the swing counts as inaccuracy than must,
    // in return the noise of the course itself is a quarter smaller.
    private const long Window = ProgramClock.Hz * 3 / 2;
    private const long FirstWindow = ProgramClock.Hz; // enough where a stretch begins
    private const long Behind = ProgramClock.Hz * 2 / 5;
    private const double Edge = 0.8;              // beyond it the course hangs on the judged end alone
    private const double MostOutliers = 0.2;      // more is not a wrong PCR but another course
    private const double LeastScaleLimitNs = 5_000;
    private const double ScaleLimitPackets = 0.1; // rate that changes, and packets that were taken out, move PCRs by whole packets (0.29 of one rms at least): what is far smaller is an error of the PCR
    private const double BendLimitNs = 50_000;    // ± 200 ppm within the window; a legal clock stays within ± 30 ppm of 27 MHz (ISO/IEC 13818-1 2.4.2.1)
    private const int WindowsToTrust = 4;
    private const double OutlierScales = 5;
    private const double CourseErrors = 2;        // the course itself is known by some forty PCRs only: noise of 450 ns peak would else look like 550 now and then
    private const double LeastScaleNs = 20;       // a PCR is quantised to ± 18.5 ns

    private readonly Pcr[] ring = new Pcr[Capacity];
    private long added;
    private long next; // to be judged
    private int stretch;
    private bool begun;
    private int goodInRow;

    /// <summary>The rate between the PCRs is constant, and has been for some windows.</summary>
    public bool Steady => goodInRow >= WindowsToTrust;

    /// <summary>PCRs of the interval whose surroundings are no constant rate.</summary>
    public long Unsteady { get; private set; }

    /// <summary>Starts the next interval.</summary>
    public void ClearCounters() => Unsteady = 0;

    /// <summary>What follows can't be compared with what was.</summary>
    public void Break() => begun = false;

    /// <summary>Takes a PCR.</summary>
    /// <param name="byteIndex">Where it lies.</param>
    /// <param name="ticksSinceLast">Ticks since the one before it, not negative; ignored after a break.</param>
    /// <param name="arrivalNs">When it arrived.</param>
    public void Add(long byteIndex, long ticksSinceLast, long arrivalNs)
    {
        ref readonly var last = ref At(added - 1);
        var ticks = begun ? last.Ticks + ticksSinceLast : 0;
        if (!begun || byteIndex <= last.Bytes)
        {
            stretch++;
            ticks = 0;
            begun = true;
        }
        At(added) = new Pcr(byteIndex, ticks, arrivalNs, stretch);
        added++;
        next = Math.Max(next, added - Capacity);
    }

    /// <summary>The next PCR that can be judged, if there is one now. The first second of a stretch comes at once.</summary>
    public bool TryJudge(out JudgedPcr judged)
    {
        for (; next < added; next++)
        {
            if (!TryWindow(out var first, out var last)) break;
            if (Judge(first, last) is not { } found) continue;
            judged = found;
            next++;
            return true;
        }
        judged = default;
        return false;
    }

    private ref Pcr At(long index) => ref ring[index & (Capacity - 1)];

    private bool Same(long index) => index >= 0 && index < added && index > added - 1 - Capacity && At(index).Stretch == At(next).Stretch;

    // The PCRs around the next one, most of them before it; at the ends of a stretch its first or last ones. False: more PCRs are awaited.
    private bool TryWindow(out long first, out long last)
    {
        first = last = next;
        var open = At(next).Stretch == stretch && begun;
        while (Same(last + 1) && (At(last + 1).Ticks - At(next).Ticks <= Behind || last - next < FewestBehind) && last - next < Capacity / 4) last++;
        if (open && !Same(last + 1) && last - next < Capacity / 4) return false;
        while (Same(first - 1) && IsWithin(first - 1, last)) first--;
        while (Same(last + 1) && IsWithin(first, last + 1)) last++;
        return !open || last - first + 1 >= LeastPoints && (Same(last + 1) || Same(first - 1) || last - first + 1 >= Capacity / 2 || At(last).Ticks - At(first).Ticks >= FirstWindow);
    }

    private bool IsWithin(long first, long last)
    {
        var span = At(last).Ticks - At(first).Ticks;
        var points = last - first + 1;
        return span <= Window || span <= LongestWindow && points <= FewestPoints || points <= LeastPoints;
    }

    private JudgedPcr? Judge(long first, long last)
    {
        var count = (int)(last - first + 1);
        if (count < FewestAtEnd) return null;
        var (start, end) = (At(first), At(last));
        var rate = (double)(end.Ticks - start.Ticks) / (end.Bytes - start.Bytes);
        var half = (end.Bytes - start.Bytes) / 2.0;
        Span<double> u = stackalloc double[count];
        Span<double> y = stackalloc double[count];
        for (var i = 0; i < count; i++)
        {
            ref readonly var pcr = ref At(first + i);
            var bytes = pcr.Bytes - start.Bytes;
            u[i] = bytes / half - 1;
            y[i] = (pcr.Ticks - start.Ticks - rate * bytes) * ProgramClock.NsPerTick;
        }
        var judged = (int)(next - first);
        if (Math.Abs(u[judged]) > Edge) return null;
        if (LocalFit.Of(u, y, judged) is not { } fit || !IsConstantRate(fit, rate))
        {
            Unsteady++;
            goodInRow = 0;
            return null;
        }
        if (goodInRow < WindowsToTrust) goodInRow++;
        if (!Steady) return null;
        ref readonly var it = ref At(next);
        var error = y[judged] - fit.CourseNs;
        var certain = Math.Sign(error) * Math.Max(0, Math.Abs(error) - CourseErrors * fit.CourseErrorNs);
        var isOutlier = Math.Abs(error) > OutlierScales * Math.Max(fit.ScaleNs, LeastScaleNs);
        return new JudgedPcr(it.Bytes, it.Arrival, certain, -error, isOutlier, rate + fit.SlopeNs / half / ProgramClock.NsPerTick, it.Ticks, it.Stretch);
    }

    private static bool IsConstantRate(in LocalFit fit, double ticksPerByte)
    {
        var packetNs = PacketFramer.PacketBytes * ticksPerByte * ProgramClock.NsPerTick;
        return fit.OutlierShare <= MostOutliers && fit.BendNs <= BendLimitNs && fit.ScaleNs <= Math.Max(LeastScaleLimitNs, packetNs * ScaleLimitPackets);
    }

    private readonly record struct Pcr(long Bytes, long Ticks, long Arrival, int Stretch);
}
