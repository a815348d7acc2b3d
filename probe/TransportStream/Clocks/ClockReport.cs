using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>A figure of a clock: measured against something, or unmeasurable for a reason. Never a number without one.</summary>
/// <param name="Value">The figure; null where it can't be measured.</param>
/// <param name="Method">Against which clock it was measured and how, or why it can't be measured.</param>
public sealed record ClockFigure(double? Value, Text Method);

/// <summary>One programme clock, measured (TR 101 290 5.3.2 and annex I).</summary>
public sealed record ClockReport
{
    /// <summary>PID of the PCRs.</summary>
    public required int Pid { get; init; }

    /// <summary>PCRs in the interval.</summary>
    public required long Count { get; init; }

    /// <summary>Longest interval between two PCRs, ms; null with fewer than two.</summary>
    public double? LongestIntervalMs { get; init; }

    /// <summary>PCR_AC: largest error of a PCR against its byte position, without the slow part (high-pass of 1 Hz, MGF3), ns.</summary>
    public required ClockFigure AccuracyMaxNs { get; init; }

    /// <summary>PCR_AC: the error that 99 % of the PCRs stay within, ns.</summary>
    public required ClockFigure AccuracyP99Ns { get; init; }

    /// <summary>PCR_OJ: peak deviation from the clock's own mean course against the arrival times (high-pass of 10 mHz, MGF1), ns; unmeasurable where there are no arrival times.</summary>
    public required ClockFigure OverallJitterNs { get; init; }

    /// <summary>PCR_FO: frequency offset, ppm.</summary>
    public required ClockFigure OffsetPpm { get; init; }

    /// <summary>PCR_DR: drift rate, mHz/s of 27 MHz.</summary>
    public required ClockFigure DriftMilliHertzPerSecond { get; init; }

    /// <summary>Slow swing of the clock against its byte positions: peak of what the high-pass of the accuracy leaves out, ns.</summary>
    public required ClockFigure WanderNs { get; init; }
}
