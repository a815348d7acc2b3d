using SignalWatch.Contracts;

namespace SignalWatch.Rules.Tests.Correlation;

public sealed class SuppressionTests
{
    private static readonly Subject Multiplex = Subject.Multiplex(1, 2);

    [Fact]
    public void A_violation_with_a_cause_names_it_and_is_said_anew_when_the_cause_comes_and_goes()
    {
        using var pack = Pack("multiplex");
        var engine = pack.Engine();
        Said(engine, Service(0, 5)).Should().Equal("B Violation ");
        Said(engine, Lost(1, true)).Should().Equal("A Violation ", "B Violation A multiplex:1.2");
        Said(engine, Service(2, 5, id: 8)).Should().Equal("B Violation A multiplex:1.2");
        Said(engine, Service(3, 5, stream: 3)).Should().Equal("B Violation ");
        Said(engine, Lost(4, false)).Should().Equal("A Compliant ", "B Violation ", "B Violation ");
    }

    [Fact]
    public void A_cause_survives_a_restart_and_is_not_told_twice()
    {
        using var pack = Pack("multiplex");
        var engine = pack.Engine();
        Said(engine, Lost(0, true));
        Said(engine, Service(1, 5)).Should().Equal("B Violation A multiplex:1.2");
        var state = engine.TakeChangedState().Select(s => (s.Key, s.Json!)).ToList();
        var after = pack.Engine();
        after.Restore(state).Should().BeEmpty();
        after.Resume(WrittenPack.Start.AddSeconds(1));
        Said(after, Service(2, 5)).Should().BeEmpty();
        Said(after, Service(2, 5, id: 9)).Should().Equal("B Violation A multiplex:1.2");
        Said(after, Lost(3, false)).Should().Equal("A Compliant ", "B Violation ", "B Violation ");
    }

    [Fact]
    public void The_silence_of_one_probe_explains_nothing_that_another_sees()
    {
        using var pack = new WrittenPack(
            WrittenPack.Rule("A", "when: \"false\"", on: "probe.heartbeat").Replace("state: undetermined", "state: violation", StringComparison.Ordinal)
            + WrittenPack.Rule("B", "when: cc_errors > 0\nsuppressWhen: [{rule: A, relation: probe}]", on: "ts.service"));
        var engine = pack.Engine();
        engine.Observe(Heartbeat(0, "P1"));
        Said(engine, Service(0, 5)).Should().Equal("B Violation ");
        engine.Advance(WrittenPack.Start.AddSeconds(70)).Select(Line).Should().Equal("A Violation ", "B Violation A probe:P1", "B Undetermined A probe:P1");
        Said(engine, Service(71, 5, probe: "P2")).Should().Equal("B Violation ");
    }

    [Theory]
    [InlineData("[{rule: C, relation: same}]", "There is no rule 'C'")]
    [InlineData("[{rule: B, relation: same}]", "suppresses itself")]
    [InlineData("[{rule: A, relation: near}]", "one of same, multiplex, area, probe")]
    [InlineData("[{rule: A, relation: same, at: 1}]", "Unknown key 'at'")]
    public void A_mistake_is_found(string suppressions, string says)
    {
        using var pack = new WrittenPack(WrittenPack.Rule("A", "when: available") + WrittenPack.Rule("B", $"when: available\nsuppressWhen: {suppressions}"));
        pack.Reading.Problems.Should().ContainSingle(p => p.What.En.Contains(says) && p.Line > 1);
    }

    private static WrittenPack Pack(string relation) => new(
        WrittenPack.Rule("B", $"when: cc_errors > 0\nsuppressWhen: [{{rule: A, relation: {relation}}}]", on: "ts.service") + WrittenPack.Rule("A", "when: cc_errors > 0", on: "ts.multiplex"));

    private static List<string> Said(RuleEngine engine, Observation o) => engine.Observe(o).Select(Line).ToList();

    private static string Line(Verdict v) => $"{v.Rule} {v.Result} {v.SuppressedBy}";

    private static Observation Lost(double t, bool lost) => See("ts.multiplex", Multiplex, t, "P1", "cc_errors", lost ? 1 : 0);

    private static Observation Service(double t, double errors, int stream = 2, int id = 7, string probe = "P1") => See("ts.service", Subject.Service(1, stream, id), t, probe, "cc_errors", errors);

    private static Observation Heartbeat(double t, string probe) => See("probe.heartbeat", Subject.Probe(new(probe)), t, probe, "none", 0);

    private static Observation See(string kind, Subject subject, double t, string probe, string fact, double value) => new()
    {
        Id = Guid.Empty, Probe = new(probe), Watch = new("w"), Subject = subject, Kind = kind, At = WrittenPack.Start.AddSeconds(t), Facts = new Dictionary<string, Fact> { [fact] = Fact.Of(value) },
    };
}
