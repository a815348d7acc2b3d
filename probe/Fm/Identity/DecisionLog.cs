namespace SignalWatch.Fm.Identity;

/// <summary>People's decisions, bounded: the audit proper is the collector's journal.</summary>
internal sealed class DecisionLog
{
    private const int Most = 500;
    private readonly List<PersonDecision> all = [];

    public IReadOnlyList<PersonDecision> All => all;

    public void Add(PersonDecision decision)
    {
        all.Add(decision);
        if (all.Count > Most) all.RemoveRange(0, all.Count - Most);
    }

    /// <summary>The last decision on a frequency, if it still holds.</summary>
    public PersonDecision? At(long frequencyHz, DateTimeOffset at) =>
        all.FindLast(d => d.FrequencyHz == frequencyHz && d.Verdict != PersonVerdict.SignatureAccepted) is { } last && last.Until > at ? last : null;
}
