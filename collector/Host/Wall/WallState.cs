using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Probes;
using SignalWatch.Collector.Registers;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Wall;

/// <summary>What the wall shows: a projection of what is committed, with a revision for each window of changes.</summary>
internal sealed class WallState(ProbeTable probes, RegisterBook registers, CollectorIdentity identity) : ICommitListener
{
    private const int LogCapacity = 65_536;
    private const int MostChannels = 10_000;

    /// <summary>Measured rows change every second with every value; one update a second of each is all that a person can read.
    /// A little less, so that a row that comes each second is not put off to every other window.</summary>
    private static readonly TimeSpan MeasuredRowsEvery = TimeSpan.FromMilliseconds(850);

    private readonly Lock gate = new();
    private readonly RevisionLog log = new(LogCapacity);
    private readonly Dictionary<AlarmId, AlarmRow> alarms = [];
    private readonly CarrierTable carriers = new(registers);
    private readonly MultiplexTable multiplexes = new();
    private readonly Dictionary<string, ChannelRow> channels = new(StringComparer.Ordinal);
    private readonly Dictionary<RowKey, DateTimeOffset> pending = [];
    private readonly Dictionary<RowKey, DateTimeOffset> shownAt = [];
    private readonly List<RowKey> due = [];
    private (long From, long To, WrittenJson Message) newestDelta;
    private (long Revision, long Commits, WrittenJson Message) newestSnapshot;
    private long commits;

    /// <summary>When the newest observation was received.</summary>
    public DateTimeOffset? DataAt { get; private set; }

    /// <inheritdoc/>
    public bool OnEveryNode => true;

    public long Revision
    {
        get { lock (gate) return log.Revision; }
    }

    /// <summary>Begins with what was committed before this run.</summary>
    public void Load(IEnumerable<AlarmRecord> stored, IReadOnlyList<StoredObservation> recent, IEnumerable<(ProbeId Probe, DateTimeOffset At)> heard, DateTimeOffset now)
    {
        lock (gate)
        {
            foreach (var item in recent) Observe(item, now);
            foreach (var (probe, at) in heard)
            {
                probes.Heard(probe, at, now);
                if (DataAt is null || at > DataAt) DataAt = at;
            }
            foreach (var alarm in stored.Where(a => a.Live)) alarms[alarm.Id] = alarm.ToRow(probes.AreaOf);
        }
    }

    /// <inheritdoc/>
    public void Committed(IReadOnlyList<StoredObservation> observations, IReadOnlyList<ClockReading> clocks, IReadOnlyList<AlarmRecord> changed, DateTimeOffset now)
    {
        lock (gate)
        {
            commits++;
            foreach (var reading in clocks) probes.Delivered(reading);
            foreach (var item in observations) Observe(item, now);
            foreach (var alarm in changed)
            {
                if (alarm.Live) alarms[alarm.Id] = alarm.ToRow(probes.AreaOf);
                else if (!alarms.Remove(alarm.Id)) continue;
                pending[new(RowKind.Alarm, alarm.Id.Value)] = now;
            }
        }
    }

    /// <summary>Closes a window: what is due gets a revision.</summary>
    /// <returns>True where there is a new one.</returns>
    public bool Seal(DateTimeOffset now)
    {
        lock (gate)
        {
            foreach (var probe in probes.Expire(now)) pending[new(RowKind.Probe, probe.Value)] = now;
            due.Clear();
            foreach (var (key, at) in pending) if (at <= now) due.Add(key);
            if (due.Count == 0) return false;
            foreach (var key in due)
            {
                pending.Remove(key);
                if (key.Kind == RowKind.Alarm) continue;
                if (key.Kind == RowKind.Carrier && carriers.Find(key.Key) is null) shownAt.Remove(key);
                else shownAt[key] = now;
            }
            log.Seal(due);
            return true;
        }
    }

    /// <summary>The whole wall.</summary>
    public WallSnapshot Snapshot(DateTimeOffset now)
    {
        lock (gate)
            return new(identity.Instance, log.Revision, now, DataAt, [.. alarms.Values], [.. carriers.Rows], probes.Rows, [.. multiplexes.Rows], [.. channels.Values]);
    }

    /// <summary>The whole wall as a message: the same one for all that ask at one revision.</summary>
    public (long Revision, WrittenJson Message) WrittenSnapshot(DateTimeOffset now)
    {
        lock (gate)
        {
            // Also of the same commits: rows change before their revision is sealed, and who connects sees them as they are.
            if (newestSnapshot.Message is null || (newestSnapshot.Revision, newestSnapshot.Commits) != (log.Revision, commits)) newestSnapshot = (log.Revision, commits, WrittenJson.Of(Snapshot(now)));
            return (newestSnapshot.Revision, newestSnapshot.Message);
        }
    }

    /// <summary>What changed after a revision as a message: the same one for all that are at that revision; null where only a snapshot helps.</summary>
    public (long Revision, WrittenJson Message)? WrittenSince(long revision, DateTimeOffset now)
    {
        lock (gate)
        {
            if (newestDelta.Message is null || newestDelta.From != revision || newestDelta.To != log.Revision)
            {
                if (DeltaSince(revision, now) is not { } delta) return null;
                newestDelta = (revision, delta.Revision, WrittenJson.Of(delta));
            }
            return (newestDelta.To, newestDelta.Message);
        }
    }

    /// <summary>What changed after a revision; null where only a snapshot helps.</summary>
    public WallDelta? DeltaSince(long revision, DateTimeOffset now)
    {
        lock (gate)
        {
            if (log.Since(revision) is not { } keys) return null;
            var delta = new DeltaRows();
            foreach (var (kind, key) in keys)
            {
                switch (kind)
                {
                    case RowKind.Alarm:
                        if (alarms.TryGetValue(new(key), out var alarm)) delta.Alarms.Add(alarm); else delta.AlarmsGone.Add(new(key));
                        break;
                    case RowKind.Carrier:
                        if (carriers.Find(key) is { } carrier) delta.Carriers.Add(carrier); else delta.CarriersGone.Add(key);
                        break;
                    case RowKind.Probe when probes.Find(new(key)) is { } probe: delta.Probes.Add(probe); break;
                    case RowKind.Multiplex when multiplexes.Find(key) is { } multiplex: delta.Multiplexes.Add(multiplex); break;
                    case RowKind.Channel when channels.TryGetValue(key, out var channel): delta.Channels.Add(channel); break;
                }
            }
            return new(identity.Instance, revision, log.Revision, now, DataAt, delta.Alarms, delta.AlarmsGone, delta.Carriers, delta.CarriersGone, delta.Probes, delta.Multiplexes, delta.Channels);
        }
    }

    private void Observe(StoredObservation stored, DateTimeOffset now)
    {
        var o = stored.Observation;
        if (o.Probe.Value == ObservationBatch.OwnProbe) return;
        if (DataAt is null || stored.ReceivedAt > DataAt) DataAt = stored.ReceivedAt;
        if (stored.IsHistory) return;
        if (probes.Observe(stored, now)) Touch(new(RowKind.Probe, o.Probe.Value), now);
        var key = o.Kind switch
        {
            _ when o.Kind == Vocabulary.FmCarrier.Name => Key(RowKind.Carrier, carriers.Observe(o)),
            _ when o.Kind == Vocabulary.TsMultiplex.Name || o.Kind == Vocabulary.TsService.Name => Key(RowKind.Multiplex, multiplexes.Observe(o)),
            _ when o.Kind == Vocabulary.OttChannel.Name => Key(RowKind.Channel, ObserveChannel(o)),
            _ => null,
        };
        if (key is { } changed) Touch(changed, now);
    }

    private string? ObserveChannel(Observation o)
    {
        var key = o.Subject.ToString();
        if (channels.TryGetValue(key, out var before) ? o.At < before.At : channels.Count >= MostChannels) return null;
        channels[key] = new(o.Subject, o.Probe, o.Facts.Text("name") ?? o.Subject.Key, o.Facts, o.At, o.Origin);
        return key;
    }

    private static RowKey? Key(RowKind kind, string? key) => key is null ? null : new RowKey(kind, key);

    private void Touch(RowKey key, DateTimeOffset now)
    {
        // The first due time stands: a row that changes without end is shown all the same.
        var at = shownAt.TryGetValue(key, out var shown) && shown + MeasuredRowsEvery > now ? shown + MeasuredRowsEvery : now;
        pending.TryAdd(key, at);
    }

    private sealed class DeltaRows
    {
        public List<AlarmRow> Alarms { get; } = [];
        public List<AlarmId> AlarmsGone { get; } = [];
        public List<CarrierRow> Carriers { get; } = [];
        public List<string> CarriersGone { get; } = [];
        public List<ProbeRow> Probes { get; } = [];
        public List<MultiplexRow> Multiplexes { get; } = [];
        public List<ChannelRow> Channels { get; } = [];
    }
}
