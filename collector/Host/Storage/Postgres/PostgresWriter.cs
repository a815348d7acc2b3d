using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Postgres;

/// <summary>The one writer. Its session holds the advisory lock and its commits: a session that is lost can commit nothing, and another node can take over without
/// two ever writing. What a group brings is gathered here and sent at the commit: entries by COPY, documents by one upsert.</summary>
internal sealed class PostgresWriter : IStoreWriter
{
    internal const string NewestPosition = "SELECT COALESCE((SELECT max(position) FROM journal), (SELECT max(first_position) - 1 FROM months))";

    private const int MostGathered = 20_000; // a copy of a whole store is one group

    private readonly NpgsqlDataSource source;
    private readonly string place;
    private readonly TimeSpan? silentAtMost;
    private readonly List<JournalRow> entries = [];
    private readonly List<DeadLetter> letters = [];
    private readonly Dictionary<(string Kind, string Id), ReadOnlyMemory<byte>?> changed = [];
    private NpgsqlConnection? session;
    private NpgsqlTransaction? transaction;
    private Month month, committedMonth;
    private long committed;

    /// <param name="source">The database.</param>
    /// <param name="place">It, for people.</param>
    /// <param name="silentAtMost">How long its session may be idle before the server ends it; null for ever.</param>
    /// <exception cref="ProblemException">Somebody else writes.</exception>
    public PostgresWriter(NpgsqlDataSource source, string place, TimeSpan? silentAtMost = null)
    {
        (this.source, this.place, this.silentAtMost) = (source, place, silentAtMost);
        Session();
    }

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public void Begin(DateTimeOffset now)
    {
        // Not taken up again here: while the session was lost another collector may have written, so the state must be read back first.
        if (session is not { State: ConnectionState.Open }) throw new NpgsqlException("the writer's session was lost");
        transaction = session.BeginTransaction();
        var due = Month.Of(now);
        if (due.CompareTo(month) <= 0) return;
        // The newest number that was given, not that of an entry: retention may have removed the newest entries.
        PostgresStore.BeginMonth(session, due, Position + 1);
        month = due;
    }

    /// <inheritdoc/>
    public void Begin(in StoredMonth begun, IDocuments opening)
    {
        if (transaction is null)
        {
            Begin(committedMonth.Begins);
            foreach (var made in PostgresStore.Months(session!)) // with which the empty database came
                PostgresStore.Run(session!, $"DROP TABLE {PostgresStore.Partition(made.Month)}; DELETE FROM months WHERE month = '{made.Month}-01';");
        }
        else Flush();
        PostgresStore.Run(session!, "DELETE FROM documents");
        foreach (var kind in opening.DocumentKinds())
            foreach (var (id, body) in opening.Documents(kind)) Put(kind, id, body);
        Flush();
        PostgresStore.BeginMonth(session!, begun.Month, begun.First);
        PostgresStore.Run(session!, FormattableString.Invariant($"UPDATE months SET thinned = {begun.Thinned} WHERE month = '{begun.Month}-01'"));
        (month, Position) = (begun.Month, begun.First - 1);
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
        entries.Add(row);
        Position = row.Position;
        if (entries.Count >= MostGathered) Flush();
    }

    /// <inheritdoc/>
    public void Keep(in DeadLetter letter) => letters.Add(letter);

    /// <inheritdoc/>
    public void Put(string kind, string id, ReadOnlyMemory<byte> body) => changed[(kind, id)] = body;

    /// <inheritdoc/>
    public void Remove(string kind, string id) => changed[(kind, id)] = null;

    /// <inheritdoc/>
    public void Commit()
    {
        Flush();
        PostgresStore.Run(session!, FormattableString.Invariant($"SELECT pg_notify('{PostgresStore.Channel}', '{Position}')"));
        transaction!.Commit();
        transaction.Dispose();
        transaction = null;
        (committed, committedMonth) = (Position, month);
    }

    /// <inheritdoc/>
    public void Rollback()
    {
        entries.Clear();
        letters.Clear();
        changed.Clear();
        var failed = transaction;
        transaction = null;
        (Position, month) = (committed, committedMonth);
        try
        {
            failed?.Rollback();
        }
        catch (Exception already) when (already is NpgsqlException or InvalidOperationException or ObjectDisposedException or IOException)
        {
            // The session is gone, and with it the transaction: the server rolls back by itself.
        }
        if (session is { State: ConnectionState.Open }) return;
        session?.Dispose();
        session = null; // the next read takes up a new one, and the lock
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind)
    {
        var present = Session();
        if (transaction is not null) Flush();
        return new PostgresView.Table(present, "documents", "true").Documents(kind);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DocumentKinds()
    {
        var present = Session();
        if (transaction is not null) Flush();
        return new PostgresView.Table(present, "documents", "true").DocumentKinds();
    }

    /// <inheritdoc/>
    public bool Mend(Exception failure, DateTimeOffset now) => false; // the server's own business

    /// <inheritdoc/>
    public void CheckRoom() => PostgresStore.Run(Session(), "CREATE TEMP TABLE room AS SELECT repeat('x', 262144); DROP TABLE room;");

    /// <inheritdoc/>
    public void Settle() { } // every commit leaves the server settled

    /// <inheritdoc/>
    public void Dispose()
    {
        Rollback();
        if (session is not null)
        {
            try
            {
                // Said, not left to the end of the session: the server notices that some time later, and the next collector would be refused.
                PostgresStore.Run(session, FormattableString.Invariant($"SELECT pg_advisory_unlock({PostgresStore.WriterLock})"));
            }
            catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException or IOException)
            {
                // With the session the lock is gone too.
            }
            NpgsqlConnection.ClearPool(session);
        }
        session?.Dispose();
        session = null;
    }

    /// <summary>The session that holds the lock; a new one where there is none.</summary>
    private NpgsqlConnection Session()
    {
        if (session is not null) return session;
        var taken = source.OpenConnection();
        try
        {
            if (!PostgresStore.Ask<bool>(taken, FormattableString.Invariant($"SELECT pg_try_advisory_lock({PostgresStore.WriterLock})"))) throw new ProblemException(Texts.StoreLocked(place));
            PostgresStore.Run(taken, "SET synchronous_commit = on"); // what an acknowledgement promises, whatever the server's default is
            // The server finds within seconds that this machine is gone, and lets go of the lock.
            PostgresStore.Run(taken, "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 6000");
            // A machine that stands still, or a line through something that answers for it, is not found so: there the kernel goes on answering. A writer commits every second.
            if (silentAtMost is { } limit) PostgresStore.Run(taken, string.Create(CultureInfo.InvariantCulture, $"SET idle_session_timeout = {limit.TotalMilliseconds}; SET idle_in_transaction_session_timeout = {limit.TotalMilliseconds}"));
            month = committedMonth = PostgresStore.Months(taken)[^1].Month;
            Position = committed = PostgresStore.Ask<long>(taken, NewestPosition);
        }
        catch
        {
            NpgsqlConnection.ClearPool(taken); // a session that may hold the lock is not kept
            taken.Dispose();
            throw;
        }
        return session = taken;
    }

    private void Flush()
    {
        if (entries.Count > 0) CopyEntries();
        foreach (var letter in letters) Insert(letter);
        letters.Clear();
        if (changed.Count == 0) return;
        var (puts, gone) = (changed.Where(c => c.Value is not null).ToList(), changed.Where(c => c.Value is null).ToList());
        using (var upsert = new NpgsqlCommand("INSERT INTO documents SELECT * FROM unnest($1, $2, $3) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body", session))
        {
            upsert.Parameters.Add(Values([.. puts.Select(p => p.Key.Kind)], NpgsqlDbType.Text));
            upsert.Parameters.Add(Values([.. puts.Select(p => p.Key.Id)], NpgsqlDbType.Text));
            upsert.Parameters.Add(Values([.. puts.Select(p => p.Value!.Value.ToArray())], NpgsqlDbType.Bytea));
            upsert.ExecuteNonQuery();
        }
        using (var remove = new NpgsqlCommand("DELETE FROM documents USING unnest($1, $2) AS gone (kind, id) WHERE documents.kind = gone.kind AND documents.id = gone.id", session))
        {
            remove.Parameters.Add(Values([.. gone.Select(p => p.Key.Kind)], NpgsqlDbType.Text));
            remove.Parameters.Add(Values([.. gone.Select(p => p.Key.Id)], NpgsqlDbType.Text));
            remove.ExecuteNonQuery();
        }
        changed.Clear();
    }

    private void CopyEntries()
    {
        var day = new DateOnly(month.Year, month.Number, 1);
        using (var copy = session!.BeginBinaryImport($"COPY {PostgresStore.Partition(month)} (position, month, kind, stream, sequence, about, received_at, body) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var row in entries)
            {
                copy.StartRow();
                copy.Write(row.Position, NpgsqlDbType.Bigint);
                copy.Write(day, NpgsqlDbType.Date);
                copy.Write((short)row.Kind, NpgsqlDbType.Smallint);
                if (row.Stream is { } stream) copy.Write(stream, NpgsqlDbType.Bigint); else copy.WriteNull();
                if (row.Sequence is { } sequence) copy.Write(sequence, NpgsqlDbType.Bigint); else copy.WriteNull();
                if (row.About is { } about) copy.Write(about, NpgsqlDbType.Text); else copy.WriteNull();
                copy.Write(row.ReceivedAt.ToUnixTimeMilliseconds(), NpgsqlDbType.Bigint);
                copy.Write(row.Body, NpgsqlDbType.Bytea);
            }
            copy.Complete();
        }
        entries.Clear();
    }

    private void Insert(in DeadLetter letter)
    {
        using var insert = new NpgsqlCommand("INSERT INTO dead_letters (month, stream, sequence, line, reason, received_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)", session);
        // A text of PostgreSQL has no NUL, and a reason may quote the line.
        foreach (var value in (object?[])[new DateOnly(month.Year, month.Number, 1), letter.Stream, letter.Sequence, letter.Line, letter.Reason.Replace('\0', '\uFFFD'), letter.ReceivedAt.ToUnixTimeMilliseconds(), letter.Body.ToArray()])
            insert.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        insert.ExecuteNonQuery();
    }

    private static NpgsqlParameter Values<T>(T[] values, NpgsqlDbType type) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
