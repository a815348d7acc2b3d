namespace SignalWatch.Fm.Identity;

/// <summary>What a person decided.</summary>
public enum PersonVerdict
{
    /// <summary>It is a pirate.</summary>
    Confirmed,

    /// <summary>It is none.</summary>
    Dismissed,

    /// <summary>What is heard there now is the licensed station, whatever the register says and whatever was learnt before.</summary>
    SignatureAccepted,
}

/// <summary>A person's decision about a frequency: it overrides the judgement until it expires, and is kept for the audit.</summary>
/// <param name="FrequencyHz">Nominal frequency, Hz.</param>
/// <param name="Verdict">What.</param>
/// <param name="Who">Who.</param>
/// <param name="At">When.</param>
/// <param name="Until">Until when it holds.</param>
/// <param name="Reason">Why, in that person's words.</param>
public sealed record PersonDecision(long FrequencyHz, PersonVerdict Verdict, string Who, DateTimeOffset At, DateTimeOffset Until, string Reason);
