using System.Security.Cryptography;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Backup;
using SignalWatch.Collector.Storage.Postgres;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Collector.Tests.Evidence;
using SignalWatch.Contracts;
using SignalWatch.Tests;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Storage.Backup;

public sealed class BackupTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.FromHours(8));

    private readonly string work = Directory.CreateTempSubdirectory("signalwatch-backup-").FullName;

    private string Place => Path.Combine(work, "backups");

    public void Dispose()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        Directory.Delete(work, recursive: true);
    }

    [Fact]
    public async Task A_backup_taken_under_load_is_the_journal_of_one_moment_byte_for_byte()
    {
        await using var collector = await Start();
        await Populate(collector);
        using var stop = new CancellationTokenSource();
        var load = Load(collector, 100, stop.Token);
        TakenBackup taken;
        do taken = Take(collector.Folder);
        while (taken.Manifest.Position < 200 && !load.IsCompleted); // the writer is at work before, during and after
        await stop.CancelAsync();
        var acknowledged = await load;
        acknowledged.Should().BeGreaterThan(0);
        var restored = Path.Combine(work, "restored");
        BackupRestore.Run(taken.Folder, restored, null, new()).Check.Faults.Should().BeEmpty();
        using var live = SqliteStore.OpenToRead(collector.Folder);
        using var copy = SqliteStore.OpenToRead(restored);
        using (var now = live.OpenView())
        using (var then = copy.OpenView())
        {
            then.Newest.Should().Be(taken.Manifest.Position).And.BeLessThan(now.Newest);
            Rows(then).Should().Equal(Rows(now).TakeWhile(r => r.Position <= taken.Manifest.Position));
        }
        foreach (var file in Directory.GetFiles(Path.Combine(collector.Folder, "evidence/objects"), "*", SearchOption.AllDirectories))
            File.ReadAllBytes(Path.Combine(restored, Path.GetRelativePath(collector.Folder, file))).Should().Equal(File.ReadAllBytes(file));
        await using var second = await Start(folder: restored);
        (await second.Read<List<AlarmRow>>("/api/v1/alarms")).Should().NotBeEmpty();
        (await second.Deliver(Line(10_000_000))).Stored.Should().Be(1, "the restored collector goes on");
        AlarmTests.Check(second).Faults.Should().BeEmpty();
    }

    [PostgresFact]
    public async Task A_backup_of_either_store_is_restored_into_either_with_the_same_digests()
    {
        await using var collector = await Start();
        await Populate(collector);
        await NextMonth(collector);
        await collector.Deliver(Line(5), "no JSON \u0001", Line(7));
        await collector.Stop();
        var first = Take(collector.Folder);
        first.Manifest.Months.Should().HaveCount(2);
        first.Manifest.Months.Sum(m => m.DeadLetters).Should().Be(1);

        var (database, beside) = (server.NewDatabase(), Path.Combine(work, "beside"));
        BackupRestore.Run(first.Folder, beside, database, new()).Check.Faults.Should().BeEmpty();
        Directory.GetFiles(beside, "journal-*").Should().BeEmpty("the journal is in the database");
        await using var onPostgres = await Start(folder: beside, adjust: options => options with { Store = database });
        (await onPostgres.Deliver(Line(5))).Duplicates.Should().Be(1, "what was stored is known for ever");
        await onPostgres.Stop();
        using var store = PostgresStore.OpenToRead(database);
        var second = BackupTaker.Take(store, beside, Path.Combine(work, "backups2"), "test", Now, new());
        // The new run signs the log and notes when it heard of the probe: what is older than it is the same.
        second.Manifest.Months[0].Should().Be(first.Manifest.Months[0] with { Source = null });

        var back = Path.Combine(work, "back");
        BackupRestore.Run(second.Folder, back, null, new()).Check.Faults.Should().BeEmpty();
        using var end = SqliteStore.OpenToRead(back);
        using var view = end.OpenView();
        using var original = SqliteStore.OpenToRead(collector.Folder);
        using var expected = original.OpenView();
        Rows(view).Take((int)expected.Newest).Should().Equal(Rows(expected));
        view.Letters(new(2026, 4)).Select(l => l.Reason).Should().Equal(expected.Letters(new(2026, 4)).Select(l => l.Reason));
    }

    [PostgresFact]
    public void Months_that_were_dropped_or_thinned_are_restored_as_they_are_with_their_openings_and_positions()
    {
        var source = Path.Combine(work, "source");
        using (var store = SqliteStore.Open(source, Now))
        {
            using (var writer = store.OpenWriter())
                for (var month = 0; month < 4; month++)
                {
                    writer.Begin(Now.AddMonths(month));
                    for (var i = 0; i < 5; i++) writer.Append(i % 2 == 0 ? EntryKind.Outbox : EntryKind.Case, null, null, "x", Now.AddMonths(month), "{}"u8.ToArray());
                    writer.Put("count", "all", (byte[])[(byte)('0' + month)]);
                    writer.Put("gone", $"{month}", "{}"u8.ToArray());
                    writer.Remove("gone", $"{month - 1}");
                    writer.Commit();
                }
            store.Thin(new(new Dictionary<EntryKind, DateTimeOffset> { [EntryKind.Outbox] = Now.AddMonths(2) }, null), _ => false); // the last entry of a month too
            store.DropBefore(new(2026, 12)).Should().ContainSingle();
        }
        var taken = Take(source);
        taken.Manifest.Months.Select(m => (m.First, m.Entries, m.Thinned)).Should().Equal((6, 2, 3), (11, 5, 0), (16, 5, 0));
        var (database, folder) = (server.NewDatabase(), Path.Combine(work, "data"));
        BackupRestore.Run(taken.Folder, folder, database, new());
        using var restored = PostgresStore.OpenToRead(database);
        using var view = restored.OpenView();
        view.Months.Should().Equal(new StoredMonth(new(2026, 12), 6, 3), new StoredMonth(new(2027, 1), 11, 0), new StoredMonth(new(2027, 2), 16, 0));
        view.Opening(new(2027, 1)).Documents("gone").Single().Id.Should().Be("1");
        var again = BackupTaker.Take(restored, folder, Path.Combine(work, "backups2"), "test", Now, new());
        again.Manifest.Months.Should().Equal(taken.Manifest.Months.Select(m => m with { Source = null }));
        again.Manifest.DocumentsDigest.Should().Be(taken.Manifest.DocumentsDigest);
        var refused = () => BackupRestore.Run(taken.Folder, Path.Combine(work, "other"), database, new());
        refused.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("restore.not-empty");
    }

    [Fact]
    public async Task Whichever_file_of_a_backup_is_changed_by_one_bit_is_named()
    {
        await using var collector = await Start();
        await Populate(collector);
        var taken = Take(collector.Folder);
        BackupVerifier.Run(taken.Folder, taken.Manifest, new()).Should().BeEmpty();
        foreach (var file in taken.Manifest.Files)
        {
            var path = Path.Combine(taken.Folder, file.Path);
            if (file.Bytes == 0) continue;
            Flip(path);
            BackupVerifier.Run(taken.Folder, BackupManifest.Read(taken.Folder), new()).Select(d => d.Path).Should().Equal(file.Path);
            var restore = () => BackupRestore.Run(taken.Folder, Path.Combine(work, "never"), null, new());
            restore.Should().Throw<ProblemException>().Which.Problem.Title.En.Should().Contain(file.Path);
            Flip(path);
        }
        foreach (var name in (string[])[BackupManifest.FileName, BackupManifest.DigestName])
        {
            Flip(Path.Combine(taken.Folder, name));
            var read = () => BackupManifest.Read(taken.Folder);
            read.Should().Throw<ProblemException>().Which.Problem.Title.En.Should().Contain("manifest.json");
            Flip(Path.Combine(taken.Folder, name));
        }
        var added = Path.Combine(taken.Folder, "data", "journal-2026-03.db-wal");
        File.WriteAllText(added, "");
        BackupVerifier.Run(taken.Folder, taken.Manifest, new()).Select(d => d.Path).Should().Equal("data/journal-2026-03.db-wal");
        File.Delete(added);
        Directory.Exists(Path.Combine(work, "never")).Should().BeFalse("a damaged backup touches nothing");
    }

    [Fact]
    public async Task What_did_not_change_is_shared_with_the_backup_before_unless_that_is_damaged()
    {
        await using var collector = await Start();
        await Populate(collector);
        await NextMonth(collector);
        await collector.Deliver(Line(5));
        await collector.Stop(); // a reader of a sealed month may keep its log until then
        var first = Take(collector.Folder);
        first.Linked.Should().Be(0);
        var second = Take(collector.Folder, Now.AddMinutes(1));
        second.Linked.Should().Be(3, "two items of evidence and the sealed month");
        second.Manifest.Months.Should().Equal(first.Manifest.Months);
        Flip(Path.Combine(first.Folder, "data/journal-2026-03.db"));
        var third = Take(collector.Folder, Now.AddMinutes(2));
        third.Linked.Should().Be(2);
        third.Notes.Should().ContainSingle().Which.En.Should().Contain("journal-2026-03.db");
        BackupVerifier.Run(third.Folder, third.Manifest, new()).Should().BeEmpty();
        BackupRestore.Run(third.Folder + "/", Path.Combine(work, "restored") + "/", null, new()).Check.Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task Keys_and_evidence_are_for_the_owner_only_and_a_gap_of_the_source_marks_the_backup()
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        await using var collector = await Start();
        await Populate(collector);
        File.WriteAllText(Path.Combine(collector.Folder, "outputs.yaml"), "targets: []");
        var evidence = Directory.GetFiles(Path.Combine(collector.Folder, "evidence/objects"), "*", SearchOption.AllDirectories);
        File.Delete(evidence[0]);
        File.SetUnixFileMode(evidence[1], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Flip(evidence[1]);
        var taken = Take(collector.Folder);
        taken.Folder.Should().EndWith(BackupTaker.Incomplete);
        taken.Manifest.Lacks.Select(l => Path.GetFileName(l.Path)).Should().BeEquivalentTo(evidence.Select(Path.GetFileName));
        foreach (var path in (string[])["data/keys/evidence-ed25519.pem", "data/keys/evidence-sm2.pem", "data/outputs.yaml"])
        {
            taken.Manifest.Files.Select(f => f.Path).Should().Contain(path);
            File.GetUnixFileMode(Path.Combine(taken.Folder, path)).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        File.GetUnixFileMode(taken.Folder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task A_disk_that_is_full_leaves_no_backup_and_the_earlier_one_as_it_was(int call)
    {
        await using var collector = await Start();
        await Populate(collector);
        var whole = Take(collector.Folder);
        using (var disk = new FaultyDisk(Place, 1))
        {
            disk.FailIn(call, int.MaxValue / 2, FaultyDisk.Full);
            var take = () => Take(collector.Folder, Now.AddMinutes(1));
            take.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("backup.full");
        }
        Directory.GetDirectories(Place).Should().Equal(whole.Folder);
        BackupVerifier.Run(whole.Folder, whole.Manifest, new()).Should().BeEmpty();
        (await collector.Deliver(Line(99))).Stored.Should().Be(1, "the collector goes on");
    }

    [Fact]
    public async Task A_backup_that_was_killed_is_no_backup_and_the_next_one_clears_it_away()
    {
        await using var collector = await Start();
        await Populate(collector);
        var torn = Path.Combine(Place, "signalwatch-20261123T000000Z" + BackupTaker.Unfinished);
        Directory.CreateDirectory(torn);
        var restore = () => BackupRestore.Run(torn, Path.Combine(work, "never"), null, new());
        restore.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("backup.absent");
        var taken = Take(collector.Folder);
        Directory.GetDirectories(Place).Should().Equal(taken.Folder);
        var inside = () => BackupTaker.Take(null!, collector.Folder, Path.Combine(collector.Folder, "backups"), "test", Now, new());
        inside.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("backup.inside-data");
    }

    [Fact]
    public async Task Nothing_is_restored_over_what_is_there_and_a_half_restored_folder_is_not_run()
    {
        await using var collector = await Start();
        await Populate(collector);
        var taken = Take(collector.Folder);
        var over = () => BackupRestore.Run(taken.Folder, collector.Folder, null, new());
        over.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("restore.not-empty");
        var full = Path.Combine(work, "full");
        var stopped = () => BackupRestore.Run(taken.Folder, full, null, new(p =>
        {
            if (p.Stage == BackupStage.Files && p.Files > taken.Manifest.Files.Count + 2) throw new IOException("No space left on device");
        }));
        stopped.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("restore.failed");
        var run = () => Start(folder: full);
        (await run.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("data.restore-unfinished");
    }

    private TakenBackup Take(string data, DateTimeOffset? at = null)
    {
        using var store = SqliteStore.OpenToRead(data);
        return BackupTaker.Take(store, data, Place, "test", at ?? Now.AddSeconds(Directory.Exists(Place) ? Directory.GetDirectories(Place).Length : 0), new());
    }

    /// <summary>An alarm that was acknowledged, two items of evidence.</summary>
    private static async Task Populate(RunningCollector collector)
    {
        await collector.Deliver(Line(1), Line(2));
        var alarm = (await collector.Read<List<AlarmRow>>("/api/v1/alarms"))[0];
        using (await collector.Acknowledge(alarm.Id, alarm.Version)) { }
        await collector.Bring(EvidenceClient.Bytes(100_000, 1));
        await collector.Bring(EvidenceClient.Bytes(3_000_000, 2));
    }

    /// <summary>While it is stopped: a running one would live through every second.</summary>
    private static async Task NextMonth(RunningCollector collector)
    {
        await collector.Stop();
        collector.Time.Advance(TimeSpan.FromDays(20));
        await collector.Restart();
    }

    private static Task<long> Load(RunningCollector collector, long first, CancellationToken stop) => Task.Run(async () =>
    {
        var next = first;
        while (!stop.IsCancellationRequested)
        {
            var from = next;
            await collector.Deliver([.. Enumerable.Range(0, 50).Select(i => Line(from + i, onAir: (from + i) % 7 != 0))]);
            next += 50;
        }
        return next - first;
    }, CancellationToken.None);

    private static IEnumerable<(long, EntryKind, long?, long?, string?, DateTimeOffset, string)> Shown(IEnumerable<JournalRow> rows) =>
        rows.Select(r => (r.Position, r.Kind, r.Stream, r.Sequence, r.About, r.ReceivedAt, Convert.ToHexString(SHA256.HashData(r.Body.Span))));

    private static List<(long Position, EntryKind, long?, long?, string?, DateTimeOffset, string)> Rows(IStoreView view) => [.. Shown(view.Entries(new()))];

    private static void Flip(string file)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
    }
}
