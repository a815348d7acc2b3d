using System.Globalization;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>The writer's own connection, with its statements prepared once.</summary>
internal sealed class SqliteWriter : IStoreWriter
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand entry, deadLetter, document, documentGone;
    private SqliteTransaction? transaction;
    private long committed;

    public SqliteWriter(SqliteConnection connection)
    {
        this.connection = connection;
        entry = Prepare("INSERT INTO journal (position, kind, stream, sequence, about, received_at, body) VALUES ($a,$b,$c,$d,$e,$f,$g)", 7);
        deadLetter = Prepare("INSERT INTO dead_letters (stream, sequence, line, reason, received_at, body) VALUES ($a,$b,$c,$d,$e,$f)", 6);
        document = Prepare("INSERT INTO documents (kind, id, body) VALUES ($a,$b,$c) ON CONFLICT (kind, id) DO UPDATE SET body=$c", 3);
        documentGone = Prepare("DELETE FROM documents WHERE kind=$a AND id=$b", 2);
        using var newest = connection.CreateCommand();
        newest.CommandText = "SELECT COALESCE(MAX(position), 0) FROM journal";
        Position = committed = Convert.ToInt64(newest.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public long Position { get; private set; }

    private SqliteCommand[] Commands => [entry, deadLetter, document, documentGone];

    /// <inheritdoc/>
    public void Begin(DateTimeOffset now)
    {
        transaction = connection.BeginTransaction();
        foreach (var command in Commands) command.Transaction = transaction;
    }

    /// <inheritdoc/>
    public long Append(EntryKind kind, long? stream, long? sequence, string? about, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body)
    {
        Run(entry, ++Position, (int)kind, stream, sequence, about, receivedAt.ToUnixTimeMilliseconds(), body.ToArray());
        return Position;
    }

    /// <inheritdoc/>
    public void Keep(in DeadLetter letter) =>
        Run(deadLetter, letter.Stream, letter.Sequence, letter.Line, letter.Reason, letter.ReceivedAt.ToUnixTimeMilliseconds(), letter.Body.ToArray());

    /// <inheritdoc/>
    public void Put(string kind, string id, ReadOnlyMemory<byte> body) => Run(document, kind, id, body.ToArray());

    /// <inheritdoc/>
    public void Remove(string kind, string id) => Run(documentGone, kind, id);

    /// <inheritdoc/>
    public void Commit()
    {
        transaction!.Commit();
        transaction.Dispose();
        transaction = null;
        committed = Position;
    }

    /// <inheritdoc/>
    public void Rollback()
    {
        try
        {
            transaction?.Rollback();
        }
        catch (Exception already) when (already is SqliteException or InvalidOperationException)
        {
            // SQLite rolls back by itself on a full disk; there is nothing left to undo then.
        }
        transaction?.Dispose();
        transaction = null;
        Position = committed;
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => SqliteView.Documents(connection, transaction, kind);

    /// <inheritdoc/>
    public void CheckRoom()
    {
        SqliteStore.Execute(connection, "INSERT INTO room VALUES (zeroblob(262144))");
        SqliteStore.Execute(connection, "DELETE FROM room");
    }

    /// <inheritdoc/>
    public void Settle() => SqliteStore.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    /// <summary>For tests: a statement on this connection.</summary>
    internal void Execute(string sql) => SqliteStore.Execute(connection, sql);

    /// <inheritdoc/>
    public void Dispose()
    {
        Rollback();
        foreach (var command in Commands) command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${(char)('a' + i)}" });
        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }
}
