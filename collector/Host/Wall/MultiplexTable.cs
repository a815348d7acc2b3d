using SignalWatch.Contracts;

namespace SignalWatch.Collector.Wall;

/// <summary>Transport streams with their services.</summary>
internal sealed class MultiplexTable
{
    private const int Most = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, MultiplexRow> rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<Subject, ServiceEntry>> services = new(StringComparer.Ordinal);

    public IEnumerable<MultiplexRow> Rows => rows.Values.Select(WithServices);

    public MultiplexRow? Find(string key) => rows.TryGetValue(key, out var row) ? WithServices(row) : null;

    /// <summary>Takes in a <c>ts.multiplex</c> or <c>ts.service</c> observation.</summary>
    /// <returns>The key of the row that changed; null where nothing did.</returns>
    public string? Observe(Observation o) => o.Subject.Kind == SubjectKind.Service ? ObserveService(o) : ObserveMultiplex(o);

    private string? ObserveMultiplex(Observation o)
    {
        var key = o.Subject.Key;
        if (rows.TryGetValue(key, out var before) ? o.At < before.At : rows.Count >= Most) return null;
        // Before its tables are read a stream is known by its input only; once it has its ids, that row would be a ghost of it.
        if (before is null) foreach (var ghost in rows.Values.Where(r => r.Probe == o.Probe && r.Watch == o.Watch && r.Key == $"{o.Probe}/{o.Watch}").ToArray()) rows.Remove(ghost.Key);
        rows[key] = new(key, o.Probe, o.Watch, o.Facts, [], o.At, o.Origin);
        return key;
    }

    private string? ObserveService(Observation o)
    {
        var dot = o.Subject.Key.LastIndexOf('.'); // onid.tsid.sid: the service's multiplex is in its own key
        if (dot <= 0) return null;
        var key = o.Subject.Key[..dot];
        if (!services.TryGetValue(key, out var entries)) services[key] = entries = [];
        if (!entries.TryGetValue(o.Subject, out var entry))
        {
            if (entries.Count >= Most) return null;
            entries[o.Subject] = entry = new();
        }
        entry.Observe(o);
        return rows.ContainsKey(key) ? key : null;
    }

    private MultiplexRow WithServices(MultiplexRow row) => !services.TryGetValue(row.Key, out var entries) ? row : row with
    {
        Services = [.. entries.OrderBy(e => e.Value.Number).Select(e => new ServiceRow(e.Key, e.Value.Name ?? e.Key.Key, e.Value.Facts, e.Value.ErrorsSince(row.At - Window)))],
    };

    /// <summary>A service, and its continuity errors by the second.</summary>
    private sealed class ServiceEntry
    {
        private readonly Queue<(DateTimeOffset At, long Count)> errors = new();
        private DateTimeOffset at = DateTimeOffset.MinValue;

        public IReadOnlyDictionary<string, Fact> Facts { get; private set; } = new Dictionary<string, Fact>();

        public string? Name { get; private set; }

        public double Number { get; private set; }

        public void Observe(Observation o)
        {
            if (o.Facts.Number("cc_errors") is > 0 and var count) errors.Enqueue((o.At, (long)count));
            while (errors.Count > 600 || (errors.TryPeek(out var oldest) && oldest.At < o.At - Window)) errors.Dequeue();
            if (o.At < at) return;
            (at, Facts, Name, Number) = (o.At, o.Facts, o.Facts.Text("name") ?? Name, o.Facts.Number("service_id") ?? Number);
        }

        public long ErrorsSince(DateTimeOffset since) => errors.Where(e => e.At > since).Sum(e => e.Count);
    }
}
