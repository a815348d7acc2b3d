using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Rules.Tests.Correlation;

public sealed class CorrelationTests
{
    private const string Least = "- name: least\n  title: {zh: 数, en: number}\n  values: [{from: 2020-01-01, value: 3, reference: r}, {from: 2026-03-15, value: 2, reference: s}]\n";

    [Fact]
    public void Five_in_a_minute_are_five_within_sixty_seconds_and_not_at_sixty()
    {
        using var pack = Written("when: \"!available\"\ncorrelate: {type: count, atLeast: 5, within: 60s}");
        Results(pack.Engine(), [0, 10, 20, 30, 60]).Should().Equal("0 Compliant");
        Results(pack.Engine(), [0, 10, 20, 30, 59]).Should().Equal("0 Compliant", "59 Violation");
    }

    [Fact]
    public void A_count_weighs_what_each_observation_counts_and_ends_with_its_window()
    {
        using var pack = Written("when: \"!available\"\ncount: \"has(fault) ? 4.0 : 1.0\"\ncorrelate: {type: count, atLeast: 5, within: 60s}");
        var engine = pack.Engine();
        Say(engine, WrittenPack.See(0, false, fault: "x")).Should().Equal("0 Compliant");
        var verdict = engine.Observe(WrittenPack.See(30, false)).Should().ContainSingle().Subject;
        verdict.Title.En.Should().Be("title 5");
        verdict.Inputs.Should().Contain(i => i.Name == "correlated" && i.Value == Fact.Of(5.0) && i.From == "P1");
        Say(engine, WrittenPack.See(59, true)).Should().BeEmpty("both are still within");
        Say(engine, WrittenPack.See(60, true)).Should().Equal("60 Compliant");
    }

    [Fact]
    public void Different_values_are_told_apart_and_named_and_the_same_value_counts_once()
    {
        using var pack = Written("when: has(fault)\ncorrelate: {type: distinct, of: fault, atLeast: 2, within: 10m}");
        var engine = pack.Engine();
        Say(engine, WrittenPack.See(0, false, fault: "a")).Should().Equal("0 Compliant");
        Say(engine, WrittenPack.See(40, false, fault: "a")).Should().BeEmpty();
        var verdict = engine.Observe(WrittenPack.See(80, false, fault: "b")).Should().ContainSingle(v => v.Result == VerdictResult.Violation).Subject;
        verdict.Inputs.Single(i => i.Name == "correlated").Value.Should().Be(Fact.Of("a, b"));
    }

    [Fact]
    public void Steps_count_in_their_order_and_not_at_the_same_time()
    {
        using var pack = Written("when: \"true\"\ncorrelate: {type: sequence, within: 30s, steps: [\"!available\", \"available && has(fault)\"]}");
        Results(pack, (0, true, "late"), (10, false, null), (20, true, null)).Should().Equal("0 Compliant");
        Results(pack, (0, false, null), (10, true, null), (29, true, "late"), (40, true, null)).Should().Equal("0 Compliant", "29 Violation", "40 Compliant");
        Results(pack, (0, false, null), (30, true, "late")).Should().Equal("0 Compliant");
        Results(pack, (5, false, null), (5, true, "late")).Should().Equal("5 Compliant");
    }

    [Fact]
    public void Two_of_three_probes_must_see_it_and_one_that_stands_alone_decides_nothing()
    {
        using var pack = Written("when: \"!available\"\ncorrelate: {type: probes, atLeast: 2}");
        var engine = pack.Engine();
        var alone = engine.Observe(WrittenPack.See(0, false)).Should().ContainSingle().Subject;
        (alone.Result, alone.Missing.Single(), alone.Sentence.En).Should().Be((VerdictResult.Undetermined, "probes", "Can't be decided: only 1 probe(s) can tell, and the rule asks for at least 2."));
        Say(engine, WrittenPack.See(1, true, "P2")).Should().Equal("1 Compliant");
        var both = engine.Observe(WrittenPack.See(2, false, "P3")).Should().ContainSingle().Subject;
        (both.Result, string.Join(",", both.Witnesses)).Should().Be((VerdictResult.Violation, "P1,P3"));
        Say(engine, WrittenPack.See(3, true, "P3")).Should().Equal("3 Compliant");
    }

    [Fact]
    public void A_probe_that_falls_silent_makes_it_undetermined_only_where_it_could_matter()
    {
        using var pack = Written("when: \"!available\"\ncorrelate: {type: probes, atLeast: 2}");
        var engine = pack.Engine();
        engine.Observe(WrittenPack.See(0, false));
        engine.Observe(WrittenPack.See(0, true, "P2"));
        for (var t = 10; t <= 100; t += 10) engine.Observe(WrittenPack.See(t, false));
        engine.Advance(WrittenPack.Start.AddSeconds(100)).Should().ContainSingle().Which.Result.Should().Be(VerdictResult.Undetermined, "P2 may see it too by now");
    }

    [Fact]
    public void A_dated_number_is_that_of_its_day()
    {
        using var pack = Written("when: \"!available\"\ncorrelate: {type: count, atLeast: least, within: 10m}", Least);
        var engine = pack.Engine();
        Results(engine, [7100, 7190]).Should().Equal("7100 Compliant");
        Say(engine, WrittenPack.See(7200, true)).Should().Equal("7200 Violation"); // midnight, from which two suffice
        pack.Engine().Observe(WrittenPack.See(0, false)).Single().Inputs.Should().Contain(i => i.Name == "parameters.least" && i.Value == Fact.Of(3.0));
    }

    [Fact]
    public void Windows_survive_a_restart_byte_for_byte()
    {
        using var pack = new WrittenPack(
            WrittenPack.Rule("C", "when: \"!available\"\ncorrelate: {type: count, atLeast: 5, within: 60s}")
            + WrittenPack.Rule("D", "when: has(fault)\ncorrelate: {type: distinct, of: fault, atLeast: 3, within: 60s}")
            + WrittenPack.Rule("S", "when: \"true\"\ncorrelate: {type: sequence, within: 60s, steps: [\"!available\", \"available && has(fault)\"]}"));
        var whole = Played(pack, restartEvery: int.MaxValue);
        whole.Length.Should().BeGreaterThan(10_000);
        Played(pack, restartEvery: 1).Should().Equal(whole);
        Played(pack, restartEvery: 7).Should().Equal(whole);
    }

    [Fact]
    public void A_window_never_keeps_more_than_the_rule_asks_for()
    {
        using var pack = Written("when: has(fault)\ncorrelate: {type: distinct, of: fault, atLeast: 3, within: 1h}");
        var engine = pack.Engine();
        var largest = 0;
        for (var t = 0; t < 5_000; t++)
        {
            engine.Observe(WrittenPack.See(t * 0.5, false, fault: $"{t}{new string('x', 4_000)}"));
            foreach (var (_, json) in engine.TakeChangedState()) largest = Math.Max(largest, json!.Length);
        }
        largest.Should().BeInRange(4_000, 6_500);
    }

    [Fact]
    public void What_comes_late_counts_in_its_window_and_the_order_of_equal_times_does_not_matter()
    {
        using var pack = Written("when: \"!available\"\ncorrelate: {type: count, atLeast: 3, within: 60s}");
        Results(pack.Engine(), [0, 20, 10, 30]).Should().Equal("0 Compliant", "30 Violation");
        string[] StateAfter(params string[] faults)
        {
            using var distinct = Written("when: has(fault)\ncorrelate: {type: distinct, of: fault, atLeast: 3, within: 60s}");
            var engine = distinct.Engine();
            foreach (var fault in faults) engine.Observe(WrittenPack.See(0, false, fault: fault));
            engine.Observe(WrittenPack.See(1, true));
            return [.. engine.TakeChangedState().Select(s => s.Json!)];
        }
        StateAfter("a", "b").Should().Equal(StateAfter("b", "a"));
    }

    [Fact]
    public void A_rule_on_trial_is_judged_and_says_so_and_leads_and_evidence_are_in_the_verdict()
    {
        using var pack = new WrittenPack(WrittenPack.Rule("T", "when: \"!available\"\nlead: true\nevidence: E-OT", status: "trial") + WrittenPack.Rule("X", "when: \"!available\"", status: "draft"));
        var verdict = pack.Engine().Observe(WrittenPack.See(0, false)).Should().ContainSingle().Subject;
        (verdict.IsTrial, verdict.IsLead, verdict.Evidence).Should().Be((true, true, "E-OT"));
        Encoding.UTF8.GetString(CanonicalVerdict.Write(verdict)).Should().Contain("\"evidence\":\"E-OT\",").And.Contain("\"isLead\":true,\"isTrial\":true,");
    }

    [Theory]
    [InlineData("correlate: {type: count, atleast: 5, within: 60s}", "Unknown key 'atleast'")]
    [InlineData("correlate: {type: many, atLeast: 5, within: 60s}", "one of probes, count, distinct, sequence")]
    [InlineData("correlate: {type: count, atLeast: 0, within: 60s}", "whole number from 1 to 10000")]
    [InlineData("correlate: {type: count, atLeast: 5}", "'within' is missing")]
    [InlineData("correlate: {type: probes, atLeast: 2, within: 60s}", "Unknown key 'within'")]
    [InlineData("correlate: {type: distinct, of: stale_s, atLeast: 5, within: 60s}", "A text is needed here")]
    [InlineData("correlate: {type: distinct, of: falt, atLeast: 5, within: 60s}", "Did you mean 'fault'")]
    [InlineData("correlate: {type: sequence, within: 60s, steps: [available]}", "2 to 8 steps")]
    [InlineData("correlate: {type: sequence, within: 60s, steps: [available, stale_s]}", "A truth value is needed here")]
    [InlineData("evidence: E-XX", "one of E-FM")]
    [InlineData("lead: perhaps", "must be true or false")]
    public void A_mistake_is_found(string wrong, string says)
    {
        using var pack = Written($"when: available\n{wrong}");
        pack.Reading.Problems.Should().Contain(p => p.What.En.Contains(says) && p.Line > 1 && p.Column > 1);
    }

    private static WrittenPack Written(string body, string? parameters = null) => new(WrittenPack.Rule("R", body), parameters);

    private static List<string> Say(RuleEngine engine, Observation o) => engine.Observe(o).Select(v => $"{(v.At - WrittenPack.Start).TotalSeconds} {v.Result}").ToList();

    private static List<string> Results(RuleEngine engine, double[] failures) => [.. failures.SelectMany(t => Say(engine, WrittenPack.See(t, false)))];

    private static List<string> Results(WrittenPack pack, params (double At, bool Available, string? Fault)[] seen)
    {
        var engine = pack.Engine();
        return [.. seen.SelectMany(s => Say(engine, WrittenPack.See(s.At, s.Available, fault: s.Fault)))];
    }

    private static byte[] Played(WrittenPack pack, int restartEvery)
    {
        var stored = new Dictionary<string, string>();
        var bytes = new List<byte>();
        var engine = pack.Engine();
        var random = new Random(5);
        for (var t = 0; t < 600; t += 5)
        {
            var o = WrittenPack.See(t, random.Next(3) > 0, $"P{random.Next(2)}", random.Next(4) is > 0 and var fault ? $"f{fault}" : null);
            foreach (var verdict in engine.Observe(o)) bytes.AddRange(CanonicalVerdict.Write(verdict));
            foreach (var (key, json) in engine.TakeChangedState()) if (json is null) stored.Remove(key); else stored[key] = json;
            if (t % restartEvery != 0 || restartEvery == int.MaxValue) continue;
            engine = pack.Engine();
            engine.Restore(stored.Select(s => (s.Key, s.Value))).Should().BeEmpty();
            engine.Resume(WrittenPack.Start.AddSeconds(t));
        }
        return [.. bytes];
    }
}
