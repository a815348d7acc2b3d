using System.Collections.Concurrent;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage;

/// <summary>All records of one kind. The writer changes them within a group; everybody else sees them as they were committed.</summary>
/// <param name="kind">The kind of their documents.</param>
internal sealed class DocumentBook<T>(string kind) where T : class
{
    private readonly ConcurrentDictionary<string, T> committed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> present = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T?> changed = new(StringComparer.Ordinal);

    public string Kind { get; } = kind;

    /// <summary>Writer only: the records with what the open group has changed.</summary>
    public IReadOnlyDictionary<string, T> Present => present;

    /// <summary>The records as committed.</summary>
    public ICollection<T> Committed => committed.Values;

    /// <summary>The record as committed, or null.</summary>
    public T? Find(string id) => committed.GetValueOrDefault(id);

    /// <summary>Writer only.</summary>
    public void Set(string id, T record) => present[id] = (changed[id] = record)!;

    /// <summary>Writer only.</summary>
    public void Remove(string id)
    {
        if (present.Remove(id)) changed[id] = null;
    }

    /// <summary>Begins anew from what is stored.</summary>
    public void Load(IDocuments store)
    {
        changed.Clear();
        present.Clear();
        foreach (var (id, body) in store.Documents(Kind)) present[id] = JsonSerializer.Deserialize<T>(body.Span, WireJson.Options)!;
        foreach (var (id, record) in present) committed[id] = record;
        foreach (var id in committed.Keys)
            if (!present.ContainsKey(id)) committed.TryRemove(id, out _);
    }

    /// <summary>Stores what the group has changed.</summary>
    public void Save(IStoreWriter store)
    {
        foreach (var (id, record) in changed)
        {
            if (record is null) store.Remove(Kind, id);
            else store.Put(Kind, id, Written(record));
        }
    }

    /// <summary>After the commit: what the group changed is what others see.</summary>
    /// <returns>The records that changed; those that were removed are not among them.</returns>
    public IReadOnlyList<T> Publish()
    {
        if (changed.Count == 0) return [];
        foreach (var (id, record) in changed)
        {
            if (record is null) committed.TryRemove(id, out _);
            else committed[id] = record;
        }
        T[] published = [.. changed.Values.OfType<T>()];
        changed.Clear();
        return published;
    }

    /// <summary>The present records as they would be stored.</summary>
    public IEnumerable<Document> Documents() => present.Select(p => new Document(p.Key, Written(p.Value)));

    private static byte[] Written(T record) => JsonSerializer.SerializeToUtf8Bytes(record, WireJson.Options);
}
