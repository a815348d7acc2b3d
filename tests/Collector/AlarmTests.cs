using System.Net;
using System.Net.Http.Json;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests;

public sealed class AlarmTests
{
    [Fact]
    public async Task A_violation_is_on_the_list_with_its_verdict_and_its_place()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        var row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Subject;
        (row.State, row.IsaState, row.Area, row.Measured!.Name).Should().Be((AlarmState.Unacknowledged, 'B', "440106", "level_dbm"));
        var detail = await collector.Read<AlarmDetail>($"/api/v1/alarms/{row.Id}");
        detail.Verdict!.Result.Should().Be(VerdictResult.Violation);
        detail.Timeline.Select(t => t.What).Should().Equal("raised");
    }

    [Fact]
    public async Task Five_probes_that_hear_one_pirate_are_one_alarm_with_five_witnesses()
    {
        await using var collector = await Start();
        for (var i = 1; i <= 5; i++) await collector.Deliver(Line(1, probe: $"GZ-0{i}", boot: Guid.CreateVersion7()));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Which.Witnesses.Should().HaveCount(5);
    }

    [Fact]
    public async Task An_acknowledgement_is_journaled_and_survives_a_restart()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        var raised = (await collector.Read<List<AlarmRow>>("/api/v1/alarms"))[0];
        using var answer = await collector.Acknowledge(raised.Id, raised.Version, note: "已派单");
        (await answer.Content.ReadFromJsonAsync<AlarmRow>(WireJson.Options))!.State.Should().Be(AlarmState.Acknowledged);

        await collector.Restart();
        var detail = await collector.Read<AlarmDetail>($"/api/v1/alarms/{raised.Id}");
        (detail.Alarm.State, detail.Alarm.AcknowledgedBy).Should().Be((AlarmState.Acknowledged, "王值班"));
        detail.Timeline.Select(t => (t.What, t.Actor)).Should().Equal(("raised", null), ("acknowledged", "王值班"));
        detail.Timeline[1].Note.Zh.Should().Be("已派单");
        Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task Refusals_say_why_in_the_reader_s_language()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        var row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms"))[0];
        using var stale = await collector.Acknowledge(row.Id, row.Version - 1);
        (stale.StatusCode, await IngestTests.Code(stale)).Should().Be((HttpStatusCode.Conflict, "alarm.changed"));
        using var absent = await collector.Acknowledge(new("A-0000000000"), 1);
        absent.StatusCode.Should().Be(HttpStatusCode.NotFound);
        using var nameless = await collector.Acknowledge(row.Id, row.Version, actor: " ");
        (await IngestTests.Code(nameless)).Should().Be("alarm.bad-acknowledgement");
        using var first = await collector.Acknowledge(row.Id, row.Version);
        first.StatusCode.Should().Be(HttpStatusCode.OK);
        collector.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en-GB");
        using var second = await collector.Acknowledge(row.Id, row.Version);
        (await IngestTests.Code(second)).Should().Be("alarm.illegal-transition");
        (await second.Content.ReadAsStringAsync()).Should().Contain("already acknowledged by 王值班").And.Contain("已由 王值班 确认");
    }

    [Fact]
    public async Task Silence_makes_an_alarm_unknown_and_it_stays_on_the_list()
    {
        await using var collector = await Start();
        using var viewer = await collector.Connect();
        await viewer.Next<WallSnapshot>("snapshot");
        await collector.Deliver(Line(1, at: collector.Time.GetUtcNow()));
        collector.Time.Advance(TimeSpan.FromSeconds(40));
        await collector.Deliver(Line(1, subject: "probe:GZ-09", probe: "GZ-09", boot: Guid.CreateVersion7(), kind: "probe.heartbeat", facts: "{}")); // behind the ticks in the queue
        var row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Subject;
        (row.Active, row.Unknown, row.ClearedAt).Should().Be((true, true, (DateTimeOffset?)null));
    }

    [Fact]
    public async Task A_fault_of_the_engine_loses_nothing_and_stands_on_the_wall()
    {
        await using var collector = await Start();
        collector.Get<GroupCommit>().BeforeJudging = o => { if (o.Subject.Key == "fault") throw new InvalidOperationException("a fault of the engine"); };
        var reply = await collector.Deliver(Line(1), Line(2, subject: "frequency:fault"), Line(3, subject: "frequency:440106/99000000"));
        reply.Stored.Should().Be(3);
        collector.Time.Advance(TimeSpan.FromSeconds(2));
        await collector.Deliver(Line(4));
        var own = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle(a => a.Rule == new RuleId("SW-01")).Subject;
        (own.Priority, own.Active).Should().Be((1, true));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().HaveCount(3);
        (await collector.Client.GetStringAsync("/metrics")).Should().Contain("signalwatch_engine_faults_total 1\n");
        collector.Time.Advance(TimeSpan.FromSeconds(70));
        await collector.Deliver(Line(5));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single(a => a.Rule == new RuleId("SW-01")).Active.Should().BeFalse();
        Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task Filters_by_state_and_counts_drills_apart()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2, subject: "frequency:440106/99000000").Replace("\"live\"", "\"simulated\"", StringComparison.Ordinal), Line(3, onAir: false));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms?state=returned")).Should().ContainSingle();
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms?state=normal")).Should().BeEmpty();
        var summary = await collector.Read<AlarmSummary>("/api/v1/summary");
        (summary.Live, summary.Drill, summary.ByPriority["2"], summary.ByState["returned"]).Should().Be((1, 1, 1, 1));
        (await collector.Client.GetAsync("/api/v1/alarms?state=banana")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_new_register_takes_force_at_once_and_after_a_restart()
    {
        var pack = TestPack.Of(TestPack.Unlisted);
        await using var collector = await Start(pack: pack);
        await collector.Deliver(Line(1));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().BeEmpty("nobody is accused without a register to be missing from");
        await Import(collector, "91000000,,好台,甲台");
        await collector.Deliver(Line(2));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Which.Active.Should().BeTrue();
        await Import(collector, "97800000,C101,新台,乙台");
        await collector.Deliver(Line(3));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Which.Active.Should().BeFalse("97.8 MHz is licensed now");
        await collector.Restart(pack);
        await collector.Deliver(Line(4));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Which.Active.Should().BeFalse();
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Carriers.Should().ContainSingle().Which.Should().Match<CarrierRow>(c => c.Class == CarrierClass.Licensed && c.Name == "新台");
    }

    [Fact]
    public async Task Alarms_of_a_rule_that_left_the_pack_are_unknown_not_cleared_until_it_is_back()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        foreach (var start in new[] { 1, 2 })
        {
            await collector.Restart(TestPack.Of(TestPack.Unlisted));
            await collector.Deliver(Line(1 + start));
            var orphan = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Subject;
            (orphan.Active, orphan.Unknown, orphan.ClearedAt).Should().Be((true, true, (DateTimeOffset?)null));
            (orphan.Sentence.Zh.Contains("FM-01 已不在现用规则包 test@1.0.0", StringComparison.Ordinal), orphan.Sentence.En.Contains("no longer in force", StringComparison.Ordinal)).Should().Be((true, true));
            (await collector.Read<AlarmDetail>($"/api/v1/alarms/{orphan.Id}")).Timeline.Select(t => t.What).Should().Equal(["raised", "unknown"], "start {0} says it once", start);
            Check(collector).Faults.Should().BeEmpty();
        }
        await collector.Restart();
        await collector.Deliver(Line(4, onAir: false));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Should().ContainSingle().Which.State.Should().Be(AlarmState.Returned);
        Check(collector).Faults.Should().BeEmpty();
    }

    internal static async Task Import(RunningCollector collector, string row)
    {
        using var response = await collector.Client.PostAsync("/api/v1/registers/fm/imports?mode=replace", new StringContent($"frequency_hz,pi,ps,licensee\n{row}"));
        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    internal static JournalCheckReport Check(RunningCollector collector)
    {
        using var view = collector.Get<SignalWatch.Collector.Storage.IStore>().OpenView();
        return JournalCheck.Run(view);
    }
}
