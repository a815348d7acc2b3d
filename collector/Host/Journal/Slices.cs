using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Outbox;
using SignalWatch.Collector.Registers;

namespace SignalWatch.Collector.Journal;

/// <summary>Every slice that is a fold of the journal.</summary>
internal static class Slices
{
    /// <summary>All of them, empty: to fold the journal anew.</summary>
    public static IReadOnlyList<ISlice> Fresh()
    {
        var alarms = new AlarmBook();
        return [alarms, new RegisterBook(), new CaseBook(), new OutboxBook(alarms)];
    }
}
