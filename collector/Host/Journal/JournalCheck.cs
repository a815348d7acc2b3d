using System.Text.Json;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Alarms;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>What a check found.</summary>
internal sealed record JournalCheckReport(bool Sound, long Entries, int Alarms, long DeadLetters, long MissingNumbers, IReadOnlyList<Text> Faults);

/// <summary>Compares what is stored twice: the ledger with the entries it speaks of, the alarms with the fold of the journal.</summary>
internal static class JournalCheck
{
    private const int MostFaults = 100;

    /// <summary>Checks one consistent view of the store, beside a writer that may go on.</summary>
    public static JournalCheckReport Run(SqliteConnection connection)
    {
        using var view = connection.BeginTransaction(deferred: true);
        var faults = new List<Text>();
        foreach (var line in JournalReader.Read(connection, "PRAGMA integrity_check", r => r.GetString(0)).Where(l => l != "ok"))
            faults.Add(new($"SQLite 完整性检查：{line}", $"SQLite integrity check: {line}"));
        var entries = CheckPositions(connection, faults);
        var missing = CheckLedger(connection, faults);
        var alarms = CheckAlarms(connection, faults);
        var deadLetters = Count(connection, "SELECT COUNT(*) FROM dead_letters");
        return new(faults.Count == 0, entries, alarms, deadLetters, missing, faults.Count > MostFaults ? faults[..MostFaults] : faults);
    }

    private static long CheckPositions(SqliteConnection connection, List<Text> faults)
    {
        var (count, first, last) = JournalReader.Read(connection, "SELECT COUNT(*), COALESCE(MIN(position), 1), COALESCE(MAX(position), 0) FROM journal", r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)))[0];
        if (last - first + 1 != count) faults.Add(new($"日志位置 {first} 至 {last} 应有 {last - first + 1} 条，实有 {count} 条", $"positions {first} to {last} should be {last - first + 1} entries, there are {count}"));
        return count;
    }

    /// <summary>What the ledger calls stored is in the journal or among the dead letters, exactly once.</summary>
    private static long CheckLedger(SqliteConnection connection, List<Text> faults)
    {
        var missing = 0L;
        foreach (var (id, probe, boot, ranges) in JournalReader.Read(connection, "SELECT id, probe, boot, ranges FROM streams", r => (r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3))))
        {
            var ledger = SequenceRanges.Parse(ranges);
            missing += ledger.Missing().Sum(m => m.Count);
            var found = new SequenceRanges();
            foreach (var number in JournalReader.Read(connection,
                "SELECT sequence FROM journal WHERE stream=$id AND sequence IS NOT NULL UNION ALL SELECT sequence FROM dead_letters WHERE stream=$id AND sequence IS NOT NULL ORDER BY 1",
                r => r.GetInt64(0), ("$id", id)))
                if (!found.Add(number)) faults.Add(new($"{probe} {boot} 序号 {number} 存了两次", $"{probe} {boot} number {number} is stored twice"));
            if (found.ToString() != ranges) faults.Add(new($"{probe} {boot} 账上序号 {ranges}，实存 {found}", $"{probe} {boot} the ledger has {ranges}, stored are {found}"));
        }
        return missing;
    }

    private static int CheckAlarms(SqliteConnection connection, List<Text> faults)
    {
        var folded = Fold(connection, faults);
        var stored = JournalReader.Read(connection, "SELECT id, CAST(body AS BLOB) FROM alarms", r => (Id: r.GetString(0), Body: (byte[])r[1]));
        foreach (var (id, body) in stored)
        {
            var known = folded.Remove(id, out var fold);
            try
            {
                var record = JsonSerializer.Deserialize<AlarmRecord>(body, WireJson.Options)!;
                if (!known || Json(fold!) != Json(record)) faults.Add(new($"告警 {id} 与日志不符", $"alarm {id} is not what the journal says"));
            }
            catch (JsonException bad)
            {
                faults.Add(new($"告警 {id} 无法读取：{bad.Message}", $"alarm {id} is not readable: {bad.Message}"));
            }
        }
        foreach (var id in folded.Keys) faults.Add(new($"日志中的告警 {id} 没有保存", $"alarm {id} of the journal is not stored"));
        return stored.Count;
    }

    /// <summary>The alarms as the journal tells them.</summary>
    private static Dictionary<string, AlarmRecord> Fold(SqliteConnection connection, List<Text> faults)
    {
        var folded = new Dictionary<string, AlarmRecord>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT position, alarm, kind, received_at, CAST(body AS BLOB) FROM journal WHERE alarm IS NOT NULL ORDER BY alarm, position";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            try
            {
                var id = reader.GetString(1);
                if (JournalReader.CommandOf((EntryKind)reader.GetInt32(2), (byte[])reader[4], DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3))) is not var (alarmCommand, now)) continue;
                var state = folded.GetValueOrDefault(id);
                foreach (var happened in AlarmMachine.Decide(state, alarmCommand, now).Events) state = AlarmMachine.Apply(state, happened);
                if (state is not null) folded[id] = state;
            }
            catch (Exception bad) when (bad is JsonException or ArgumentException)
            {
                faults.Add(new($"日志第 {reader.GetInt64(0)} 条无法重放：{bad.Message}", $"entry {reader.GetInt64(0)} can't be replayed: {bad.Message}"));
            }
        }
        return folded;
    }

    private static string Json(AlarmRecord record) => JsonSerializer.Serialize(record, WireJson.Options);

    private static long Count(SqliteConnection connection, string sql) => JournalReader.Read(connection, sql, r => r.GetInt64(0))[0];
}
