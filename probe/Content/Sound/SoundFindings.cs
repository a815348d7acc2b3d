namespace SignalWatch.Content.Sound;

/// <summary>One hearing of a programme that repeats.</summary>
/// <param name="At">Its begin, to about a second.</param>
/// <param name="Seconds">Its length, s.</param>
public readonly record struct LoopOccurrence(DateTimeOffset At, double Seconds);

/// <summary>Programme of at least 60 s that was heard more than once within 24 h.</summary>
/// <param name="Times">How often, the first hearing included; hearings do not overlap.</param>
/// <param name="Seconds">Length of what repeats, s: for a loop that runs without end its period, or 60 where the period is shorter.</param>
/// <param name="First">Begin of the first hearing.</param>
/// <param name="Last">End of the last hearing, so far as it was heard.</param>
/// <param name="PeriodSeconds">It comes again after this time, s; null where it comes at no regular time.</param>
/// <param name="Similarity">Share of the prints' bits that agree: 1 the same, 0.5 unrelated; what went over the air twice has 0.75 to 0.95.</param>
/// <param name="Occurrences">The hearings, the last 32 of them, the earliest first.</param>
public sealed record LoopFinding(
    int Times, double Seconds, DateTimeOffset First, DateTimeOffset Last, double? PeriodSeconds, double Similarity, IReadOnlyList<LoopOccurrence> Occurrences);

/// <summary>At least 30 s of the same sound on two carriers.</summary>
/// <param name="AHz">Where it was heard later; the lower of the two where it was heard at once.</param>
/// <param name="BHz">Where it was heard before.</param>
/// <param name="At">Its begin on the first-named carrier.</param>
/// <param name="Seconds">How long, s, so far as it was heard.</param>
/// <param name="LagSeconds">So much later than on the other carrier, s, to about a tenth between carriers of one receiver.</param>
/// <param name="Similarity">Share of the prints' bits that agree: 1 the same, 0.5 unrelated.</param>
public sealed record SameSound(long AHz, long BHz, DateTimeOffset At, double Seconds, double LagSeconds, double Similarity);

/// <summary>What the sound of a carrier shows.</summary>
/// <param name="Loops">How often the most repeated stretch of at least 60 s was heard within 24 h; 0 where none repeats.</param>
/// <param name="LoopSeconds">Length of that stretch, s.</param>
/// <param name="SameAsHz">Carriers that had the same sound for at least 30 s within 7 days, at once or up to 24 h apart, ascending.</param>
/// <param name="LoopFindings">The programmes that repeat, the most repeated first; at most 16.</param>
/// <param name="SameSounds">The latest matches with other carriers, the latest first; at most 32.</param>
/// <param name="HeardSeconds">Sound within the last 3 h that could be compared, s.</param>
public sealed record SoundFindings(
    int Loops, double LoopSeconds, IReadOnlyList<long> SameAsHz,
    IReadOnlyList<LoopFinding> LoopFindings, IReadOnlyList<SameSound> SameSounds, double HeardSeconds)
{
    /// <summary>Nothing was heard.</summary>
    public static SoundFindings None { get; } = new(0, 0, [], [], [], 0);
}
