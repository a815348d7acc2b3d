using System.Text.Json;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Retention;

/// <summary>What a case refers to, which retention never removes: every observation and gap of the subject of an alarm that a case names, archived or not.</summary>
internal sealed class HeldByCases
{
    private readonly HashSet<string> subjects;

    public HeldByCases(IEnumerable<CaseRecord> cases, IEnumerable<AlarmRecord> alarms)
    {
        var named = cases.SelectMany(c => c.Alarms).ToHashSet(StringComparer.Ordinal);
        subjects = [.. alarms.Where(a => named.Contains(a.Id.Value)).Select(a => a.Subject.ToString())];
    }

    /// <summary>As a store has them.</summary>
    public static HeldByCases Of(IDocuments store)
    {
        var (cases, alarms) = (new DocumentBook<CaseRecord>("case"), new DocumentBook<AlarmRecord>("alarm"));
        cases.Load(store);
        alarms.Load(store);
        return new(cases.Committed, alarms.Committed);
    }

    /// <summary>True for an entry that must stay.</summary>
    public bool Holds(JournalRow row)
    {
        if (subjects.Count == 0) return false;
        try
        {
            return JsonSerializer.Deserialize<SpooledObservation>(row.Body.Span, WireJson.Options) is not { } of || subjects.Contains(of.Observation.Subject.ToString());
        }
        catch (JsonException)
        {
            return true; // of nobody knows what: it stays
        }
    }
}
