using SignalWatch.Collector.Storage;

namespace SignalWatch.Collector.Journal;

/// <summary>The state of one part of the collector: a fold of the journal, which the one writer changes and stores as documents beside the entries that changed it.
/// An implementation depends on nothing but the journal, so that a second one, empty, can fold it again and be compared.</summary>
internal interface ISlice
{
    /// <summary>The kinds of documents that are this slice's.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Begins anew from what is stored: at the start, and after a group that failed.</summary>
    void Load(IDocuments store);

    /// <summary>Time went on: called in a group about once a second. What changes by it is appended to the journal.</summary>
    void Advance(Group group) { }

    /// <summary>All works of the group are done: what follows from them is appended too.</summary>
    void Complete(Group group) { }

    /// <summary>Stores what the group has changed, in its transaction.</summary>
    void Save(IStoreWriter store);

    /// <summary>After the commit: what the group changed is what others see.</summary>
    void Publish();

    /// <summary>Folds an entry that is in the journal, as the group did that appended it. It knows no clock but the entry's.</summary>
    /// <exception cref="System.Text.Json.JsonException">The entry's body is not what its kind says.</exception>
    void Replay(in JournalRow row);

    /// <summary>The documents of a kind as the present state gives them.</summary>
    IEnumerable<Document> Documents(string kind);
}

/// <summary>The group that is being written, as an act on it sees it.</summary>
/// <param name="store">Where it goes.</param>
/// <param name="now">The collector's clock, to the millisecond: one time for the whole group.</param>
internal sealed class Group(IStoreWriter store, DateTimeOffset now)
{
    public DateTimeOffset Now { get; } = now;

    /// <summary>Adds an entry of the collector's own.</summary>
    /// <returns>Its position.</returns>
    public long Append(EntryKind kind, string? about, ReadOnlyMemory<byte> body) => store.Append(kind, null, null, about, Now, body);
}

/// <summary>Something that a person, or a part of the collector, does to a slice: decided on the writer, journaled, answered after fsync.</summary>
internal abstract class ActWork<T> : JournalWork<T>, IAct
{
    /// <inheritdoc/>
    public abstract void Do(Group group);
}

/// <summary>An act, whatever its answer is.</summary>
internal interface IAct
{
    /// <summary>Decides; appends what is decided and changes the slice, or refuses and changes nothing. It must answer or refuse.</summary>
    void Do(Group group);
}
