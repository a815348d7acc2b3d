using System.Globalization;
using Microsoft.Data.Sqlite;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>The collector's data folder: one SQLite file in WAL mode that is synced at each commit, and a lock so that two collectors never write to it.</summary>
internal sealed class SqliteStore : IStore
{
    /// <summary>Raised with each change of the schema; a file of another version is refused, not guessed at.</summary>
    private const int SchemaVersion = 2;

    private const int Full = 13; // SQLITE_FULL: ENOSPC on write, or the page limit

    private const string Schema = """
        CREATE TABLE journal (position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, stream INTEGER, sequence INTEGER, about TEXT, received_at INTEGER NOT NULL, body BLOB NOT NULL);
        -- The last line of defence against storing twice: the ledger says no first, this index makes it impossible.
        CREATE UNIQUE INDEX journal_sequence ON journal (stream, sequence) WHERE sequence IS NOT NULL;
        CREATE INDEX journal_about ON journal (about, position) WHERE about IS NOT NULL;
        CREATE TABLE dead_letters (id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, sequence INTEGER, line INTEGER NOT NULL, reason TEXT NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE documents (kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
        CREATE TABLE room (filler BLOB NOT NULL);
        """;

    private readonly FileStream? folderLock;

    private SqliteStore(string folder, FileStream? folderLock) => (Place, this.folderLock) = (folder, folderLock);

    /// <inheritdoc/>
    public string Place { get; }

    private string File => Path.Combine(Place, "journal.db");

    /// <summary>Takes the folder for writing: creates it, locks it, brings the schema.</summary>
    /// <exception cref="ProblemException">The folder can't be used, is in use, or holds another schema.</exception>
    public static SqliteStore Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        var store = new SqliteStore(folder, Lock(folder));
        try
        {
            using var connection = store.Connect();
            Migrate(connection, folder);
            return store;
        }
        catch (SqliteException failure)
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
        return System.IO.File.Exists(store.File) ? store : throw new ProblemException(Texts.NoJournal(store.File));
    }

    /// <inheritdoc/>
    public IStoreWriter OpenWriter() => new SqliteWriter(Connect());

    /// <inheritdoc/>
    // Read-write mode where this is not the owner, although nothing is written: a reader must be able to recover the WAL that a killed collector left.
    public IStoreView OpenView() => new SqliteView(Connect(File, folderLock is null ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly));

    /// <inheritdoc/>
    public Problem? Explain(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: Full } => Texts.StorageFull(Place),
        SqliteException or IOException => Texts.StorageFailed(Place, failure.Message),
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => folderLock?.Dispose();

    /// <summary>Runs statements without result.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A connection that may write. FULL: a commit returns after fsync, which is what an acknowledgement promises.</summary>
    private SqliteConnection Connect()
    {
        var connection = Connect(File, SqliteOpenMode.ReadWriteCreate);
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;");
        return connection;
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        // Not pooled: a closed connection must let go of the file, so that a folder can be moved or deleted.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, "collector.lock");
            var existed = System.IO.File.Exists(path);
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken) when (existed)
            {
                throw new ProblemException(Texts.FolderLocked(folder), taken);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.FolderUnusable(folder, failure.Message), failure);
        }
    }

    private static void Migrate(SqliteConnection connection, string folder)
    {
        using var ask = connection.CreateCommand();
        ask.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(ask.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version == SchemaVersion) return;
        if (version != 0) throw new ProblemException(Texts.OtherSchema(folder, version, SchemaVersion));
        using var transaction = connection.BeginTransaction();
        Execute(connection, Schema);
        Execute(connection, $"PRAGMA user_version={SchemaVersion}");
        transaction.Commit();
    }
}
