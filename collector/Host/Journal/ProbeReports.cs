using System.Text.Json;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>The newest report of each probe and watch about itself, so that a wall that starts knows them without reading back for hours.</summary>
internal static class ProbeReports
{
    private const string Kind = "report";

    /// <summary>Keeps an observation that is a report.</summary>
    public static void Keep(Observation o, DateTimeOffset receivedAt, IStoreWriter store)
    {
        if (o.Kind != Vocabulary.ProbeHeartbeat.Name && o.Kind != Vocabulary.ProbeWatch.Name) return;
        store.Put(Kind, $"{o.Probe}/{o.Watch}/{o.Kind}", JsonSerializer.SerializeToUtf8Bytes(new Report(receivedAt, o), WireJson.Options));
    }

    /// <summary>The reports, in the order of their receipt.</summary>
    public static IEnumerable<StoredObservation> Read(IDocuments store) => store.Documents(Kind)
        .Select(d => JsonSerializer.Deserialize<Report>(d.Body.Span, WireJson.Options)!).OrderBy(r => r.ReceivedAt).Select(r => new StoredObservation(r.Observation, r.ReceivedAt));

    private sealed record Report(DateTimeOffset ReceivedAt, Observation Observation);
}
