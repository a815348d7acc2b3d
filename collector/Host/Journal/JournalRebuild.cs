using System.Text.Json;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>What is stored beside the journal, compared with the journal.</summary>
/// <param name="Differences">What is not as the journal says.</param>
/// <param name="Faults">What stands against making it again: entries that can't be folded.</param>
/// <param name="Documents">How many documents the slices come to.</param>
internal sealed record RebuildPlan(IReadOnlyList<DocumentDifference> Differences, IReadOnlyList<Text> Faults, long Documents);

/// <summary>Makes again what is stored beside the journal: the documents of every slice and the ledger. What of other kinds can't be read is removed; it begins anew by itself.</summary>
internal static class JournalRebuild
{
    /// <summary>Finds what would be changed. Changes nothing.</summary>
    /// <param name="view">The journal.</param>
    /// <param name="progress">Told of every entry.</param>
    public static RebuildPlan Plan(IStoreView view, Action? progress = null)
    {
        var fold = JournalFold.Of(view, progress);
        var faults = fold.Faults.ToList();
        var differences = fold.Differences(view).ToList();
        differences.AddRange(LedgerFold.Differences(view, faults, progress));
        var folded = fold.Slices.SelectMany(slice => slice.Kinds).Append(SequenceLedger.Kind).ToHashSet(StringComparer.Ordinal);
        foreach (var kind in view.DocumentKinds().Where(kind => !folded.Contains(kind)).ToList())
            differences.AddRange(view.Documents(kind).Where(d => !IsJson(d.Body)).Select(d => new DocumentDifference(kind, d.Id, d.Body, null)));
        return new(differences, faults, fold.Slices.Sum(slice => slice.Kinds.Sum(kind => slice.Documents(kind).LongCount())));
    }

    /// <summary>Puts what is right in the place of what is not, in one transaction.</summary>
    /// <param name="plan">Of this store, in which nothing was written since.</param>
    /// <param name="writer">The one writer.</param>
    /// <param name="newest">The month that is written: a rebuild begins none, which would begin with what is not right.</param>
    public static void Carry(RebuildPlan plan, IStoreWriter writer, Month newest)
    {
        writer.Begin(newest.Begins);
        foreach (var (kind, id, _, right) in plan.Differences)
        {
            if (right is { } body) writer.Put(kind, id, body);
            else writer.Remove(kind, id);
        }
        writer.Commit();
    }

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var read = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
