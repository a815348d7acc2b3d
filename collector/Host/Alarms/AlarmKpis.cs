using System.Globalization;
using System.Text.Json.Serialization;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>What happened to alarms within an hour (UTC). Only what is live: drills and replays never count.</summary>
internal sealed record KpiHour
{
    /// <summary>Upper bounds of the histogram of times to acknowledgement, seconds; one more bucket for what took longer.</summary>
    public static readonly int[] AcknowledgeBounds = [10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200];

    /// <summary>Start of the hour, UTC.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Raised, by priority 1 to 4.</summary>
    public IReadOnlyList<int> Raised { get; init; } = [0, 0, 0, 0];

    /// <summary>Raised, by minute of the hour: floods and peaks are seen from it.</summary>
    public IReadOnlyList<int> Minutes { get; init; } = new int[60];

    /// <summary>Returned within 10 s.</summary>
    public int Fleeting { get; init; }

    /// <summary>Raised for the third time within a minute.</summary>
    public int Chattering { get; init; }

    /// <summary>Acknowledged, by time to acknowledgement.</summary>
    public IReadOnlyList<int> Acknowledged { get; init; } = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Taken up as real: dispatched, handled or resolved. An acknowledgement only says that somebody has seen it.</summary>
    public int Confirmed { get; init; }

    public int False { get; init; }

    public int Resolved { get; init; }

    /// <summary>Of them within their deadline.</summary>
    public int ResolvedInTime { get; init; }

    /// <summary>Folded under a cause when they were raised or later.</summary>
    public int Suppressed { get; init; }

    public int Shelved { get; init; }

    /// <summary>How often each alarm was raised; at most 200 of them, the rest together under an empty text.</summary>
    public IReadOnlyDictionary<string, int> ByAlarm { get; init; } = new Dictionary<string, int>();

    [JsonIgnore]
    public string Id => IdOf(From);

    public static string IdOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);

    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcDateTime.Date.AddHours(at.UtcDateTime.Hour), TimeSpan.Zero);
}

/// <summary>An alarm that was raised often.</summary>
internal sealed record BadActor(string Alarm, Text? Title, int Raised, double Share);

/// <summary>How good the alarms of a period were, beside what they should be (EEMUA 191 and ISA-18.2, as quoted by their users).</summary>
/// <param name="From">Start, whole hours UTC.</param>
/// <param name="To">End.</param>
/// <param name="Raised">Alarms raised, those that were found false later among them.</param>
/// <param name="PerDay">Of them a day; a position can deal with 150, above 300 is too much.</param>
/// <param name="PerTenMinutes">On average; should be 1.</param>
/// <param name="PeakTenMinutes">The most in any ten minutes.</param>
/// <param name="FloodShare">Share of the time in flood: from more than 10 in ten minutes to fewer than 5; should be under 0.01.</param>
/// <param name="PriorityShares">By priority 1 to 4.</param>
/// <param name="Fleeting">Returned within 10 s.</param>
/// <param name="Chattering">Three times within a minute; should be 0.</param>
/// <param name="StaleNow">Active for more than 24 h now; should be 0.</param>
/// <param name="AcknowledgeP50Seconds">Half were acknowledged within; the upper bound of its class, null where none was.</param>
/// <param name="AcknowledgeP95Seconds">95 % within; null where none was, or it is above 2 h.</param>
/// <param name="Confirmed">Taken up as real.</param>
/// <param name="FalseAlarms">Found false.</param>
/// <param name="Precision">Confirmed of confirmed and false; null where neither is. Should be at least 0.8.</param>
/// <param name="ClosedInTime">Resolved within the deadline of all resolved; null where none was.</param>
/// <param name="Suppressed">Folded under a cause.</param>
/// <param name="Shelved">Put aside.</param>
/// <param name="BadActors">The alarms that were raised most, at most 20.</param>
internal sealed record AlarmKpiReport(DateTimeOffset From, DateTimeOffset To, int Raised, double PerDay, double PerTenMinutes, int PeakTenMinutes, double FloodShare, IReadOnlyList<double> PriorityShares,
    int Fleeting, int Chattering, int StaleNow, double? AcknowledgeP50Seconds, double? AcknowledgeP95Seconds, int Confirmed, int FalseAlarms, double? Precision, double? ClosedInTime, int Suppressed, int Shelved, IReadOnlyList<BadActor> BadActors);

/// <summary>Counts what happens, hour by hour: a fold like the alarms themselves.</summary>
internal sealed class AlarmKpis
{
    private const int MostNamed = 200;
    private static readonly TimeSpan Fleeting = TimeSpan.FromSeconds(10);

    private readonly DocumentBook<KpiHour> hours = new("alarm.kpi");

    public DocumentBook<KpiHour> Hours => hours;

    /// <summary>Writer only: something happened to an alarm.</summary>
    public void Count(AlarmRecord? before, AlarmRecord after, AlarmEvent happened, DateTimeOffset now)
    {
        if (after.Origin != Origin.Live) return;
        var hour = hours.Present.GetValueOrDefault(KpiHour.IdOf(now)) ?? new KpiHour { From = KpiHour.HourOf(now) };
        if (Counted(hour, before, after, happened, now) is { } counted && counted != hour) hours.Set(counted.Id, counted);
    }

    /// <summary>The figures of a period, of what is committed.</summary>
    public AlarmKpiReport Of(DateTimeOffset from, DateTimeOffset to, IEnumerable<AlarmRecord> alarms, DateTimeOffset now)
    {
        from = KpiHour.HourOf(from);
        var inside = hours.Committed.Where(h => h.From >= from && h.From < to).ToList();
        var raised = inside.Sum(h => h.Raised.Sum());
        var spans = Math.Max(1, (to - from).TotalMinutes / 10);
        var named = inside.SelectMany(h => h.ByAlarm).Where(p => p.Key.Length > 0).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Sum(p => p.Value));
        var known = alarms.ToList();
        var (peak, flooded) = Flooded(inside, from, to);
        var acknowledged = Enumerable.Range(0, KpiHour.AcknowledgeBounds.Length + 1).Select(i => inside.Sum(h => h.Acknowledged[i])).ToArray();
        var (confirmed, none, resolved) = (inside.Sum(h => h.Confirmed), inside.Sum(h => h.False), inside.Sum(h => h.Resolved));
        return new(from, to, raised, raised / Math.Max(1.0 / 24, (to - from).TotalDays), raised / spans, peak, flooded,
            [.. Enumerable.Range(0, 4).Select(p => raised == 0 ? 0 : (double)inside.Sum(h => h.Raised[p]) / raised)], inside.Sum(h => h.Fleeting), inside.Sum(h => h.Chattering),
            known.Count(a => a is { Active: true, Origin: Origin.Live } && now - a.RaisedAt > TimeSpan.FromHours(24)), Percentile(acknowledged, 0.5), Percentile(acknowledged, 0.95), confirmed, none,
            confirmed + none == 0 ? null : (double)confirmed / (confirmed + none), resolved == 0 ? null : (double)inside.Sum(h => h.ResolvedInTime) / resolved, inside.Sum(h => h.Suppressed), inside.Sum(h => h.Shelved),
            [.. named.OrderByDescending(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal).Take(20).Select(n => new BadActor(n.Key, known.Find(a => a.Id.Value == n.Key)?.Title, n.Value, (double)n.Value / raised))]);
    }

    private static KpiHour? Counted(KpiHour hour, AlarmRecord? before, AlarmRecord after, AlarmEvent happened, DateTimeOffset now) => happened switch
    {
        Raised when before is not { Active: true } => Raise(hour, after, now),
        HappenedBefore when before is not { Active: true } => Raise(hour, after, now),
        Returned r when r.At - after.RecentRaises.DefaultIfEmpty(r.At - Fleeting).Last() < Fleeting => hour with { Fleeting = hour.Fleeting + 1 },
        WasAcknowledged when before?.UnacknowledgedSince is { } since => hour with
        {
            Acknowledged = Plus(hour.Acknowledged, Bucket(now - since)),
        },
        Performed { Act: Shelve } => hour with { Shelved = hour.Shelved + 1 },
        Performed { Act: var act } => Settle(act is ResolveAlarm ? Resolve(hour, after, now) : hour, before!.Workflow, after.Workflow),
        Surrounded when before!.Circumstances.SuppressedBy.Count == 0 && after.Circumstances.SuppressedBy.Count > 0 => hour with { Suppressed = hour.Suppressed + 1 },
        _ => null,
    };

    private static KpiHour Resolve(KpiHour hour, AlarmRecord after, DateTimeOffset now) =>
        hour with { Resolved = hour.Resolved + 1, ResolvedInTime = hour.ResolvedInTime + (after.Dispatch is not { } d || now <= d.Deadline ? 1 : 0) };

    /// <summary>What people found: that it was real, that it was none, or, where they opened it again, neither.</summary>
    private static KpiHour Settle(KpiHour hour, AlarmWorkflow before, AlarmWorkflow after) => hour with
    {
        Confirmed = hour.Confirmed + (IsReal(after) ? 1 : 0) - (IsReal(before) ? 1 : 0),
        False = hour.False + (after == AlarmWorkflow.FalseAlarm ? 1 : 0) - (before == AlarmWorkflow.FalseAlarm ? 1 : 0),
    };

    private static bool IsReal(AlarmWorkflow workflow) => workflow is AlarmWorkflow.Dispatched or AlarmWorkflow.Handling or AlarmWorkflow.Resolved or AlarmWorkflow.Archived;

    /// <summary>The most within any ten minutes, and the share of the minutes that were in flood: what a clock's tenths would cut in two is one here.</summary>
    private static (int Peak, double Share) Flooded(List<KpiHour> hours, DateTimeOffset from, DateTimeOffset to)
    {
        var byHour = hours.ToDictionary(h => h.From);
        var (window, inWindow, peak, flooded, minutes, inFlood) = (new Queue<int>(), 0, 0, 0, 0, false);
        for (var hour = from; hour < to; hour = hour.AddHours(1))
        {
            if (!byHour.ContainsKey(hour) && inWindow == 0)
            {
                (window, inFlood, minutes) = (new(), false, minutes + 60); // quiet: a month is 43,200 minutes
                continue;
            }
            var raised = byHour.GetValueOrDefault(hour)?.Minutes;
            for (var minute = 0; minute < 60; minute++, minutes++)
            {
                if (window.Count == 10) inWindow -= window.Dequeue();
                window.Enqueue(raised?[minute] ?? 0);
                inWindow += raised?[minute] ?? 0;
                inFlood = inFlood ? inWindow >= Flood.Ends : inWindow > Flood.Begins;
                (peak, flooded) = (Math.Max(peak, inWindow), flooded + (inFlood ? 1 : 0));
            }
        }
        return (peak, minutes == 0 ? 0 : (double)flooded / minutes);
    }

    private static KpiHour Raise(KpiHour hour, AlarmRecord after, DateTimeOffset now)
    {
        var name = hour.ByAlarm.Count < MostNamed || hour.ByAlarm.ContainsKey(after.Id.Value) ? after.Id.Value : "";
        return hour with
        {
            Raised = Plus(hour.Raised, Math.Clamp(after.Priority, 1, 4) - 1),
            Minutes = Plus(hour.Minutes, now.UtcDateTime.Minute),
            Chattering = hour.Chattering + (after.Chattering ? 1 : 0),
            ByAlarm = new Dictionary<string, int>(hour.ByAlarm) { [name] = hour.ByAlarm.GetValueOrDefault(name) + 1 },
        };
    }

    private static int Bucket(TimeSpan took) => Array.FindIndex(KpiHour.AcknowledgeBounds, b => took.TotalSeconds <= b) is >= 0 and var bucket ? bucket : KpiHour.AcknowledgeBounds.Length;

    private static int[] Plus(IReadOnlyList<int> counts, int index) => [.. counts.Select((c, i) => i == index ? c + 1 : c)];

    private static double? Percentile(int[] buckets, double share)
    {
        var (all, sum) = (buckets.Sum(), 0);
        for (var i = 0; i < KpiHour.AcknowledgeBounds.Length && all > 0; i++)
            if ((sum += buckets[i]) >= all * share) return KpiHour.AcknowledgeBounds[i];
        return null;
    }
}
