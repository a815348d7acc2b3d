using Microsoft.Data.Sqlite;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage;

/// <summary>The collector's data folder: one SQLite file in WAL mode that is synced at each commit, and a lock so that two collectors never write to it.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>Raised with each change of the schema; a file of another version is refused, not guessed at.</summary>
    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE streams (id INTEGER PRIMARY KEY, probe TEXT NOT NULL, boot TEXT NOT NULL, ranges TEXT NOT NULL, through INTEGER NOT NULL,
                              duplicates INTEGER NOT NULL, received_at INTEGER NOT NULL, UNIQUE (probe, boot));
        CREATE TABLE journal (position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, stream INTEGER, sequence INTEGER, alarm TEXT, received_at INTEGER NOT NULL, body BLOB NOT NULL);
        -- The last line of defence against storing twice: the ledger says no first, this index makes it impossible.
        CREATE UNIQUE INDEX journal_sequence ON journal (stream, sequence) WHERE sequence IS NOT NULL;
        CREATE INDEX journal_alarm ON journal (alarm, position) WHERE alarm IS NOT NULL;
        CREATE TABLE dead_letters (id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, sequence INTEGER, line INTEGER NOT NULL, reason TEXT NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE alarms (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE engine_state (key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE probe_reports (probe TEXT NOT NULL, watch TEXT NOT NULL, kind TEXT NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (probe, watch, kind)) WITHOUT ROWID;
        CREATE TABLE registers (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, source TEXT NOT NULL, mode TEXT NOT NULL, sha256 TEXT NOT NULL, imported_at INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE TABLE room (filler BLOB NOT NULL);
        """;

    private readonly FileStream folderLock;

    private Database(string folder, FileStream folderLock) => (Folder, this.folderLock) = (folder, folderLock);

    /// <summary>The data folder, as an absolute path.</summary>
    public string Folder { get; }

    private static string FileIn(string folder) => Path.Combine(folder, "journal.db");

    /// <summary>Takes the folder for writing: creates it, locks it, brings the schema.</summary>
    public static Database Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        var database = new Database(folder, Lock(folder));
        try
        {
            using var connection = database.Connect();
            Migrate(connection, folder);
            return database;
        }
        catch (SqliteException failure)
        {
            database.Dispose();
            throw new ProblemException(StorageFailure.Describe(failure, folder), failure);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A connection that may write. FULL: a commit returns after fsync, which is what an acknowledgement promises.</summary>
    public SqliteConnection Connect()
    {
        var connection = Connect(FileIn(Folder), SqliteOpenMode.ReadWriteCreate);
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;");
        return connection;
    }

    /// <summary>A connection that only reads, beside the writer, without waiting for it.</summary>
    public SqliteConnection ConnectToRead() => Connect(FileIn(Folder), SqliteOpenMode.ReadOnly);

    /// <summary>Reads the journal of a folder that another process may have open.</summary>
    public static SqliteConnection ConnectToRead(string folder)
    {
        var file = FileIn(Path.GetFullPath(folder));
        if (!File.Exists(file)) throw new ProblemException(Texts.NoJournal(file));
        // Read-write mode, although nothing is written: a reader must be able to recover the WAL that a killed collector left.
        return Connect(file, SqliteOpenMode.ReadWrite);
    }

    /// <summary>Runs statements without result.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose() => folderLock.Dispose();

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
            var existed = File.Exists(path);
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
        var version = Convert.ToInt32(ask.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (version == SchemaVersion) return;
        if (version != 0) throw new ProblemException(Texts.OtherSchema(folder, version, SchemaVersion));
        using var transaction = connection.BeginTransaction();
        Execute(connection, Schema);
        Execute(connection, $"PRAGMA user_version={SchemaVersion}");
        transaction.Commit();
    }
}
