using System.Text.Json;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>From where the journal can be folded to what is stored now: not over what retention dropped, and not over what a damaged file lost.</summary>
/// <param name="Opening">The documents to begin with.</param>
/// <param name="After">The entries behind this position follow.</param>
internal readonly record struct JournalBaseline(IDocuments Opening, long After)
{
    /// <summary>The first point behind which the journal is whole.</summary>
    public static JournalBaseline Of(IStoreView view)
    {
        var months = view.Months;
        var from = new JournalBaseline(view.Opening(months[0].Month), months[0].First - 1);
        foreach (var (position, loss) in Losses(view))
        {
            var after = months.Where(m => string.CompareOrdinal(m.Month.ToString(), loss.Month) > 0).Select(m => (StoredMonth?)m).FirstOrDefault();
            if (loss.Restarts && Month.TryParse(loss.Month, out var month)) from = new(view.Opening(month), position);
            else if (after is { } next && next.First - 1 > from.After) from = new(view.Opening(next.Month), next.First - 1);
        }
        return from;
    }

    /// <summary>What the store says it lost, oldest first.</summary>
    public static List<(long Position, StoredLoss Loss)> Losses(IStoreView view) =>
        [.. view.Entries(new(Kinds: [EntryKind.Damage])).Where(row => row.About is null).Select(row => (row.Position, JsonSerializer.Deserialize<StoredLoss>(row.Body.Span, WireJson.Options)!))];
}
