namespace SignalWatch.TransportStream;

/// <summary>Rate of the transport stream by one clock, b/s.</summary>
/// <param name="Bps">The rate.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Seconds">Time that was observed.</param>
internal readonly record struct ClockRate(double Bps, double Error, double Seconds);

/// <summary>How a clock runs against the bytes of a stream of constant rate: its rate over a long time, and its slow swing.</summary>
internal sealed class PositionCourse
{
    private const double OtherRate = 500e-6;     // no clock changes so much: the stream has another rate now
    private const int SwingPoints = 128;
    private const double SwingStep = 0.25;       // 32 s of swing: 30 mHz and up

    private readonly ClockCourse course = new(CourseKeeps.Mean);
    private readonly float[] swingX = new float[SwingPoints];
    private readonly float[] swingY = new float[SwingPoints];
    private long swings;
    private double ticksPerByte; // the line that deviations are counted from; 0: none yet
    private long originByte, originTicks;
    private int stretch = -1;

    /// <summary>The course itself, for drift.</summary>
    public ClockCourse Course => course;

    /// <summary>Takes a PCR that was judged.</summary>
    public void Add(in JudgedPcr pcr)
    {
        if (ticksPerByte == 0 || Math.Abs(pcr.TicksPerByte / ticksPerByte - 1) > OtherRate)
        {
            course.Clear();
            ticksPerByte = pcr.TicksPerByte;
            stretch = -1;
        }
        if (pcr.Stretch != stretch)
        {
            course.Break();
            swings = 0;
            (stretch, originByte, originTicks) = (pcr.Stretch, pcr.ByteIndex, pcr.Ticks);
        }
        var expected = (pcr.ByteIndex - originByte) * ticksPerByte;
        var seconds = expected / ProgramClock.Hz;
        var deviation = (pcr.Ticks - originTicks - expected) * ProgramClock.NsPerTick;
        var smooth = deviation + pcr.CourseNs;
        course.Add(seconds, pcr.IsOutlier ? smooth : deviation);
        if (swings > 0 && !(seconds - swingX[(swings - 1) % SwingPoints] >= SwingStep)) return;
        (swingX[swings % SwingPoints], swingY[swings % SwingPoints]) = ((float)seconds, (float)smooth);
        swings++;
    }

    /// <summary>The rate of the stream by this clock; null where there is no constant rate, or not long enough.</summary>
    public ClockRate? Rate()
    {
        if (course.Slope() is not { } slope) return null;
        var bps = 8.0 * ProgramClock.Hz / (ticksPerByte * (1 + slope.Slope * 1e-9));
        return new ClockRate(bps, bps * slope.Error * 1e-9, slope.Seconds);
    }

    /// <summary>The round rate that the stream was made at, if this clock shows one.</summary>
    public NominalRate? Nominal() => Rate() is { } rate ? NominalRate.Of(rate) : null;

    /// <summary>Half of the peak-to-peak swing about the straight course, ns, over the seconds said; null where there are too few.</summary>
    public (double PeakNs, double Seconds)? Swing()
    {
        var count = (int)Math.Min(swings, SwingPoints);
        if (count < 20) return null; // 5 s
        var middle = (swingX[(swings - 1) % SwingPoints] + swingX[(swings - count) % SwingPoints]) / 2;
        double sxx = 0, sxy = 0, meanX = 0, meanY = 0;
        for (var i = 0; i < count; i++) (meanX, meanY) = (meanX + (swingX[i] - middle) / count, meanY + (double)swingY[i] / count);
        for (var i = 0; i < count; i++)
        {
            var x = swingX[i] - middle - meanX;
            (sxx, sxy) = (sxx + x * x, sxy + x * (swingY[i] - meanY));
        }
        var (least, most) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < count; i++)
        {
            var rest = swingY[i] - sxy / sxx * (swingX[i] - middle - meanX);
            (least, most) = (Math.Min(least, rest), Math.Max(most, rest));
        }
        var seconds = swingX[(swings - 1) % SwingPoints] - swingX[(swings - count) % SwingPoints];
        return ((most - least) / 2, seconds);
    }
}
