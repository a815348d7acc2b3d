using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>How a PCR follows the one before it.</summary>
internal enum ClockStep
{
    /// <summary>There is none before it.</summary>
    First,

    /// <summary>The clock goes on.</summary>
    Normal,

    /// <summary>The discontinuity_indicator says that it starts anew (ISO/IEC 13818-1 2.4.3.5).</summary>
    Signalled,

    /// <summary>It left 0 to 100 ms without an indication, and no missing packets explain it (TR 101 290 2.3.b).</summary>
    Jump,
}

/// <summary>What became of one PCR, and what was found of an earlier one: accuracy needs the PCRs on both sides, so it is known 0.4 s later.</summary>
/// <param name="Step">How the PCR that was added follows the one before it.</param>
/// <param name="IntervalMs">Time since the one before it: by the clock itself where it goes on, else by byte positions or arrival; 0 for the first.</param>
/// <param name="AccuracyNs">PCR_AC of the PCR at <paramref name="JudgedByteIndex"/>, ns, positive where its value is too high; NaN where none could be judged now.</param>
/// <param name="JudgedByteIndex">Byte index, as it was added, of the PCR that the accuracy is of.</param>
/// <param name="JudgedArrivalNs">Its arrival, as it was added.</param>
internal readonly record struct ClockSample(ClockStep Step, double IntervalMs, double AccuracyNs, long JudgedByteIndex = 0, long JudgedArrivalNs = 0);

/// <summary>What the figures of a clock are measured against.</summary>
/// <param name="NominalBitrateBps">Rate of the transport stream that a person gave, packets of 188 bytes, b/s; or null.</param>
/// <param name="Leader">The clock that stands for the multiplex where there is nothing better, or null.</param>
/// <param name="HasArrivalClock">Arrival times are real (kernel, hardware, capture, M2TS time stamps), not derived from byte positions.</param>
/// <param name="ArrivalName">What gave the arrival times.</param>
internal readonly record struct ClockReference(double? NominalBitrateBps, ClockMeter? Leader, bool HasArrivalClock, Text ArrivalName);
