using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Rules.Tests.Engine;

public sealed class RuleEngineTests
{
    private readonly Judge judge = new();

    [Fact]
    public void A_hold_of_10_s_is_not_over_after_9_9_s()
    {
        judge.See("FM-01", 0, 9, t => Judge.Carrier(t)).Should().BeEmpty();
        judge.Engine.Observe(Judge.Carrier(9.9)).Should().NotContain(v => v.Rule.Value == "FM-01");
        var verdict = judge.Engine.Observe(Judge.Carrier(10)).Single(v => v.Rule.Value == "FM-01");
        verdict.Result.Should().Be(VerdictResult.Violation);
        verdict.Since.Should().Be(Judge.At(0));
        verdict.At.Should().Be(Judge.At(10));
        verdict.Title.Should().Be(new Text("疑似黑广播 97.8 MHz", "Suspected pirate 97.8 MHz"));
        verdict.Sentence.En.Should().Contain("97.8 MHz").And.Contain("-30.1 dBFS (uncalibrated)").And.Contain("30.0 dB").And.Contain("not in the register").And.Contain(Judge.Register.Digest[..8]);
        verdict.Sentence.Zh.Should().Contain("-30.1 dBFS（未校准）").And.Contain("未在登记表中");
        verdict.Measured.Should().Be(new VerdictInput("level_dbfs", Fact.Of(-30.1), "dBFS", "GZ-03", Judge.At(10)));
        verdict.Witnesses.Should().Equal(new ProbeId("GZ-03"));
        verdict.RegisterDigest.Should().Be(Judge.Register.Digest);
        verdict.Inputs.Should().Contain(new VerdictInput("snr_db", Fact.Of(30.0, 1.5), "dB", "GZ-03", Judge.At(10)))
            .And.Contain(i => i.Name == "licence.class" && i.Value == Fact.Of("none") && i.From == "register")
            .And.Contain(i => i.Name == "parameters.fm01_hold" && i.Value == Fact.Of(10.0) && i.From == "parameter" && i.At != null);
    }

    [Theory]
    [InlineData("97850000,C201,深圳台,S,4403\n97800000,C202,珠海台,Z,4404\n", "4404 珠海台")]
    [InlineData("97900000,C201,深圳台,S,4403\n", "无")]
    public void That_another_areas_station_has_the_frequency_is_said_where_the_PI_shows_that_it_is_not_that_one(string rows, string elsewhere)
    {
        var register = FmRegister.Import(Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee,area\n" + rows), ImportMode.RefuseWhole).Register!;
        var engine = new RuleEngine(Judge.Pack, register, "test-build");
        var verdict = Enumerable.Range(0, 11).SelectMany(t => engine.Observe(Judge.Carrier(t, pi: "C2FF"))).Single(v => v.Rule.Value == "FM-01");
        verdict.Sentence.Zh.Should().Contain($"其他地区的登记：{elsewhere}；");
    }

    [Fact]
    public void One_observation_and_then_nothing_has_not_held()
    {
        judge.Engine.Observe(Judge.Carrier(0));
        judge.Advance("FM-01", 9.9).Should().BeEmpty();
        judge.Advance("FM-01", 60).Should().ContainSingle(v => v.Result == VerdictResult.Undetermined);
    }

    [Fact]
    public void Silence_makes_a_violation_undetermined_and_its_return_continues_it()
    {
        judge.See("FM-01", 0, 12, t => Judge.Carrier(t)).Should().ContainSingle();
        judge.Advance("FM-01", 21).Should().BeEmpty();
        var unknown = judge.Advance("FM-01", 30).Single();
        unknown.Should().Match<Verdict>(v => v.Result == VerdictResult.Undetermined && v.At == Judge.At(22) && v.Since == Judge.At(12) && v.Missing.Single() == "fm.carrier");
        var again = judge.Engine.Observe(Judge.Carrier(40)).Single(v => v.Rule.Value == "FM-01");
        again.Should().Match<Verdict>(v => v.Result == VerdictResult.Violation && v.Since == Judge.At(0));
    }

    [Fact]
    public void After_silence_a_violation_is_compliant_only_when_that_has_been_seen_for_long_enough()
    {
        judge.See("FM-01", 0, 10, t => Judge.Carrier(t));
        judge.Advance("FM-01", 30).Single().Result.Should().Be(VerdictResult.Undetermined);
        judge.See("FM-01", 40, 49, t => Judge.Carrier(t, onAir: false)).Should().BeEmpty();
        judge.See("FM-01", 50, 50, t => Judge.Carrier(t, onAir: false)).Single().Result.Should().Be(VerdictResult.Compliant);
    }

    [Fact]
    public void A_gap_in_the_data_begins_a_hold_anew_even_when_nobody_watched_the_clock() =>
        judge.See("FM-01", 0, 9, t => Judge.Carrier(t < 5 ? t : t + 20)).Should().BeEmpty();

    [Fact]
    public void Facts_that_flicker_do_not_break_a_hold_but_facts_that_stay_away_leave_it_open()
    {
        judge.See("FM-01", 0, 10, t => Judge.Carrier(t, onAir: t % 2 == 0 ? true : null)).Single().Result.Should().Be(VerdictResult.Violation);
        var open = judge.See("FM-01", 11, 25, t => Judge.Carrier(t, onAir: null)).Single();
        open.Should().Match<Verdict>(v => v.Result == VerdictResult.Undetermined && v.At == Judge.At(20) && v.Missing.Single() == "snr_db");
        open.Sentence.En.Should().Contain("signal-to-noise ratio (snr_db) missing").And.Contain("not known to have ended");
    }

    [Fact]
    public void What_is_late_changes_no_state()
    {
        judge.See("FM-01", 0, 9, t => Judge.Carrier(t));
        judge.Engine.Observe(Judge.Carrier(5, onAir: false)).Should().BeEmpty();
        judge.Engine.Observe(Judge.Carrier(10)).Should().Contain(v => v.Rule.Value == "FM-01" && v.Since == Judge.At(0));
    }

    [Fact]
    public void Late_errors_still_count()
    {
        judge.Engine.Observe(Judge.Errors(0, 2));
        judge.Engine.Observe(Judge.Errors(8, 1)).Single().Occurrences.Should().Be(3);
        judge.Engine.Observe(Judge.Errors(7, 4)).Should().BeEmpty();
        judge.Engine.Observe(Judge.Errors(14, 0)).Single().Occurrences.Should().Be(7);
    }

    [Fact]
    public void A_count_that_grows_is_said_every_5_s_and_a_waiting_one_without_another_observation()
    {
        judge.See("TS-06", 0, 12, t => Judge.Errors(t, 1)).Select(v => (v.At, v.Occurrences)).Should().Equal((Judge.At(0), 1L), (Judge.At(5), 6L), (Judge.At(10), 11L));
        judge.Advance("TS-06", 16).Select(v => (v.At, v.Occurrences)).Should().Equal((Judge.At(15), 13L));
    }

    [Fact]
    public void Two_probes_that_count_the_same_errors_do_not_double_them()
    {
        judge.See("TS-06", 0, 0, t => Judge.Errors(t, 5));
        judge.See("TS-06", 0, 0, t => Judge.Errors(t, 5, "GZ-01")).Single().Should().Match<Verdict>(v => v.Occurrences == 5 && v.Witnesses.Count == 2 && v.Witnesses[0].Value == "GZ-01");
    }

    [Fact]
    public void A_violation_lasts_while_one_probe_sees_it()
    {
        judge.See("FM-01", 0, 10, t => Judge.Carrier(t));
        judge.See("FM-01", 0, 10, t => Judge.Carrier(t, probe: "GZ-01"));
        var one = judge.See("FM-01", 11, 30, t => Judge.Carrier(t, onAir: false)).Single();
        one.Should().Match<Verdict>(v => v.Result == VerdictResult.Violation && v.Witnesses.Single().Value == "GZ-01");
        judge.See("FM-01", 11, 30, t => Judge.Carrier(t, onAir: false, probe: "GZ-01")).Single().Result.Should().Be(VerdictResult.Compliant);
    }

    [Fact]
    public void A_probe_that_is_silent_keeps_the_others_from_saying_compliant()
    {
        judge.Engine.Observe(Judge.Carrier(0, probe: "GZ-01"));
        judge.See("FM-01", 0, 15, t => Judge.Carrier(t, onAir: false)).Should().BeEmpty("GZ-01 may yet see it");
        judge.Advance("FM-01", 15).Single().Result.Should().Be(VerdictResult.Undetermined);
    }

    [Fact]
    public void The_weakest_origin_is_that_of_the_verdict()
    {
        judge.See("FM-01", 0, 10, t => Judge.Carrier(t, origin: t == 3 ? Origin.Simulated : Origin.Live)).Single().Origin.Should().Be(Origin.Simulated);
        new Judge().See("FM-01", 0, 10, t => Judge.Carrier(t, origin: Origin.Replay)).Single().Origin.Should().Be(Origin.Replay);
    }

    [Fact]
    public void A_probe_is_offline_after_15_s_and_not_because_the_collector_was_away()
    {
        judge.Engine.Observe(Judge.Heartbeat(0));
        judge.Engine.Resume(Judge.At(100));
        judge.Advance("SC-01", 114).Should().BeEmpty();
        judge.Advance("SC-01", 115).Single().Should().Match<Verdict>(v => v.Result == VerdictResult.Violation && v.Since == Judge.At(0) && v.At == Judge.At(115));
    }

    [Fact]
    public void A_probe_whose_clock_is_slow_is_not_offline()
    {
        judge.Engine.Advance(Judge.At(600));
        for (var t = 600; t < 700; t += 5)
        {
            judge.Engine.Observe(Judge.Heartbeat(t - 300));
            judge.Advance("SC-01", t).Should().NotContain(v => v.Result == VerdictResult.Violation);
        }
    }

    [Fact]
    public void A_probe_whose_clock_is_fast_is_offline_when_the_receive_time_says_so()
    {
        judge.Engine.Observe(Judge.Heartbeat(3600), received: Judge.At(0));
        judge.Advance("SC-01", 15).Single().Result.Should().Be(VerdictResult.Violation);
    }

    [Fact]
    public void A_fact_of_the_wrong_type_is_missing()
    {
        var verdicts = judge.See("TS-06", 0, 15, t => Judge.Observe(Vocabulary.TsService, Judge.Service, t, "GZ-07", Origin.Live, new() { ["cc_errors"] = Fact.Of("many") }));
        verdicts.Single().Should().Match<Verdict>(v => v.Result == VerdictResult.Undetermined && v.Missing.Single() == "cc_errors");
    }

    [Fact]
    public void Unknown_kinds_and_times_before_the_pack_are_no_trouble()
    {
        judge.Engine.Observe(Judge.Carrier(0) with { Kind = "no.such" }).Should().BeEmpty();
        judge.Engine.Observe(Judge.Carrier(0) with { At = new(1999, 1, 1, 0, 0, 0, TimeSpan.Zero) }).Should().BeEmpty();
        judge.Engine.TakeChangedState().Should().BeEmpty();
    }

    [Fact]
    public void The_same_inputs_give_the_same_bytes()
    {
        static byte[] Run()
        {
            var judge = new Judge();
            var bytes = new List<byte>();
            for (var t = 0; t < 100; t++)
            {
                foreach (var o in new[] { Judge.Carrier(t, onAir: t is < 30 or > 60), Judge.Carrier(t, probe: "GZ-01"), Judge.Errors(t, t % 7), Judge.Heartbeat(t) })
                    if (t is < 40 or > 70) foreach (var v in judge.Engine.Observe(o)) bytes.AddRange(CanonicalVerdict.Write(v));
                foreach (var v in judge.Engine.Advance(Judge.At(t))) bytes.AddRange(CanonicalVerdict.Write(v));
            }
            return [.. bytes];
        }
        var first = Run();
        first.Length.Should().BeGreaterThan(5000);
        Run().Should().Equal(first);
    }

    [Fact]
    public void The_canonical_bytes_are_pinned()
    {
        var verdict = judge.See("TS-06", 0, 0, t => Judge.Errors(t, 2)).Single();
        var json = Encoding.UTF8.GetString(CanonicalVerdict.Write(verdict with { PackDigest = "p", Id = "i" }));
        json.Should().StartWith("{\"at\":\"2026-03-14T14:00:00.0000000Z\",\"build\":\"test-build\",\"evidence\":\"\",\"id\":\"i\",\"inputs\":[{\"at\":\"2026-03-14T14:00:00.0000000Z\",\"from\":\"GZ-07\",\"name\":\"cc_errors\",\"uncertainty\":null,\"unit\":\"\",\"value\":2}")
            .And.EndWith("\"title\":{\"en\":\"Continuity errors DAS ERSTE\",\"zh\":\"连续计数错误 DAS ERSTE\"},\"witnesses\":[\"GZ-07\"]}");
        using var parsed = JsonDocument.Parse(json);
        var names = parsed.RootElement.EnumerateObject().Select(p => p.Name).ToList();
        names.Should().BeInAscendingOrder(StringComparer.Ordinal);
        var sent = JsonSerializer.Deserialize<Verdict>(JsonSerializer.Serialize(verdict, WireJson.Options), WireJson.Options)!;
        CanonicalVerdict.Write(sent).Should().Equal(CanonicalVerdict.Write(verdict), "the wire carries all of it");
    }

    [Fact]
    public void Different_verdicts_have_different_ids()
    {
        var ids = judge.See("TS-06", 0, 30, t => Judge.Errors(t, 1)).Select(v => v.Id).ToList();
        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 32).And.HaveCountGreaterThan(5);
    }
}
