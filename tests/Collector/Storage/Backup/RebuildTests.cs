using System.Net.Http.Json;
using System.Text;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Outbox;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Collector.Tests.Evidence;
using SignalWatch.Contracts;
using SignalWatch.Tests;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Storage.Backup;

/// <summary>Whatever happened, and whatever became of the documents: the journal brings them back, byte for byte.</summary>
public sealed class RebuildTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const int Rounds = 3, Acts = 60;

    [Fact]
    public async Task Random_acts_on_every_slice_then_damaged_documents_and_the_rebuild_gives_the_same_bytes()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var random = new Random(round);
            await using var collector = await Busy(random, null);
            await collector.Stop();
            if (round == 0) DropFirstMonth(collector.Folder);
            using var store = SqliteStore.Open(collector.Folder, collector.Time.GetUtcNow());
            var right = All(store);
            right.Keys.Select(k => k.Kind).Distinct().Should().Contain(
                ["alarm", "alarm.period", "alarm.plan", "alarm.settings", "case", "evidence", "evidence-log", "outbox.counts", "outbox.message", "outbox.told", "register.act", "register.row", "stream"], $"round {round}: each slice has something");
            using (var view = store.OpenView())
            {
                JournalCheck.Run(view).Faults.Should().BeEmpty($"round {round}");
                JournalRebuild.Plan(view).Differences.Should().BeEmpty();
            }
            var damaged = Damage(store, random, right);
            Rebuild(store).Should().Be(damaged, $"round {round}");
            All(store).Should().Equal(right, $"round {round}");
        }
    }

    [PostgresFact]
    public async Task The_same_holds_in_a_database()
    {
        var (random, url) = (new Random(77), server.NewDatabase());
        await using var collector = await Busy(random, url);
        await collector.Stop();
        using var store = Stores.Open(collector.Folder, url, collector.Time.GetUtcNow());
        var right = All(store);
        Rebuild(store).Should().Be(0);
        Damage(store, random, right).Should().Be(Rebuild(store));
        All(store).Should().Equal(right);
    }

    [Fact]
    public async Task A_ledger_that_is_gone_is_made_again_so_that_nothing_is_stored_twice()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2), "no JSON", Line(5)); // 3 is a dead letter, 4 a gap
        await collector.Stop();
        using (var store = SqliteStore.Open(collector.Folder, collector.Time.GetUtcNow()))
        {
            using (var writer = store.OpenWriter())
            {
                writer.Begin(collector.Time.GetUtcNow());
                foreach (var id in writer.Documents("stream").Select(d => d.Id).ToList()) writer.Remove("stream", id);
                writer.Commit();
            }
            using (var view = store.OpenView())
            {
                JournalCheck.Run(view).Faults.Should().HaveCount(2).And.OnlyContain(f => f.En.Contains("which the ledger has not", StringComparison.Ordinal));
                JournalRebuild.Plan(view).Differences.Should().HaveCount(2, "the probe's and the collector's own");
            }
            Rebuild(store);
        }
        await collector.Restart();
        var again = await collector.Deliver(Line(1), Line(2), Line(4), Line(5), Line(6));
        (again.Stored, again.Duplicates).Should().Be((2, 3));
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task A_journal_that_cannot_be_folded_is_not_rebuilt_from()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        await collector.Stop();
        using (var connection = new SqliteConnection($"Data Source={Directory.GetFiles(collector.Folder, "journal-*.db").Single()};Pooling=False"))
        {
            connection.Open();
            SqliteFile.Execute(connection, "UPDATE journal SET body = CAST('{' AS BLOB) WHERE kind = 2");
        }
        using var store = SqliteStore.OpenToRead(collector.Folder);
        using var view = store.OpenView();
        JournalRebuild.Plan(view).Faults.Should().ContainSingle().Which.En.Should().Contain("can't be replayed");
    }

    /// <summary>A collector to which everything happened that can, over two months.</summary>
    private static async Task<RunningCollector> Busy(Random random, string? url)
    {
        var nobody = new OutboxTarget { Name = "duty", Type = "webhook", Url = new($"http://127.0.0.1:{RunningProgram.FreePort()}/"), Secret = null };
        var pack = TestPack.Of(TestPack.Carrier, TestPack.Unlisted);
        var collector = await Start(pack: pack, adjust: options => options with { Outputs = [nobody], Store = url });
        var sequence = 0L;
        for (var act = 0; act < Acts; act++)
        {
            if (act == Acts / 3)
            {
                await collector.Stop(); // a running one would live through every second
                collector.Time.Advance(TimeSpan.FromDays(20));
                await collector.Restart(pack);
            }
            sequence = await Act(collector, random, act < 8 ? act : random.Next(8), sequence);
            collector.Time.Advance(TimeSpan.FromMilliseconds(random.Next(20_000)));
        }
        await collector.Deliver(Line(++sequence)); // behind what the ticks did
        return collector;
    }

    private static async Task<long> Act(RunningCollector collector, Random random, int act, long sequence)
    {
        var alarms = act == 0 ? [] : await collector.Read<List<AlarmRow>>("/api/v1/alarms");
        var some = alarms.Count > 0 ? alarms[random.Next(alarms.Count)] : null;
        switch (act)
        {
            case 0:
                var lines = Enumerable.Range(0, random.Next(1, 8)).Select(_ =>
                    Line(sequence += random.Next(8) == 0 ? 3 : 1, $"frequency:440106/{97_000_000 + (random.Next(5) * 100_000)}", onAir: random.Next(3) > 0, at: collector.Time.GetUtcNow())).ToList();
                if (random.Next(4) == 0) lines.Add("no JSON");
                await collector.Deliver([.. lines]);
                break;
            case 1 when some is not null:
                using (await collector.Acknowledge(some.Id, some.Version, note: "看到了")) { }
                break;
            case 2 when some is not null:
                AlarmAct[] acts = [new Shelve(collector.Time.GetUtcNow().AddMinutes(5), "检修"), new Dispatch("FT-1", collector.Time.GetUtcNow().AddHours(1)), new AddAlarmNote("记录"), new DeclareFalse(FalseAlarmReason.LawfulTest), new TakeOutOfService("维护"), new ReturnToService()];
                await Send(collector, HttpMethod.Post, $"/api/v1/alarms/{some.Id}/acts", new AlarmActRequest("王值班", some.Version, acts[random.Next(acts.Length)]));
                break;
            case 3:
                await Send(collector, HttpMethod.Put, $"/api/v1/alarm-calendar/periods/p{random.Next(3)}", new ProtectionPeriod("", "高考", ["4401"], collector.Time.GetUtcNow(), collector.Time.GetUtcNow().AddHours(random.Next(1, 9))));
                await Send(collector, HttpMethod.Put, $"/api/v1/alarm-calendar/plans/q{random.Next(3)}", new RunPlan("", "检修", [], [], ["FM-02"], collector.Time.GetUtcNow(), collector.Time.GetUtcNow().AddHours(1), "李主任"));
                await Send(collector, HttpMethod.Put, "/api/v1/alarm-calendar/settings", new AlarmSettings { Latching = random.Next(2) == 0 ? ["FM-01"] : [] });
                if (random.Next(4) == 0) using (await collector.Client.DeleteAsync($"/api/v1/alarm-calendar/periods/p{random.Next(3)}")) { }
                break;
            case 4:
                await collector.Bring(EvidenceClient.Bytes(random.Next(1, 5_000), random.Next(1_000_000)));
                break;
            case 5:
                await Send(collector, HttpMethod.Post, "/api/v1/cases", new CaseActRequest("王值班", 0, new OpenCase(CaseKind.PirateFm, "黑广播", "440106")));
                break;
            case 6:
                await Send(collector, HttpMethod.Post, "/api/v1/cases/C-2026-0001/acts", new CaseActRequest("王值班", random.Next(1, 5), new AddNote("走访")));
                break;
            case 7:
                await AlarmTests.Import(collector, $"{97_000_000 + (random.Next(5) * 100_000)},,台{random.Next(100)},甲台");
                break;
        }
        return sequence;
    }

    private static async Task Send<T>(RunningCollector collector, HttpMethod method, string path, T body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, options: WireJson.Options) };
        using var response = await collector.Client.SendAsync(request);
        ((int)response.StatusCode).Should().BeLessThan(500); // what is refused is part of it
    }

    private static void DropFirstMonth(string folder)
    {
        using var store = SqliteStore.Open(folder, DateTimeOffset.UnixEpoch);
        store.DropBefore(new(2026, 4)).Should().ContainSingle();
    }

    private static SortedDictionary<(string Kind, string Id), string> All(IStore store)
    {
        using var view = store.OpenView();
        return new(view.DocumentKinds().ToList().SelectMany(kind => view.Documents(kind).Select(d => (kind, d.Id, Body: Encoding.UTF8.GetString(d.Body.Span)))).ToDictionary(d => (d.kind, d.Id), d => d.Body));
    }

    /// <summary>Removes some documents, changes some, adds some that nobody wrote.</summary>
    /// <returns>How many are not right now.</returns>
    private static int Damage(IStore store, Random random, SortedDictionary<(string Kind, string Id), string> right)
    {
        using var writer = store.OpenWriter();
        using var view = store.OpenView();
        writer.Begin(view.Months[^1].Month.Begins);
        var damaged = 0;
        // What is no fold of the journal (states of rules, last reports) can't be made again, and is left out.
        foreach (var (kind, id) in right.Keys.Where(k => k.Kind is not ("engine" or "engine.past" or "report")))
        {
            switch (random.Next(6))
            {
                // A count of refused duplicates is in the ledger alone: it is lost where its document is.
                case 0 when kind != "stream": writer.Remove(kind, id); damaged++; break;
                case 1 when kind != "stream": writer.Put(kind, id, "{\"half\":"u8.ToArray()); damaged++; break;
                case 2 when kind != "stream": writer.Put(kind, id, Encoding.UTF8.GetBytes(right[(kind, id)].Replace("true", "false", StringComparison.Ordinal) + " ")); damaged++; break;
            }
        }
        writer.Put("alarm", "A-nobody", "{}"u8.ToArray());
        writer.Put("report", "torn", "{"u8.ToArray());
        writer.Commit();
        return damaged + 2;
    }

    private static int Rebuild(IStore store)
    {
        using var writer = store.OpenWriter();
        using var view = store.OpenView();
        var plan = JournalRebuild.Plan(view);
        plan.Faults.Should().BeEmpty();
        JournalRebuild.Carry(plan, writer, view.Months[^1].Month);
        using var after = store.OpenView();
        JournalCheck.Run(after).Faults.Should().BeEmpty();
        return plan.Differences.Count;
    }
}
