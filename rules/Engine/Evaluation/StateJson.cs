using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Evaluation;

/// <summary>What survives a restart, as text. Facts are stored by name, so a new version of a rule takes the state of the old one over.</summary>
internal static class StateJson
{
    public static string KeyOf(RuleSubject entry) => $"{entry.Rule.Id}|{entry.Subject}";

    public static string Write(RuleSubject entry) => JsonSerializer.Serialize(
        new SubjectState(entry.Said, entry.SaidAt, entry.SaidWitnesses, entry.SaidOccurrences, entry.ViolatedSince, entry.Occurrences, [.. entry.Strands.Select(s => Write(entry.Rule, s))], entry.SaidCause), WireJson.Options);

    /// <summary>The entry, or null where its rule is gone or the text is broken.</summary>
    public static RuleSubject? TryRead(string key, string json, IReadOnlyDictionary<string, Rule> rules)
    {
        var bar = key.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0 || !rules.TryGetValue(key[..bar], out var rule) || !Subject.TryParse(key[(bar + 1)..], out var subject)) return null;
        try
        {
            return JsonSerializer.Deserialize<SubjectState>(json, WireJson.Options) is { Strands.Count: > 0 } state ? Read(rule, subject, state) : null;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static StrandState Write(Rule rule, Strand s)
    {
        var facts = new OrderedDictionary<string, Fact>(s.Facts.Length, StringComparer.Ordinal);
        foreach (var i in rule.Slots.ByName) if (s.Facts[i] is { } fact) facts[rule.Slots.Variables[i].Name] = fact;
        IReadOnlyList<string> missing = s.Missing == 0 ? [] : [.. rule.Slots.Variables.Where((_, i) => (s.Missing >> i & 1) != 0).Select(v => v.Name)];
        return new(s.Probe, s.Origin, s.Condition, s.Since, s.LastSeen, s.LastKnown, s.Held, s.HeldSince, s.Result, s.Silent, s.Count, missing, s.Fault, facts,
            s.Window is { } window ? [.. window.Events.Select(e => new WindowState(e.At, e.Weight, e.Value))] : null,
            s.Sequence is { } sequence ? new(sequence.At, sequence.Before, sequence.Now) : null, s.Correlated);
    }

    private static RuleSubject Read(Rule rule, Subject subject, SubjectState state)
    {
        var entry = new RuleSubject(rule, subject)
        {
            Said = state.Said, SaidAt = state.SaidAt, SaidWitnesses = state.Witnesses ?? [], SaidOccurrences = state.SaidOccurrences, SaidCause = state.Cause,
            ViolatedSince = state.ViolatedSince, Occurrences = state.Occurrences, SavedAt = state.Strands.Max(s => s.LastSeen),
        };
        foreach (var s in state.Strands)
        {
            var strand = entry.Add(s.Probe, s.LastSeen, s.LastSeen);
            (strand.Origin, strand.Condition, strand.Since, strand.LastKnown, strand.Held, strand.HeldSince) = (s.Origin, s.Condition, s.Since, s.LastKnown, s.Held, s.HeldSince);
            (strand.Result, strand.Silent, strand.Count, strand.Fault) = (s.Result, s.Silent, s.Count, s.Fault);
            strand.Correlated = s.Correlated;
            if (strand.Window is { } window) foreach (var e in s.Window ?? []) window.Restore(new(e.At, e.Weight, e.Value));
            if (strand.Sequence is { } sequence && s.Sequence is { } stored && stored.Before.Count == sequence.Before.Length && stored.Now.Count == sequence.Now.Length)
            {
                sequence.At = stored.At;
                for (var i = 0; i < sequence.Now.Length; i++) (sequence.Before[i], sequence.Now[i]) = (stored.Before[i], stored.Now[i]);
            }
            for (var i = 0; i < rule.Slots.Variables.Count; i++)
            {
                var name = rule.Slots.Variables[i].Name;
                if (s.Facts?.TryGetValue(name, out var fact) == true) strand.Facts[i] = fact;
                if (s.Missing?.Contains(name) == true) strand.Missing |= 1UL << i;
            }
        }
        return entry;
    }

    private sealed record SubjectState(VerdictResult? Said, DateTimeOffset SaidAt, IReadOnlyList<ProbeId> Witnesses, long SaidOccurrences, DateTimeOffset? ViolatedSince, long Occurrences,
        IReadOnlyList<StrandState> Strands, string? Cause = null);

    private sealed record StrandState(ProbeId Probe, Origin Origin, bool? Condition, DateTimeOffset Since, DateTimeOffset LastSeen, DateTimeOffset LastKnown, bool Held, DateTimeOffset HeldSince,
        VerdictResult? Result, bool Silent, long Count, IReadOnlyList<string>? Missing, Fault? Fault, IReadOnlyDictionary<string, Fact>? Facts,
        IReadOnlyList<WindowState>? Window = null, SequenceProgress? Sequence = null, long Correlated = 0);

    private sealed record WindowState(DateTimeOffset At, long Weight, string? Value);

    private sealed record SequenceProgress(DateTimeOffset At, IReadOnlyList<long> Before, IReadOnlyList<long> Now);
}
