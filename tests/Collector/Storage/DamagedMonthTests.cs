using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Damage;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Storage;

/// <summary>A file of the journal that is damaged: the collector starts, what can be read is there, what can't is told, and no position is given twice.</summary>
public sealed class DamagedMonthTests
{
    private const int Page = 4096;

    public static TheoryData<string> Damages => ["header", "schema", "schema version", "leaf", "cut", "cut within a page", "empty", "garbage", "documents", "opening", "index", "every second page", "month table"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_month_never_keeps_the_collector_from_its_start(string damage)
    {
        await using var collector = await Start();
        for (var i = 0; i < 30; i++) await collector.Deliver([.. Enumerable.Range(i * 20 + 1, 20).Select(n => Line(n, onAir: n % 7 != 0))]);
        var before = await All(collector);
        await collector.Stop();
        Harm(Journal(collector.Folder), damage);

        await collector.Restart();
        var after = await All(collector);
        var kept = after.Where(e => before.ContainsKey(e.Key)).ToList();
        kept.Where(e => before[e.Key] != e.Value).Should().BeEmpty("what is kept is what was stored");
        if (damage is not ("empty" or "garbage" or "cut" or "cut within a page")) kept.Should().HaveCountGreaterThan(before.Count / 3);
        after.Keys.Except(before.Keys).Should().OnlyContain(position => position > before.Keys.Max(), "no position is given again");
        Sound(collector);

        var loss = collector.Get<DamageBook>().Committed.Single().Loss;
        loss.Kept.Should().Be(kept.Count);
        File.Exists(Path.Combine(collector.Folder, loss.SetAside)).Should().BeTrue("nothing is deleted");
        var alarm = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single(a => a.Rule == DamageAlarm.Rule);
        alarm.Sentence.En.Should().Contain(loss.SetAside);
        (await collector.Read<HealthReport>("/healthz")).Notices.Select(n => n.Code).Should().Contain("storage.damaged");

        // The probe has all of it still: what is lost is taken, what is there is not taken twice.
        for (var i = 0; i < 30; i++) await collector.Deliver([.. Enumerable.Range(i * 20 + 1, 20).Select(n => Line(n, onAir: n % 7 != 0))]);
        var report = (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03")).Single();
        (report.Count, report.Missing.Count).Should().Be((600, 0));
        Sound(collector);
        await collector.Restart();
        Sound(collector);
        collector.Get<DamageBook>().Committed.Should().ContainSingle("it is told once");
    }

    [Fact]
    public async Task Acknowledged_numbers_that_are_lost_are_recorded_as_a_gap()
    {
        await using var collector = await Start();
        for (var i = 0; i < 30; i++) await collector.Deliver([.. Enumerable.Range(i * 20 + 1, 20).Select(n => Line(n))]);
        await collector.Stop();
        Harm(Journal(collector.Folder), "leaf");
        await collector.Restart();
        var told = collector.Get<DamageBook>().Committed.Single();
        var lost = SequenceRanges.Parse(told.Numbers.Single(n => n.Probe.Value == "GZ-03").Numbers);
        lost.Count.Should().BeInRange(1, 40);
        told.Loss.Folded.Should().BeFalse("only the journal was damaged");
        var report = (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03")).Single();
        report.Missing.Should().Equal(lost.Runs);
        using var view = collector.Get<IStore>().OpenView();
        view.Entries(new(Kinds: [EntryKind.Gap])).Select(r => Encoding.UTF8.GetString(r.Body.Span)).Should().Contain(b => b.Contains(DamageTexts.GapReason.Zh, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sealed_month_is_mended_with_its_neighbours_and_ingest_goes_on()
    {
        await using var collector = await Start();
        for (var i = 0; i < 30; i++) await collector.Deliver([.. Enumerable.Range(i * 20 + 1, 20).Select(n => Line(n))]);
        await collector.Stop();
        collector.Time.Advance(TimeSpan.FromDays(31));
        await collector.Restart();
        await collector.Deliver(Line(601));
        var before = await All(collector);
        await collector.Stop();
        var sealedFile = Directory.GetFiles(collector.Folder, "journal-*.db").Order().First();
        Harm(sealedFile, "header");
        await collector.Restart();
        using (var view = collector.Get<IStore>().OpenView()) view.Months.Should().HaveCount(2);
        (await All(collector)).Where(e => before.ContainsKey(e.Key)).Should().BeEquivalentTo(before, "its rows were all readable");
        Sound(collector);
        Directory.GetFiles(collector.Folder, "*.damaged-*").Should().ContainSingle();

        await collector.Stop();
        Harm(Directory.GetFiles(collector.Folder, "journal-*-1.db").Single(), "cut");
        await collector.Restart();
        Sound(collector);
        var told = collector.Get<DamageBook>().Committed.Single().Loss;
        using (var view = collector.Get<IStore>().OpenView()) told.Lost.Should().Be(view.Months[1].First - view.Months[0].First - told.Kept).And.BePositive();
        (told.Skipped, told.Restarts).Should().Be((null, false));
        (await collector.Deliver(Line(602))).Stored.Should().Be(1);
    }

    [Fact]
    public async Task Damage_that_shows_while_it_runs_is_set_aside_and_the_next_batch_is_stored()
    {
        await using var collector = await Start();
        for (var i = 0; i < 30; i++) await collector.Deliver([.. Enumerable.Range(i * 20 + 1, 20).Select(n => Line(n))]);
        await collector.Restart(); // nothing in its cache
        var before = await All(collector);
        using (var file = new FileStream(Journal(collector.Folder), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) // the last pages of every tree among them
        {
            file.Position = 8 * Page;
            file.Write(new byte[file.Length - file.Position]);
        }
        collector.Get<IStore>().Scrub(collector.Time.GetUtcNow(), CancellationToken.None).Should().ContainSingle();
        using (var refused = await collector.Post(Line(601))) ((int)refused.StatusCode).Should().Be(503);
        collector.Time.Advance(TimeSpan.FromSeconds(2));
        (await collector.Deliver(Line(601))).Stored.Should().Be(1);
        Sound(collector);
        collector.Get<DamageBook>().Committed.Should().ContainSingle();
        (await All(collector)).Keys.Except(before.Keys).Should().NotBeEmpty().And.OnlyContain(p => p > before.Keys.Max());
    }

    [Fact]
    public async Task A_log_that_is_damaged_before_its_last_transaction_loses_that_page_and_not_all_behind_it()
    {
        await using var collector = await Start();
        for (var i = 0; i < 30; i++) await collector.Deliver([.. Enumerable.Range(i * 20 + 1, 20).Select(n => Line(n))]);
        var before = await All(collector);
        var copy = Directory.CreateTempSubdirectory("signalwatch-log-").FullName; // as a kill leaves it
        foreach (var file in Directory.GetFiles(collector.Folder, "journal-*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var log = Directory.GetFiles(copy, "*-wal").Single();
        var frames = (new FileInfo(log).Length - 32) / (Page + 24);
        using (var bytes = new FileStream(log, FileMode.Open))
        {
            bytes.Position = 32 + frames / 2 * (Page + 24) + 2_000;
            bytes.WriteByte(0x5a);
            bytes.WriteByte(0xa5);
        }
        await using var next = await Start(folder: copy);
        var after = await All(next);
        after.Keys.Intersect(before.Keys).Should().HaveCountGreaterThan(before.Count * 9 / 10);
        next.Get<DamageBook>().Committed.Should().ContainSingle();
        Sound(next);
    }

    [Fact]
    public void Whatever_bytes_are_wrong_it_opens_keeps_only_what_was_stored_and_counts_the_rest()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var folder = Directory.CreateTempSubdirectory("signalwatch-bytes-").FullName;
            var now = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
            var written = Fill(folder, now, random);
            var file = Path.Combine(folder, round % 3 == 0 ? "journal-2026-11.db" : "journal-2026-12.db");
            var bytes = File.ReadAllBytes(file);
            for (var i = random.Next(1, 30); i > 0; i--) random.NextBytes(bytes.AsSpan(random.Next(bytes.Length - 64), random.Next(1, 64)));
            if (round % 5 == 0) Array.Resize(ref bytes, random.Next(bytes.Length));
            File.WriteAllBytes(file, bytes);
            IReadOnlyList<string> found;
            using (var store = SqliteStore.Open(folder, now.AddDays(2)))
            {
                found = store.Scrub(now.AddDays(2), CancellationToken.None);
                using var writer = store.OpenWriter();
                if (found.Count > 0) writer.Mend(new SqliteException("found", 11), now.AddDays(2));
                writer.Begin(now.AddDays(3));
                writer.Append(EntryKind.Verdict, null, null, "A-1", now.AddDays(3), "{}"u8.ToArray()).Should().BeGreaterThan(written.Count, $"seed {seed}, round {round}");
                writer.Commit();
                using var view = store.OpenView();
                var rows = view.Entries(new()).ToList();
                // A byte of a body that is still JSON shows nowhere: SQLite has no checksums.
                rows.Where(r => r.Position <= written.Count && r.Kind != EntryKind.Damage).Should().OnlyContain(r => written[(int)r.Position - 1].Length == r.Body.Length, $"seed {seed}, round {round}");
                var absent = JournalBaseline.Losses(view).Sum(l => l.Loss.Absent);
                (view.Newest - view.Months[0].First + 1 - absent).Should().Be(rows.Count, $"seed {seed}, round {round}");
                view.Damage().Should().BeEmpty($"seed {seed}, round {round}");
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<byte[]> Fill(string folder, DateTimeOffset now, Random random)
    {
        using var store = SqliteStore.Open(folder, now);
        using var writer = store.OpenWriter();
        var written = new List<byte[]>();
        foreach (var at in (DateTimeOffset[])[now, now.AddDays(1)])
        {
            writer.Begin(at);
            for (var i = 0; i < 80; i++)
            {
                var body = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', random.Next(12) == 0 ? random.Next(20_000) : random.Next(200))}}"}""");
                writer.Append(EntryKind.Observation, 1, written.Count + 1, null, at, body);
                written.Add(body);
            }
            writer.Put("count", "all", Encoding.UTF8.GetBytes($"{written.Count}"));
            writer.Commit();
        }
        writer.Settle();
        return written;
    }

    private static void Harm(string file, string damage)
    {
        var bytes = File.ReadAllBytes(file);
        switch (damage)
        {
            case "header": Array.Clear(bytes, 0, 100); break;
            case "schema": Array.Fill(bytes, (byte)0xee, 0, Page); break;
            case "leaf": Array.Fill(bytes, (byte)0xee, (LeafOfJournal(bytes) - 1) * Page, Page); break;
            case "cut": Array.Resize(ref bytes, bytes.Length / 2 / Page * Page); break;
            case "cut within a page": Array.Resize(ref bytes, bytes.Length / 2 / Page * Page + 1_000); break;
            case "empty": bytes = []; break;
            case "schema version": bytes.AsSpan(60, 4).Fill(0xeb); break; // bytes 60 to 63 of the header: user_version
            case "garbage": new Random(1).NextBytes(bytes); break;
            case "documents" or "opening": Array.Fill(bytes, (byte)0xee, (Root(file, damage) - 1) * Page, Page); break;
            case "index": Array.Fill(bytes, (byte)0xee, (Root(file, "journal_sequence") - 1) * Page, Page); break;
            case "month table": Array.Fill(bytes, (byte)0xee, (Root(file, "month") - 1) * Page, Page); break;
            case "every second page":
                for (var page = 3; page < bytes.Length / Page; page += 2) Array.Fill(bytes, (byte)0xee, page * Page, Page);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(damage));
        }
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>A leaf in the middle of the journal's table.</summary>
    private static int LeafOfJournal(byte[] bytes) =>
        Enumerable.Range(2, bytes.Length / Page - 2).Where(p => bytes[(p - 1) * Page] == 0x0d && bytes.AsSpan((p - 1) * Page, Page).IndexOf("fm.carrier"u8) >= 0).ElementAt(5);

    private static int Root(string file, string name)
    {
        using var connection = SqliteFile.Connect(file);
        return (int)SqliteFile.Number(connection, $"SELECT rootpage FROM sqlite_master WHERE name = '{name}'");
    }

    private static string Journal(string folder) => Directory.GetFiles(folder, "journal-*.db").Order().Last();

    private static async Task<Dictionary<long, string>> All(RunningCollector collector) =>
        (await collector.Read<JsonElement>("/api/v1/journal?limit=5000")).GetProperty("entries").EnumerateArray().ToDictionary(e => e.GetProperty("position").GetInt64(), e => e.GetRawText());

    private static void Sound(RunningCollector collector)
    {
        using var view = collector.Get<IStore>().OpenView();
        JournalCheck.Run(view).Faults.Should().BeEmpty();
    }
}
