using System.Text.Json;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>Keeps a node that does not write up with the one that does, by folding what the journal has gained. For one thread.</summary>
internal sealed class Follower(IStore store, IReadOnlyList<ISlice> slices, AlarmBook alarms, IEnumerable<ICommitListener> listeners, CollectorMetrics metrics, TimeProvider time)
{
    private const int MostAtOnce = 10_000;

    /// <summary>What is older than the newest of its boot by so much, and has a lower number, is what an outage left behind. Telling it by the probe's own times makes its clock's error no matter.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan CountFloodEvery = TimeSpan.FromSeconds(1);

    private readonly ICommitListener[] listeners = [.. listeners.Where(l => l.OnEveryNode)];
    private readonly Dictionary<long, (long Sequence, DateTimeOffset At)> newest = [];
    private readonly List<StoredObservation> observed = [];
    private long position;
    private DateTimeOffset floodCountedAt;

    /// <summary>From the commit of the newest entry that was folded until it was shown, by the two nodes' clocks; ms.</summary>
    public double LagMs { get; private set; }

    /// <summary>Begins with what is committed: at the start, and where this node wrote until now.</summary>
    public void Begin()
    {
        using var view = store.OpenView();
        foreach (var slice in slices) slice.Load(view);
        position = view.Newest;
        observed.Clear();
        // Where this node wrote until now: what the next writer has committed meanwhile is shown too.
        if (metrics.Position > 0)
            foreach (var row in view.Entries(new(metrics.Position, MostAtOnce, Kinds: [EntryKind.Observation, EntryKind.Gap]))) Observe(row);
        metrics.Position = position;
        var (now, all) = (time.GetUtcNow(), alarms.Committed.ToList());
        foreach (var listener in listeners) listener.Committed(observed, [], all, now);
    }

    /// <summary>Folds what is new.</summary>
    /// <returns>How many entries there were.</returns>
    public int Apply()
    {
        using var view = store.OpenView();
        var (folded, receivedAt) = (0, DateTimeOffset.MinValue);
        observed.Clear();
        if (view.Newest > position)
            foreach (var row in view.Entries(new(position, MostAtOnce)))
            {
                if (row.Kind is EntryKind.Observation or EntryKind.Gap) Observe(row);
                else foreach (var slice in slices) slice.Replay(row);
                (position, receivedAt) = (row.Position, row.ReceivedAt);
                folded++;
            }
        var now = time.GetUtcNow();
        if (now - floodCountedAt >= CountFloodEvery)
        {
            floodCountedAt = now;
            alarms.Flood.Begin(alarms.Committed, now);
        }
        if (folded == 0) return 0;
        foreach (var slice in slices) slice.Publish();
        metrics.Position = position;
        foreach (var listener in listeners) listener.Committed(observed, [], alarms.Published, now);
        LagMs = Math.Max(0, (now - receivedAt).TotalMilliseconds);
        return folded;
    }

    /// <summary>Folds all that is there, so that nothing is left out when this node takes over.</summary>
    public void CatchUp()
    {
        while (Apply() > 0) { }
        LagMs = 0;
    }

    private void Observe(in JournalRow row)
    {
        var observation = JsonSerializer.Deserialize<SpooledObservation>(row.Body.Span, WireJson.Options)!.Observation;
        var isHistory = false;
        if (row is { Stream: { } stream, Sequence: { } sequence })
        {
            if (!newest.TryGetValue(stream, out var before) || sequence > before.Sequence) newest[stream] = (sequence, observation.At);
            else isHistory = before.At - observation.At > Late;
        }
        observed.Add(new(observation, row.ReceivedAt, isHistory));
    }
}
