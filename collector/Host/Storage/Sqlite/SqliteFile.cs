using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>One month's file, and how it is opened and begun.</summary>
internal static class SqliteFile
{
    /// <summary>A stored time, ms since 1970. A damaged one may be no time at all: it becomes the nearest, for it must not keep the rest from being read.</summary>
    public static DateTimeOffset Instant(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    /// <summary>Raised with each change of the schema; a file of another version is refused, not guessed at.</summary>
    public const int SchemaVersion = 3;

    private const string Schema = """
        CREATE TABLE journal (position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, stream INTEGER, sequence INTEGER, about TEXT, received_at INTEGER NOT NULL, body BLOB NOT NULL);
        -- The last line of defence against storing twice: the ledger says no first, this index makes it impossible.
        CREATE UNIQUE INDEX journal_sequence ON journal (stream, sequence) WHERE sequence IS NOT NULL;
        CREATE INDEX journal_about ON journal (about, position) WHERE about IS NOT NULL;
        -- The check and a rebuild read the few entries that are not observations, without the many that are.
        CREATE INDEX journal_own ON journal (position) WHERE kind NOT IN (1, 4);
        CREATE INDEX journal_damage ON journal (position) WHERE kind = 11;
        CREATE TABLE dead_letters (id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, sequence INTEGER, line INTEGER NOT NULL, reason TEXT NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE documents (kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
        -- The documents with which the month began: from here the month's entries are folded, when the months before are gone.
        CREATE TABLE opening (kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
        CREATE TABLE month (first_position INTEGER NOT NULL);
        CREATE TABLE thinned (kind INTEGER NOT NULL, entries INTEGER NOT NULL);
        CREATE TABLE room (filler BLOB NOT NULL);
        """;

    /// <summary>Opens a file. Not to read only, even where nothing is written: a reader must be able to recover the WAL that a killed collector left.</summary>
    public static SqliteConnection Connect(string file, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
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

    /// <summary>A connection that writes. FULL: a commit returns after fsync, which is what an acknowledgement promises.</summary>
    public static SqliteConnection ConnectToWrite(string file)
    {
        var connection = Connect(file);
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;");
        return connection;
    }

    /// <summary>Begins a month: makes its file beside, with all documents of the month before, and gives it its name when it is whole and on disk. A kill on the way leaves
    /// a file that nobody reads, and that the next attempt makes again.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="before">The file of the month before, committed; null for the first month of all.</param>
    /// <param name="first">Its first position.</param>
    public static void Begin(string file, string? before, long first)
    {
        Make(file + ".new", first, before);
        File.Move(file + ".new", file);
        Disk.SyncFolder(Path.GetDirectoryName(file)!);
    }

    /// <summary>Makes a month's file under another name; returns when it is on disk.</summary>
    /// <param name="made">The name; what was left there is overwritten.</param>
    /// <param name="first">The month's first position.</param>
    /// <param name="before">The file whose documents it begins with; null for none.</param>
    /// <param name="fill">Puts more into it, in the same transaction.</param>
    public static void Make(string made, long first, string? before, Action<SqliteConnection>? fill = null)
    {
        Discard(made);
        using (var connection = Connect(made, SqliteOpenMode.ReadWriteCreate))
        {
            Execute(connection, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;");
            if (before is not null)
            {
                using var attach = connection.CreateCommand();
                attach.CommandText = "ATTACH DATABASE $file AS before";
                attach.Parameters.AddWithValue("$file", before);
                attach.ExecuteNonQuery();
            }
            using var transaction = connection.BeginTransaction();
            Execute(connection, Schema);
            if (before is not null)
            {
                Execute(connection, "INSERT INTO documents SELECT kind, id, body FROM before.documents ORDER BY kind, id");
                Execute(connection, "INSERT INTO opening SELECT kind, id, body FROM documents ORDER BY kind, id");
            }
            fill?.Invoke(connection);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO month VALUES ({first}); PRAGMA user_version={SchemaVersion};"));
            transaction.Commit();
        }
        Disk.Sync(made);
    }

    /// <summary>Deletes a file with its log.</summary>
    public static void Discard(string file)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"]) File.Delete(file + suffix);
    }

    /// <summary>Runs statements without result.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>One whole number.</summary>
    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Rows, read as they are enumerated.</summary>
    public static IEnumerable<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return row(reader);
    }
}
