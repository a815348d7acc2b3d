using SignalWatch.Contracts;

namespace SignalWatch.Rules.Evaluation;

/// <summary>Where the rules that suppress others are violated now.</summary>
internal sealed class Causes
{
    private readonly Dictionary<RuleId, List<Subject>> violated = [];

    public Causes(IEnumerable<Rule> rules)
    {
        foreach (var cause in rules.SelectMany(r => r.SuppressWhen)) violated[cause.Rule] = [];
    }

    /// <summary>Takes note of what a rule says now.</summary>
    /// <returns>True where a cause has come or gone, so that its effects must be said anew.</returns>
    public bool Note(RuleSubject entry)
    {
        if (!violated.TryGetValue(entry.Rule.Id, out var subjects)) return false;
        if (entry.Said != VerdictResult.Violation) return subjects.Remove(entry.Subject);
        var place = 0;
        while (place < subjects.Count && Compare(subjects[place], entry.Subject) < 0) place++;
        if (place < subjects.Count && subjects[place] == entry.Subject) return false;
        subjects.Insert(place, entry.Subject);
        return true;
    }

    /// <summary>What explains all that shows <paramref name="result"/>, as <c>TS-01 multiplex:1.1</c>; null where a probe shows it without a cause.</summary>
    public string? Of(RuleSubject entry, VerdictResult result)
    {
        if (result == VerdictResult.Compliant) return null;
        string? first = null;
        foreach (var strand in entry.Strands)
        {
            if (strand.Result != result) continue;
            var cause = Of(entry, strand.Probe);
            if (cause is null) return null;
            first ??= cause;
        }
        return first;
    }

    /// <summary>By kind and key.</summary>
    public static int Compare(Subject a, Subject b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Key, b.Key);

    private string? Of(RuleSubject entry, ProbeId probe)
    {
        foreach (var suppression in entry.Rule.SuppressWhen)
            foreach (var subject in violated[suppression.Rule])
                if (suppression.Explains(subject, entry.Subject, probe)) return $"{suppression.Rule} {subject}";
        return null;
    }
}
