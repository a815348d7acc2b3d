using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Journal;
using SQLitePCL;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>One moment of the store: a read transaction on the month that is written, and the sealed months before it, each opened when it is needed.</summary>
internal sealed class SqliteView : IStoreView
{
    internal const string Columns = "position, kind, stream, sequence, about, received_at, body";
    internal const string SequencesOfStream =
        "SELECT sequence FROM journal WHERE stream=$id AND sequence IS NOT NULL UNION ALL SELECT sequence FROM dead_letters WHERE stream=$id AND sequence IS NOT NULL ORDER BY 1";

    private readonly SqliteStore store;
    private readonly List<Month> files;
    private readonly Dictionary<Month, SqliteConnection> open = [];

    public SqliteView(SqliteStore store)
    {
        (this.store, files) = (store, store.Months());
        try
        {
            Newest = SqliteFile.Number(File(files[^1]), SqliteWriter.NewestPosition); // the first read fixes the moment
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public long Newest { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StoredMonth> Months => [.. files.Select(m => new StoredMonth(m, store.FirstOf(m), SqliteFile.Number(File(m), "SELECT COALESCE(SUM(entries), 0) FROM thinned")))];

    /// <inheritdoc/>
    public long Count() => files.Sum(m => SqliteFile.Number(File(m), "SELECT COUNT(*) FROM journal"));

    /// <inheritdoc/>
    public IDocuments Opening(Month month) => new Table(File(month), "opening");

    /// <inheritdoc/>
    public IEnumerable<DeadLetter> Letters(Month month) => SqliteFile.Read(File(month), "SELECT stream, sequence, line, reason, received_at, body FROM dead_letters ORDER BY id",
        r => new DeadLetter(r.GetInt64(0), r.IsDBNull(1) ? null : r.GetInt64(1), r.GetInt32(2), r.GetString(3), SqliteFile.Instant(r.GetInt64(4)), (byte[])r[5]));

    /// <inheritdoc/>
    public IEnumerable<JournalRow> Entries(EntryQuery query)
    {
        if (query.Streams is { Count: 0 } || query.Kinds is { Count: 0 }) yield break;
        var left = query.Limit;
        for (var i = 0; i < files.Count && left > 0; i++)
        {
            if (i + 1 < files.Count && store.FirstOf(files[i + 1]) - 1 <= query.After) continue; // all of it is before
            foreach (var row in Entries(File(files[i]), query, left))
            {
                yield return row;
                left--;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => new Table(File(files[^1]), "documents").Documents(kind);

    /// <inheritdoc/>
    public IReadOnlyList<string> DocumentKinds() => new Table(File(files[^1]), "documents").DocumentKinds();

    /// <inheritdoc/>
    public IEnumerable<long> Sequences(long stream)
    {
        // Each month ascends, but what comes late is in a later one.
        var months = new PriorityQueue<IEnumerator<long>, long>();
        try
        {
            foreach (var month in files) Enqueue(months, Sequences(File(month), stream).GetEnumerator());
            while (months.TryDequeue(out var next, out var number))
            {
                yield return number;
                Enqueue(months, next);
            }
        }
        finally
        {
            foreach (var (left, _) in months.UnorderedItems) left.Dispose();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, long> DeadLetters() =>
        files.SelectMany(m => SqliteFile.Read(File(m), "SELECT stream, COUNT(*) FROM dead_letters GROUP BY stream", r => (Stream: r.GetInt64(0), Count: r.GetInt64(1))))
            .GroupBy(c => c.Stream).ToDictionary(g => g.Key, g => g.Sum(c => c.Count));

    /// <inheritdoc/>
    public IEnumerable<string> Damage() => files.SelectMany(m => SqliteFile.Read(File(m), "PRAGMA integrity_check", r => r.GetString(0)).Where(line => line != "ok").Select(line => $"{m}: {line}"));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in open.Values) connection.Dispose();
    }

    /// <summary>The file of a month; it may be gone or change after this view.</summary>
    internal FileInfo FileOf(Month month) => new(store.FileOf(month));

    /// <summary>Copies a month as this view sees it into a file of its own, page by page: the writer is not held up, and goes on in its log.</summary>
    /// <param name="month">Which.</param>
    /// <param name="file">The new file. It is not synced.</param>
    /// <param name="progress">Told of every piece: pages copied, pages in all.</param>
    internal void Copy(Month month, string file, Action<long, long> progress)
    {
        const int PagesAtOnce = 4_096; // 16 MB
        using (var copy = SqliteFile.Connect(file, SqliteOpenMode.ReadWriteCreate))
        {
            SqliteFile.Execute(copy, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"); // what is not whole is not kept
            using var backup = raw.sqlite3_backup_init(copy.Handle, "main", File(month).Handle, "main");
            int result;
            do
            {
                result = raw.sqlite3_backup_step(backup, PagesAtOnce);
                var pages = raw.sqlite3_backup_pagecount(backup);
                progress(pages - raw.sqlite3_backup_remaining(backup), pages);
            }
            while (result == raw.SQLITE_OK);
            if (result != raw.SQLITE_DONE) throw new SqliteException($"{store.FileOf(month)}: {raw.sqlite3_errmsg(copy.Handle).utf8_to_string()}", result);
        }
        // Without a log a file is read where it lies, and nothing is made beside it.
        using var settled = SqliteFile.Connect(file);
        SqliteFile.Execute(settled, "PRAGMA journal_mode=DELETE");
    }

    internal static JournalRow Row(SqliteDataReader r) => new(r.GetInt64(0), (EntryKind)r.GetInt32(1), r.IsDBNull(2) ? null : r.GetInt64(2), r.IsDBNull(3) ? null : r.GetInt64(3),
        r.IsDBNull(4) ? null : r.GetString(4), SqliteFile.Instant(r.GetInt64(5)), (byte[])r[6]);

    private static IEnumerable<JournalRow> Entries(SqliteConnection file, EntryQuery query, int limit)
    {
        var ownOnly = query.Kinds is { } kinds && !kinds.Contains(EntryKind.Observation) && !kinds.Contains(EntryKind.Gap);
        var sql = $"SELECT {Columns} FROM journal WHERE position > $after"
            + (query.About is null ? "" : " AND about = $about")
            + (query.Streams is null ? "" : $" AND stream IN ({string.Join(',', query.Streams)})")
            + (ownOnly ? " AND kind NOT IN (1, 4)" : "") // as the index says it, so that it is used
            + (query.Kinds switch { null => "", { Count: 1 } one => $" AND kind = {(int)one.First()}", var some => $" AND kind IN ({string.Join(',', some.Select(k => (int)k))})" })
            + " ORDER BY position LIMIT $limit";
        return SqliteFile.Read(file, sql, Row, ("$after", query.After), ("$about", query.About ?? ""), ("$limit", limit));
    }

    private static IEnumerable<long> Sequences(SqliteConnection file, long stream) => SqliteFile.Read(file, SequencesOfStream, r => r.GetInt64(0), ("$id", stream));

    private static void Enqueue(PriorityQueue<IEnumerator<long>, long> months, IEnumerator<long> month)
    {
        if (month.MoveNext()) months.Enqueue(month, month.Current);
        else month.Dispose();
    }

    private SqliteConnection File(Month month)
    {
        if (open.TryGetValue(month, out var connection)) return connection;
        connection = SqliteFile.Connect(store.FileOf(month));
        open.Add(month, connection);
        SqliteFile.Execute(connection, "PRAGMA query_only=1; BEGIN");
        return connection;
    }

    /// <summary>The documents of one table.</summary>
    internal sealed class Table(SqliteConnection connection, string table) : IDocuments
    {
        public IEnumerable<Document> Documents(string kind) =>
            SqliteFile.Read(connection, $"SELECT id, CAST(body AS BLOB) FROM {table} WHERE kind=$kind ORDER BY id", r => new Document(r.GetString(0), (byte[])r[1]), ("$kind", kind));

        public IReadOnlyList<string> DocumentKinds() => [.. SqliteFile.Read(connection, $"SELECT DISTINCT kind FROM {table} ORDER BY kind", r => r.GetString(0))];
    }
}
