using System.Text.Json;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>All slices as the journal comes to them, folded anew from the first month that is kept.</summary>
internal sealed class JournalFold
{
    /// <summary>What the collector adds to the journal itself; the rest came from probes, and changes no slice but through it.</summary>
    private static readonly EntryKind[] Own = [.. Enum.GetValues<EntryKind>().Except([EntryKind.Observation, EntryKind.Gap])];

    private JournalFold(IReadOnlyList<ISlice> slices, IReadOnlyList<Text> faults) => (Slices, Faults) = (slices, faults);

    /// <summary>The slices, as after the last entry.</summary>
    public IReadOnlyList<ISlice> Slices { get; }

    /// <summary>Entries that could not be folded: what the slices come to is then not all.</summary>
    public IReadOnlyList<Text> Faults { get; }

    /// <summary>Folds the whole journal.</summary>
    /// <param name="view">The journal.</param>
    /// <param name="progress">Told of every entry.</param>
    public static JournalFold Of(IStoreView view, Action? progress = null)
    {
        var (slices, faults) = (Journal.Slices.Fresh(), new List<Text>());
        // What was dropped or lost can't be folded any more: what it came to is what the first month behind it began with.
        var (opening, after) = JournalBaseline.Of(view);
        try
        {
            foreach (var slice in slices) slice.Load(opening);
        }
        catch (Exception bad) when (bad is JsonException or ArgumentException or InvalidOperationException)
        {
            faults.Add(new($"位置 {after} 处的初始状态无法读取：{bad.Message}", $"the state at position {after}, from which the journal is folded, can't be read: {bad.Message}"));
            return new(slices, faults);
        }
        foreach (var row in view.Entries(new(after, Kinds: Own)))
        {
            Replay(slices, row, faults);
            progress?.Invoke();
        }
        return new(slices, faults);
    }

    /// <summary>What of the stored documents is not what the slices come to, in order of kind.</summary>
    public IEnumerable<DocumentDifference> Differences(IDocuments stored)
    {
        foreach (var kind in Slices.SelectMany(slice => slice.Kinds, (slice, kind) => (slice, kind)))
        {
            var folded = kind.slice.Documents(kind.kind).ToDictionary(d => d.Id, d => d.Body, StringComparer.Ordinal);
            foreach (var difference in DocumentDifference.Between(kind.kind, stored.Documents(kind.kind), folded)) yield return difference;
        }
    }

    private static void Replay(IReadOnlyList<ISlice> slices, in JournalRow row, List<Text> faults)
    {
        try
        {
            foreach (var slice in slices) slice.Replay(row);
        }
        catch (Exception bad) when (bad is JsonException or ArgumentException or InvalidOperationException)
        {
            faults.Add(new($"日志第 {row.Position} 条无法重放：{bad.Message}", $"entry {row.Position} can't be replayed: {bad.Message}"));
        }
    }
}

/// <summary>A document that is not as it should be.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
/// <param name="Stored">What is stored; null where nothing is.</param>
/// <param name="Right">What should be; null where nothing should.</param>
internal readonly record struct DocumentDifference(string Kind, string Id, ReadOnlyMemory<byte>? Stored, ReadOnlyMemory<byte>? Right)
{
    /// <summary>What is stored compared with what should be, byte for byte.</summary>
    /// <param name="kind">The kind of both.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="right">What should be; what is found is taken out of it.</param>
    public static IEnumerable<DocumentDifference> Between(string kind, IEnumerable<Document> stored, Dictionary<string, ReadOnlyMemory<byte>> right)
    {
        foreach (var (id, body) in stored)
        {
            if (!right.Remove(id, out var should)) yield return new(kind, id, body, null);
            else if (!should.Span.SequenceEqual(body.Span)) yield return new(kind, id, body, should);
        }
        foreach (var (id, should) in right) yield return new(kind, id, null, should);
    }

    /// <summary>For people.</summary>
    public Text Describe() => Stored is null
        ? new($"日志中的 {Kind} {Id} 没有保存", $"{Kind} {Id} of the journal is not stored")
        : new($"{Kind} {Id} 与日志不符", $"{Kind} {Id} is not what the journal says");
}
