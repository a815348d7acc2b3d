namespace SignalWatch.TransportStream;

/// <summary>One PCR PID: how its PCRs follow one another, and how the clock behind them runs against byte positions and arrival times. Nothing is allocated a PCR; 14 KB in all.</summary>
internal sealed class ClockMeter(int pid)
{
    private const double MsPerTick = 1e3 / ProgramClock.Hz;
    private const long LongestStep = ProgramClock.Hz / 10;     // TR 101 290 2.3.b
    private const long LongestLoss = 10 * ProgramClock.Hz;     // what missing packets may explain; a leap beyond it is one
    private const double ExplainedShare = 0.1;
    private const double ExplainedTicks = 0.01 * ProgramClock.Hz;
    private const double LoosenessWithoutRate = 3;             // PCRs of a changing rate come that much early or late
    private const double ShortestForRate = 0.02 * ProgramClock.Hz;

    private const double Contradiction = 10;
    private const double AgreementPpm = 0.5;                   // clocks that hang on one reference differ by far less, free ones by ppm

    private readonly PcrAccuracy accuracy = new();
    private readonly PositionCourse positions = new();
    private readonly ArrivalCourse arrivals = new();
    private readonly ErrorHistogram errors = new();

    private bool begun;
    private bool lost;
    private long lastPcr, lastByte, lastArrival;
    private long rateTicks, rateBytes;
    private long count;
    private double longestMs = double.NaN;

    /// <summary>PID of the PCRs.</summary>
    public int Pid => pid;

    /// <summary>The clock's present rate against byte positions, in ticks of 27 MHz, for extrapolation; null until two PCRs without a gap between them are known.</summary>
    public double? TicksPerByte { get; private set; }

    /// <summary>The rate between its PCRs is constant, and has been for some time: only then a place in the stream is a time.</summary>
    public bool IsSteady => accuracy.Steady;

    /// <summary>How it runs against byte positions.</summary>
    public PositionCourse Positions => positions;

    /// <summary>How it runs against arrival times.</summary>
    public ArrivalCourse Arrivals => arrivals;

    /// <summary>Takes a PCR.</summary>
    /// <param name="pcr">Its value, 0 to <see cref="ProgramClock.Cycle"/> − 1.</param>
    /// <param name="byteIndex">Index, in the stream of packets of 188 bytes, of the byte that carries the last bit of its base (byte 10 of the packet).</param>
    /// <param name="arrivalNs">When that byte arrived.</param>
    /// <param name="discontinuity">discontinuity_indicator.</param>
    public ClockSample Add(long pcr, long byteIndex, long arrivalNs, bool discontinuity)
    {
        count++;
        var delta = ProgramClock.Delta(lastPcr, pcr);
        var step = Step(delta, byteIndex, arrivalNs, discontinuity);
        var interval = step switch
        {
            ClockStep.First => 0,
            ClockStep.Normal => delta * MsPerTick,
            _ => Elapsed(byteIndex, arrivalNs) * MsPerTick,
        };
        if (step is ClockStep.First or ClockStep.Normal) arrivals.Add(delta, arrivalNs);
        else arrivals.Restart(arrivalNs);
        if (step != ClockStep.Normal || lost) accuracy.Break();
        else FollowRate(delta, byteIndex - lastByte);
        if (step != ClockStep.First && !(interval <= longestMs)) longestMs = interval;
        (begun, lost, lastPcr, lastByte, lastArrival) = (true, false, pcr, byteIndex, arrivalNs);

        accuracy.Add(byteIndex, delta, arrivalNs);
        return TryJudgeNext(out var judged) ? judged with { Step = step, IntervalMs = interval } : new ClockSample(step, interval, double.NaN);
    }

    /// <summary>Judges one more of the PCRs that were added: the first second of a stretch comes at once, after that each call of <see cref="Add"/> leaves none or one. To be called until it says false.</summary>
    public bool TryJudgeNext(out ClockSample sample)
    {
        sample = new ClockSample(ClockStep.Normal, 0, double.NaN);
        if (!accuracy.TryJudge(out var judged)) return false;
        errors.Add(Math.Abs(judged.ErrorNs));
        positions.Add(judged);
        TicksPerByte = judged.TicksPerByte;
        sample = sample with { AccuracyNs = judged.ErrorNs, JudgedByteIndex = judged.ByteIndex, JudgedArrivalNs = judged.ArrivalNs };
        return true;
    }

    /// <summary>Packets are missing from the stream here: byte positions before and after can't be compared. The clock itself goes on.</summary>
    public void Loss()
    {
        lost = true;
        (rateTicks, rateBytes) = (0, 0);
    }

    /// <summary>The clock since the last report; starts the next interval. Frequency, drift and wander look further back.</summary>
    /// <param name="reference">What it is measured against.</param>
    public ClockReport Report(in ClockReference reference)
    {
        JudgeAll();
        var figures = new ClockFigures(this, reference, accuracy.Unsteady > errors.Count);
        var measurable = ClockFigures.Accuracy(errors.Count, accuracy.Unsteady);
        var report = new ClockReport
        {
            Pid = pid,
            Count = count,
            LongestIntervalMs = double.IsNaN(longestMs) ? null : longestMs,
            AccuracyMaxNs = new ClockFigure(measurable.IsMeasurable ? errors.Max : null, measurable.Method),
            AccuracyP99Ns = new ClockFigure(measurable.IsMeasurable ? errors.Within(0.99) : null, measurable.Method),
            OverallJitterNs = figures.OverallJitter(),
            OffsetPpm = figures.Offset(),
            DriftMilliHertzPerSecond = figures.Drift(),
            WanderNs = figures.Wander(),
        };
        (count, longestMs) = (0, double.NaN);
        errors.Clear();
        accuracy.ClearCounters();
        arrivals.StartInterval();
        return report;
    }

    /// <summary>The clock that stands for the multiplex in a recording: one by which its rate is a chosen one beyond chance; else the one that most others agree with; else the first that has a rate.
    /// Null where none has.</summary>
    public static ClockMeter? Lead(IReadOnlyList<ClockMeter> clocks)
    {
        foreach (var clock in clocks) clock.JudgeAll();
        var rated = clocks.Where(clock => clock.positions.Rate() is not null).ToList();
        var chosen = rated.Where(clock => clock.positions.Nominal() is not null).Select(clock => (Clock: clock, Nominal: clock.positions.Nominal()!.Value)).ToList();
        if (chosen.Count > 0)
        {
            var best = chosen.MinBy(c => c.Nominal.Chance);
            // Clocks that make the rate two different chosen ones contradict each other, unless one is far less likely to be chance.
            if (chosen.All(c => c.Nominal.Bps == best.Nominal.Bps || c.Nominal.Chance > Contradiction * best.Nominal.Chance)) return chosen.First(c => c.Nominal.Bps == best.Nominal.Bps).Clock;
        }
        return rated.MaxBy(clock => rated.Count(other => Agree(clock.positions.Rate()!.Value, other.positions.Rate()!.Value)));
    }

    private static bool Agree(in ClockRate one, in ClockRate other) =>
        Math.Abs(one.Bps - other.Bps) <= one.Bps * AgreementPpm * 1e-6 + 3 * Math.Sqrt(one.Error * one.Error + other.Error * other.Error);

    private void JudgeAll()
    {
        while (TryJudgeNext(out _)) { }
    }

    private ClockStep Step(long delta, long byteIndex, long arrivalNs, bool discontinuity)
    {
        if (!begun) return ClockStep.First;
        if (discontinuity) return ClockStep.Signalled;
        if (delta is >= 0 and <= LongestStep) return ClockStep.Normal;
        if (delta < 0) return ClockStep.Jump;
        // Longer than allowed, but the stream took that long: PCRs are missing (2.3.a), the clock is right.
        var arrival = (arrivalNs - lastArrival) / ProgramClock.NsPerTick;
        if (Explains(arrival, delta)) return ClockStep.Normal;
        if (lost) return delta <= LongestLoss ? ClockStep.Normal : ClockStep.Jump;
        if (TicksPerByte is not { } rate) return ClockStep.Jump;
        var passed = (byteIndex - lastByte) * rate;
        return Explains(passed, delta) || !accuracy.Steady && delta <= passed * LoosenessWithoutRate ? ClockStep.Normal : ClockStep.Jump;
    }

    private static bool Explains(double passed, long delta) => Math.Abs(delta - passed) <= ExplainedTicks + ExplainedShare * Math.Abs(passed);

    // Ticks between two PCRs that can't be compared.
    private double Elapsed(long byteIndex, long arrivalNs)
    {
        var passed = !lost && TicksPerByte is { } rate ? (byteIndex - lastByte) * rate : (arrivalNs - lastArrival) / ProgramClock.NsPerTick;
        return double.IsFinite(passed) ? Math.Max(0, passed) : 0;
    }

    // Where the rate changes, the last twentieth of a second of PCRs is the best guess at what comes.
    private void FollowRate(long ticks, long bytes)
    {
        if (bytes <= 0)
        {
            (rateTicks, rateBytes) = (0, 0);
            return;
        }
        (rateTicks, rateBytes) = (rateTicks + ticks, rateBytes + bytes);
        if (rateTicks < ShortestForRate) return;
        if (!accuracy.Steady || TicksPerByte is null) TicksPerByte = (double)rateTicks / rateBytes;
        (rateTicks, rateBytes) = (0, 0);
    }
}
