using System.Globalization;
using System.Text.Json;
using SignalWatch.Collector.Storage;
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
    /// <summary>The kind of its documents.</summary>
    public const string Kind = "stream";

    private readonly Dictionary<(ProbeId, Guid), ProbeStream> streams = [];
    private readonly HashSet<ProbeStream> changed = [];
    private long lastId;

    public SequenceLedger(IDocuments store)
    {
        foreach (var stream in Streams(store))
        {
            streams.Add((stream.Probe, stream.Boot), stream);
            lastId = Math.Max(lastId, stream.Id);
        }
    }

    /// <summary>The streams as they are stored.</summary>
    public static IEnumerable<ProbeStream> Streams(IDocuments store) => store.Documents(Kind).Select(document => Read(document));

    /// <summary>A stream as it is stored.</summary>
    /// <exception cref="JsonException">The document is none.</exception>
    public static ProbeStream Read(in Document document)
    {
        var s = JsonSerializer.Deserialize<StoredStream>(document.Body.Span, WireJson.Options) ?? throw new JsonException("null");
        return new ProbeStream(long.Parse(document.Id, CultureInfo.InvariantCulture), s.Probe, s.Boot, SequenceRanges.Parse(s.Ranges), s.Through, s.Duplicates, s.ReceivedAt);
    }

    /// <summary>A stream as it is to be stored.</summary>
    public static Document Written(ProbeStream s) => new(s.Id.ToString(CultureInfo.InvariantCulture),
        JsonSerializer.SerializeToUtf8Bytes(new StoredStream(s.Probe, s.Boot, s.Stored.ToString(), s.Through, s.Duplicates, s.ReceivedAt), WireJson.Options));

    /// <summary>The stream of a probe's boot, which the group is going to change; a new one where it was never seen.</summary>
    public ProbeStream Of(ProbeId probe, Guid boot, DateTimeOffset now)
    {
        if (!streams.TryGetValue((probe, boot), out var stream)) streams.Add((probe, boot), stream = new ProbeStream(++lastId, probe, boot, new SequenceRanges(), 0, 0, now));
        changed.Add(stream);
        return stream;
    }

    /// <summary>The stream with that id, which the group is going to change; null where there is none.</summary>
    public ProbeStream? Of(long id)
    {
        var stream = streams.Values.FirstOrDefault(s => s.Id == id);
        if (stream is not null) changed.Add(stream);
        return stream;
    }

    /// <summary>Stores what the group has changed.</summary>
    public void Save(IStoreWriter store)
    {
        foreach (var (id, body) in changed.Select(Written)) store.Put(Kind, id, body);
        changed.Clear();
    }

    /// <summary>The ledger as entries give it, behind the one that they began with. Dead letters are not among them: their numbers may be delivered again.</summary>
    public static IEnumerable<Document> Fold(IDocuments opening, IEnumerable<JournalRow> rows)
    {
        var streams = Streams(opening).ToDictionary(s => s.Id);
        foreach (var row in rows)
        {
            if (row is not { Stream: { } id, Sequence: { } sequence }) continue;
            if (!streams.TryGetValue(id, out var stream))
            {
                if (First(row) is not { } first) continue;
                streams.Add(id, stream = new(id, first.Observation.Probe, first.Boot, new(), 0, 0, row.ReceivedAt));
            }
            stream.Stored.Add(sequence);
            (stream.Through, stream.ReceivedAt) = (Math.Max(stream.Through, sequence), row.ReceivedAt);
        }
        return streams.Values.Select(Written);
    }

    private static SpooledObservation? First(in JournalRow row)
    {
        try
        {
            return JsonSerializer.Deserialize<SpooledObservation>(row.Body.Span, WireJson.Options) is { Observation.Probe.Value: not null } whole ? whole : null;
        }
        catch (JsonException)
        {
            return null; // a line whose bytes were damaged; the next one of the boot names the probe
        }
    }

    /// <summary>A stream as it is stored.</summary>
    private sealed record StoredStream(ProbeId Probe, Guid Boot, string Ranges, long Through, long Duplicates, DateTimeOffset ReceivedAt);
}
