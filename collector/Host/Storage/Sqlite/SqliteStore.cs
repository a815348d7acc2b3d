using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>The collector's data folder: a SQLite file for each month, and a lock so that two collectors never write to it. The newest file has everything that is live;
/// a transaction never spans two, because over attached files in WAL mode it would not be atomic when power is lost.</summary>
internal sealed partial class SqliteStore : IStore
{
    internal const int Full = 13; // SQLITE_FULL: ENOSPC on write, or the page limit

    private readonly DataFolder? folderLock;
    private readonly ConcurrentDictionary<Month, long> firsts = new();
    private int writers;

    private SqliteStore(string folder, DataFolder? folderLock) => (Place, this.folderLock) = (folder, folderLock);

    /// <inheritdoc/>
    public string Place { get; }

    /// <summary>Takes the folder for writing: creates it, locks it, begins its first month.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="now">Its month is begun where the folder is empty.</param>
    /// <exception cref="ProblemException">The folder can't be used, is in use, or holds another schema.</exception>
    public static SqliteStore Open(string folder, DateTimeOffset now)
    {
        folder = Path.GetFullPath(folder);
        var store = new SqliteStore(folder, Lock(folder));
        try
        {
            foreach (var torn in Directory.GetFiles(folder, "journal-*.db.new")) SqliteFile.Discard(torn); // a copy that was not finished: what it copies is still there
            store.SetAsideReplaced(now);
            if (store.Months().Count == 0) store.Begin(Month.Of(now));
            store.MendDamaged(now);
            return store;
        }
        catch (Exception failure) when (failure is SqliteException or IOException)
        {
            store.Dispose();
            throw new ProblemException(store.Explain(failure)!, failure);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Reads a folder that another process may have open; it is not locked, and has no writer.</summary>
    /// <exception cref="ProblemException">There is no journal.</exception>
    public static SqliteStore OpenToRead(string folder)
    {
        var store = new SqliteStore(Path.GetFullPath(folder), null);
        return Directory.Exists(store.Place) && store.Months().Count > 0 ? store : throw new ProblemException(Texts.NoJournal(Path.Combine(store.Place, "journal-*.db")));
    }

    /// <inheritdoc/>
    public IStoreWriter OpenWriter()
    {
        if (folderLock is null || Interlocked.Exchange(ref writers, 1) != 0) throw new ProblemException(Texts.FolderLocked(Place));
        return new SqliteWriter(this, Months()[^1]);
    }

    /// <inheritdoc/>
    public IStoreView OpenView() => new SqliteView(this);

    /// <inheritdoc/>
    public IReadOnlyList<Month> DropBefore(Month month)
    {
        List<Month> dropped = [.. Months().SkipLast(1).Where(m => m.CompareTo(month) < 0)];
        foreach (var old in dropped) SqliteFile.Discard(FileOf(old)); // the oldest first: a kill on the way leaves no hole
        Disk.SyncFolder(Place);
        return dropped;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ThinnedMonth> Thin(RetentionLimits limits, Func<JournalRow, bool> keep) =>
        [.. Months().SkipLast(1).Select(month => SqliteThinning.Thin(FileOf(month), month, limits, keep)).OfType<ThinnedMonth>()];

    /// <inheritdoc/>
    public Problem? Explain(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: Full } => Texts.StorageFull(Place),
        SqliteException or IOException => Texts.StorageFailed(Place, failure.Message),
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => folderLock?.Dispose();

    /// <summary>The months that have a file, oldest first.</summary>
    internal List<Month> Months() => [.. Files().Select(f => f.Month).Distinct().Order()];

    /// <summary>A month's file. One that was mended has a name of its own, <c>journal-2026-11-1.db</c>: a reader of the damaged one that closes would delete the log of a file of the same name.</summary>
    internal string FileOf(Month month) => Files().Where(f => f.Month == month).OrderBy(f => f.Mended).Select(f => f.Path).LastOrDefault() ?? Path.Combine(Place, $"journal-{month}.db");

    /// <summary>The month's first position, which never changes.</summary>
    internal long FirstOf(Month month) => firsts.GetOrAdd(month, m =>
    {
        using var connection = SqliteFile.Connect(FileOf(m));
        return SqliteFile.Number(connection, "SELECT first_position FROM month");
    });

    /// <summary>Begins a month behind the newest one that there is.</summary>
    internal void Begin(Month month)
    {
        if (File.Exists(FileOf(month))) return; // begun by a group that then failed
        var before = Months() is [.., var newest] ? newest : (Month?)null;
        var first = 1L;
        if (before is { } sealing)
        {
            using var connection = SqliteFile.Connect(FileOf(sealing));
            first = SqliteFile.Number(connection, SqliteWriter.NewestPosition) + 1;
        }
        SqliteFile.Begin(FileOf(month), before is { } b ? FileOf(b) : null, first);
    }

    internal void WriterClosed() => Volatile.Write(ref writers, 0);

    private static DataFolder Lock(string folder)
    {
        // A journal of the time before months: to begin an empty one beside it would be a false calm.
        if (File.Exists(Path.Combine(folder, "journal.db"))) throw new ProblemException(Texts.OtherSchema(folder, 2, SqliteFile.SchemaVersion));
        return DataFolder.Take(folder);
    }
}
