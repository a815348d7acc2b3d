using System.Text.Json;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>Reads what is committed, beside the writer. Each call has its own view: a slow reader holds up nobody.</summary>
internal sealed class JournalReader(IStore store)
{
    public const int MaxPage = 5_000;

    /// <summary>Entries after a position.</summary>
    public JournalPage Page(long after, int limit, string? probe)
    {
        using var view = store.OpenView();
        var streams = SequenceLedger.Streams(view).Where(s => probe is null || s.Probe.Value == probe).ToDictionary(s => s.Id);
        var entries = view.Entries(new(after, limit, probe is null ? null : streams.Keys)).Select(row => Entry(row, streams)).ToList();
        return new(entries, entries.Count > 0 ? entries[^1].Position : Math.Max(after, 0), view.Newest);
    }

    /// <summary>What the journal has about something, oldest first: verdicts and acts.</summary>
    public List<JournalRow> About(string id)
    {
        using var view = store.OpenView();
        return [.. view.Entries(new(About: id))];
    }

    /// <summary>For each boot of each probe which numbers are there, by the ledger.</summary>
    public List<SequenceReport> Sequences(string? probe = null)
    {
        using var view = store.OpenView();
        return Sequences(view, probe);
    }

    public static List<SequenceReport> Sequences(IStoreView view, string? probe)
    {
        var deadLetters = view.DeadLetters();
        return [.. SequenceLedger.Streams(view).Where(s => probe is null || s.Probe.Value == probe).OrderBy(s => s.Probe.Value, StringComparer.Ordinal).ThenBy(s => s.Id).Select(s =>
            new SequenceReport(s.Probe, s.Boot, s.Stored.Runs.Count > 0 ? s.Stored.Runs[0].From : 0, s.Stored.Runs.Count > 0 ? s.Stored.Runs[^1].To : 0,
                s.Stored.Count, [.. s.Stored.Missing()], deadLetters.GetValueOrDefault(s.Id), s.Duplicates, s.ReceivedAt))];
    }

    /// <summary>The newest report of each probe and watch about itself, and the newest observations, oldest first: what the wall begins with.</summary>
    public List<StoredObservation> Recent(DateTimeOffset since, int most)
    {
        using var view = store.OpenView();
        var newest = view.Entries(new(Math.Max(0, view.Newest - most), Kinds: [EntryKind.Observation])).Where(row => row.ReceivedAt >= since)
            .Select(row => new StoredObservation(JsonSerializer.Deserialize<SpooledObservation>(row.Body.Span, WireJson.Options)!.Observation, row.ReceivedAt));
        return [.. ProbeReports.Read(view), .. newest];
    }

    /// <summary>When each probe was heard of last.</summary>
    public List<(ProbeId Probe, DateTimeOffset At)> Heard()
    {
        using var view = store.OpenView();
        return [.. SequenceLedger.Streams(view).Where(s => s.Probe.Value != ObservationBatch.OwnProbe).GroupBy(s => s.Probe).Select(g => (g.Key, g.Max(s => s.ReceivedAt)))];
    }

    private static JournalEntry Entry(JournalRow row, Dictionary<long, ProbeStream> streams)
    {
        using var body = JsonDocument.Parse(row.Body);
        var stream = row.Stream is { } id ? streams.GetValueOrDefault(id) : null;
        return new(row.Position, row.Kind, stream?.Probe, stream?.Boot, row.Sequence, row.About, row.ReceivedAt, body.RootElement.Clone());
    }
}
