namespace SignalWatch.Fm;

/// <summary>What a station says of itself by RDS (EN 50067, IEC 62106). Nothing is believed that was heard once.</summary>
public sealed record RdsReading
{
    /// <summary>Programme identification; null until it was received twice without correction.</summary>
    public ushort? Pi { get; init; }

    /// <summary>Name, eight characters; null until each part was received twice without contradiction.</summary>
    public string? Ps { get; init; }

    /// <summary>The name as far as it was received, <c>_</c> for what is missing. Not confirmed.</summary>
    public string? PartialPs { get; init; }

    /// <summary>Radio text, whole.</summary>
    public string? RadioText { get; init; }

    /// <summary>The TP flag.</summary>
    public bool? TrafficProgramme { get; init; }

    /// <summary>The PTY code, 0 to 31.</summary>
    public int? ProgrammeType { get; init; }

    /// <summary>Groups received, in whole or in part, since the carrier came on.</summary>
    public int Groups { get; init; }

    /// <summary>Share of this interval's blocks that came with errors, corrected or not; 1 where blocks are not in step.</summary>
    public double BlockErrorRate { get; init; }
}
