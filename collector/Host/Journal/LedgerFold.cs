using System.Globalization;
using System.Text.Json;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>The ledger of numbers, made again from the entries and dead letters that it speaks of. What only the ledger ever knew stays as it says: numbers whose entries retention has removed, how many
/// duplicates were refused, when the last delivery came.</summary>
internal static class LedgerFold
{
    /// <summary>The stream of a document; null where it can't be read.</summary>
    public static ProbeStream? TryRead(in Document document)
    {
        try
        {
            return SequenceLedger.Read(document);
        }
        catch (Exception bad) when (bad is JsonException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>What of the ledger is not what the journal says, with what is right. It reads the whole journal.</summary>
    /// <param name="view">The journal.</param>
    /// <param name="faults">Told of streams of which nothing says whose they are.</param>
    /// <param name="progress">Told of every entry.</param>
    public static List<DocumentDifference> Differences(IStoreView view, List<Text> faults, Action? progress = null)
    {
        var isWhole = view.Months is [{ First: 1 }, ..] && view.Months.All(m => m.Thinned == 0) && JournalBaseline.Losses(view).Count == 0;
        var found = Find(view, progress);
        var opening = Read(view.Opening(view.Months[0].Month));
        var stored = view.Documents(SequenceLedger.Kind).ToList();
        var right = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var document in stored)
        {
            if (TryRead(document) is not { } stream) continue;
            var there = found.GetValueOrDefault(stream.Id)?.Numbers ?? new SequenceRanges();
            if (isWhole ? there.ToString() == stream.Stored.ToString() : there.Runs.All(stream.Stored.Has))
            {
                right[document.Id] = document.Body; // what it knows beyond the journal stays
                found.Remove(stream.Id);
            }
            else opening[stream.Id] = stream;
        }
        foreach (var id in found.Keys.Union(isWhole ? [] : opening.Keys.Where(id => !right.ContainsKey(id.ToString(CultureInfo.InvariantCulture)))).Order())
        {
            if (Remade(id, found.GetValueOrDefault(id), opening.GetValueOrDefault(id), isWhole) is not { } stream)
                faults.Add(new($"序号流 {id} 只有死信，无法得知是哪个探针的", $"stream {id} has dead letters only, and nothing says of which probe"));
            else
            {
                var (name, body) = SequenceLedger.Written(stream);
                right[name] = body;
            }
        }
        return [.. DocumentDifference.Between(SequenceLedger.Kind, stored, right)];
    }

    private static Dictionary<long, ProbeStream> Read(IDocuments documents) =>
        documents.Documents(SequenceLedger.Kind).Select(d => TryRead(d)).OfType<ProbeStream>().ToDictionary(s => s.Id);

    private static ProbeStream? Remade(long id, Found? found, ProbeStream? known, bool isWhole)
    {
        var numbers = found?.Numbers ?? new SequenceRanges();
        if (!isWhole && known is not null)
            foreach (var run in known.Stored.Runs)
                for (var number = run.From; number <= run.To; number++) numbers.Add(number);
        var (probe, boot) = (known?.Probe ?? found?.Probe, known?.Boot ?? found?.Boot);
        // Whatever a probe went past is recorded as a gap in the group that brought the later number, so that nothing is open up to the last one.
        var through = numbers.Runs.Count > 0 ? numbers.Runs[^1].To : 0;
        return probe is { } of && boot is { } run0 ? new(id, of, run0, numbers, through, known?.Duplicates ?? 0, found?.ReceivedAt ?? known!.ReceivedAt) : null;
    }

    private static Dictionary<long, Found> Find(IStoreView view, Action? progress)
    {
        var streams = new Dictionary<long, Found>();
        Found Of(long stream) => streams.TryGetValue(stream, out var there) ? there : streams[stream] = new();
        foreach (var row in view.Entries(new(Kinds: [EntryKind.Observation, EntryKind.Gap])))
        {
            progress?.Invoke();
            if (row.Stream is not { } id) continue;
            var stream = Of(id);
            if (row.Sequence is { } number) stream.Numbers.Add(number);
            if (row.ReceivedAt > stream.ReceivedAt) stream.ReceivedAt = row.ReceivedAt;
            if (stream.Probe is null) stream.Name(row.Body.Span);
        }
        foreach (var month in view.Months)
            foreach (var letter in view.Letters(month.Month))
            {
                var stream = Of(letter.Stream);
                if (letter.Sequence is { } number) stream.Numbers.Add(number);
                if (letter.ReceivedAt > stream.ReceivedAt) stream.ReceivedAt = letter.ReceivedAt;
                if (stream.Probe is null) stream.Name(letter.Body.Span);
            }
        return streams;
    }

    /// <summary>What the journal has of a stream.</summary>
    private sealed class Found
    {
        public SequenceRanges Numbers { get; } = new();

        public DateTimeOffset ReceivedAt { get; set; } = DateTimeOffset.MinValue;

        public ProbeId? Probe { get; private set; }

        public Guid? Boot { get; private set; }

        public void Name(ReadOnlySpan<byte> body)
        {
            try
            {
                if (JsonSerializer.Deserialize<SpooledObservation>(body, WireJson.Options) is { Observation: { } observation } line) (Probe, Boot) = (observation.Probe, line.Boot);
            }
            catch (JsonException)
            {
                // A dead letter may be anything.
            }
        }
    }
}
