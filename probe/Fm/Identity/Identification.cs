using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>What a carrier is.</summary>
public enum CarrierStatus
{
    /// <summary>No register is there, or it can't say: nobody is accused.</summary>
    Unknown,

    /// <summary>In the register: licensed, a relay or a test within its dates.</summary>
    Licensed,

    /// <summary>A known station from across the border, not above its expected maximum.</summary>
    Overspill,

    /// <summary>A modulated carrier that nobody is licensed for.</summary>
    Unregistered,

    /// <summary>The receiver's mirror image of a stronger carrier.</summary>
    Image,

    /// <summary>A product of stronger carriers, made in the receiver or near it.</summary>
    Intermodulation,

    /// <summary>An unlicensed carrier without modulation.</summary>
    CarrierOnly,
}

/// <summary>How far a suspicion has come.</summary>
public enum SuspicionStage
{
    /// <summary>No suspicion.</summary>
    None,

    /// <summary>There is one.</summary>
    Candidate,

    /// <summary>It has been on the air for 300 s.</summary>
    Held,

    /// <summary>Its content, or a person, confirms it.</summary>
    Confirmed,
}

/// <summary>One reason of the score.</summary>
/// <param name="Code">Stable, for rules: <c>not-in-register</c>.</param>
/// <param name="Points">Its part of the score; negative where it exonerates.</param>
/// <param name="Sentence">In words, with the figures.</param>
public sealed record ScoreReason(string Code, int Points, Text Sentence);

/// <summary>One check that could have excluded a carrier of its own.</summary>
/// <param name="Check"><c>image</c>, <c>intermodulation</c>, <c>overload</c>.</param>
/// <param name="Explains">True: this is what the carrier is; false: it is not; null: can't be said.</param>
/// <param name="Arithmetic">The sums: which carriers, which frequency, which level was to be expected.</param>
public sealed record ExclusionCheck(string Check, bool? Explains, Text Arithmetic);

/// <summary>Who a carrier is, as far as can be said. A lead with its reasons, never a conclusion.</summary>
public sealed record Identification
{
    /// <summary>Nominal frequency, Hz.</summary>
    public required long NominalHz { get; init; }

    /// <summary>What it is.</summary>
    public required CarrierStatus Status { get; init; }

    /// <summary>The entry of the register that it is compared with, or null.</summary>
    public FmLicence? Licence { get; init; }

    /// <summary>How far the suspicion has come.</summary>
    public SuspicionStage Stage { get; init; }

    /// <summary>0 to 100: the sum of the reasons within these bounds.</summary>
    public int Score { get; init; }

    /// <summary>Why.</summary>
    public IReadOnlyList<ScoreReason> Reasons { get; init; } = [];

    /// <summary>What it could have been instead.</summary>
    public IReadOnlyList<ExclusionCheck> Exclusions { get; init; } = [];
}

/// <summary>What the register says of a frequency.</summary>
/// <param name="Known">It can say something: there is a register, and the area is known well enough.</param>
/// <param name="Licence">The entry; null where nobody is licensed there.</param>
public readonly record struct RegisterAnswer(bool Known, FmLicence? Licence);

/// <summary>A carrier came on the air, or went.</summary>
/// <param name="FrequencyHz">Nominal frequency, Hz.</param>
/// <param name="At">When.</param>
/// <param name="OnAir">It came.</param>
public readonly record struct OnOffEdge(long FrequencyHz, DateTimeOffset At, bool OnAir);

/// <summary>What the sound of a carrier showed.</summary>
/// <param name="Loops">The programme repeats itself: how often the most repeated stretch of at least 60 s was heard within 24 h; 0 or 1 where none repeats.</param>
/// <param name="LoopSeconds">Length of that stretch, s.</param>
/// <param name="SameAsHz">The same sound is on these frequencies.</param>
public sealed record ContentFindings(int Loops, double LoopSeconds, IReadOnlyList<long> SameAsHz)
{
    /// <summary>Nothing was found.</summary>
    public static ContentFindings None { get; } = new(0, 0, []);
}
