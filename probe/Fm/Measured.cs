using SignalWatch.Contracts;

namespace SignalWatch.Fm;

/// <summary>A reading that says how far it can be relied on. What can't be justified has no value; what has one and is not valid is for the eye, not for a verdict.</summary>
/// <param name="Value">The value, in the unit that its name says; null where nothing can be said.</param>
/// <param name="IsValid">It holds up: reception, filter and time of observation allow it.</param>
/// <param name="Seconds">Time of signal that it covers.</param>
/// <param name="How">By which method, or why there is none.</param>
public readonly record struct Measured(double? Value, bool IsValid, double Seconds, Text How)
{
    /// <summary>No value.</summary>
    /// <param name="why">Why there is none.</param>
    public static Measured None(Text why) => new(null, false, 0, why);

    /// <summary>The value where it is valid.</summary>
    public double? Justified => IsValid ? Value : null;
}
