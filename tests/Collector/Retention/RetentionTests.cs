using System.Net.Http.Json;
using System.Text;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Commands;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Retention;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Retention;

public sealed class RetentionTests
{
    private const string Other = "frequency:440106/101700000";

    [Fact]
    public async Task What_is_over_goes_with_a_record_and_what_a_case_names_stays_for_ever()
    {
        await using var collector = await WithACase();
        await After(collector, 100);
        (await collector.Get<RetentionKeeper>().Run(scrub: true)).Should().BeEmpty("nothing is over yet");
        await After(collector, 100);
        var removed = (await collector.Get<RetentionKeeper>().Run(scrub: true)).Single();
        removed.Entries.Should().Equal(new Dictionary<EntryKind, long> { [EntryKind.Observation] = 40 });
        (removed.Month, removed.DeadLetters, removed.Unattributed).Should().Be(("2026-03", 1, 0));
        using (var view = collector.Get<IStore>().OpenView())
        {
            var left = view.Entries(new(Kinds: [EntryKind.Observation])).Where(r => r.ReceivedAt.Month == 3).Select(r => Encoding.UTF8.GetString(r.Body.Span)).ToList();
            left.Should().HaveCount(20).And.OnlyContain(body => body.Contains("97800000", StringComparison.Ordinal));
            view.Entries(new(Kinds: [EntryKind.Verdict])).Should().NotBeEmpty("alarms are folded from verdicts");
            view.Entries(new(Kinds: [EntryKind.Retention])).Should().ContainSingle();
            var check = JournalCheck.Run(view);
            check.Faults.Should().BeEmpty();
            check.Removed.Should().Be(40);
        }
        (await collector.Get<RetentionKeeper>().Run(scrub: true)).Should().BeEmpty("it is recorded once");
        await collector.Restart();
        collector.Get<RetentionBook>().Committed.Single().Count.Should().Be(40);
        var numbers = (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03")).Single(s => s.Boot == Boot);
        numbers.Missing.Should().BeEmpty("what was removed by rule was not lost");
        (await collector.Deliver(Line(1))).Duplicates.Should().Be(1, "and is known for ever");
    }

    [Fact]
    public async Task What_a_kill_left_unrecorded_is_recorded_by_the_next_run()
    {
        await using var collector = await WithACase();
        await After(collector, 200);
        collector.Get<IStore>().Thin(new RetentionSettings().Limits(collector.Time.GetUtcNow()), _ => false); // and then the kill
        var removed = (await collector.Get<RetentionKeeper>().Run(scrub: false)).Single();
        (removed.Count, removed.Unattributed).Should().Be((60, 60));
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task The_outlook_says_what_goes_next_and_changes_nothing()
    {
        await using var collector = await WithACase();
        await After(collector, 200);
        await collector.Stop();
        using var store = SqliteStore.OpenToRead(collector.Folder);
        using var view = store.OpenView();
        var outlook = RetentionCommand.Outlook(view, new(), collector.Time.GetUtcNow())[0];
        (outlook.Month, outlook.Observations, outlook.DeadLetters, outlook.HeldByCases).Should().Be(("2026-03", 40, 1, 20));
        outlook.Bytes.Should().BeInRange(40 * 200, 40 * 1_000);
        RetentionCommand.Outlook(view, new(), collector.Time.GetUtcNow().AddDays(-100))[0].NextAt.Should().BeCloseTo(collector.Time.GetUtcNow().AddDays(-200 + 184), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task At_three_at_night_it_runs_by_itself()
    {
        await using var collector = await WithACase();
        await After(collector, 200); // 22:00 in Beijing
        await collector.Stop(); // or the seconds of five hours would fill the writer's queue
        collector.Time.Advance(TimeSpan.FromHours(4.9));
        await collector.Restart();
        collector.Get<RetentionBook>().Committed.Should().BeEmpty();
        collector.Time.Advance(TimeSpan.FromHours(0.2));
        await collector.Get<RetentionKeeper>().Running;
        collector.Get<RetentionBook>().Committed.Single().Count.Should().Be(40);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_is_told_and_retention_runs_at_once()
    {
        var free = 100L << 30;
        await using var collector = await WithACase(new() { Room = _ => (free, 1000L << 30) });
        await After(collector, 200);
        (await collector.Read<HealthReport>("/healthz")).Notices.Should().BeEmpty();
        free = 1L << 30;
        collector.Time.Advance(TimeSpan.FromMinutes(5));
        (await collector.Read<HealthReport>("/healthz")).Notices.Select(n => n.Code).Should().Equal("storage.nearly-full");
        await collector.Get<RetentionKeeper>().Running;
        collector.Get<RetentionBook>().Committed.Single().Count.Should().Be(40);
        free = 100L << 30;
        collector.Time.Advance(TimeSpan.FromMinutes(5));
        (await collector.Read<HealthReport>("/healthz")).Notices.Should().BeEmpty();
    }

    [Fact]
    public async Task Months_are_dropped_only_when_confirmed_and_when_no_open_case_needs_them()
    {
        await using var collector = await WithACase();
        await After(collector, 60);
        await collector.Deliver(Line(501, Other));
        var alarms = await collector.Read<List<AlarmRow>>("/api/v1/alarms");
        await collector.Stop();
        using (var store = SqliteStore.Open(collector.Folder, collector.Time.GetUtcNow()))
        {
            var drop = (bool yes) => { DropBeforeCommand.Drop(store, new(2026, 5), "王值班", yes, collector.Time.GetUtcNow()); };
            drop.Invoking(d => d(true)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("retention.under-case");
        }
        await collector.Restart();
        await Act(collector, "/api/v1/cases/C-2026-0001/acts", 1, new Resolve("查封设备"));
        for (var task = 1; task <= 3; task++) await Act(collector, "/api/v1/cases/C-2026-0001/acts", 1 + task, new CompleteTask(task, "未再发现"));
        await Act(collector, "/api/v1/cases/C-2026-0001/acts", 5, new Archive());
        await collector.Stop();
        using (var store = SqliteStore.Open(collector.Folder, collector.Time.GetUtcNow()))
        {
            var unconfirmed = () => DropBeforeCommand.Drop(store, new(2026, 5), "王值班", false, collector.Time.GetUtcNow());
            unconfirmed.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("retention.not-confirmed");
            Directory.GetFiles(collector.Folder, "journal-2026-03.db").Should().ContainSingle("nothing was removed");
            var gone = DropBeforeCommand.Drop(store, new(2026, 5), "王值班", true, collector.Time.GetUtcNow()).Single();
            (gone.Month, gone.Dropped, gone.Entries[EntryKind.Observation]).Should().Be(("2026-03", true, 60));
        }
        Directory.GetFiles(collector.Folder, "journal-2026-03.db").Should().BeEmpty();
        await collector.Restart();
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
        collector.Get<RetentionBook>().Committed.Single().Actor.Should().Be("王值班");
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Select(a => a.Id).Should().Equal(alarms.Select(a => a.Id), "the present state stays");
        (await collector.Read<CaseDetail>("/api/v1/cases/C-2026-0001")).Case.State.Should().Be(CaseState.Archived);
    }

    [Theory]
    [InlineData("observation=29d", "retention.too-short")]
    [InlineData("gap=183d", "retention.too-short")]
    [InlineData("dead-letter=1d", "retention.too-short")]
    [InlineData("verdict=400d", "retention.setting")]
    [InlineData("observation=400", "retention.setting")]
    [InlineData("observation=-1d", "retention.setting")]
    [InlineData("d", "retention.setting")]
    public void A_setting_that_is_not_understood_or_too_short_is_refused(string text, string code)
    {
        var parse = () => RetentionSettings.Parse(text);
        parse.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(code);
    }

    [Fact]
    public void A_setting_names_days_and_what_is_not_named_keeps_its_default()
    {
        var settings = RetentionSettings.Parse("observation=30d, dead-letter=365d");
        (settings.ObservationDays, settings.GapDays, settings.DeadLetterDays).Should().Be((30, 1_096, 365));
    }

    /// <summary>In March: 20 observations of a pirate that a case names, 40 of another carrier, and a line that is none.</summary>
    private static async Task<RunningCollector> WithACase(RetentionSettings? settings = null)
    {
        var quiet = settings ?? new() { Room = _ => (100L << 30, 1000L << 30) };
        var collector = await Start(adjust: options => options with { Retention = quiet });
        await collector.Deliver([.. Enumerable.Range(1, 20).Select(n => Line(n))]);
        await collector.Deliver([.. Enumerable.Range(21, 40).Select(n => Line(n, Other, onAir: false)), Line(61).Replace("frequency:", "nothing:", StringComparison.Ordinal)]);
        var alarm = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).First(a => a.Subject.ToString() != Other).Id.Value;
        await Act(collector, "/api/v1/cases", 0, new OpenCase(CaseKind.PirateFm, "97.8 MHz 黑广播", "440106", [alarm]));
        return collector;
    }

    /// <summary>Days later, with one more observation.</summary>
    private static async Task After(RunningCollector collector, int days)
    {
        await collector.Stop(); // or every second of it would tick
        collector.Time.Advance(TimeSpan.FromDays(days));
        await collector.Restart();
        await collector.Deliver(Line(1, Other, boot: Guid.CreateVersion7(), onAir: false));
    }

    private static async Task Act(RunningCollector collector, string path, long version, CaseCommand command)
    {
        using var answer = await collector.Client.PostAsJsonAsync(path, new CaseActRequest("王值班", version, command), WireJson.Options);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }
}
