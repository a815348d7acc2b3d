using System.Globalization;
using Npgsql;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Postgres;

/// <summary>A PostgreSQL 15 database: the journal partitioned by month, one writer that holds an advisory lock on its session.</summary>
internal sealed class PostgresStore : IStore
{
    /// <summary>The advisory lock of the one writer, in each database: "SW" and the number of the schema's lock.</summary>
    internal const long WriterLock = 0x5357_0001;

    /// <summary>Where each commit tells the newest position (LISTEN).</summary>
    internal const string Channel = "signalwatch_journal";

    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE journal (position bigint NOT NULL, month date NOT NULL, kind smallint NOT NULL, stream bigint, sequence bigint, about text COLLATE "C", received_at bigint NOT NULL, body bytea NOT NULL)
            PARTITION BY LIST (month);
        CREATE UNIQUE INDEX journal_position ON journal (position, month);
        -- The last line of defence against storing twice: the ledger says no first, this index makes it impossible.
        CREATE UNIQUE INDEX journal_sequence ON journal (stream, sequence, month) WHERE sequence IS NOT NULL;
        CREATE INDEX journal_about ON journal (about, position) WHERE about IS NOT NULL;
        CREATE INDEX journal_own ON journal (position) WHERE kind NOT IN (1, 4);
        CREATE INDEX journal_damage ON journal (position) WHERE kind = 11;
        CREATE TABLE months (month date PRIMARY KEY, first_position bigint NOT NULL, thinned bigint NOT NULL DEFAULT 0);
        CREATE TABLE dead_letters (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, month date NOT NULL, stream bigint NOT NULL, sequence bigint, line int NOT NULL, reason text NOT NULL, received_at bigint NOT NULL, body bytea NOT NULL);
        CREATE INDEX dead_letters_stream ON dead_letters (stream, sequence);
        CREATE TABLE documents (kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, body bytea NOT NULL, PRIMARY KEY (kind, id));
        CREATE TABLE opening (month date NOT NULL, kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, body bytea NOT NULL, PRIMARY KEY (month, kind, id));
        CREATE TABLE signalwatch_schema (version int NOT NULL);
        """;

    private readonly NpgsqlDataSource source;
    private TimeSpan? silentAtMost;
    private DataFolder? folder; // of what is kept beside the journal: evidence, keys, series

    private PostgresStore(NpgsqlDataSource source, string place) => (this.source, Place) = (source, place);

    /// <inheritdoc/>
    public string Place { get; }

    /// <summary>The writer's place, for a collector on several machines. From here on a writer of this store has to show within seconds that it lives: another one waits for its place.</summary>
    public WriterSeat Seat()
    {
        silentAtMost = TimeSpan.FromSeconds(10);
        return new(source);
    }

    /// <summary>Opens the database for a collector: brings the schema and the first month where it is empty.</summary>
    /// <param name="url"><c>postgres://user:password@host:port/database</c>.</param>
    /// <param name="now">Its month is begun where the database is empty.</param>
    /// <param name="folder">The data folder that belongs to it, taken; it is let go with the store.</param>
    /// <exception cref="ProblemException">The database can't be reached, holds another schema, or has a writer and no schema yet.</exception>
    public static PostgresStore Open(string url, DateTimeOffset now, DataFolder? folder = null)
    {
        var store = Connect(url);
        store.folder = folder;
        try
        {
            using var connection = store.source.OpenConnection();
            using var transaction = connection.BeginTransaction();
            Run(connection, $"SELECT pg_advisory_xact_lock({WriterLock + 1})"); // two collectors that start on an empty database
            if (Ask<bool>(connection, "SELECT to_regclass('signalwatch_schema') IS NULL"))
            {
                Run(connection, Schema);
                Run(connection, $"INSERT INTO signalwatch_schema VALUES ({SchemaVersion})");
                BeginMonth(connection, Month.Of(now), 1);
            }
            var version = Ask<int>(connection, "SELECT max(version) FROM signalwatch_schema");
            if (version != SchemaVersion) throw new ProblemException(Texts.OtherSchema(store.Place, version, SchemaVersion));
            transaction.Commit();
            return store;
        }
        catch (NpgsqlException failure)
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

    /// <summary>Reads a database that a collector may write.</summary>
    /// <exception cref="ProblemException">There is no journal.</exception>
    public static PostgresStore OpenToRead(string url)
    {
        var store = Connect(url);
        using var connection = store.source.OpenConnection();
        if (!Ask<bool>(connection, "SELECT to_regclass('signalwatch_schema') IS NULL")) return store;
        store.Dispose();
        throw new ProblemException(Texts.NoJournal(store.Place));
    }

    /// <inheritdoc/>
    public IStoreWriter OpenWriter() => new PostgresWriter(source, Place, silentAtMost);

    /// <inheritdoc/>
    public IStoreView OpenView() => new PostgresView(source.OpenConnection());

    /// <inheritdoc/>
    public IReadOnlyList<Month> DropBefore(Month month)
    {
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        var dropped = Months(connection).Select(m => m.Month).SkipLast(1).Where(m => m.CompareTo(month) < 0).ToList();
        foreach (var old in dropped)
            Run(connection, $"DROP TABLE {Partition(old)}; DELETE FROM months WHERE month = '{old}-01'; DELETE FROM opening WHERE month = '{old}-01'; DELETE FROM dead_letters WHERE month = '{old}-01';");
        transaction.Commit();
        return dropped;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ThinnedMonth> Thin(RetentionLimits limits, Func<JournalRow, bool> keep)
    {
        using var connection = source.OpenConnection();
        return [.. Months(connection).Select(m => m.Month).SkipLast(1).Select(month => Thin(connection, month, limits, keep)).OfType<ThinnedMonth>()];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Scrub(DateTimeOffset now, CancellationToken cancelled) => []; // the server's own business: its checksums and amcheck

    /// <inheritdoc/>
    public Problem? Explain(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Texts.StorageFull(Place),
        NpgsqlException or IOException or TimeoutException => Texts.StorageFailed(Place, failure.Message),
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        folder?.Dispose();
    }

    internal static string Partition(Month month) => string.Create(CultureInfo.InvariantCulture, $"journal_{month.Year:0000}_{month.Number:00}");

    internal static List<StoredMonth> Months(NpgsqlConnection connection) => [.. Read(connection, "SELECT month, first_position, thinned FROM months ORDER BY month",
        r => new StoredMonth(Of(r.GetFieldValue<DateOnly>(0)), r.GetInt64(1), r.GetInt64(2)))];

    /// <summary>Begins a month within the open transaction. ATTACH waits for no reader, as creating the partition in its place would.</summary>
    internal static void BeginMonth(NpgsqlConnection connection, Month month, long first) => Run(connection, $"""
        CREATE TABLE {Partition(month)} (LIKE journal INCLUDING DEFAULTS);
        ALTER TABLE {Partition(month)} ADD CONSTRAINT in_month CHECK (month = '{month}-01');
        ALTER TABLE journal ATTACH PARTITION {Partition(month)} FOR VALUES IN ('{month}-01');
        INSERT INTO months (month, first_position) VALUES ('{month}-01', {first});
        INSERT INTO opening SELECT '{month}-01', kind, id, body FROM documents;
        """);

    internal static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    internal static T Ask<T>(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }

    internal static IEnumerable<T> Read<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, params object?[] parameters)
    {
        using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return row(reader);
    }

    private static Month Of(DateOnly day) => new(day.Year, day.Month);

    private static ThinnedMonth? Thin(NpgsqlConnection connection, Month month, RetentionLimits limits, Func<JournalRow, bool> keep)
    {
        using var transaction = connection.BeginTransaction();
        var removed = new Dictionary<EntryKind, long>();
        foreach (var (kind, before) in limits.Entries)
        {
            var over = string.Create(CultureInfo.InvariantCulture, $"kind = {(int)kind} AND received_at < {before.ToUnixTimeMilliseconds()}");
            var kept = Read(connection, $"SELECT {PostgresView.Columns} FROM {Partition(month)} WHERE {over}", PostgresView.Row).Where(keep).Select(r => r.Position).ToArray();
            var gone = Delete(connection, $"DELETE FROM {Partition(month)} WHERE {over} AND position <> ALL ($1)", kept);
            if (gone > 0) removed[kind] = gone;
        }
        var letters = limits.DeadLettersBefore is { } until ? Delete(connection, $"DELETE FROM dead_letters WHERE month = '{month}-01' AND received_at < $1", until.ToUnixTimeMilliseconds()) : 0;
        if (removed.Count == 0 && letters == 0) return null;
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"UPDATE months SET thinned = thinned + {removed.Values.Sum()} WHERE month = '{month}-01'"));
        transaction.Commit();
        return new(month.ToString(), removed, letters);
    }

    private static long Delete(NpgsqlConnection connection, string sql, object value)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command.ExecuteNonQuery();
    }

    private static PostgresStore Connect(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql") || uri.AbsolutePath.Length < 2) throw new ProblemException(Texts.BadStore());
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            ApplicationName = "SignalWatch collector",
            // A server whose plug was pulled says nothing: without probes a node would wait for it for hours.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 3,
            TcpKeepAliveInterval = 1,
        };
        return new(NpgsqlDataSource.Create(settings), $"{settings.Host}:{settings.Port}/{settings.Database}"); // without the password: this is shown and logged
    }
}
