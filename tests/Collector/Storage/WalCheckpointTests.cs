using SignalWatch.Collector.Storage.Sqlite;

namespace SignalWatch.Collector.Tests.Storage;

/// <summary>The log beside a database, brought into it while the writer writes.</summary>
public sealed class WalCheckpointTests : IDisposable
{
    private const int Groups = 400, GroupBytes = 64 * 1024;

    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_log_of_a_writer_that_never_rests_stays_bounded_and_nothing_is_lost()
    {
        var file = Path.Combine(folder, "j.db");
        SqliteFile.Begin(file, null, 1);
        using (var writer = SqliteFile.ConnectToWrite(file))
        using (var checkpoints = new WalCheckpoints(file, every: 256 * 1024, most: 2 << 20))
        {
            SqliteFile.Execute(writer, "PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0");
            for (var i = 0; i < Groups; i++)
            {
                SqliteFile.Execute(writer, $"INSERT INTO room VALUES (randomblob({GroupBytes}))");
                checkpoints.Committed(GroupBytes, writer);
            }
            checkpoints.Finish();
            new FileInfo(file + "-wal").Length.Should().BeLessThan(4 << 20, "the writer waits where the log is long, and uses it from its beginning again");
        }
        using var reader = SqliteFile.Connect(file);
        SqliteFile.Number(reader, "SELECT COUNT(*) FROM room").Should().Be(Groups);
    }

    [Fact]
    public void Empty_bytes_are_stored_as_empty_bytes_not_as_nothing()
    {
        var file = Path.Combine(folder, "e.db");
        SqliteFile.Begin(file, null, 1);
        using var connection = SqliteFile.Connect(file);
        using var insert = new SqliteStatement(connection, "INSERT INTO room VALUES (?)");
        insert.Set(1, ReadOnlySpan<byte>.Empty).Run();
        SqliteFile.Number(connection, "SELECT COUNT(*) FROM room WHERE typeof(filler) = 'blob' AND length(filler) = 0").Should().Be(1);
    }

    [Fact]
    public void A_statement_that_was_refused_says_why_and_can_run_again()
    {
        var file = Path.Combine(folder, "r.db");
        SqliteFile.Begin(file, null, 1);
        using var connection = SqliteFile.Connect(file);
        using var insert = new SqliteStatement(connection, "INSERT INTO room VALUES (?)");
        var refused = () => insert.Set(1, (long?)null).Run();
        refused.Should().Throw<Microsoft.Data.Sqlite.SqliteException>().Which.Message.Should().Contain("NOT NULL");
        insert.Set(1, "x"u8).Run();
        SqliteFile.Number(connection, "SELECT COUNT(*) FROM room").Should().Be(1);
    }
}
