using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>One moment of the store, held by a read transaction: what is committed later is not in it.</summary>
internal sealed class SqliteView : IStoreView
{
    private readonly SqliteConnection connection;
    private readonly SqliteTransaction moment;

    public SqliteView(SqliteConnection connection)
    {
        this.connection = connection;
        moment = connection.BeginTransaction(deferred: true);
        Extent = Read(connection, moment, "SELECT COALESCE(MIN(position), 0), COALESCE(MAX(position), 0), COUNT(*) FROM journal", r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2))).Single();
    }

    /// <inheritdoc/>
    public (long First, long Newest, long Count) Extent { get; }

    /// <inheritdoc/>
    public IEnumerable<JournalRow> Entries(EntryQuery query)
    {
        if (query.Streams is { Count: 0 } || query.Kinds is { Count: 0 }) return [];
        var sql = "SELECT position, kind, stream, sequence, about, received_at, body FROM journal WHERE position > $after"
            + (query.About is null ? "" : " AND about = $about")
            + (query.Streams is null ? "" : $" AND stream IN ({string.Join(',', query.Streams)})")
            + (query.Kinds is null ? "" : $" AND kind IN ({string.Join(',', query.Kinds.Select(k => (int)k))})")
            + " ORDER BY position LIMIT $limit";
        return Read(connection, moment, sql, r => new JournalRow(r.GetInt64(0), (EntryKind)r.GetInt32(1), r.IsDBNull(2) ? null : r.GetInt64(2), r.IsDBNull(3) ? null : r.GetInt64(3),
            r.IsDBNull(4) ? null : r.GetString(4), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(5)), (byte[])r[6]),
            ("$after", query.After), ("$about", query.About ?? ""), ("$limit", query.Limit));
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => Documents(connection, moment, kind);

    /// <inheritdoc/>
    public IEnumerable<long> Sequences(long stream) => Read(connection, moment,
        "SELECT sequence FROM journal WHERE stream=$id AND sequence IS NOT NULL UNION ALL SELECT sequence FROM dead_letters WHERE stream=$id AND sequence IS NOT NULL ORDER BY 1",
        r => r.GetInt64(0), ("$id", stream));

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, long> DeadLetters() =>
        Read(connection, moment, "SELECT stream, COUNT(*) FROM dead_letters GROUP BY stream", r => (r.GetInt64(0), r.GetInt64(1))).ToDictionary();

    /// <inheritdoc/>
    public IEnumerable<string> Damage() => Read(connection, moment, "PRAGMA integrity_check", r => r.GetString(0)).Where(line => line != "ok");

    /// <inheritdoc/>
    public void Dispose()
    {
        moment.Dispose();
        connection.Dispose();
    }

    internal static IEnumerable<Document> Documents(SqliteConnection connection, SqliteTransaction? within, string kind) =>
        Read(connection, within, "SELECT id, CAST(body AS BLOB) FROM documents WHERE kind=$kind ORDER BY id", r => new Document(r.GetString(0), (byte[])r[1]), ("$kind", kind));

    private static IEnumerable<T> Read<T>(SqliteConnection connection, SqliteTransaction? within, string sql, Func<SqliteDataReader, T> row, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = within;
        foreach (var (name, value) in parameters)
            if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return row(reader);
    }
}
