using System.Net;
using System.Net.Http.Json;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Metrics;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Alarms;

/// <summary>What stands around alarms, what people do to them, and the figures: a whole collector, over its API.</summary>
public sealed class AlarmCircumstanceTests
{
    private static string Rule(string id, string kind, string when, int severity = 2) => $$"""
        id: {{id}}
        version: 1
        status: active
        severity: {{severity}}
        title: { zh: {{id}}, en: {{id}} }
        explain: { zh: {{id}}, en: {{id}} }
        legalBasis: []
        on: {{kind}}
        when: "{{when}}"
        for: 0s
        clearAfter: 0s
        noData: { after: 300s, state: undetermined }
        """;

    [Fact]
    public async Task A_lost_multiplex_folds_the_alarms_of_its_services_under_it_and_gives_them_back()
    {
        await using var collector = await Start(pack: TestPack.Of(Rule("TS-01", "ts.multiplex", "!sync", 1), Rule("TS-06", "ts.service", "cc_errors > 0")));
        string Service(long sequence, int service) => Line(sequence, $"service:1.2.{service}", kind: "ts.service", facts: $$"""{"service_id":{{service}},"cc_errors":5}""");
        await collector.Deliver([.. Enumerable.Range(1, 20).Select(i => Service(i, i))]);
        await collector.Deliver(Line(21, "multiplex:1.2", kind: "ts.multiplex", facts: """{"sync":false}"""), Line(22, "multiplex:1.3", kind: "ts.multiplex", facts: """{"sync":true}"""));

        var rows = await collector.Read<List<AlarmRow>>("/api/v1/alarms");
        var cause = rows.Single(r => r.Rule.Value == "TS-01");
        (rows.Count, cause.Folded, cause.IsaState).Should().Be((21, 20, 'B'), "1 alarm, 影响 20 套");
        rows.Where(r => r.Rule.Value == "TS-06").Should().OnlyContain(r => r.IsaState == 'F' && r.SuppressedBy!.Single() == $"alarm:{cause.Id}" && r.Active);
        (await collector.Read<AlarmSummary>("/api/v1/summary")).Suppressed.Should().Be(20, "what is folded is counted");

        await collector.Deliver(Line(23, "multiplex:1.2", kind: "ts.multiplex", facts: """{"sync":true}"""));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Count(r => r.IsaState == 'F').Should().Be(20, "for 30 s they may still go by themselves");
        collector.Time.Advance(TimeSpan.FromSeconds(31));
        await Until(collector, rows.First(r => r.Rule.Value == "TS-06").Id, r => r.SuppressedBy is null);
        rows = await collector.Read<List<AlarmRow>>("/api/v1/alarms");
        rows.Where(r => r.Rule.Value == "TS-06").Should().OnlyContain(r => r.IsaState == 'B', "still active, and no longer under anything");
        rows.Single(r => r.Rule.Value == "TS-01").Folded.Should().Be(0);
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task A_probe_that_is_down_hides_only_what_nobody_else_hears()
    {
        await using var collector = await Start(pack: TestPack.Of(Rule("SC-01", "probe.heartbeat", "watches_failed > 0"), TestPack.Carrier));
        var boot = Guid.CreateVersion7();
        await collector.Deliver(Line(1), Line(2, subject: "frequency:440106/99000000"));
        await collector.Deliver(Line(1, probe: "GZ-04", boot: boot));
        await collector.Deliver(Line(3, subject: "probe:GZ-03", kind: "probe.heartbeat", facts: """{"watches_failed":1}"""));
        var rows = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Where(r => r.Rule.Value == "FM-01").ToDictionary(r => r.Subject.Key);
        rows["440106/99000000"].SuppressedBy.Should().ContainSingle();
        rows["440106/97800000"].SuppressedBy.Should().BeNull("GZ-04 hears it too");
    }

    [Fact]
    public async Task A_protection_period_raises_what_is_in_its_area_and_calls_again_for_what_was_acknowledged()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2, subject: "frequency:450100/97800000"));
        var here = (await collector.Read<List<AlarmRow>>("/api/v1/alarms?area=4401")).Single();
        await collector.Acknowledge(here.Id, here.Version);
        await Put(collector, "periods/2026", new ProtectionPeriod("", "两会", ["44"], collector.Time.GetUtcNow().AddMinutes(1), collector.Time.GetUtcNow().AddDays(9)));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms?area=4401")).Single().Priority.Should().Be(2, "not yet");
        collector.Time.Advance(TimeSpan.FromMinutes(2));
        var raised = await Until(collector, here.Id, r => r.Priority == 1);
        (raised.Severity, raised.State).Should().Be((2, AlarmState.Unacknowledged));
        raised.RaisedBy.Should().Equal("period:2026");
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms?area=4501")).Single().Priority.Should().Be(2, "another province");
        using (await collector.Client.DeleteAsync("/api/v1/alarm-calendar/periods/2026")) { }
        (await Until(collector, here.Id, r => r.Priority == 2)).RaisedBy.Should().BeNull();
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task An_approved_plan_folds_what_is_expected_and_a_rule_that_nothing_suppresses_is_told_all_the_same()
    {
        await using var collector = await Start(pack: TestPack.Of(TestPack.Carrier, Rule("FM-08", "fm.carrier", "on_air", 1)));
        await Put(collector, "plans/p1", new RunPlan("", "停播检修", ["frequency:440106/"], [], ["FM-"], collector.Time.GetUtcNow().AddHours(-1), collector.Time.GetUtcNow().AddHours(1), "张"));
        await collector.Deliver(Line(1));
        var rows = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).ToDictionary(r => r.Rule.Value);
        rows["FM-01"].SuppressedBy.Should().Equal("plan:p1");
        rows["FM-08"].SuppressedBy.Should().BeNull("aviation");
        collector.Time.Advance(TimeSpan.FromHours(1));
        (await Until(collector, rows["FM-01"].Id, r => r.SuppressedBy is null)).IsaState.Should().Be('B', "the plan is over");
    }

    [Fact]
    public async Task A_shelf_has_a_reason_and_an_end_and_forgets_nothing()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        var row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single();
        (await Refused(collector, row.Id, row.Version, new Shelve(collector.Time.GetUtcNow().AddHours(9), "太吵"))).Should().Be("alarm.shelf-too-long");
        (await Refused(collector, row.Id, row.Version, new Shelve(collector.Time.GetUtcNow().AddHours(1), " "))).Should().Be("alarm.act-invalid");
        using (var acknowledged = await collector.Acknowledge(row.Id, row.Version)) row = (await acknowledged.Content.ReadFromJsonAsync<AlarmRow>(WireJson.Options))!;
        row = await Done(collector, row.Id, row.Version, new Shelve(collector.Time.GetUtcNow().AddHours(1), "天线检修"));
        (row.IsaState, row.ShelvedReason, row.Acknowledged).Should().Be(('E', "天线检修", true));
        await collector.Restart();
        collector.Time.Advance(TimeSpan.FromMinutes(61));
        row = await Until(collector, row.Id, r => r.ShelvedUntil is null);
        (row.IsaState, row.AcknowledgedBy).Should().Be(('C', "王值班"), "what was beneath the shelf is there");
        (await collector.Read<AlarmDetail>($"/api/v1/alarms/{row.Id}")).Timeline.Select(t => t.What).Where(w => w != "unknown").Should().Equal("raised", "acknowledged", "shelve", "expired");
    }

    [Fact]
    public async Task An_acknowledgement_of_what_stays_active_ends_and_the_alarm_calls_again()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        var row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single();
        using (await collector.Acknowledge(row.Id, row.Version)) { }
        collector.Time.Advance(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(2));
        (await Until(collector, row.Id, r => r.State == AlarmState.Unacknowledged)).AcknowledgedBy.Should().BeNull();
    }

    [Fact]
    public async Task From_confirmation_to_the_archive_with_illegal_steps_refused_and_the_figures_right()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2, subject: "frequency:440106/99000000"));
        var rows = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).ToDictionary(r => r.Subject.Key);
        var (pirate, other) = (rows["440106/97800000"], rows["440106/99000000"]);
        (await Refused(collector, pirate.Id, pirate.Version, new Dispatch("FT-1", collector.Time.GetUtcNow().AddHours(1)))).Should().Be("alarm.illegal-transition");
        collector.Time.Advance(TimeSpan.FromSeconds(20));
        using (var acknowledged = await collector.Acknowledge(pirate.Id, pirate.Version)) pirate = (await acknowledged.Content.ReadFromJsonAsync<AlarmRow>(WireJson.Options))!;
        pirate.Workflow.Should().Be(AlarmWorkflow.Confirmed);
        pirate = await Done(collector, pirate.Id, pirate.Version, new Dispatch("FT-1", collector.Time.GetUtcNow().AddHours(1)));
        pirate = await Done(collector, pirate.Id, pirate.Version, new StartHandling());
        pirate = await Done(collector, pirate.Id, pirate.Version, new ResolveAlarm("设备已查封"));
        (await Refused(collector, pirate.Id, pirate.Version, new ArchiveAlarm())).Should().Be("alarm.illegal-transition", "it is still on the air");
        await collector.Deliver(Line(3, onAir: false, at: collector.Time.GetUtcNow()));
        pirate = (await collector.Read<AlarmDetail>($"/api/v1/alarms/{pirate.Id}")).Alarm;
        (await Done(collector, pirate.Id, pirate.Version, new ArchiveAlarm())).Live.Should().BeFalse();
        (await Refused(collector, other.Id, other.Version, new DeclareFalse(FalseAlarmReason.Other))).Should().Be("alarm.act-invalid", "another reason needs a note");
        (await Done(collector, other.Id, other.Version, new DeclareFalse(FalseAlarmReason.Overspill, null, Remember: true))).Live.Should().BeFalse();

        var kpis = await collector.Read<AlarmKpiReport>("/api/v1/alarms/kpis");
        (kpis.Raised, kpis.Confirmed, kpis.FalseAlarms, kpis.Precision, kpis.ClosedInTime, kpis.AcknowledgeP50Seconds).Should().Be((2, 1, 1, 0.5, 1.0, 30.0));
        kpis.PriorityShares.Should().Equal(0, 1, 0, 0);
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
        (await collector.Read<AlarmDetail>($"/api/v1/alarms/{other.Id}")).Possible.Should().Contain("reopen").And.NotContain("acknowledge");
    }

    [Fact]
    public async Task An_acknowledgement_says_nothing_of_whether_an_alarm_was_real()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        var row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single();
        using (var acknowledged = await collector.Acknowledge(row.Id, row.Version)) row = (await acknowledged.Content.ReadFromJsonAsync<AlarmRow>(WireJson.Options))!;
        collector.Time.Advance(TimeSpan.FromSeconds(1));
        (await collector.Read<AlarmKpiReport>("/api/v1/alarms/kpis")).Precision.Should().BeNull("somebody has seen it, nobody has looked into it");
        row = await Done(collector, row.Id, row.Version, new StartHandling());
        (await collector.Read<AlarmKpiReport>("/api/v1/alarms/kpis")).Precision.Should().Be(1);
        await Done(collector, row.Id, row.Version, new DeclareFalse(FalseAlarmReason.Overspill));
        var kpis = await collector.Read<AlarmKpiReport>("/api/v1/alarms/kpis");
        (kpis.Precision, kpis.Confirmed, kpis.FalseAlarms, kpis.Raised).Should().Be((0, 0, 1, 1), "what was taken up and found false was not real");
    }

    [Fact]
    public async Task A_flood_across_a_clocks_tenths_is_one_and_goes_on_over_a_restart_from_when_it_began()
    {
        await using var collector = await Start();
        while (collector.Time.GetUtcNow().Minute % 10 != 8) collector.Time.Advance(TimeSpan.FromMinutes(1));
        async Task Six(int first)
        {
            for (var i = first; i < first + 6; i++) await collector.Deliver(Line(i, subject: $"frequency:440106/{90_000_000 + (i * 100_000)}", at: collector.Time.GetUtcNow()));
        }
        await Six(1);
        collector.Time.Advance(TimeSpan.FromMinutes(4));
        await Six(7);
        var began = collector.Time.GetUtcNow();
        collector.Time.Advance(TimeSpan.FromMinutes(2));
        await collector.Restart();
        collector.Time.Advance(TimeSpan.FromSeconds(1));
        FloodState flood;
        while ((flood = (await collector.Read<AlarmSummary>("/api/v1/summary")).Flood).Count == 0) collector.Time.Advance(TimeSpan.FromSeconds(1));
        flood.Since.Should().Be(began);
        var kpis = await collector.Read<AlarmKpiReport>("/api/v1/alarms/kpis");
        kpis.PeakTenMinutes.Should().Be(12);
        kpis.FloodShare.Should().BeInRange(6.0 / 1_500, 10.0 / 1_380, "from the eleventh until fewer than five are left of ten minutes, of a day");
    }

    [Fact]
    public async Task Nobody_can_say_that_an_alarm_still_holds_while_all_its_probes_are_down()
    {
        await using var collector = await Start(pack: TestPack.Of(Rule("SC-01", "probe.heartbeat", "watches_failed > 0"), Rule("FM-01", "fm.carrier", "on_air")));
        await collector.Deliver(Line(1));
        await collector.Deliver(Line(2, subject: "probe:GZ-03", kind: "probe.heartbeat", facts: """{"watches_failed":1}"""));
        var pirate = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single(r => r.Rule.Value == "FM-01");
        (pirate.Active, pirate.Unknown, pirate.SuppressedBy!.Count).Should().Be((true, true, 1));
        await collector.Deliver(Line(3, subject: "probe:GZ-03", kind: "probe.heartbeat", facts: """{"watches_failed":0}"""), Line(4));
        (await Until(collector, pirate.Id, r => r.SuppressedBy is null)).Unknown.Should().BeFalse("it is heard again");
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task It_is_announced_once_for_all_consoles_and_again_when_it_calls_again()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        var row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single();
        var first = row.AnnouncedAt!.Value;
        first.Should().Be(collector.Time.GetUtcNow());
        collector.Time.Advance(TimeSpan.FromMinutes(1));
        await collector.Deliver(Line(2));
        row = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single();
        row.AnnouncedAt.Should().Be(first, "more of the same");
        row = await Done(collector, row.Id, row.Version, new Shelve(collector.Time.GetUtcNow().AddHours(1), "天线检修"));
        collector.Time.Advance(TimeSpan.FromMinutes(61));
        row = await Until(collector, row.Id, r => r.ShelvedUntil is null);
        row.AnnouncedAt.Should().BeAfter(first.AddMinutes(61), "back from the shelf, and nobody has answered");
        using (await collector.Acknowledge(row.Id, row.Version)) { }
        (await Until(collector, row.Id, r => r.Acknowledged)).AnnouncedAt.Should().Be(row.AnnouncedAt);
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(10_000, 50.0)]
    [InlineData(10_000_000, 10.0)]
    public async Task History_is_asked_to_come_slower_while_rows_of_now_wait(int waiting, double? rate)
    {
        await using var collector = await Start();
        collector.Get<CollectorMetrics>().QueueDepth = () => waiting + 1;
        (await Late(collector, Line(1))).HistoryRate.Should().Be(rate);
        using var live = await collector.Client.PostAsync("/api/v1/observations", new StringContent(Line(1, boot: Guid.CreateVersion7())));
        (await live.Content.ReadFromJsonAsync<IngestReply>(WireJson.Options))!.HistoryRate.Should().BeNull();
    }

    [Fact]
    public async Task More_than_ten_in_ten_minutes_is_a_flood_until_fewer_than_five()
    {
        await using var collector = await Start();
        using var viewer = await collector.Connect();
        for (var i = 0; i < 11; i++) await collector.Deliver(Line(i + 1, subject: $"frequency:440106/{90_000_000 + (i * 100_000)}"));
        var flood = (await collector.Read<AlarmSummary>("/api/v1/summary")).Flood;
        (flood.Count, flood.Since).Should().Be((11, (DateTimeOffset?)collector.Time.GetUtcNow()));
        collector.Time.Advance(TimeSpan.FromSeconds(1));
        (await viewer.Next<WallHeartbeat>("heartbeat")).Flood!.Since.Should().NotBeNull();
        collector.Time.Advance(TimeSpan.FromMinutes(11));
        while ((await collector.Read<AlarmSummary>("/api/v1/summary")).Flood.Since is not null) collector.Time.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_is_delivered_late_is_told_and_neither_clears_nor_raises_what_is_now()
    {
        await using var collector = await Start();
        var then = collector.Time.GetUtcNow().AddHours(-9);
        await collector.Deliver(Line(1)); // now: on the air
        var history = Guid.CreateVersion7();
        await Late(collector, Line(1, boot: history, at: then), Line(2, boot: history, onAir: false, at: then.AddHours(1)),
            Line(3, boot: history, subject: "frequency:440106/99000000", at: then), Line(4, boot: history, subject: "frequency:440106/99000000", onAir: false, at: then.AddMinutes(1)));
        var rows = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).ToDictionary(r => r.Subject.Key);
        (rows["440106/97800000"].Active, rows["440106/97800000"].Occurrences).Should().Be((true, 2L), "an old 'off the air' clears nothing");
        (rows["440106/99000000"].Active, rows["440106/99000000"].IsaState).Should().Be((false, 'D'), "it happened, it is over, nobody has seen it");
        rows["440106/99000000"].RaisedAt.Should().Be(then);
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task What_changed_behind_a_revision_is_told_across_restarts_with_what_is_gone()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2, subject: "frequency:440106/99000000"));
        var before = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).ToDictionary(r => r.Subject.Key);
        var newest = before.Values.Max(r => r.Revision);
        (await collector.Read<List<AlarmRow>>($"/api/v1/alarms?sinceRev={newest}")).Should().BeEmpty();
        using (await collector.Acknowledge(before["440106/99000000"].Id, before["440106/99000000"].Version)) { }
        await collector.Deliver(Line(3, subject: "frequency:440106/99000000", onAir: false));
        await collector.Restart();
        var changed = (await collector.Read<List<AlarmRow>>($"/api/v1/alarms?sinceRev={newest}")).Should().ContainSingle().Subject;
        (changed.Subject.Key, changed.Live).Should().Be(("440106/99000000", false));
    }

    [Fact]
    public async Task Several_are_acknowledged_at_once_each_answered_for_itself()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2, subject: "frequency:440106/99000000"));
        var rows = await collector.Read<List<AlarmRow>>("/api/v1/alarms");
        using var response = await collector.Client.PostAsJsonAsync("/api/v1/alarms/acknowledge",
            new AcknowledgeMany("王", [new(rows[0].Id, rows[0].Version), new(rows[1].Id, rows[1].Version - 1), new(new("A-none"), 1)]), WireJson.Options);
        var answers = (await response.Content.ReadFromJsonAsync<List<AcknowledgedOne>>(WireJson.Options))!;
        answers.Select(a => a.Done).Should().Equal(true, false, false);
        answers.Skip(1).Select(a => a.Problem!.Code).Should().Equal("alarm.changed", "alarm.absent");
    }

    private static async Task<IngestReply> Late(RunningCollector collector, params string[] lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/observations") { Content = new StringContent(string.Join('\n', lines)) };
        request.Headers.Add(Wire.LaneHeader, Wire.HistoryLane);
        using var response = await collector.Client.SendAsync(request);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<IngestReply>(WireJson.Options))!;
    }

    private static async Task Put(RunningCollector collector, string path, object body)
    {
        using var response = await collector.Client.PutAsJsonAsync($"/api/v1/alarm-calendar/{path}", body, WireJson.Options);
        response.StatusCode.Should().Be(HttpStatusCode.NoContent, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The writer takes its tick in its own time.</summary>
    private static async Task<AlarmRow> Until(RunningCollector collector, AlarmId id, Func<AlarmRow, bool> isSo)
    {
        while (true)
        {
            var row = (await collector.Read<AlarmDetail>($"/api/v1/alarms/{id}")).Alarm;
            if (isSo(row)) return row;
            collector.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<AlarmRow> Done(RunningCollector collector, AlarmId id, long version, AlarmAct act)
    {
        using var response = await Post(collector, id, version, act);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<AlarmRow>(WireJson.Options))!;
    }

    private static async Task<string> Refused(RunningCollector collector, AlarmId id, long version, AlarmAct act)
    {
        using var response = await Post(collector, id, version, act);
        ((int)response.StatusCode).Should().BeInRange(400, 409);
        return await IngestTests.Code(response) ?? "no code";
    }

    private static Task<HttpResponseMessage> Post(RunningCollector collector, AlarmId id, long version, AlarmAct act) =>
        collector.Client.PostAsJsonAsync($"/api/v1/alarms/{id}/acts", new AlarmActRequest("李值班", version, act), WireJson.Options);
}
