using SignalWatch.Contracts;
using SignalWatch.Rules.Evaluation;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules;

/// <summary>Judges observations by the rules of a pack that are active or on trial. Deterministic: the same calls give the same verdicts, byte for byte. Not thread-safe: one caller, in the order of the journal.
/// Call <see cref="Advance"/> about once a second, so that silence is noticed.</summary>
public sealed class RuleEngine
{
    /// <summary>State that only moved on in time is stored again after this much event time: after a restart it is at most so old, which no rule notices whose no-data limit is longer.</summary>
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);

    /// <summary>A subject that was never in violation and of which nothing has been heard for a day is forgotten, or every spurious carrier would stay for ever.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(24);

    private readonly RulePack pack;
    private readonly FactReader facts;
    private readonly VerdictWriter writer;
    private readonly Dictionary<string, RuleSubjects[]> byKind;
    private readonly HashSet<RuleSubject> changed = [];
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly List<Due> due = [];
    private readonly Causes causes;
    private DateTimeOffset clock = DateTimeOffset.MinValue;

    /// <summary>An engine without any state yet.</summary>
    /// <param name="pack">The rules.</param>
    /// <param name="register">The FM register; <see cref="FmRegister.None"/> where none has been imported.</param>
    /// <param name="build">The build that decides, for the verdicts.</param>
    public RuleEngine(RulePack pack, FmRegister register, string build) : this(pack, register, build, rule => rule.Status is RuleStatus.Active or RuleStatus.Trial) { }

    internal RuleEngine(RulePack pack, FmRegister register, string build, Func<Rule, bool> judges)
    {
        this.pack = pack;
        facts = new FactReader(register);
        writer = new VerdictWriter(pack, register, build);
        causes = new Causes(pack.Rules.Where(judges));
        byKind = pack.Rules.Where(judges).OrderBy(r => DepthOf(pack, r)).GroupBy(r => r.On.Name).ToDictionary(g => g.Key, g => g.Select(r => new RuleSubjects(r)).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Takes an observation. Event time is its <see cref="Observation.At"/>; one that is older than what its probe has already shown of the subject changes no state, but what it counts is added.</summary>
    /// <param name="o">The observation; a kind, or a fact of a type, that the vocabulary does not know is as if it were not there.</param>
    /// <param name="received">When it was received, by the clock of <see cref="Advance"/>: with it, a probe whose clock is wrong is not thought silent. Without it, the later of event time and that clock.</param>
    /// <returns>The verdicts that changed; mostly none.</returns>
    public IReadOnlyList<Verdict> Observe(Observation o, DateTimeOffset? received = null)
    {
        if (o.At < pack.Effective || !byKind.TryGetValue(o.Kind, out var judging)) return [];
        var heard = received ?? (o.At > clock ? o.At : clock);
        List<Verdict>? verdicts = null;
        foreach (var subjects in judging)
            if (Observe(subjects, o, heard) is { } entry) Say(entry, o.At, verdicts ??= []);
        return verdicts ?? (IReadOnlyList<Verdict>)[];
    }

    /// <summary>Moves the clock, and says what silence makes undetermined (or, where a rule is about silence, a violation). Holds and clearings end by observations alone: they are spans that were seen.</summary>
    /// <param name="now">The clock; it never goes back.</param>
    /// <returns>The verdicts that changed; their time is when the silence was long enough, not when this was called.</returns>
    public IReadOnlyList<Verdict> Advance(DateTimeOffset now)
    {
        if (now < clock) return [];
        clock = now;
        due.Clear();
        foreach (var judging in byKind.Values)
            foreach (var subjects in judging) CollectDue(subjects, now);
        if (due.Count == 0) return [];
        due.Sort();
        var verdicts = new List<Verdict>();
        foreach (var item in due)
        {
            if (item.Strand is { } strand) strand.TimeOut(item.Entry.Rule.NoData.State);
            changed.Add(item.Entry);
            if (item.Entry.Settle(item.At, causes)) Say(item.Entry, item.At, verdicts);
        }
        return verdicts;
    }

    /// <summary>The caller was not listening until now: the silence before is its own, not the probes'. All no-data limits start here.</summary>
    /// <param name="now">The clock of <see cref="Advance"/>.</param>
    public void Resume(DateTimeOffset now)
    {
        clock = now;
        foreach (var strand in Entries().SelectMany(e => e.Strands)) strand.Heard = now;
    }

    /// <summary>The state that changed since the last call, for the caller to store in the same transaction as what it rests on. A null value: the key is to be deleted.</summary>
    public IEnumerable<(string Key, string? Json)> TakeChangedState()
    {
        var taken = new List<(string Key, string? Json)>(changed.Count + gone.Count);
        foreach (var entry in changed)
        {
            if (entry.Strands.Count == 0) continue;
            taken.Add((StateJson.KeyOf(entry), StateJson.Write(entry)));
            entry.SavedAt = entry.Strands.Max(s => s.LastSeen);
        }
        foreach (var key in gone) taken.Add((key, null));
        changed.Clear();
        gone.Clear();
        taken.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return taken;
    }

    /// <summary>Takes back state that <see cref="TakeChangedState"/> gave, before the first observation. Call <see cref="Resume"/> after it.</summary>
    /// <param name="state">What was stored.</param>
    /// <returns>Keys that could not be taken because their rule is gone or their text is broken. Their rules begin anew, and the next <see cref="TakeChangedState"/> deletes them.</returns>
    public IReadOnlyList<string> Restore(IEnumerable<(string Key, string Json)> state)
    {
        var refused = new List<string>();
        var rules = byKind.Values.SelectMany(r => r).ToDictionary(r => r.Rule.Id.Value, StringComparer.Ordinal);
        foreach (var (key, json) in state)
        {
            var entry = StateJson.TryRead(key, json, rules.ToDictionary(r => r.Key, r => r.Value.Rule));
            if (entry is null)
            {
                refused.Add(key);
                gone.Add(key);
                continue;
            }
            foreach (var strand in entry.Strands.Where(s => s.Heard < clock)) strand.Heard = clock;
            rules[entry.Rule.Id.Value].BySubject[entry.Subject] = entry;
            causes.Note(entry);
        }
        return refused;
    }

    private IEnumerable<RuleSubject> Entries() => byKind.Values.SelectMany(j => j).SelectMany(s => s.BySubject.Values);

    /// <summary>Writes what an entry has settled on; where it is a cause that came or went, its effects after it.</summary>
    private void Say(RuleSubject entry, DateTimeOffset at, List<Verdict> verdicts)
    {
        verdicts.Add(writer.Write(entry));
        if (!causes.Note(entry)) return;
        var effects = Entries().Where(e => e.Said is VerdictResult.Violation or VerdictResult.Undetermined && e.Rule.SuppressWhen.Any(s => s.Rule == entry.Rule.Id)).ToList();
        effects.Sort((a, b) => string.CompareOrdinal(a.Rule.Id.Value, b.Rule.Id.Value) is not 0 and var order ? order : Causes.Compare(a.Subject, b.Subject));
        foreach (var effect in effects)
        {
            if (!effect.Settle(at > effect.SaidAt ? at : effect.SaidAt, causes)) continue;
            changed.Add(effect);
            verdicts.Add(writer.Write(effect));
        }
    }

    // Causes are judged before their effects, or one observation that shows both would raise an alarm for the effect first. Circles are refused when the pack is read.
    private static int DepthOf(RulePack pack, Rule rule) =>
        rule.SuppressWhen.Select(s => pack.Rule(s.Rule)).OfType<Rule>().Select(cause => DepthOf(pack, cause) + 1).DefaultIfEmpty().Max();

    private RuleSubject? Observe(RuleSubjects subjects, Observation o, DateTimeOffset heard)
    {
        var rule = subjects.Rule;
        if (!subjects.BySubject.TryGetValue(o.Subject, out var entry)) subjects.BySubject[o.Subject] = entry = new RuleSubject(rule, o.Subject);
        var strand = entry.Find(o.Probe) ?? entry.Add(o.Probe, o.At, heard);
        var late = strand.IsLate(o.At);
        var read = late ? subjects.Scratch : strand.Facts;
        facts.Read(rule, o, read, subjects.Values);
        var condition = LimitsAt(rule, o.At, subjects.Values, out var limits);
        var inForce = condition.Kind != ValueKind.Unknown;
        if (inForce) condition = rule.Condition.Evaluate(subjects.Values);
        var count = condition.IsTrue && rule.Count is not null ? CountOf(rule.Count.Evaluate(subjects.Values)) : 0;
        if (inForce) condition = Correlator.Apply(rule, strand, o.At, condition, count, subjects.Values);
        var material = late ? strand.Late(condition, count) : strand.Observe(o.At, heard, condition, count, o.Origin, limits);
        if (material || rule.Correlate is { Type: not CorrelationType.Probes } || o.At - entry.SavedAt >= SaveInterval) changed.Add(entry);
        return entry.Settle(o.At, causes) ? entry : null;
    }

    /// <summary>The limits in force. Where a limit's parameter has no value the rule can't decide: the result is unknown, with that parameter missing, at once.</summary>
    private static Value LimitsAt(Rule rule, DateTimeOffset at, ReadOnlySpan<Value> values, out Limits limits)
    {
        TimeSpan? hold = rule.For.At(at), clear = rule.ClearAfter.At(at), silence = rule.NoData.After.At(at);
        limits = new(hold ?? default, clear ?? default, hold is null || clear is null ? default : silence ?? default);
        var (within, least) = (rule.Correlate?.Within.Parameter, rule.Correlate?.AtLeast.Parameter);
        var correlates = (within is null || within.At(at) is not null) && (least is null || least.At(at) is not null);
        if (hold is not null && clear is not null && silence is not null && correlates) return Value.Null;
        var missing = 0UL;
        for (var i = 0; i < rule.Slots.Variables.Count; i++)
            if (rule.Slots.Variables[i].Parameter is { } p && (p == rule.For.Parameter || p == rule.ClearAfter.Parameter || p == rule.NoData.After.Parameter || p == within || p == least)) missing |= values[i].MissingSlots;
        return Value.Missing(missing);
    }

    private static long CountOf(Value value) => value.IsNumber && value.ToDouble() is > 0 and < 1e15 ? (long)value.ToDouble() : 0;

    private void CollectDue(RuleSubjects subjects, DateTimeOffset now)
    {
        List<RuleSubject>? forgotten = null;
        foreach (var entry in subjects.BySubject.Values)
        {
            foreach (var strand in entry.Strands)
            {
                if (strand.Silent || entry.Rule.NoData.After.At(strand.LastSeen) is not { } after || now - strand.Heard < after) continue;
                due.Add(new(strand.Heard + after, entry, strand));
            }
            if (entry.CountDue is { } countDue && countDue <= now) due.Add(new(countDue, entry, null));
            if (entry.Strands.RemoveAll(s => s.Silent && !s.Held && now - s.Heard >= ForgetAfter) > 0) changed.Add(entry);
            if (entry.Strands.Count == 0) (forgotten ??= []).Add(entry);
        }
        foreach (var entry in forgotten ?? [])
        {
            subjects.BySubject.Remove(entry.Subject);
            changed.Remove(entry);
            gone.Add(StateJson.KeyOf(entry));
        }
    }

    /// <summary>Something that time brings: a strand's silence, or (without strand) a count that has waited.</summary>
    private readonly record struct Due(DateTimeOffset At, RuleSubject Entry, Strand? Strand) : IComparable<Due>
    {
        public int CompareTo(Due other)
        {
            var order = At.CompareTo(other.At);
            if (order == 0) order = string.CompareOrdinal(Entry.Rule.Id.Value, other.Entry.Rule.Id.Value);
            if (order == 0) order = Entry.Subject.Kind.CompareTo(other.Entry.Subject.Kind);
            if (order == 0) order = string.CompareOrdinal(Entry.Subject.Key, other.Entry.Subject.Key);
            return order != 0 ? order : string.CompareOrdinal(Strand?.Probe.Value, other.Strand?.Probe.Value);
        }
    }

    /// <summary>A rule with all its subjects, and room to read an observation into.</summary>
    private sealed class RuleSubjects(Rule rule)
    {
        public Rule Rule { get; } = rule;

        public Dictionary<Subject, RuleSubject> BySubject { get; } = [];

        public Value[] Values { get; } = new Value[rule.Slots.Variables.Count];

        public Fact?[] Scratch { get; } = new Fact?[rule.Slots.Variables.Count];
    }
}
