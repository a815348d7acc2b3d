using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Cases;

public sealed class CaseTests
{
    private static readonly string Digest = new('a', 64);
    private static readonly DateTimeOffset Start0 = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_case_is_opened_worked_on_handed_over_resolved_rechecked_and_archived()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2));
        var alarm = (await collector.Read<List<AlarmRow>>("/api/v1/alarms"))[0].Id.Value;
        var opened = await Taken(collector, "/api/v1/cases", 0, new OpenCase(CaseKind.PirateFm, "97.8 MHz 黑广播", "440106", [alarm]));
        opened.Id.Should().Be("C-2026-0001");
        var at = $"/api/v1/cases/{opened.Id}/acts";

        var record = await Taken(collector, at, 1, new LinkEvidence(Digest));
        record = await Taken(collector, at, record.Version, new SetItem(2, ItemState.Present, [Digest], "20 分钟"));
        record = await Taken(collector, at, record.Version, new AddTask("上门核查", "FT-1", collector.Time.GetUtcNow().AddHours(2)));
        record = await Taken(collector, at, record.Version, new HandOver("广州市公安局 <script>", "刑法 §288"));
        record.State.Should().Be(CaseState.HandedOver);
        record = await Taken(collector, at, record.Version, new Receive(1, "李警官", "受理"));
        collector.Time.Advance(TimeSpan.FromHours(3));
        var detail = await collector.Read<CaseDetail>($"/api/v1/cases/{record.Id}");
        detail.Overdue.Should().Equal(1);
        detail.Checklist.Should().HaveCount(15);
        detail.Checklist.Where(c => c.State == ItemState.Present).Select(c => c.Item.Number).Should().Equal(2);
        record = await Taken(collector, at, record.Version, new CompleteTask(1, "已找到设备"));
        record = await Taken(collector, at, record.Version, new Resolve("查封设备"));
        record.Tasks.Where(t => t.RecheckDays is not null).Select(t => (t.RecheckDays!.Value, t.Deadline - record.ResolvedAt!.Value))
            .Should().Equal((7, TimeSpan.FromDays(7)), (30, TimeSpan.FromDays(30)), (180, TimeSpan.FromDays(180)));
        await Refused(collector, at, record.Version, new Archive(), "case.tasks-open");

        foreach (var task in record.Tasks.Where(t => t.DoneAt is null)) record = await Taken(collector, at, record.Version, new CompleteTask(task.Id, "未再发现"));
        (await collector.Read<CaseDetail>($"/api/v1/cases/{record.Id}")).Checklist[^1].State.Should().Be(ItemState.Present, "all re-checks are done");
        record = await Taken(collector, at, record.Version, new Archive());
        await Refused(collector, at, record.Version, new AddNote("晚了"), "case.not-possible");

        (await collector.Client.GetStringAsync($"/api/v1/cases/{record.Id}/letters/1")).Should().Contain("&lt;script&gt;").And.Contain(Digest).And.Contain("李警官").And.NotContain("<script>");
        (await collector.Read<List<JournaledCaseAct>>($"/api/v1/cases/{record.Id}/history")).Should().HaveCount((int)record.Version);
        AlarmTests.Check(collector).Faults.Should().BeEmpty("the case is the fold of its acts");
        await collector.Restart();
        JsonSerializer.Serialize((await collector.Read<CaseDetail>($"/api/v1/cases/{record.Id}")).Case, WireJson.Options).Should().Be(JsonSerializer.Serialize(record, WireJson.Options));
    }

    [Fact]
    public async Task Two_people_who_saw_the_same_version_do_not_overwrite_each_other()
    {
        await using var collector = await Start();
        var opened = await Taken(collector, "/api/v1/cases", 0, new OpenCase(CaseKind.Venue, "某酒店", "440305"));
        var at = $"/api/v1/cases/{opened.Id}/acts";
        await Taken(collector, at, 1, new AddNote("甲"));
        await Refused(collector, at, 1, new AddNote("乙"), "case.changed");
    }

    [Fact]
    public async Task A_link_to_nothing_is_refused_and_so_is_evidence_that_is_not_in_the_case()
    {
        await using var collector = await Start();
        await Refused(collector, "/api/v1/cases", 0, new OpenCase(CaseKind.PirateFm, "x", "44", ["A-none"]), "case.alarm-absent");
        var opened = await Taken(collector, "/api/v1/cases", 0, new OpenCase(CaseKind.PirateFm, "x", "44"));
        await Refused(collector, $"/api/v1/cases/{opened.Id}/acts", 1, new SetItem(3, ItemState.Present, [Digest], null), "case.evidence-foreign");
        using var absent = await Post(collector, "/api/v1/cases/C-2026-9999/acts", 1, new AddNote("x"));
        (absent.StatusCode, await IngestTests.Code(absent)).Should().Be((HttpStatusCode.NotFound, "case.absent"));
    }

    [Theory]
    [InlineData("power", 520, null, "Undecided")] // no uncertainty stated: it proves nothing
    [InlineData("power", 520, 15.0, "AtOrAbove")]
    [InlineData("power", 520, 60.0, "Undecided")]
    [InlineData("power", 400, 60.0, "Below")]
    [InlineData("sets", 3, null, "AtOrAbove")] // counted, not measured
    [InlineData("coverage", 9.0, 1.0, "Undecided")]
    public void A_limb_stands_by_its_whole_interval(string limb, double value, double? uncertainty, string standing)
    {
        var record = Case() with { Limbs = new Dictionary<string, LimbValue> { [limb] = new(value, uncertainty, "功率计 7", "王", Start0) } };
        CriminalLimbs.Of(record).Single(l => l.Limb.Code == limb).Standing.ToString().Should().Be(standing);
        CriminalLimbs.Of(record).Where(l => l.Limb.Code != limb).Should().OnlyContain(l => l.Standing == LimbStanding.NotMeasured);
    }

    [Fact]
    public void Every_command_in_every_state_changes_the_case_or_says_why_not()
    {
        CaseCommand[] commands =
        [
            new OpenCase(CaseKind.Ott, "x", "44"), new LinkAlarm("A-1"), new UnlinkAlarm("A-0", "错"), new LinkEvidence(Digest), new SetItem(1, ItemState.Present, [], null), new AddTask("x", "y", Start0),
            new CompleteTask(1, "x"), new SetLimb("power", 1, null, "x"), new HandOver("x", "y"), new Receive(1, "x", null), new AddNote("x"), new Resolve("x"), new Archive(), new Reopen("x"),
        ];
        foreach (var state in Enum.GetValues<CaseState>())
            foreach (var command in commands)
            {
                var before = Case() with { State = state, Alarms = ["A-0"] };
                var (after, refusal) = CaseMachine.Decide("C-2026-0001", before, command, "王", Start0);
                (after is null).Should().Be(refusal is not null, $"{command} in {state}");
                if (after is not null) after.Version.Should().Be(before.Version + 1);
                if (state == CaseState.Archived && command is not Reopen) refusal!.Code.Should().Be("case.not-possible");
            }
    }

    [Fact]
    public void The_ledger_splits_a_night_at_midnight_of_Beijing()
    {
        var rows = new[] { Row(1, VerdictResult.Violation, Start0), Row(2, VerdictResult.Compliant, Start0.AddHours(8)), Row(3, VerdictResult.Violation, Start0.AddHours(24)), Row(4, VerdictResult.Undetermined, Start0.AddHours(25)) };
        ViolationLedger.Of("A-1", rows).Select(d => (d.Day, d.From.Hour, d.To?.Hour)).Should().Equal(
            (new(2026, 3, 14), 23, 0), (new(2026, 3, 15), 0, 7), (new(2026, 3, 15), 23, null));
    }

    [Fact]
    public void Numbers_go_on_within_a_year_of_Beijing_time()
    {
        CaseMachine.NextId([], new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero)).Should().Be("C-2027-0001");
        CaseMachine.NextId(["C-2026-0041", "C-2025-0099"], Start0).Should().Be("C-2026-0042");
    }

    private static CaseRecord Case() => new() { Id = "C-2026-0001", Kind = CaseKind.PirateFm, Title = "x", Area = "44", OpenedBy = "王", OpenedAt = Start0, Version = 3 };

    private static JournalRow Row(long position, VerdictResult result, DateTimeOffset at) =>
        new(position, EntryKind.Verdict, null, null, "A-1", at, JsonSerializer.SerializeToUtf8Bytes(Verdicts.Of(new("FM-01"), Subject.Frequency("440106", 97_800_000), result, at), WireJson.Options));

    private static async Task<CaseRecord> Taken(RunningCollector collector, string path, long version, CaseCommand command)
    {
        using var response = await Post(collector, path, version, command);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<CaseRecord>(WireJson.Options))!;
    }

    private static async Task Refused(RunningCollector collector, string path, long version, CaseCommand command, string code)
    {
        using var response = await Post(collector, path, version, command);
        (response.StatusCode, await IngestTests.Code(response)).Should().Be((HttpStatusCode.Conflict, code));
    }

    private static Task<HttpResponseMessage> Post(RunningCollector collector, string path, long version, CaseCommand command) =>
        collector.Client.PostAsJsonAsync(path, new CaseActRequest("王值班", version, command), WireJson.Options);
}
