namespace SignalWatch.Collector.Storage.Backup;

/// <summary>Brings all that one store holds into another, empty one, of whatever kind: the same positions, months, openings, dead letters and documents.</summary>
internal static class JournalCopy
{
    /// <summary>Copies and commits. Where it fails, the target is not to be used.</summary>
    /// <param name="from">What is copied.</param>
    /// <param name="to">A writer of an empty store.</param>
    /// <param name="progress">Told of every entry.</param>
    public static void Run(IStoreView from, IStoreWriter to, Action? progress = null)
    {
        var months = from.Months;
        for (var i = 0; i < months.Count; i++)
        {
            var opening = from.Opening(months[i].Month);
            to.Begin(months[i], opening);
            foreach (var row in JournalDigest.EntriesOf(from, i))
            {
                to.Copy(row);
                progress?.Invoke();
            }
            foreach (var letter in from.Letters(months[i].Month)) to.Keep(letter);
            Bring(to, opening, i + 1 < months.Count ? from.Opening(months[i + 1].Month) : from);
        }
        to.Commit();
    }

    /// <summary>Makes the documents of a writer, which are as <paramref name="before"/>, what they are <paramref name="after"/>.</summary>
    private static void Bring(IStoreWriter to, IDocuments before, IDocuments after)
    {
        foreach (var kind in before.DocumentKinds().Union(after.DocumentKinds()).ToList())
        {
            var there = before.Documents(kind).ToDictionary(d => d.Id, d => d.Body, StringComparer.Ordinal);
            foreach (var (id, body) in after.Documents(kind))
                if (!there.Remove(id, out var old) || !old.Span.SequenceEqual(body.Span)) to.Put(kind, id, body);
            foreach (var id in there.Keys) to.Remove(kind, id);
        }
    }
}
