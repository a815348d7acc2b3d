using SignalWatch.Contracts;

namespace SignalWatch.Rules.Tests.Engine;

public sealed class RestartTests
{
    private readonly Dictionary<string, string> stored = [];

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(25)]
    [InlineData(45)]
    [InlineData(75)]
    public void An_engine_that_is_killed_at_any_time_goes_on_as_if_it_had_not_been(int killedAt)
    {
        var whole = Run(new Judge(), 0, 100, store: false);
        var before = Run(new Judge(), 0, killedAt, store: true);
        var after = new Judge();
        after.Engine.Restore(stored.Select(s => (s.Key, s.Value))).Should().BeEmpty();
        after.Engine.Resume(Judge.At(killedAt));
        var rest = Run(after, killedAt + 1, 100, store: true);
        before.Concat(rest).Should().Equal(whole);
    }

    [Fact]
    public void A_stored_violation_is_not_said_again()
    {
        Run(new Judge(), 0, 15, store: true).Should().ContainSingle(v => v.StartsWith("FM-01 Violation", StringComparison.Ordinal));
        var after = new Judge();
        after.Engine.Restore(stored.Select(s => (s.Key, s.Value)));
        after.Engine.Resume(Judge.At(16));
        after.See("FM-01", 16, 20, t => Judge.Carrier(t)).Should().BeEmpty();
    }

    [Fact]
    public void State_that_can_not_be_read_is_named_and_deleted_and_its_rule_begins_anew()
    {
        var engine = new Judge().Engine;
        engine.Restore([("FM-01|frequency:4401/97800000", "{\"strands\":[{}"), ("XX-99|frequency:4401/1", "{}"), ("nonsense", "{}")]).Should().HaveCount(3);
        engine.TakeChangedState().Should().HaveCount(3).And.OnlyContain(s => s.Json == null);
        engine.TakeChangedState().Should().BeEmpty();
    }

    [Fact]
    public void State_is_given_out_when_it_changes_and_not_for_every_observation()
    {
        var judge = new Judge();
        var given = 0;
        for (var t = 0; t < 1000; t++)
        {
            judge.Engine.Observe(Judge.Carrier(t, onAir: false));
            given += judge.Engine.TakeChangedState().Count();
        }
        given.Should().BeInRange(390, 410, "two rules, each 5 s");
    }

    [Fact]
    public void A_carrier_that_was_never_wrong_is_forgotten_after_a_day_and_a_violation_never()
    {
        var judge = new Judge();
        judge.See("FM-01", 0, 20, t => Judge.Carrier(t));
        judge.Engine.TakeChangedState().Select(s => s.Key).Should().BeEquivalentTo("FM-01|frequency:4401/97800000", "FM-01b|frequency:4401/97800000");
        judge.Engine.Advance(Judge.At(60));
        judge.Engine.TakeChangedState().Should().OnlyContain(s => s.Json != null);
        judge.Engine.Advance(Judge.At(86_500));
        judge.Engine.TakeChangedState().Should().Equal(("FM-01b|frequency:4401/97800000", null));
    }

    private List<string> Run(Judge judge, int from, int to, bool store)
    {
        var said = new List<string>();
        for (var t = from; t <= to; t++)
        {
            if (t % 5 == 0) Say(judge.Engine.Observe(Judge.Heartbeat(t)));
            if (t is < 35 or > 55) Say(judge.Engine.Observe(Judge.Carrier(t, onAir: t is not (3 or > 80))));
            Say(judge.Engine.Observe(Judge.Errors(t, t % 20 == 0 ? 2 : 0)));
            Say(judge.Engine.Advance(Judge.At(t)));
            if (!store) continue;
            foreach (var (key, json) in judge.Engine.TakeChangedState())
                if (json is null) stored.Remove(key); else stored[key] = json;
        }
        return said;

        void Say(IEnumerable<Verdict> verdicts) => said.AddRange(verdicts.Select(v => $"{v.Rule} {v.Result} {v.At:O} {v.Since:O} {v.Occurrences} {v.Sentence.En} {v.Id}"));
    }
}
