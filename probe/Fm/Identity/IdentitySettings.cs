namespace SignalWatch.Fm.Identity;

/// <summary>What a <see cref="StationIdentifier"/> needs to know of its receiver and its place.</summary>
public sealed record IdentitySettings
{
    /// <summary>Legal time less UTC. China: 8 h all year; nights and days are counted by it.</summary>
    public TimeSpan LegalOffset { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Distance of the frequencies that stations are licensed on, Hz. China: 100 kHz.</summary>
    public double RasterHz { get; init; } = 100_000;

    /// <summary>The frequency at the middle of the receiver's band, Hz: its mirror. Null where it is not known; then it follows from the images that the receiver masked.</summary>
    public double? CenterFrequencyHz { get; init; }

    /// <summary>How well the receiver's frequency is known, parts in a million (a disciplined oscillator: 0.01). Null where it is not known: then the licensed stations
    /// heard, at least three, or two that agree, say what all have in common.</summary>
    public double? FrequencyAccuracyPpm { get; init; }
}
