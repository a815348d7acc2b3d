using System.Globalization;

using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>Courses → figures, each with what it was measured against, or why it can't be.</summary>
internal readonly struct ClockFigures(ClockMeter meter, ClockReference reference, bool changesRate)
{
    private const double ShortestForArrival = 10;
    private const double ShortestForDrift = 60;
    private const double WorstOffsetPpm = 5;         // ± 30 ppm are allowed: a figure that may be off by more than that says nothing
    private const double WorstDrift = 25;            // mHz/s; 75 are allowed (ISO/IEC 13818-1 2.4.2.1)
    private const double WrongRatePpm = 1000;
    private const double MilliHertzPerPpm = 27_000;  // 1 ppm of 27 MHz is 27 Hz

    private static readonly Text NotConstant = new(
        "无法测量：相邻 PCR 之间的码率不恒定（变码率，或流中已删去部分包），字节位置不能作为时钟基准",
        "unmeasurable: the rate between the PCRs is not constant (variable bit rate, or packets were taken out of the stream), so byte positions are no reference for a clock");

    private static readonly Text TooFew = new(
        "无法测量：没有连续一秒、不少于 17 个且无丢包和跳变的 PCR",
        "unmeasurable: there is no second with at least 17 PCRs and without a loss or a jump");

    private static readonly Text ByPosition = new(
        "按字节位置（PCR_AC，恒定码率），去除约 1 Hz 以下的慢变化（MGF3）；每个 PCR 与其前后 1 至 2 秒的稳健拟合比较，只计超出拟合自身不确定度的部分；量化误差 ±18.5 ns",
        "by byte position at constant rate (PCR_AC), without what is slower than about 1 Hz (MGF3): each PCR against a robust course through the 1 to 2 s around it, less the uncertainty of that course; quantised to ±18.5 ns");

    private Text NoPositions => changesRate ? NotConstant : TooFew;

    /// <summary>Whether accuracy can be told, and how.</summary>
    public static (bool IsMeasurable, Text Method) Accuracy(long judged, long unsteady) =>
        unsteady > judged ? (false, NotConstant) : judged == 0 ? (false, TooFew) : (true, ByPosition);

    /// <summary>PCR_FO.</summary>
    public ClockFigure Offset()
    {
        if (reference.HasArrivalClock && meter.Arrivals.Course.Slope() is { } slope && slope.Seconds >= ShortestForArrival) return OffsetByArrival(slope);
        if (meter.Positions.Rate() is not { } rate)
            return reference.HasArrivalClock ? new ClockFigure(null, TooShort(ShortestForArrival)) : new ClockFigure(null, NoPositions);
        if (reference.NominalBitrateBps is { } given) return OffsetByRate(rate, given, new Text("给定的标称码率", "the nominal bit rate that was given"));
        if (reference.HasArrivalClock) return new ClockFigure(null, TooShort(ShortestForArrival));
        return OffsetByLeader(rate);
    }

    /// <summary>PCR_DR.</summary>
    public ClockFigure Drift()
    {
        var course = reference.HasArrivalClock ? meter.Arrivals.Course : meter.Positions.Course;
        if (course.Bend() is not { } bend || bend.Seconds < ShortestForDrift) return new ClockFigure(null, TooShort(ShortestForDrift));
        var value = bend.Slope * 1e-3 * MilliHertzPerPpm;
        var error = bend.Error * 1e-3 * MilliHertzPerPpm;
        if (error > WorstDrift)
        {
            return new ClockFigure(null, new Text(
                string.Create(CultureInfo.InvariantCulture, $"无法测量：观测 {bend.Seconds:0} 秒后不确定度仍为 ±{error:0} mHz/s，需要更长时间"),
                string.Create(CultureInfo.InvariantCulture, $"unmeasurable: after {bend.Seconds:0} s it is known to ±{error:0} mHz/s only; it takes longer")));
        }
        var against = reference.HasArrivalClock ? Against(reference.ArrivalName) : new Text("以字节位置（恒定码率）为基准", "against byte positions at constant rate");
        return new ClockFigure(value, new Text(
            string.Create(CultureInfo.InvariantCulture, $"{against.Zh}，观测 {bend.Seconds:0} 秒，±{error:0.#} mHz/s"),
            string.Create(CultureInfo.InvariantCulture, $"{against.En}, over {bend.Seconds:0} s, ±{error:0.#} mHz/s")));
    }

    /// <summary>PCR_OJ.</summary>
    public ClockFigure OverallJitter()
    {
        if (!reference.HasArrivalClock)
        {
            return new ClockFigure(null, new Text(
                "无法测量：没有真实的到达时间，总抖动需要到达时钟",
                "unmeasurable: there are no arrival times, and overall jitter is measured against them"));
        }
        if (meter.Arrivals.Jitter() is not { } jitter || jitter.Seconds < ShortestForArrival) return new ClockFigure(null, TooShort(ShortestForArrival));
        return new ClockFigure(jitter.PeakNs, new Text(
            string.Create(CultureInfo.InvariantCulture, $"{Against(reference.ArrivalName).Zh}（PCR_OJ），相对 {jitter.Seconds:0} 秒直线的最大偏差（MGF1，10 mHz）；包含网络和到达时钟自身的抖动"),
            string.Create(CultureInfo.InvariantCulture, $"{Against(reference.ArrivalName).En} (PCR_OJ): largest deviation from a straight course over {jitter.Seconds:0} s (MGF1, 10 mHz); the jitter of the network and of the arrival clock is in it")));
    }

    /// <summary>The slow part that accuracy leaves out.</summary>
    public ClockFigure Wander()
    {
        if (meter.Positions.Swing() is not { } swing) return new ClockFigure(null, meter.Positions.Rate() is null ? NoPositions : TooShort(5));
        return new ClockFigure(swing.PeakNs, new Text(
            string.Create(CultureInfo.InvariantCulture, $"按字节位置，1 Hz 以下，{swing.Seconds:0} 秒内去除直线后峰峰值的一半"),
            string.Create(CultureInfo.InvariantCulture, $"by byte position, slower than 1 Hz: half of the peak-to-peak deviation from a straight course over {swing.Seconds:0} s")));
    }

    private ClockFigure OffsetByArrival(in CourseSlope slope)
    {
        var (ppm, error) = (slope.Slope * 1e-3, slope.Error * 1e-3);
        if (error > WorstOffsetPpm)
        {
            return new ClockFigure(null, new Text(
                string.Create(CultureInfo.InvariantCulture, $"无法测量：观测 {slope.Seconds:0} 秒后到达抖动使不确定度为 ±{error:0.#} ppm，需要更长时间"),
                string.Create(CultureInfo.InvariantCulture, $"unmeasurable: after {slope.Seconds:0} s the jitter of the arrival leaves ±{error:0.#} ppm; it takes longer")));
        }
        return new ClockFigure(ppm, new Text(
            string.Create(CultureInfo.InvariantCulture, $"{Against(reference.ArrivalName).Zh}，取延迟最小的 PCR 回归，观测 {slope.Seconds:0} 秒，±{error:0.###} ppm，另加到达时钟自身的误差"),
            string.Create(CultureInfo.InvariantCulture, $"{Against(reference.ArrivalName).En}, regression over the PCRs with the least delay of {slope.Seconds:0} s, ±{error:0.###} ppm, and the error of that clock itself")));
    }

    private static ClockFigure OffsetByRate(in ClockRate rate, double nominal, in Text name)
    {
        var ppm = (nominal / rate.Bps - 1) * 1e6; // a fast clock makes the same bytes look slower
        var error = rate.Error / rate.Bps * 1e6;
        if (Math.Abs(ppm) > WrongRatePpm)
        {
            return new ClockFigure(null, new Text(
                string.Create(CultureInfo.InvariantCulture, $"无法测量：该时钟测得的码率为 {rate.Bps:0} b/s，与{name.Zh} {nominal:0} b/s 不符，不是同一码率"),
                string.Create(CultureInfo.InvariantCulture, $"unmeasurable: by this clock the stream has {rate.Bps:0} b/s, which is another rate than {name.En}, {nominal:0} b/s")));
        }
        if (error > WorstOffsetPpm) return new ClockFigure(null, Uncertain(rate.Seconds, error));
        return new ClockFigure(ppm, new Text(
            string.Create(CultureInfo.InvariantCulture, $"以{name.Zh} {nominal:0.###} b/s 为基准，按字节位置观测 {rate.Seconds:0.#} 秒，±{error:0.###} ppm"),
            string.Create(CultureInfo.InvariantCulture, $"against {name.En}, {nominal:0.###} b/s, by byte position over {rate.Seconds:0.#} s, ±{error:0.###} ppm")));
    }

    // Without arrival times and a given rate, clocks of one multiplex can still be compared with each other.
    private ClockFigure OffsetByLeader(in ClockRate rate)
    {
        if (reference.Leader is not { } leader || leader.Positions.Rate() is not { } leading)
            return new ClockFigure(null, new Text("无法测量：没有到达时钟、标称码率或可比较的节目时钟", "unmeasurable: there is no arrival clock, no nominal bit rate and no other programme's clock to compare with"));
        if (leader.Positions.Nominal() is { } nominal)
        {
            var name = nominal.Modulation is { } modulation
                ? new Text($"节目时钟（PCR PID {leader.Pid}）所显示的传输码率（{modulation}）", $"the rate of {modulation}, which the clock on PID {leader.Pid} shows")
                : new Text($"节目时钟（PCR PID {leader.Pid}）所显示的整数码率", $"the round rate that the clock on PID {leader.Pid} shows");
            return OffsetByRate(rate, nominal.Bps, name);
        }
        if (ReferenceEquals(leader, meter))
        {
            return new ClockFigure(null, new Text(
                "无法测量：其他节目的时钟与此时钟比较；没有到达时钟或标称码率，它自身无基准",
                "unmeasurable: the other programmes are compared with this clock; without an arrival clock or a nominal bit rate it has no reference itself"));
        }
        var ppm = (leading.Bps / rate.Bps - 1) * 1e6;
        var error = 1e6 * Math.Sqrt(Square(rate.Error / rate.Bps) + Square(leading.Error / leading.Bps));
        if (Math.Abs(ppm) > WrongRatePpm) return new ClockFigure(null, NotConstant);
        if (error > WorstOffsetPpm) return new ClockFigure(null, Uncertain(rate.Seconds, error));
        return new ClockFigure(ppm, new Text(
            string.Create(CultureInfo.InvariantCulture, $"相对节目时钟（PCR PID {leader.Pid}），按字节位置观测 {rate.Seconds:0.#} 秒，±{error:0.###} ppm；该时钟自身的误差未知"),
            string.Create(CultureInfo.InvariantCulture, $"relative to the clock on PID {leader.Pid}, by byte position over {rate.Seconds:0.#} s, ±{error:0.###} ppm; the error of that clock itself is not known")));
    }

    private static double Square(double value) => value * value;

    private static Text Against(in Text arrival) => new($"以到达时间（{arrival.Zh}）为基准", $"against arrival times ({arrival.En})");

    private static Text TooShort(double seconds) => new(
        string.Create(CultureInfo.InvariantCulture, $"无法测量：需要至少 {seconds:0} 秒无跳变的观测"),
        string.Create(CultureInfo.InvariantCulture, $"unmeasurable: it takes at least {seconds:0} s without a jump"));

    private static Text Uncertain(double seconds, double ppm) => new(
        string.Create(CultureInfo.InvariantCulture, $"无法测量：观测 {seconds:0.#} 秒后不确定度为 ±{ppm:0.#} ppm，需要更长时间"),
        string.Create(CultureInfo.InvariantCulture, $"unmeasurable: after {seconds:0.#} s it is known to ±{ppm:0.#} ppm only; it takes longer"));
}
