using System.Globalization;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>Takes out of a sealed month what is over.</summary>
internal static class SqliteThinning
{
    /// <summary>Removes and records in one transaction, then gives the room back.</summary>
    /// <returns>What was removed; null where nothing was.</returns>
    public static ThinnedMonth? Thin(string file, Month month, RetentionLimits limits, Func<JournalRow, bool> keep)
    {
        using var connection = SqliteFile.ConnectToWrite(file);
        using var transaction = connection.BeginTransaction();
        var removed = new Dictionary<EntryKind, long>();
        foreach (var (kind, before) in limits.Entries)
        {
            var gone = Remove(connection, kind, before, keep);
            if (gone == 0) continue;
            removed[kind] = gone;
            SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO thinned VALUES ({(int)kind}, {gone})"));
        }
        var letters = limits.DeadLettersBefore is { } until
            ? Run(connection, string.Create(CultureInfo.InvariantCulture, $"DELETE FROM dead_letters WHERE received_at < {until.ToUnixTimeMilliseconds()}")) : 0;
        transaction.Commit();
        GiveRoomBack(connection);
        return removed.Count == 0 && letters == 0 ? null : new(month.ToString(), removed, letters);
    }

    /// <summary>Makes the file as small as what is in it. That takes room itself: on a full disk it is left to a later run, and the pages stay free within the file.</summary>
    private static void GiveRoomBack(SqliteConnection connection)
    {
        if (SqliteFile.Number(connection, "PRAGMA freelist_count") == 0) return;
        try
        {
            SqliteFile.Execute(connection, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        }
        catch (SqliteException full) when (full.SqliteErrorCode == SqliteStore.Full)
        {
            SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE);");
        }
    }

    private static long Remove(SqliteConnection connection, EntryKind kind, DateTimeOffset before, Func<JournalRow, bool> keep)
    {
        // The ids to keep first: a cursor over rows that are being deleted has no defined order.
        SqliteFile.Execute(connection, "CREATE TEMP TABLE IF NOT EXISTS kept (position INTEGER PRIMARY KEY); DELETE FROM kept;");
        var over = string.Create(CultureInfo.InvariantCulture, $"kind = {(int)kind} AND received_at < {before.ToUnixTimeMilliseconds()}");
        foreach (var row in SqliteFile.Read(connection, $"SELECT {SqliteView.Columns} FROM journal WHERE {over}", SqliteView.Row))
            if (keep(row)) SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO kept VALUES ({row.Position})"));
        return Run(connection, $"DELETE FROM journal WHERE {over} AND position NOT IN (SELECT position FROM kept)");
    }

    private static long Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
