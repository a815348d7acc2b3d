using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>One boot of one probe: which of its numbers are stored.</summary>
internal sealed class ProbeStream(long id, ProbeId probe, Guid boot, SequenceRanges stored, long through, long duplicates, DateTimeOffset receivedAt)
{
    public long Id { get; } = id;

    public ProbeId Probe { get; } = probe;

    public Guid Boot { get; } = boot;

    /// <summary>Numbers that are in the journal or among the dead letters.</summary>
    public SequenceRanges Stored { get; } = stored;

    /// <summary>Every number up to this one is stored, or recorded as a gap.</summary>
    public long Through { get; set; } = through;

    public long Duplicates { get; set; } = duplicates;

    public DateTimeOffset ReceivedAt { get; set; } = receivedAt;
}

/// <summary>All boots of all probes. Owned by the journal's writer; what others see of it they read from the store.</summary>
internal sealed class SequenceLedger
{
    private readonly Dictionary<(ProbeId, Guid), ProbeStream> streams = [];
    private long lastId;

    public SequenceLedger(IEnumerable<ProbeStream> stored)
    {
        foreach (var stream in stored)
        {
            streams.Add((stream.Probe, stream.Boot), stream);
            lastId = Math.Max(lastId, stream.Id);
        }
    }

    public IEnumerable<ProbeStream> Streams => streams.Values;

    /// <summary>The stream of a probe's boot; a new one where it was never seen.</summary>
    public ProbeStream Of(ProbeId probe, Guid boot, DateTimeOffset now)
    {
        if (streams.TryGetValue((probe, boot), out var known)) return known;
        var fresh = new ProbeStream(++lastId, probe, boot, new SequenceRanges(), 0, 0, now);
        streams.Add((probe, boot), fresh);
        return fresh;
    }
}
