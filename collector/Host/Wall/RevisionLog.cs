namespace SignalWatch.Collector.Wall;

/// <summary>What kind of row a wall has.</summary>
internal enum RowKind
{
    Alarm,
    Carrier,
    Probe,
    Multiplex,
    Channel,
}

/// <summary>A row of the wall.</summary>
internal readonly record struct RowKey(RowKind Kind, string Key);

/// <summary>Which rows changed at which revision: a ring that all viewers read with their own place. A viewer that fell behind its tail needs a snapshot;
/// the one who writes never waits for anybody.</summary>
internal sealed class RevisionLog(int capacity)
{
    private readonly (long Revision, RowKey Key)[] ring = new (long, RowKey)[capacity];
    private long written;

    /// <summary>The newest revision.</summary>
    public long Revision { get; private set; }

    /// <summary>Closes a revision with the rows that changed in it.</summary>
    public void Seal(IReadOnlyCollection<RowKey> changed)
    {
        Revision++;
        foreach (var key in changed) ring[written++ % capacity] = (Revision, key);
    }

    /// <summary>The rows that changed after <paramref name="revision"/>; null where the ring does not reach back that far.</summary>
    public HashSet<RowKey>? Since(long revision)
    {
        if (revision > Revision) return null;
        var keys = new HashSet<RowKey>();
        var oldest = Math.Max(0, written - capacity);
        for (var i = written - 1; i >= oldest; i--)
        {
            var (at, key) = ring[i % capacity];
            if (at <= revision) return keys;
            keys.Add(key);
        }
        return oldest == 0 ? keys : null;
    }
}
