using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Ingest;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>How good the alarms are, every minute, as series: whether it gets better is seen from the curve, not from today's figure. They are in no journal: what a kill takes of them is gone.</summary>
internal sealed class AlarmFigures(AlarmBook alarms)
{
    public static readonly ObservationKind Kind = new("collector.alarms", SubjectKind.Probe, new("告警质量", "quality of the alarms"),
    [
        Series("active", "", "在位告警", "active alarms"),
        Series("unacknowledged", "", "未确认告警", "alarms not acknowledged"),
        Series("suppressed", "", "被抑制告警", "alarms folded under a cause"),
        Series("shelved", "", "搁置告警", "alarms put aside"),
        Series("raised_10min", "", "10 分钟内新告警", "raised within 10 min"),
        Series("flood_share_24h", "", "24 h 告警泛滥时间占比", "share of 24 h in flood"),
        Series("raised_24h", "", "24 h 新告警", "raised within 24 h"),
        Series("stale", "", "超过 24 h 未消除", "active for more than 24 h"),
        Series("ack_p95_24h_s", "s", "24 h 确认时间 P95", "95 % acknowledged within, of 24 h"),
        Series("precision_24h", "", "24 h 准确率", "share found real of those decided in 24 h"),
        Series("closed_in_time_24h", "", "24 h 按期办结率", "share resolved in time of 24 h"),
    ]);

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private DateTimeOffset takenAt;

    /// <summary>The next sample, where it is due. What nobody can say yet, such as a share of none, is left out.</summary>
    public Observation? Sample(DateTimeOffset now)
    {
        if (now - takenAt < Every) return null;
        takenAt = now;
        var live = alarms.Committed.Where(a => a is { Live: true, Origin: Origin.Live }).ToList();
        var day = alarms.Kpis(now - TimeSpan.FromDays(1), now, now);
        (string Name, double? Value)[] figures =
        [
            ("active", live.Count(a => a.Active)), ("unacknowledged", live.Count(a => !a.Acknowledged)), ("suppressed", live.Count(a => a.Circumstances.SuppressedBy.Count > 0)), ("shelved", live.Count(a => a.Shelf is not null)),
            ("raised_10min", alarms.Flood.State.Count), ("flood_share_24h", day.FloodShare), ("raised_24h", day.Raised), ("stale", day.StaleNow),
            ("ack_p95_24h_s", day.AcknowledgeP95Seconds), ("precision_24h", day.Precision), ("closed_in_time_24h", day.ClosedInTime),
        ];
        return new Observation
        {
            Id = Guid.Empty, // it never leaves this process
            Probe = new(ObservationBatch.OwnProbe),
            Watch = new("alarms"),
            Subject = Subject.Probe(new(ObservationBatch.OwnProbe)),
            Kind = Kind.Name,
            At = now,
            Facts = figures.Where(f => f.Value is not null).ToDictionary(f => f.Name, f => Fact.Of(f.Value!.Value)),
        };
    }

    private static FactDefinition Series(string name, string unit, string zh, string en) => new(name, FactType.Number, unit, new(zh, en), IsSeries: true);
}
