using System.Text.Json;
using SignalWatch.Collector.Storage;

namespace SignalWatch.Collector.Journal;

/// <summary>What documents the journal comes to: for a month whose own can't be read.</summary>
internal static class DocumentFold
{
    /// <summary>Folds entries behind the documents that they began with. States of rules are left out: they begin anew, because those of a month ago would clear or raise what was never seen.</summary>
    /// <param name="opening">The documents before the first entry.</param>
    /// <param name="rows">The entries, in order; enumerated twice.</param>
    public static Listed Of(IDocuments opening, IEnumerable<JournalRow> rows)
    {
        var slices = Slices.Fresh();
        foreach (var slice in slices) slice.Load(opening);
        foreach (var row in rows)
        {
            if (row.Kind is EntryKind.Observation or EntryKind.Gap) continue;
            try
            {
                foreach (var slice in slices) slice.Replay(row);
            }
            catch (Exception bad) when (bad is JsonException or ArgumentException or InvalidOperationException or NullReferenceException)
            {
                // What it rests on is gone with the damage; what follows is folded all the same.
            }
        }
        var documents = new List<(string, Document)>();
        foreach (var slice in slices)
            foreach (var kind in slice.Kinds) documents.AddRange(slice.Documents(kind).Select(d => (kind, d)));
        documents.AddRange(SequenceLedger.Fold(opening, rows).Select(d => (SequenceLedger.Kind, d)));
        return new(documents);
    }
}
