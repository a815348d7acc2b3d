using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Metrics;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>The collector's own counters and loads, every 10 s, as if it were a probe. They are in no journal: what a kill takes of them is gone.</summary>
internal sealed class Vitals(CollectorMetrics metrics)
{
    public static readonly ObservationKind Kind = new("collector.vitals", SubjectKind.Probe, new("采集器自身", "the collector itself"),
    [
        Series("observations", "", "已存观测（10 s）", "observations stored in 10 s"),
        Series("duplicates", "", "拒绝的重复（10 s）", "duplicates refused in 10 s"),
        Series("rejected", "", "死信（10 s）", "dead letters in 10 s"),
        Series("refused_batches", "", "因忙拒绝的批次（10 s）", "batches refused in 10 s because it was busy"),
        Series("missing_numbers", "", "缺失序号（10 s）", "numbers found missing in 10 s"),
        Series("verdicts", "", "判定（10 s）", "verdicts in 10 s"),
        Series("failed_groups", "", "写入失败（10 s）", "groups that failed in 10 s"),
        Series("queue_rows", "", "排队待写", "rows that wait to be written"),
        Series("ack_mean_ms", "ms", "平均确认时间", "mean time to acknowledge"),
        Series("cpu_share", "", "处理器占用（核）", "processors in use"),
        Series("memory_bytes", "B", "内存", "memory"),
    ]);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private DateTimeOffset? takenAt;
    private double[] before = [];

    /// <summary>The next sample, where it is due.</summary>
    public Observation? Sample(DateTimeOffset now)
    {
        if (takenAt is { } taken && now - taken < Every) return null;
        double[] totals = [metrics.Stored, metrics.Duplicates, metrics.Rejected, metrics.RefusedBatches, metrics.MissingNumbers, metrics.Verdicts, metrics.FailedGroups,
            metrics.AcknowledgeSeconds, metrics.Acknowledgements, Environment.CpuUsage.TotalTime.TotalSeconds];
        var (first, seconds) = (takenAt is null, takenAt is { } at ? (now - at).TotalSeconds : 1);
        var since = first ? [] : totals.Zip(before, (a, b) => a - b).ToArray();
        (takenAt, before) = (now, totals);
        if (first || seconds <= 0) return null; // counters say nothing before the second reading
        var facts = Kind.Facts.Take(7).Select((definition, i) => (definition.Name, Fact.Of(since[i]))).ToDictionary();
        facts["queue_rows"] = Fact.Of((double)metrics.QueueDepth());
        if (since[8] > 0) facts["ack_mean_ms"] = Fact.Of(since[7] / since[8] * 1000);
        facts["cpu_share"] = Fact.Of(since[9] / seconds);
        facts["memory_bytes"] = Fact.Of((double)Environment.WorkingSet);
        return new Observation
        {
            Id = Guid.Empty, // it never leaves this process
            Probe = new(ObservationBatch.OwnProbe),
            Watch = new("vitals"),
            Subject = Subject.Probe(new(ObservationBatch.OwnProbe)),
            Kind = Kind.Name,
            At = now,
            Facts = facts,
        };
    }

    private static FactDefinition Series(string name, string unit, string zh, string en) => new(name, FactType.Number, unit, new(zh, en), IsSeries: true);
}
