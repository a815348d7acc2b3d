using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Damage;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Outbox;
using SignalWatch.Collector.Registers;
using SignalWatch.Collector.Retention;

namespace SignalWatch.Collector.Journal;

/// <summary>Every slice that is a fold of the journal.</summary>
internal static class Slices
{
    /// <summary>All of them, empty: to fold the journal anew. In the order in which they look at each other.</summary>
    public static IReadOnlyList<ISlice> Fresh()
    {
        var calendar = new AlarmCalendar();
        var alarms = new AlarmBook(calendar);
        return [calendar, alarms, new RegisterBook(), new CaseBook(), new EvidenceBook(), new OutboxBook(alarms), new DamageBook(), new RetentionBook()];
    }
}
