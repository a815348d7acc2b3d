using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>A span of a violation within one day of Beijing time: penalties are counted by days.</summary>
/// <param name="Day">The day, UTC+08:00.</param>
/// <param name="Alarm">The alarm that saw it.</param>
/// <param name="From">From when on that day.</param>
/// <param name="To">Until when on that day; null where it was not seen to end.</param>
internal sealed record LedgerDay(DateOnly Day, string Alarm, DateTimeOffset From, DateTimeOffset? To);

/// <summary>Which violations were seen on which day, from the verdicts that the journal has.</summary>
internal static class ViolationLedger
{
    private const int MostDays = 3_660;
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <summary>The ledger of an alarm.</summary>
    public static IEnumerable<LedgerDay> Of(string alarm, IEnumerable<JournalRow> rows) => Spans(rows).SelectMany(span => Days(alarm, span.From, span.To));

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset? To)> Spans(IEnumerable<JournalRow> rows)
    {
        DateTimeOffset? from = null;
        foreach (var row in rows)
        {
            if (row.Kind != EntryKind.Verdict) continue;
            var verdict = JsonSerializer.Deserialize<Verdict>(row.Body.Span, WireJson.Options)!;
            if (verdict.Result == VerdictResult.Violation)
            {
                from ??= verdict.Since;
            }
            else if (from is { } since)
            {
                // What became undetermined was last known to hold until then; it is not said to have ended.
                yield return (since, verdict.Result == VerdictResult.Compliant ? verdict.At : null);
                from = null;
            }
        }
        if (from is { } open) yield return (open, null);
    }

    private static IEnumerable<LedgerDay> Days(string alarm, DateTimeOffset from, DateTimeOffset? to)
    {
        var day = DateOnly.FromDateTime(from.ToOffset(Beijing).DateTime);
        var last = DateOnly.FromDateTime((to ?? from).ToOffset(Beijing).DateTime);
        for (var count = 0; day <= last && count < MostDays; day = day.AddDays(1), count++)
        {
            var begins = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Beijing);
            var ends = begins.AddDays(1);
            yield return new(day, alarm, (from > begins ? from : begins).ToOffset(Beijing), (to is { } known && known < ends ? known : to is null ? (DateTimeOffset?)null : ends)?.ToOffset(Beijing));
        }
    }
}
