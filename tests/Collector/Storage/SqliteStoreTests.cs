using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Sqlite;

namespace SignalWatch.Collector.Tests.Storage;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-store-").FullName;

    [Fact]
    public void A_month_that_was_half_begun_is_begun_again()
    {
        using (var store = Open())
        using (var writer = store.OpenWriter()) Write(writer, November, 3);
        File.WriteAllText(Path.Combine(folder, "journal-2026-12.db.new"), "torn");
        using (var store = Open())
        using (var writer = store.OpenWriter())
        {
            File.WriteAllText(Path.Combine(folder, "journal-2026-12.db.new"), "torn by a failure, not by a kill");
            Write(writer, December, 1);
            using var view = store.OpenView();
            (view.Newest, view.Months.Count).Should().Be((4, 2));
        }
        Directory.GetFiles(folder, "*.new").Should().BeEmpty();
    }

    [Fact]
    public void Old_months_are_files_that_nothing_writes_to()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, November, 3);
        Write(writer, December, 1);
        var before = File.ReadAllBytes(Path.Combine(folder, "journal-2026-11.db"));
        Write(writer, December, 100);
        File.ReadAllBytes(Path.Combine(folder, "journal-2026-11.db")).Should().Equal(before);
        File.Exists(Path.Combine(folder, "journal-2026-11.db-wal")).Should().BeFalse();
    }

    public override void Dispose() => Directory.Delete(folder, recursive: true);

    private protected override IStore Open() => SqliteStore.Open(folder, November);
}
