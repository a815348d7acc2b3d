using Microsoft.Data.Sqlite;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>Brings what is in the log into the database, beside the writer: where SQLite does it by itself, every fourth megabyte, some group's probes wait for it after their own data is on disk.
/// Durability does not depend on it: what is in the log is committed.</summary>
/// <param name="file">The database.</param>
/// <param name="every">After about so many bytes.</param>
/// <param name="most">Bytes in the log from which the writer itself lends a hand, and waits for it: only while nothing is written can a log be used from its beginning again, so beside a busy
/// writer, or where the other thread gets no time, it would grow without end.</param>
internal sealed class WalCheckpoints(string file, long every = 4L << 20, long most = 64L << 20) : IDisposable
{
    private const int PageBytes = 4_096;

    private SqliteConnection? own;
    private Task running = Task.CompletedTask;
    private long written; // since a checkpoint was last begun
    private long logged; // then in the log

    /// <summary>Called by the writer between two transactions.</summary>
    /// <param name="bytes">About how much the last one wrote.</param>
    /// <param name="writer">Its connection.</param>
    public void Committed(long bytes, SqliteConnection writer)
    {
        written += bytes;
        if (written < every) return;
        if (Interlocked.Read(ref logged) + written >= most)
        {
            Finish();
            logged = Checkpoint(writer) is { IsWhole: false } left ? left.Bytes : 0;
            written = 0;
        }
        else if (running.IsCompleted)
        {
            written = 0;
            running = Task.Run(() => Interlocked.Exchange(ref logged, Checkpoint(null).Bytes));
        }
    }

    /// <summary>Returns when nothing runs.</summary>
    public void Finish() => running.Wait();

    /// <inheritdoc/>
    public void Dispose()
    {
        Finish();
        own?.Dispose();
    }

    /// <summary>One pass; it waits for nobody.</summary>
    /// <param name="writer">The writer's connection, on its thread; null for the one beside it.</param>
    /// <returns>What is in the log, and whether all of that is in the database too; nothing where that is not known.</returns>
    private (long Bytes, bool IsWhole) Checkpoint(SqliteConnection? writer)
    {
        try
        {
            using var command = (writer ?? (own ??= SqliteFile.Connect(file))).CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            using var result = command.ExecuteReader();
            return result.Read() ? (result.GetInt64(1) * PageBytes, result.GetInt64(1) == result.GetInt64(2)) : default;
        }
        catch (SqliteException)
        {
            // As with SQLite's own: it is tried again, and what is wrong with the disk the next group will say to those whom it concerns.
            return default;
        }
    }
}
