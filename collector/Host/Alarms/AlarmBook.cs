using System.Collections.Concurrent;
using SignalWatch.Collector.Probes;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>All alarms. The writer changes them within a group; everybody else sees them as they were committed.</summary>
internal sealed class AlarmBook(ProbeTable probes)
{
    private readonly ConcurrentDictionary<AlarmId, AlarmRecord> committed = [];
    private readonly Dictionary<AlarmId, AlarmRecord> changed = [];
    private Dictionary<AlarmId, AlarmRecord> present = [];

    /// <summary>Changed in the group that is being written.</summary>
    public IReadOnlyCollection<AlarmRecord> Changed => changed.Values;

    /// <summary>Every alarm that was ever raised, as committed.</summary>
    public IEnumerable<AlarmRecord> Committed => committed.Values;

    /// <summary>Begins anew from what is stored.</summary>
    public void Load(Dictionary<AlarmId, AlarmRecord> stored)
    {
        changed.Clear();
        present = stored;
        foreach (var (id, record) in stored) committed[id] = record;
    }

    /// <summary>The committed alarm, or null.</summary>
    public AlarmRecord? Find(AlarmId id) => committed.GetValueOrDefault(id);

    /// <summary>Writer only: a rule has spoken.</summary>
    public void Report(Verdict verdict, DateTimeOffset now) => Take(AlarmRecord.IdOf(verdict.Rule, verdict.Subject), new Report(verdict), now);

    /// <summary>Writer only: the alarm's rule is no longer in the pack.</summary>
    /// <returns>True where that is news.</returns>
    public bool Withdraw(AlarmId id, Text sentence, DateTimeOffset now)
    {
        var before = present[id];
        Take(id, new Withdraw(sentence), now);
        return !ReferenceEquals(present[id], before);
    }

    /// <summary>Writer only: a person acknowledges.</summary>
    /// <returns>The refusal, or null.</returns>
    public Problem? Acknowledge(AlarmId id, Acknowledgement given, DateTimeOffset now) =>
        present.ContainsKey(id) ? Take(id, new Acknowledge(given), now) : Texts.NoSuchAlarm(id.Value);

    /// <summary>Writer only: an alarm of the group as a row.</summary>
    public AlarmRow Row(AlarmId id) => present[id].ToRow(probes.AreaOf);

    /// <summary>Writer only, after the commit: what the group changed is what others see.</summary>
    public IReadOnlyList<AlarmRecord> Publish()
    {
        if (changed.Count == 0) return [];
        AlarmRecord[] published = [.. changed.Values];
        foreach (var record in published) committed[record.Id] = record;
        changed.Clear();
        return published;
    }

    private Problem? Take(AlarmId id, AlarmCommand command, DateTimeOffset now)
    {
        var before = present.GetValueOrDefault(id);
        var decision = AlarmMachine.Decide(before, command, now);
        var after = decision.Events.Aggregate(before, (state, happened) => AlarmMachine.Apply(state, happened));
        if (after is not null && !ReferenceEquals(after, before)) present[id] = changed[id] = after;
        return decision.Refusal;
    }
}
