using System.Globalization;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>The writer's own connection to the newest month, with its statements prepared once.</summary>
internal sealed class SqliteWriter : IStoreWriter
{
    internal const string NewestPosition = "SELECT COALESCE((SELECT MAX(position) FROM journal), (SELECT first_position - 1 FROM month))";

    private readonly SqliteStore store;
    private SqliteConnection connection = null!;
    private SqliteCommand entry = null!, deadLetter = null!, document = null!, documentGone = null!;
    private SqliteTransaction? transaction;
    private Month month;
    private long committed;

    public SqliteWriter(SqliteStore store, Month newest)
    {
        this.store = store;
        Open(SqliteFile.ConnectToWrite(store.FileOf(newest)), newest);
    }

    /// <inheritdoc/>
    public long Position { get; private set; }

    private SqliteCommand[] Commands => [entry, deadLetter, document, documentGone];

    /// <inheritdoc/>
    public void Begin(DateTimeOffset now)
    {
        store.ThrowWhereDamaged(month);
        var due = Month.Of(now);
        if (due.CompareTo(month) > 0)
        {
            store.Begin(due);
            var next = SqliteFile.ConnectToWrite(store.FileOf(due)); // before the old one is let go: where this fails, the next group tries again
            Close();
            Open(next, due);
        }
        transaction = connection.BeginTransaction();
        foreach (var command in Commands) command.Transaction = transaction;
    }

    /// <inheritdoc/>
    public void Begin(in StoredMonth begun, IDocuments opening)
    {
        if (transaction is not null) Commit();
        Begin(begun.Month.Begins);
        SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"DELETE FROM documents; DELETE FROM opening; DELETE FROM thinned; UPDATE month SET first_position = {begun.First};"));
        if (begun.Thinned > 0) SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO thinned VALUES (0, {begun.Thinned})")); // of which kinds, the other store does not say
        Position = committed = begun.First - 1;
        foreach (var kind in opening.DocumentKinds())
            foreach (var (id, body) in opening.Documents(kind)) Put(kind, id, body);
        SqliteFile.Execute(connection, "INSERT INTO opening SELECT kind, id, body FROM documents ORDER BY kind, id");
    }

    /// <inheritdoc/>
    public long Append(EntryKind kind, long? stream, long? sequence, string? about, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body)
    {
        Copy(new(Position + 1, kind, stream, sequence, about, receivedAt, body));
        return Position;
    }

    /// <inheritdoc/>
    public void Copy(in JournalRow row)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(row.Position, Position);
        Run(entry, row.Position, (int)row.Kind, row.Stream, row.Sequence, row.About, row.ReceivedAt.ToUnixTimeMilliseconds(), row.Body.ToArray());
        Position = row.Position;
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
    public IEnumerable<Document> Documents(string kind) => new SqliteView.Table(connection, "documents").Documents(kind);

    /// <inheritdoc/>
    public IReadOnlyList<string> DocumentKinds() => new SqliteView.Table(connection, "documents").DocumentKinds();

    /// <inheritdoc/>
    public bool Mend(Exception failure, DateTimeOffset now)
    {
        if (!SqliteStore.IsDamage(failure)) return false;
        Close();
        try
        {
            store.Mend(month, failure.Message, now);
        }
        finally
        {
            Open(SqliteFile.ConnectToWrite(store.FileOf(month)), month); // where it could not be mended the next group fails, and it is tried again
        }
        return true;
    }

    /// <inheritdoc/>
    public void CheckRoom()
    {
        SqliteFile.Execute(connection, "INSERT INTO room VALUES (zeroblob(262144))");
        SqliteFile.Execute(connection, "DELETE FROM room");
    }

    /// <inheritdoc/>
    public void Settle() => SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    /// <summary>For tests: a statement on this connection.</summary>
    internal void Execute(string sql) => SqliteFile.Execute(connection, sql);

    /// <inheritdoc/>
    public void Dispose()
    {
        Rollback();
        Close();
        store.WriterClosed();
    }

    private void Open(SqliteConnection file, Month of)
    {
        (connection, month) = (file, of);
        entry = Prepare("INSERT INTO journal (position, kind, stream, sequence, about, received_at, body) VALUES ($a,$b,$c,$d,$e,$f,$g)", 7);
        deadLetter = Prepare("INSERT INTO dead_letters (stream, sequence, line, reason, received_at, body) VALUES ($a,$b,$c,$d,$e,$f)", 6);
        document = Prepare("INSERT INTO documents (kind, id, body) VALUES ($a,$b,$c) ON CONFLICT (kind, id) DO UPDATE SET body=$c", 3);
        documentGone = Prepare("DELETE FROM documents WHERE kind=$a AND id=$b", 2);
        Position = committed = SqliteFile.Number(connection, NewestPosition);
    }

    private void Close()
    {
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
