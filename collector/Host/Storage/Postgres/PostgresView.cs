using System.Data;
using System.Globalization;
using Npgsql;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Storage.Postgres;

/// <summary>One moment of the store: a read-only transaction on one snapshot.</summary>
internal sealed class PostgresView : IStoreView
{
    internal const string Columns = "position, kind, stream, sequence, about, received_at, body";

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction moment;

    public PostgresView(NpgsqlConnection connection)
    {
        this.connection = connection;
        moment = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        PostgresStore.Run(connection, "SET TRANSACTION READ ONLY");
        Months = PostgresStore.Months(connection); // the first read fixes the moment
        Newest = PostgresStore.Ask<long>(connection, PostgresWriter.NewestPosition);
    }

    /// <inheritdoc/>
    public long Newest { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StoredMonth> Months { get; }

    /// <inheritdoc/>
    public long Count() => PostgresStore.Ask<long>(connection, "SELECT count(*) FROM journal");

    /// <inheritdoc/>
    public IDocuments Opening(Month month) => new Table(connection, "opening", $"month = '{month}-01'");

    /// <inheritdoc/>
    public IEnumerable<DeadLetter> Letters(Month month) => PostgresStore.Read(connection, $"SELECT stream, sequence, line, reason, received_at, body FROM dead_letters WHERE month = '{month}-01' ORDER BY id",
        r => new DeadLetter(r.GetInt64(0), r.IsDBNull(1) ? null : r.GetInt64(1), r.GetInt32(2), r.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(4)), r.GetFieldValue<byte[]>(5)));

    /// <inheritdoc/>
    public IEnumerable<JournalRow> Entries(EntryQuery query)
    {
        if (query.Streams is { Count: 0 } || query.Kinds is { Count: 0 }) return [];
        var ownOnly = query.Kinds is { } kinds && !kinds.Contains(EntryKind.Observation) && !kinds.Contains(EntryKind.Gap);
        var sql = $"SELECT {Columns} FROM journal WHERE position > $1"
            + (query.Streams is null ? "" : $" AND stream IN ({string.Join(',', query.Streams)})")
            + (ownOnly ? " AND kind NOT IN (1, 4)" : "") // as the index says it, so that it is used
            + (query.Kinds switch { null => "", { Count: 1 } one => $" AND kind = {(int)one.First()}", var some => $" AND kind IN ({string.Join(',', some.Select(k => (int)k))})" })
            + (query.About is null ? "" : " AND about = $2")
            + string.Create(CultureInfo.InvariantCulture, $" ORDER BY position LIMIT {query.Limit}");
        return query.About is null ? PostgresStore.Read(connection, sql, Row, query.After) : PostgresStore.Read(connection, sql, Row, query.After, query.About);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => new Table(connection, "documents", "true").Documents(kind);

    /// <inheritdoc/>
    public IReadOnlyList<string> DocumentKinds() => new Table(connection, "documents", "true").DocumentKinds();

    /// <inheritdoc/>
    public IEnumerable<long> Sequences(long stream) => PostgresStore.Read(connection,
        "SELECT sequence FROM journal WHERE stream=$1 AND sequence IS NOT NULL UNION ALL SELECT sequence FROM dead_letters WHERE stream=$1 AND sequence IS NOT NULL ORDER BY 1", r => r.GetInt64(0), stream);

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, long> DeadLetters() =>
        PostgresStore.Read(connection, "SELECT stream, COUNT(*) FROM dead_letters GROUP BY stream", r => (r.GetInt64(0), r.GetInt64(1))).ToDictionary();

    /// <inheritdoc/>
    public IEnumerable<string> Damage() => []; // the server's own business: its checksums and amcheck

    /// <inheritdoc/>
    public void Dispose()
    {
        moment.Dispose();
        connection.Dispose();
    }

    internal static JournalRow Row(NpgsqlDataReader r) => new(r.GetInt64(0), (EntryKind)r.GetInt16(1), r.IsDBNull(2) ? null : r.GetInt64(2), r.IsDBNull(3) ? null : r.GetInt64(3),
        r.IsDBNull(4) ? null : r.GetString(4), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(5)), r.GetFieldValue<byte[]>(6));

    /// <summary>The documents of one table.</summary>
    internal sealed class Table(NpgsqlConnection connection, string table, string where) : IDocuments
    {
        public IEnumerable<Document> Documents(string kind) =>
            PostgresStore.Read(connection, $"SELECT id, body FROM {table} WHERE {where} AND kind=$1 ORDER BY id", r => new Document(r.GetString(0), r.GetFieldValue<byte[]>(1)), kind);

        public IReadOnlyList<string> DocumentKinds() => [.. PostgresStore.Read(connection, $"SELECT DISTINCT kind FROM {table} WHERE {where} ORDER BY kind", r => r.GetString(0))];
    }
}
