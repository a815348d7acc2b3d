using System.Text.Json;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>Reads what is committed, beside the writer. Each call has its own connection: a slow reader holds up nobody.</summary>
internal sealed class JournalReader(Func<SqliteConnection> connect)
{
    public const int MaxPage = 5_000;

    private const string Columns = "j.position, j.kind, s.probe, s.boot, j.sequence, j.alarm, j.received_at, j.body";

    public JournalReader(Database database) : this(database.ConnectToRead) { }

    /// <summary>Entries after a position.</summary>
    public JournalPage Page(long after, int limit, string? probe)
    {
        using var connection = connect();
        var filter = probe is null ? "" : "AND j.stream IN (SELECT id FROM streams WHERE probe = $probe)";
        var entries = Read(connection, $"SELECT {Columns} FROM journal j LEFT JOIN streams s ON s.id = j.stream WHERE j.position > $after {filter} ORDER BY j.position LIMIT $limit",
            Entry, ("$after", after), ("$limit", limit), ("$probe", probe ?? ""));
        var newest = Read(connection, "SELECT COALESCE(MAX(position), 0) FROM journal", r => r.GetInt64(0))[0];
        return new(entries, entries.Count > 0 ? entries[^1].Position : Math.Max(after, 0), newest);
    }

    /// <summary>What the journal has of an alarm, oldest first: verdicts and acts.</summary>
    public List<JournalEntry> OfAlarm(AlarmId alarm)
    {
        using var connection = connect();
        return Read(connection, $"SELECT {Columns} FROM journal j LEFT JOIN streams s ON s.id = j.stream WHERE j.alarm = $alarm ORDER BY j.position", Entry, ("$alarm", alarm.Value));
    }

    /// <summary>For each boot of each probe which numbers are there, by the ledger.</summary>
    public List<SequenceReport> Sequences(string? probe = null)
    {
        using var connection = connect();
        return Sequences(connection, probe);
    }

    public static List<SequenceReport> Sequences(SqliteConnection connection, string? probe) => Read(connection, """
        SELECT probe, boot, ranges, duplicates, received_at, (SELECT COUNT(*) FROM dead_letters d WHERE d.stream = s.id) FROM streams s
        WHERE $probe = '' OR probe = $probe ORDER BY probe, id
        """, r =>
    {
        var stored = SequenceRanges.Parse(r.GetString(2));
        return new SequenceReport(new(r.GetString(0)), Guid.Parse(r.GetString(1)), stored.Runs.Count > 0 ? stored.Runs[0].From : 0, stored.Runs.Count > 0 ? stored.Runs[^1].To : 0,
            stored.Count, [.. stored.Missing()], r.GetInt64(5), r.GetInt64(3), Time(r.GetInt64(4)));
    }, ("$probe", probe ?? ""));

    /// <summary>The newest report of each probe and watch about itself, and the newest observations, oldest first: what the wall begins with.</summary>
    public List<StoredObservation> Recent(DateTimeOffset since, int most)
    {
        using var connection = connect();
        var reports = Read(connection, "SELECT received_at, body FROM probe_reports ORDER BY received_at", r =>
            new StoredObservation(JsonSerializer.Deserialize<Observation>((byte[])r[1], WireJson.Options)!, Time(r.GetInt64(0))));
        var newest = Read(connection, """
            SELECT received_at, body FROM (SELECT position, kind, received_at, body FROM journal ORDER BY position DESC LIMIT $most)
            WHERE kind = $kind AND received_at >= $since ORDER BY position
            """, r => new StoredObservation(JsonSerializer.Deserialize<SpooledObservation>((byte[])r[1], WireJson.Options)!.Observation, Time(r.GetInt64(0))),
            ("$most", most), ("$kind", (int)EntryKind.Observation), ("$since", since.ToUnixTimeMilliseconds()));
        return [.. reports, .. newest];
    }

    /// <summary>When each probe was heard of last.</summary>
    public List<(ProbeId Probe, DateTimeOffset At)> Heard()
    {
        using var connection = connect();
        return Read(connection, $"SELECT probe, MAX(received_at) FROM streams WHERE probe <> '{ObservationBatch.OwnProbe}' GROUP BY probe", r => (new ProbeId(r.GetString(0)), Time(r.GetInt64(1))));
    }

    /// <summary>The command that an entry is of; null for entries that change no alarm.</summary>
    public static (AlarmCommand Command, DateTimeOffset Now)? CommandOf(EntryKind kind, ReadOnlySpan<byte> body, DateTimeOffset receivedAt)
    {
        switch (kind)
        {
            case EntryKind.Verdict: return (new Report(JsonSerializer.Deserialize<Verdict>(body, WireJson.Options)!), receivedAt);
            case EntryKind.Command:
                var command = JsonSerializer.Deserialize<JournaledCommand>(body, WireJson.Options)!;
                return command.Withdrawn is { } sentence ? (new Withdraw(sentence), command.At) : (new Acknowledge(command.Acknowledge!), command.At);
            default: return null;
        }
    }

    public static List<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    private static JournalEntry Entry(SqliteDataReader r)
    {
        using var body = JsonDocument.Parse((byte[])r[7]);
        return new(r.GetInt64(0), (EntryKind)r.GetInt32(1), r.IsDBNull(2) ? null : new ProbeId(r.GetString(2)), r.IsDBNull(3) ? null : Guid.Parse(r.GetString(3)),
            r.IsDBNull(4) ? null : r.GetInt64(4), r.IsDBNull(5) ? null : new AlarmId(r.GetString(5)), Time(r.GetInt64(6)), body.RootElement.Clone());
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>A command to an alarm, as the journal has it: one of the two is there.</summary>
    private sealed record JournaledCommand(DateTimeOffset At, Acknowledgement? Acknowledge, Text? Withdrawn);
}
