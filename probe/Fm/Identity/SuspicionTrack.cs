using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>A suspicion as it is kept over a restart.</summary>
public sealed record SuspicionSnapshot
{
    /// <summary>Nominal frequency, Hz.</summary>
    public required long FrequencyHz { get; init; }

    /// <summary>How far it has come.</summary>
    public required SuspicionStage Stage { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>For how long the carrier was seen on the air, s.</summary>
    public required double PresentSeconds { get; init; }

    /// <summary>For how long it has been off, s.</summary>
    public double AbsentSeconds { get; init; }

    /// <summary>It was modulated while it was on the air.</summary>
    public bool WasModulated { get; init; }
}

/// <summary>The course of one suspicion: candidate at once, held after 300 s on the air, confirmed by content or by a person. Only time that was watched and in which the
/// suspicion was sure counts; time that was not, or in which nothing could be said, neither counts nor resets. Off the air for more than 10 s it ends.</summary>
internal sealed class SuspicionTrack(long frequencyHz)
{
    /// <summary>Presence that makes a candidate held (rule FM-01), s.</summary>
    public const double HoldsAfterSeconds = 300;

    /// <summary>A gap on the air that is forgiven, s: fades and short breaks of the sender's power.</summary>
    public const double ForgivenSeconds = 10;

    // What nobody watched for longer than a restart or an upgrade takes can't be bridged: it may be another carrier.
    private const double BridgedSeconds = 600;

    // Seconds are summed up as fractions; 300 of them are 300 s in spite of rounding.
    private const double Rounding = 1e-6;

    private double absentSeconds;
    private double unwatchedSeconds;

    public SuspicionStage Stage { get; private set; }

    public DateTimeOffset? Since { get; private set; }

    public double PresentSeconds { get; private set; }

    /// <summary>Time without observation since the last turn, s.</summary>
    public StageChange? Unwatched(double seconds, DateTimeOffset at)
    {
        unwatchedSeconds += seconds;
        return unwatchedSeconds > BridgedSeconds ? End(at, 0, IdentityTexts.Unwatched(unwatchedSeconds)) : null;
    }

    /// <summary>The carrier was off the air for some time.</summary>
    public StageChange? Absent(double seconds, DateTimeOffset at)
    {
        unwatchedSeconds = 0;
        absentSeconds += seconds;
        return absentSeconds > ForgivenSeconds + Rounding ? End(at, 0, IdentityTexts.OffAir(absentSeconds)) : null;
    }

    /// <summary>The carrier was on the air for some time.</summary>
    /// <param name="suspect">It is suspect; null where that can't be said.</param>
    /// <param name="maySuspect">It is received and modulated well enough for a suspicion to begin.</param>
    /// <param name="seconds">Time that was watched, s.</param>
    /// <param name="at">The end of that time.</param>
    /// <param name="score">The score.</param>
    /// <param name="cleared">Why it is not suspect, if it is not.</param>
    /// <returns>What changed; at most two steps at once.</returns>
    public IEnumerable<StageChange> Present(bool? suspect, bool maySuspect, double seconds, DateTimeOffset at, int score, Text cleared)
    {
        (absentSeconds, unwatchedSeconds) = (0, 0);
        if (suspect is null) yield break;
        if (suspect == false)
        {
            if (End(at, score, cleared) is { } ended) yield return ended;
            yield break;
        }
        if (Stage == SuspicionStage.None)
        {
            if (!maySuspect) yield break;
            (Since, PresentSeconds) = (at - TimeSpan.FromSeconds(seconds), 0);
            yield return Step(SuspicionStage.Candidate, at, score, IdentityTexts.Candidate);
        }
        PresentSeconds += seconds;
        if (Stage == SuspicionStage.Candidate && PresentSeconds >= HoldsAfterSeconds - Rounding) yield return Step(SuspicionStage.Held, at, score, IdentityTexts.Held(PresentSeconds));
    }

    /// <summary>Content or a person confirms it.</summary>
    public StageChange? Confirm(DateTimeOffset at, int score, Text why) =>
        Stage is SuspicionStage.Candidate or SuspicionStage.Held ? Step(SuspicionStage.Confirmed, at, score, why) : null;

    /// <summary>The suspicion ends.</summary>
    public StageChange? End(DateTimeOffset at, int score, Text why)
    {
        (PresentSeconds, Since, absentSeconds, unwatchedSeconds) = (0, null, 0, 0);
        return Stage == SuspicionStage.None ? null : Step(SuspicionStage.None, at, score, why);
    }

    public SuspicionSnapshot? Snapshot(bool wasModulated) => Stage == SuspicionStage.None || Since is not { } since ? null : new SuspicionSnapshot
    {
        FrequencyHz = frequencyHz, Stage = Stage, Since = since, PresentSeconds = PresentSeconds, AbsentSeconds = absentSeconds, WasModulated = wasModulated,
    };

    public void Restore(SuspicionSnapshot snapshot) =>
        (Stage, Since, PresentSeconds, absentSeconds) = (snapshot.Stage, snapshot.Since, Math.Max(0, snapshot.PresentSeconds), Math.Max(0, snapshot.AbsentSeconds));

    private StageChange Step(SuspicionStage to, DateTimeOffset at, int score, Text why)
    {
        var change = new StageChange(frequencyHz, at, Stage, to, score, why);
        Stage = to;
        return change;
    }
}
