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
    private SqliteStatement entry = null!, deadLetter = null!, document = null!, documentGone = null!;
    private SqliteTransaction? transaction;
    private WalCheckpoints checkpoints = null!;
    private Month month;
    private long committed, bytes;

    public SqliteWriter(SqliteStore store, Month newest)
    {
        this.store = store;
        Open(SqliteFile.ConnectToWrite(store.FileOf(newest)), newest);
    }

    /// <inheritdoc/>
    public long Position { get; private set; }

    private SqliteStatement[] Statements => [entry, deadLetter, document, documentGone];

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
        bytes += row.Body.Length;
        entry.Set(1, row.Position).Set(2, (int)row.Kind).Set(3, row.Stream).Set(4, row.Sequence).Set(5, row.About).Set(6, row.ReceivedAt.ToUnixTimeMilliseconds()).Set(7, row.Body.Span).Run();
        Position = row.Position;
    }

    /// <inheritdoc/>
    public void Keep(in DeadLetter letter) =>
        deadLetter.Set(1, letter.Stream).Set(2, letter.Sequence).Set(3, letter.Line).Set(4, letter.Reason).Set(5, letter.ReceivedAt.ToUnixTimeMilliseconds()).Set(6, letter.Body.Span).Run();

    /// <inheritdoc/>
    public void Put(string kind, string id, ReadOnlyMemory<byte> body)
    {
        bytes += body.Length;
        document.Set(1, kind).Set(2, id).Set(3, body.Span).Run();
    }

    /// <inheritdoc/>
    public void Remove(string kind, string id) => documentGone.Set(1, kind).Set(2, id).Run();

    /// <inheritdoc/>
    public void Commit()
    {
        transaction!.Commit();
        transaction.Dispose();
        transaction = null;
        committed = Position;
        checkpoints.Committed(bytes, connection);
        bytes = 0;
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
    public void Settle()
    {
        checkpoints.Finish();
        SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

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
        (connection, month, checkpoints) = (file, of, new(file.DataSource));
        SqliteFile.Execute(connection, "PRAGMA wal_autocheckpoint=0"); // they are made beside it
        entry = new(connection, "INSERT INTO journal (position, kind, stream, sequence, about, received_at, body) VALUES (?,?,?,?,?,?,?)");
        deadLetter = new(connection, "INSERT INTO dead_letters (stream, sequence, line, reason, received_at, body) VALUES (?,?,?,?,?,?)");
        document = new(connection, "INSERT INTO documents (kind, id, body) VALUES (?,?,?) ON CONFLICT (kind, id) DO UPDATE SET body=excluded.body");
        documentGone = new(connection, "DELETE FROM documents WHERE kind=? AND id=?");
        Position = committed = SqliteFile.Number(connection, NewestPosition);
    }

    private void Close()
    {
        foreach (var statement in Statements) statement.Dispose();
        checkpoints.Dispose();
        connection.Dispose();
    }
}
