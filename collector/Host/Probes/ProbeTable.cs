using System.Collections.Concurrent;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Probes;

/// <summary>What is known of each probe. Fed by the writer after each commit; read by all.</summary>
internal sealed class ProbeTable
{
    /// <summary>Heard of within this time is online; a probe says that it lives every 5 s.</summary>
    public static readonly TimeSpan OnlineFor = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<ProbeId, ProbeRow> rows = [];
    private readonly Dictionary<(ProbeId Probe, WatchId Watch), string> failedWatches = [];
    private readonly Dictionary<(ProbeId Probe, WatchId Watch), Origin> origins = [];
    private readonly Dictionary<ProbeId, Origin> weakest = [];
    private readonly Dictionary<ProbeId, ProbeClock> clocks = [];

    public IReadOnlyList<ProbeRow> Rows => [.. rows.Values.OrderBy(r => r.Probe.Value, StringComparer.Ordinal)];

    public ProbeRow? Find(ProbeId probe) => rows.GetValueOrDefault(probe);

    /// <summary>The probe's area code, or an empty text.</summary>
    public string AreaOf(ProbeId probe) => rows.TryGetValue(probe, out var row) ? row.Area : "";

    /// <summary>A probe was heard of before the collector started.</summary>
    public void Heard(ProbeId probe, DateTimeOffset at, DateTimeOffset now) =>
        rows[probe] = (rows.GetValueOrDefault(probe) ?? Of(probe)) with { LastReceived = at, Online = now - at <= OnlineFor };

    /// <summary>Takes in what a delivery shows of its probe's clock. The row says it with the next heartbeat: a figure that moved with each delivery would be noise on the wall.</summary>
    public void Delivered(ClockReading reading)
    {
        if (!clocks.TryGetValue(reading.Probe, out var clock)) clocks[reading.Probe] = clock = new();
        clock.Take(reading.SentLessReceivedMs);
    }

    /// <summary>Takes in an observation.</summary>
    /// <returns>True where the row says something new; that it was heard again is not.</returns>
    public bool Observe(StoredObservation stored, DateTimeOffset now)
    {
        var o = stored.Observation;
        if (o.Probe.Value == ObservationBatch.OwnProbe) return false;
        var before = rows.GetValueOrDefault(o.Probe);
        var (online, origin) = (now - stored.ReceivedAt <= OnlineFor, OriginOf(o));
        if (before is not null && o.Kind != Vocabulary.ProbeHeartbeat.Name && o.Kind != Vocabulary.ProbeWatch.Name)
        {
            var isNew = before.Online != online || before.Origin != origin;
            // A group has one time of receipt: the second of its observations says nothing of the probe that the first did not.
            if (isNew || before.LastReceived != stored.ReceivedAt) rows[o.Probe] = before with { LastReceived = stored.ReceivedAt, Online = online, Origin = origin };
            return isNew;
        }
        var after = (before ?? Of(o.Probe)) with { LastReceived = stored.ReceivedAt, Online = online, Origin = origin };
        if (o.Kind == Vocabulary.ProbeHeartbeat.Name) after = Heartbeat(after, stored);
        if (o.Kind == Vocabulary.ProbeWatch.Name) after = Watch(after, o);
        rows[o.Probe] = after;
        return before is null || after with { LastReceived = before.LastReceived } != before;
    }

    /// <summary>Time went on: probes that were not heard of are unknown.</summary>
    /// <returns>Those that went offline.</returns>
    public IReadOnlyList<ProbeId> Expire(DateTimeOffset now)
    {
        List<ProbeId>? gone = null;
        foreach (var (probe, row) in rows)
        {
            if (!row.Online || now - row.LastReceived <= OnlineFor || !rows.TryUpdate(probe, row with { Online = false }, row)) continue;
            (gone ??= []).Add(probe);
        }
        return gone ?? [];
    }

    private static ProbeRow Of(ProbeId probe) => new(probe, probe.Value, "", false, default, null, null, 0, 0, [], Origin.Live);

    /// <summary>The weakest origin of what the probe watches. What it says of itself is always live: a real probe may watch a simulated city.</summary>
    private Origin OriginOf(Observation o)
    {
        if (o.Kind.StartsWith("probe.", StringComparison.Ordinal) || (origins.TryGetValue((o.Probe, o.Watch), out var known) && known == o.Origin))
            return weakest.GetValueOrDefault(o.Probe, Origin.Live);
        origins[(o.Probe, o.Watch)] = o.Origin;
        return weakest[o.Probe] = origins.Where(w => w.Key.Probe == o.Probe).Max(w => w.Value);
    }

    private ProbeRow Heartbeat(ProbeRow row, StoredObservation stored)
    {
        var facts = stored.Observation.Facts;
        return row with
        {
            Name = facts.Text("name") ?? row.Name,
            Area = facts.Text("area") ?? row.Area,
            Version = facts.Text("version") ?? row.Version,
            SpoolEntries = (long)(facts.Number("spool_entries") ?? 0),
            WatchesFailed = (int)(facts.Number("watches_failed") ?? row.WatchesFailed),
            ClockOffsetMs = clocks.GetValueOrDefault(stored.Observation.Probe)?.OffsetMs,
        };
    }

    private ProbeRow Watch(ProbeRow row, Observation o)
    {
        if (o.Facts.Flag("running") == false) failedWatches[(o.Probe, o.Watch)] = o.Facts.Text("reason") ?? "";
        else failedWatches.Remove((o.Probe, o.Watch));
        string[] faults = [.. failedWatches.Where(f => f.Key.Probe == o.Probe).OrderBy(f => f.Key.Watch.Value, StringComparer.Ordinal).Select(f => f.Value.Length > 0 ? $"{f.Key.Watch}: {f.Value}" : f.Key.Watch.Value)];
        return row with { Faults = faults, WatchesFailed = faults.Length };
    }
}
