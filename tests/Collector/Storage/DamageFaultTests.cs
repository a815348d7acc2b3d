using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Collector.Storage.Sqlite.Salvage;

namespace SignalWatch.Collector.Tests.Storage;

/// <summary>The disk fails where a month is begun, or where a damaged one is read.</summary>
public sealed class DamageFaultTests
{
    private static readonly DateTimeOffset November = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_page_that_the_disk_does_not_give_costs_its_own_rows_only()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-eio-").FullName;
        using (var store = SqliteStore.Open(folder, November))
        using (var writer = store.OpenWriter())
        {
            Write(writer, November, 500);
            writer.Settle();
        }
        var file = Path.Combine(folder, "journal-2026-11.db");
        var pages = new FileInfo(file).Length / 4096;
        var around = new MonthAround(new(2026, 11), true, null, null, null, null);
        var worst = 0L;
        for (var bad = 1; bad <= pages; bad++)
        {
            var made = Path.Combine(folder, "made");
            using var content = new BadSector(file, (bad - 1) * 4096L);
            var loss = SqliteSalvage.Run(new(content, null), made, around, "aside", "EIO", November.AddMinutes(1));
            loss.Kept.Should().BeGreaterThan(400, $"page {bad}");
            loss.Skipped!.Value.From.Should().BeGreaterThan(loss.Kept);
            worst = Math.Max(worst, 500 - loss.Kept);
        }
        worst.Should().BePositive("some page has rows");
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(FaultyDisk.Full)]
    [InlineData(FaultyDisk.WriteFailed)]
    [InlineData(FaultyDisk.SyncFailed)]
    public void Whatever_fails_while_a_month_is_begun_nothing_committed_is_lost(int error)
    {
        for (var call = 1; call <= 40; call += error == 0 ? 1 : 3)
        {
            var folder = Directory.CreateTempSubdirectory("signalwatch-month-").FullName;
            var after = Directory.CreateTempSubdirectory("signalwatch-month-").FullName;
            var committed = 30L;
            using (var disk = new FaultyDisk(folder, call))
            {
                using (var store = SqliteStore.Open(folder, November))
                using (var writer = store.OpenWriter())
                {
                    Write(writer, November, 30);
                    if (error == 0) disk.CutPowerIn(call);
                    else disk.FailIn(call, 2, error);
                    for (var attempt = 0; attempt < (error == 0 ? 1 : 30); attempt++)
                    {
                        try
                        {
                            Write(writer, November.AddDays(1), 5);
                            committed += 5;
                        }
                        catch (Exception failure) when (store.Explain(failure) is not null)
                        {
                            writer.Rollback();
                        }
                    }
                }
                disk.WriteSurvivors(after);
            }
            using (var store = SqliteStore.Open(error == 0 ? after : folder, November.AddDays(1)))
            {
                using var writer = store.OpenWriter();
                using var view = store.OpenView();
                view.Newest.Should().BeGreaterThanOrEqualTo(committed, $"call {call}");
                view.Entries(new()).Select(r => r.Position).Should().Equal(Enumerable.Range(1, (int)view.Newest).Select(i => (long)i), $"call {call}");
                JournalBaseline.Losses(view).Should().BeEmpty($"call {call}: a torn write is no damage");
            }
            Directory.Delete(folder, recursive: true);
            Directory.Delete(after, recursive: true);
        }
    }

    private static void Write(IStoreWriter writer, DateTimeOffset now, int entries)
    {
        writer.Begin(now);
        for (var i = 0; i < entries; i++) writer.Append(EntryKind.Observation, 1, writer.Position + 1, null, now, "{\"fact\":\"0123456789012345678901234567890123456789\"}"u8.ToArray());
        writer.Put("count", "all", "1"u8.ToArray());
        writer.Commit();
    }

    /// <summary>A file of which a page can't be read: EIO.</summary>
    private sealed class BadSector(string file, long at) : FileStream(file, FileMode.Open, FileAccess.Read)
    {
        public override int Read(Span<byte> buffer) => Position <= at && at < Position + buffer.Length ? throw new IOException("Input/output error") : base.Read(buffer);
    }
}
