namespace SignalWatch.Collector.Storage;

/// <summary>Documents that are no longer, or not yet, in a store.</summary>
internal sealed class Listed(IReadOnlyCollection<(string Kind, Document Document)> all) : IDocuments
{
    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => all.Where(d => d.Kind == kind).Select(d => d.Document).OrderBy(d => d.Id, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> DocumentKinds() => [.. all.Select(d => d.Kind).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>All documents of a store.</summary>
    public static List<(string Kind, Document Document)> All(IDocuments store) => [.. store.DocumentKinds().SelectMany(kind => store.Documents(kind).Select(d => (kind, d)))];
}
