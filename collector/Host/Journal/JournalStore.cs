using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>The writer's own connection, with its statements prepared once. One transaction holds a whole group: entries, verdicts, alarms, engine state, ledger.</summary>
internal sealed class JournalStore : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand entry, deadLetter, stream, alarm, state, stateGone, report, register;
    private SqliteTransaction? transaction;

    public JournalStore(Database database)
    {
        connection = database.Connect();
        entry = Prepare("INSERT INTO journal (position, kind, stream, sequence, alarm, received_at, body) VALUES ($a,$b,$c,$d,$e,$f,$g)", 7);
        deadLetter = Prepare("INSERT INTO dead_letters (stream, sequence, line, reason, received_at, body) VALUES ($a,$b,$c,$d,$e,$f)", 6);
        stream = Prepare("""
            INSERT INTO streams (id, probe, boot, ranges, through, duplicates, received_at) VALUES ($a,$b,$c,$d,$e,$f,$g)
            ON CONFLICT (id) DO UPDATE SET ranges=$d, through=$e, duplicates=$f, received_at=$g
            """, 7);
        alarm = Prepare("INSERT INTO alarms (id, body) VALUES ($a,$b) ON CONFLICT (id) DO UPDATE SET body=$b", 2);
        state = Prepare("INSERT INTO engine_state (key, json) VALUES ($a,$b) ON CONFLICT (key) DO UPDATE SET json=$b", 2);
        stateGone = Prepare("DELETE FROM engine_state WHERE key=$a", 1);
        report = Prepare("""
            INSERT INTO probe_reports (probe, watch, kind, received_at, body) VALUES ($a,$b,$c,$d,$e)
            ON CONFLICT (probe, watch, kind) DO UPDATE SET received_at=$d, body=$e
            """, 5);
        register = Prepare("INSERT INTO registers (kind, source, mode, sha256, imported_at, content) VALUES ($a,$b,$c,$d,$e,$f)", 6);
    }

    /// <summary>The newest position; entries are numbered 1, 2, 3 … without a hole.</summary>
    public long Position { get; private set; }

    public void Begin()
    {
        transaction = connection.BeginTransaction();
        foreach (var command in (SqliteCommand[])[entry, deadLetter, stream, alarm, state, stateGone, report, register]) command.Transaction = transaction;
    }

    /// <summary>Returns after fsync.</summary>
    public void Commit()
    {
        transaction!.Commit();
        transaction.Dispose();
        transaction = null;
    }

    /// <summary>Forgets the group. Never throws: it is called because something has failed already.</summary>
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
    }

    public long Append(EntryKind kind, long? streamId, long? sequence, AlarmId? about, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body)
    {
        Run(entry, ++Position, (int)kind, streamId, sequence, about?.Value, receivedAt.ToUnixTimeMilliseconds(), body.ToArray());
        return Position;
    }

    public void SaveDeadLetter(long streamId, long? sequence, int line, string reason, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body) =>
        Run(deadLetter, streamId, sequence, line, reason, receivedAt.ToUnixTimeMilliseconds(), body.ToArray());

    public void Save(ProbeStream of) => Run(stream, of.Id, of.Probe.Value, of.Boot.ToString(), of.Stored.ToString(), of.Through, of.Duplicates, of.ReceivedAt.ToUnixTimeMilliseconds());

    public void Save(AlarmRecord record) => Run(alarm, record.Id.Value, JsonSerializer.SerializeToUtf8Bytes(record, WireJson.Options));

    public void SaveState(string key, string? json)
    {
        if (json is null) Run(stateGone, key);
        else Run(state, key, json);
    }

    public void SaveReport(Observation observation, DateTimeOffset receivedAt) =>
        Run(report, observation.Probe.Value, observation.Watch.Value, observation.Kind, receivedAt.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(observation, WireJson.Options));

    public void SaveRegister(string kind, string source, string mode, string sha256, DateTimeOffset at, byte[] content) =>
        Run(register, kind, source, mode, sha256, at.ToUnixTimeMilliseconds(), content);

    /// <summary>Throws where there is no room: writes and frees a quarter of a megabyte.</summary>
    public void CheckRoom()
    {
        Database.Execute(connection, "INSERT INTO room VALUES (zeroblob(262144))");
        Database.Execute(connection, "DELETE FROM room");
    }

    /// <summary>Moves the log into the database, so that the next start has nothing to recover.</summary>
    public void Checkpoint() => Database.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    /// <summary>Runs a statement outside the group: tests limit the pages with it.</summary>
    public void Execute(string sql) => Database.Execute(connection, sql);

    /// <summary>Reads back what is committed; after a failed group it is the truth again.</summary>
    public (SequenceLedger Ledger, Dictionary<AlarmId, AlarmRecord> Alarms, List<(string Key, string Json)> State) Load()
    {
        Position = Scalar("SELECT COALESCE(MAX(position), 0) FROM journal");
        var streams = Read("SELECT id, probe, boot, ranges, through, duplicates, received_at FROM streams", r => new ProbeStream(
            r.GetInt64(0), new(r.GetString(1)), Guid.Parse(r.GetString(2)), SequenceRanges.Parse(r.GetString(3)), r.GetInt64(4), r.GetInt64(5), Time(r.GetInt64(6))));
        var alarms = Read("SELECT body FROM alarms", r => JsonSerializer.Deserialize<AlarmRecord>((byte[])r[0], WireJson.Options)!);
        return (new SequenceLedger(streams), alarms.ToDictionary(a => a.Id), LoadState());
    }

    /// <summary>The engine's state, with what this transaction has changed.</summary>
    public List<(string Key, string Json)> LoadState() => Read("SELECT key, json FROM engine_state", r => (r.GetString(0), r.GetString(1)));

    /// <summary>The register that was imported last: where it came from, and its bytes.</summary>
    public (string Mode, byte[] Content)? NewestRegister(string kind) =>
        Read($"SELECT mode, content FROM registers WHERE kind='{kind}' ORDER BY id DESC LIMIT 1", r => ((string, byte[])?)(r.GetString(0), (byte[])r[1])).FirstOrDefault();

    /// <summary>True where this very file was imported before, so that a start does not undo what came after it.</summary>
    public bool HasRegister(string kind, string sha256) => Scalar($"SELECT COUNT(*) FROM registers WHERE kind='{kind}' AND sha256='{sha256}'") > 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        Rollback();
        foreach (var command in (SqliteCommand[])[entry, deadLetter, stream, alarm, state, stateGone, report, register]) command.Dispose();
        connection.Dispose();
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private long Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
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
