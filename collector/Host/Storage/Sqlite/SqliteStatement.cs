using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>A statement that is prepared once and run for each row, without a command, parameter objects and a copy of the body for each: that cost more than the row did in SQLite.
/// It runs within the connection's open transaction, which has the write lock, so that it is never busy.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 file;
    private readonly sqlite3_stmt statement;

    /// <summary>Prepares a statement without result.</summary>
    /// <exception cref="SqliteException">It is no statement of this file.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        file = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(file, sql, out statement), file);
    }

    /// <summary>Sets a number; the first parameter is 1.</summary>
    public SqliteStatement Set(int parameter, long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, parameter, number) : raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    /// <summary>Sets a text.</summary>
    public SqliteStatement Set(int parameter, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    /// <summary>Sets bytes; SQLite takes a copy.</summary>
    public SqliteStatement Set(int parameter, ReadOnlySpan<byte> value)
    {
        // Without bytes there is no address, which would bind NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    /// <summary>Runs it with what was set.</summary>
    /// <exception cref="SqliteException">The row was not taken.</exception>
    public void Run()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(statement);
            return;
        }
        try
        {
            SqliteException.ThrowExceptionForRC(result, file);
        }
        finally
        {
            raw.sqlite3_reset(statement); // after the message was read; an open statement would hold up the rollback
        }
    }

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, file);
}
