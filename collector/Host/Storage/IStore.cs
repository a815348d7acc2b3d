using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage;

/// <summary>An entry of the journal as it is stored.</summary>
/// <param name="Position">1, 2, 3 … in the order of storing, without a hole but those that retention left and recorded.</param>
/// <param name="Kind">What it is; with it, how <paramref name="Body"/> is read.</param>
/// <param name="Stream">The boot of a probe that it came in; null for what the collector writes.</param>
/// <param name="Sequence">Its number in that boot.</param>
/// <param name="About">The id of what it is about: an alarm, a case, an item of evidence; null where it is about nothing that has acts.</param>
/// <param name="ReceivedAt">The collector's clock, to the millisecond.</param>
/// <param name="Body">JSON.</param>
internal readonly record struct JournalRow(long Position, EntryKind Kind, long? Stream, long? Sequence, string? About, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body);

/// <summary>A line that could not be taken, kept with its reason.</summary>
internal readonly record struct DeadLetter(long Stream, long? Sequence, int Line, string Reason, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body);

/// <summary>A piece of a projection: what the journal comes to so far, about one thing. It can be folded from the journal again.</summary>
internal readonly record struct Document(string Id, ReadOnlyMemory<byte> Body);

/// <summary>Which entries of the journal are wanted; always in order of position.</summary>
/// <param name="After">Only behind this position.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="Streams">Only of these streams; null for all.</param>
/// <param name="About">Only about this; null for all.</param>
/// <param name="Kinds">Only of these kinds; null for all.</param>
internal sealed record EntryQuery(long After = 0, int Limit = int.MaxValue, IReadOnlyCollection<long>? Streams = null, string? About = null, IReadOnlyCollection<EntryKind>? Kinds = null);

/// <summary>Where documents are read from.</summary>
internal interface IDocuments
{
    /// <summary>All documents of a kind, in order of their ids (ordinal).</summary>
    IEnumerable<Document> Documents(string kind);

    /// <summary>The kinds that there are, in order (ordinal).</summary>
    IReadOnlyList<string> DocumentKinds();
}

/// <summary>A month of the journal.</summary>
/// <param name="Month">Which; the month of the group that began it.</param>
/// <param name="First">Its first position, whether there is an entry or not.</param>
/// <param name="Thinned">How many entries of it were removed when their time was over.</param>
internal readonly record struct StoredMonth(Month Month, long First, long Thinned);

/// <summary>What retention removes from the sealed months.</summary>
/// <param name="Entries">Until when entries of a kind are over; kinds that are not named stay for ever.</param>
/// <param name="DeadLettersBefore">Until when dead letters are over; null where they stay.</param>
internal sealed record RetentionLimits(IReadOnlyDictionary<EntryKind, DateTimeOffset> Entries, DateTimeOffset? DeadLettersBefore);

/// <summary>What retention removed from one month.</summary>
internal sealed record ThinnedMonth(string Month, IReadOnlyDictionary<EntryKind, long> Entries, long DeadLetters);

/// <summary>Where the collector keeps what it must not lose: a journal, the dead letters beside it, and the documents that the journal comes to.</summary>
internal interface IStore : IDisposable
{
    /// <summary>Folder or server, for people.</summary>
    string Place { get; }

    /// <summary>The one writer; there is never a second one.</summary>
    /// <exception cref="ProblemException">Somebody else writes to this store.</exception>
    IStoreWriter OpenWriter();

    /// <summary>One consistent view beside the writer, without waiting for it. For one thread.</summary>
    IStoreView OpenView();

    /// <summary>Drops whole months, entries and dead letters: what is older than <paramref name="month"/>. The month that is being written always stays. Only where nobody else reads or writes.</summary>
    /// <returns>The months that are gone.</returns>
    IReadOnlyList<Month> DropBefore(Month month);

    /// <summary>Removes from the sealed months what is over, each month in one transaction that also records how many.</summary>
    /// <param name="limits">What is over.</param>
    /// <param name="keep">True for an entry that must stay all the same: evidence or a case refers to it.</param>
    IReadOnlyList<ThinnedMonth> Thin(RetentionLimits limits, Func<JournalRow, bool> keep);

    /// <summary>Looks for damage as thoroughly as the store can: long. A sealed month that is damaged is mended; the one that is being written is mended by its writer, before its next group.</summary>
    /// <returns>What was found.</returns>
    IReadOnlyList<string> Scrub(DateTimeOffset now, CancellationToken cancelled);

    /// <summary>What a failure means for those who wait: nothing was stored; null where the store is not at fault.</summary>
    Problem? Explain(Exception failure);
}

/// <summary>Writes a group in one transaction. For one thread.</summary>
internal interface IStoreWriter : IDocuments, IDisposable
{
    /// <summary>The newest position, with what the open transaction has appended.</summary>
    long Position { get; }

    /// <summary>Begins a group. The first of a new month begins the month too, with the documents as they are; a clock that went back begins nothing.</summary>
    void Begin(DateTimeOffset now);

    /// <summary>Begins a month as another store has it, for a copy of that store: in the place of <see cref="Begin(DateTimeOffset)"/>, in an empty store, oldest month first. What was written to the
    /// month before need not be committed. The documents are then those of the opening.</summary>
    void Begin(in StoredMonth month, IDocuments opening);

    /// <summary>Adds an entry.</summary>
    /// <returns>Its position.</returns>
    long Append(EntryKind kind, long? stream, long? sequence, string? about, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body);

    /// <summary>Adds an entry of another store at its own position, which must be behind <see cref="Position"/>.</summary>
    void Copy(in JournalRow row);

    /// <summary>Keeps a line that could not be taken.</summary>
    void Keep(in DeadLetter letter);

    /// <summary>Stores a document in the place of the one with that kind and id.</summary>
    void Put(string kind, string id, ReadOnlyMemory<byte> body);

    /// <summary>Removes a document.</summary>
    void Remove(string kind, string id);

    /// <summary>Returns when all of the group is on disk.</summary>
    void Commit();

    /// <summary>Forgets the group. Never throws: it is called because something has failed already.</summary>
    void Rollback();

    /// <summary>After a failure that shows the file damaged: sets it aside and goes on with what can be read of it. All state must be read back then.</summary>
    /// <returns>False where the failure is another one.</returns>
    bool Mend(Exception failure, DateTimeOffset now);

    /// <summary>Throws where there is no room: writes and frees a quarter of a megabyte.</summary>
    void CheckRoom();

    /// <summary>Leaves the store such that the next start has nothing to recover.</summary>
    void Settle();
}

/// <summary>What is committed, at one moment.</summary>
internal interface IStoreView : IDocuments, IDisposable
{
    /// <summary>The newest position; 0 where nothing was ever stored.</summary>
    long Newest { get; }

    /// <summary>The months that are kept, oldest first.</summary>
    IReadOnlyList<StoredMonth> Months { get; }

    /// <summary>How many entries there are. It counts them: long in a long journal.</summary>
    long Count();

    /// <summary>The documents as they were when the month began.</summary>
    IDocuments Opening(Month month);

    /// <summary>The dead letters of a month, in the order of keeping.</summary>
    IEnumerable<DeadLetter> Letters(Month month);

    /// <summary>Entries, read as they are enumerated. One enumeration of a view ends before the next begins.</summary>
    IEnumerable<JournalRow> Entries(EntryQuery query);

    /// <summary>The numbers of a stream that are in the journal or among the dead letters, ascending; one that is stored twice comes twice.</summary>
    IEnumerable<long> Sequences(long stream);

    /// <summary>How many dead letters each stream has.</summary>
    IReadOnlyDictionary<long, long> DeadLetters();

    /// <summary>What the store finds wrong with itself.</summary>
    IEnumerable<string> Damage();
}
