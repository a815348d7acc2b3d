using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>What a carrier is.</summary>
public enum CarrierStatus
{
    /// <summary>No register is there, or it can't say; or it is not decided yet whether others make the carrier: nobody is accused.</summary>
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
public sealed record ScoreReason(string Code, int Points, Text Sentence)
{
    /// <summary>The other carriers that it speaks of, Hz.</summary>
    public IReadOnlyList<long> OtherHz { get; init; } = [];
}

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

    /// <summary>The carriers that it could be a product of while that is not decided, Hz; empty otherwise. Heard at the same time as they are, it is decided sooner.</summary>
    public IReadOnlyList<long> PendingParentsHz { get; init; } = [];

    /// <summary>Whether it is on the air now.</summary>
    public bool OnAir { get; init; } = true;

    /// <summary>For how long it has been off the air as far as it was watched, s; 0 on the air.</summary>
    public double OffAirSeconds { get; init; }

    /// <summary>A licensed frequency on which somebody else seems to transmit: a foreign PI, or a carrier beyond the frequency tolerance, and at least one more difference of another kind.</summary>
    public bool Masquerade { get; init; }

    /// <summary>When the suspicion began; null where there is none.</summary>
    public DateTimeOffset? SuspectedSince { get; init; }

    /// <summary>For how long it has been seen on the air under suspicion, s: what counts towards <see cref="SuspicionStage.Held"/>.</summary>
    public double PresentSeconds { get; init; }

    /// <summary>A person has dismissed suspicions here until then.</summary>
    public DateTimeOffset? DismissedUntil { get; init; }

    /// <summary>Field strength, dBµV/m; null where the receiver is not calibrated.</summary>
    public double? FieldDbuvm { get; init; }

    /// <summary>Field strength less the highest that is expected of an overspill station, dB; null where either is not known.</summary>
    public double? OverspillExcessDb { get; init; }

    /// <summary>For how long it has been above that by more than 10 dB without a break, s.</summary>
    public double OverspillExcessSeconds { get; init; }

    /// <summary>Level less the median of 30 days, dB, without what all stations have in common; null before a day was learnt and where the receiver's own gain may be the cause.</summary>
    public double? LevelJumpDb { get; init; }

    /// <summary>For how long that has been 6 dB or more, s.</summary>
    public double LevelJumpSeconds { get; init; }

    /// <summary>Carrier frequency less the one that was learnt, or less the assigned one, Hz, without what all stations have in common; null where the receiver's own error is not known.</summary>
    public double? OffsetJumpHz { get; init; }

    /// <summary>For how long that has been beyond the tolerance, s.</summary>
    public double OffsetJumpSeconds { get; init; }
}

/// <summary>A suspicion came further, or ended: what triggers evidence.</summary>
/// <param name="FrequencyHz">Nominal frequency, Hz.</param>
/// <param name="At">When.</param>
/// <param name="From">The stage before.</param>
/// <param name="To">The stage now.</param>
/// <param name="Score">The score then.</param>
/// <param name="Why">Why, in words.</param>
public sealed record StageChange(long FrequencyHz, DateTimeOffset At, SuspicionStage From, SuspicionStage To, int Score, Text Why);

/// <summary>What the register says of a frequency.</summary>
/// <param name="Known">It can say something: there is a register, and the area is known well enough.</param>
/// <param name="Licence">The entry; null where nobody is licensed there.</param>
public readonly record struct RegisterAnswer(bool Known, FmLicence? Licence);

/// <summary>A carrier came on the air, or went.</summary>
/// <param name="FrequencyHz">Nominal frequency, Hz.</param>
/// <param name="At">When.</param>
/// <param name="OnAir">It came.</param>
public readonly record struct OnOffEdge(long FrequencyHz, DateTimeOffset At, bool OnAir)
{
    /// <summary>The change itself was not seen (nobody watched, or the receiver was the cause): from here on the state is known, but it says nothing of when the carrier was switched.</summary>
    public bool AfterGap { get; init; }
}

/// <summary>What the sound of a carrier showed.</summary>
/// <param name="Loops">The programme repeats itself: how often the most repeated stretch of at least 60 s was heard within 24 h; 0 or 1 where none repeats.</param>
/// <param name="LoopSeconds">Length of that stretch, s.</param>
/// <param name="SameAsHz">The same sound is on these frequencies.</param>
public sealed record ContentFindings(int Loops, double LoopSeconds, IReadOnlyList<long> SameAsHz)
{
    /// <summary>Nothing was found.</summary>
    public static ContentFindings None { get; } = new(0, 0, []);
}
