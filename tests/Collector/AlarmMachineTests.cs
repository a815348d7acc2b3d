using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Collector.Alarms;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests;

public sealed class AlarmMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));
    private static readonly Subject Pirate = Subject.Frequency("440106", 97_800_000);

    private AlarmRecord? state;
    private DateTimeOffset now = Start;

    [Fact]
    public void Is_keyed_by_rule_and_subject_never_by_probe()
    {
        AlarmRecord.IdOf(new("FM-01"), Pirate).Value.Should().MatchRegex("^A-[0-9a-f]{10}$");
        AlarmRecord.IdOf(new("FM-01"), Pirate).Should().NotBe(AlarmRecord.IdOf(new("FM-02"), Pirate));
    }

    [Fact]
    public void Raise_acknowledge_return_walks_through_B_C_A()
    {
        Say(VerdictResult.Violation);
        state!.IsaState.Should().Be('B');
        Acknowledge(state.Version).Should().BeNull();
        (state.IsaState, state.AcknowledgedBy).Should().Be(('C', "王"));
        Say(VerdictResult.Compliant);
        (state.IsaState, state.Live, state.ClearedAt).Should().Be(('A', false, (DateTimeOffset?)now));
    }

    [Fact]
    public void Returned_before_acknowledgement_stays_on_the_wall_until_somebody_looks()
    {
        Say(VerdictResult.Violation);
        Say(VerdictResult.Compliant);
        (state!.IsaState, state.Live).Should().Be(('D', true));
        Acknowledge(state.Version).Should().BeNull();
        state.Live.Should().BeFalse();
    }

    [Fact]
    public void Raised_again_before_acknowledgement_it_stays_unacknowledged_and_loses_no_occurrence()
    {
        Say(VerdictResult.Violation, occurrences: 3);
        Say(VerdictResult.Compliant);
        Say(VerdictResult.Violation, occurrences: 2);
        (state!.State, state.Occurrences).Should().Be((AlarmState.Unacknowledged, 5L));
    }

    [Fact]
    public void Raised_again_after_normal_it_starts_unacknowledged_and_counts_anew()
    {
        Say(VerdictResult.Violation, occurrences: 3);
        Acknowledge(state!.Version);
        Say(VerdictResult.Compliant);
        Say(VerdictResult.Violation);
        (state.State, state.Occurrences, state.AcknowledgedBy, state.ClearedAt).Should().Be((AlarmState.Unacknowledged, 1L, (string?)null, (DateTimeOffset?)null));
    }

    [Fact]
    public void More_witnesses_and_occurrences_leave_the_acknowledgement_and_the_version()
    {
        Say(VerdictResult.Violation, witness: "GZ-01");
        Acknowledge(state!.Version);
        var version = state.Version;
        Say(VerdictResult.Violation, occurrences: 7, witness: "GZ-02");
        (state.State, state.Occurrences, state.Version).Should().Be((AlarmState.Acknowledged, 7L, version));
        state.Witnesses.Should().Equal(new ProbeId("GZ-01"), new ProbeId("GZ-02"));
    }

    [Fact]
    public void More_severe_than_what_was_acknowledged_alarms_again()
    {
        Say(VerdictResult.Violation, severity: 3);
        Acknowledge(state!.Version);
        Say(VerdictResult.Violation, severity: 1);
        (state.State, state.Priority).Should().Be((AlarmState.Unacknowledged, 1));
    }

    [Fact]
    public void Data_that_stops_is_unknown_never_cleared()
    {
        Say(VerdictResult.Violation);
        Acknowledge(state!.Version);
        Say(VerdictResult.Undetermined);
        (state.Active, state.Unknown, state.Acknowledged, state.ClearedAt).Should().Be((true, true, true, (DateTimeOffset?)null));
        Say(VerdictResult.Violation);
        (state.Active, state.Unknown, state.Acknowledged).Should().Be((true, false, true));
    }

    [Fact]
    public void An_active_alarm_whose_rule_is_withdrawn_is_unknown_says_so_once_and_can_still_be_acknowledged()
    {
        Text gone = new("规则已不在", "the rule is gone");
        Take(new Withdraw(gone));
        state.Should().BeNull("nothing was raised");
        Say(VerdictResult.Violation);
        Say(VerdictResult.Undetermined);
        Take(new Withdraw(gone));
        (state!.Active, state.Unknown, state.ClearedAt, state.Sentence).Should().Be((true, true, (DateTimeOffset?)null, gone));
        var version = state.Version;
        Take(new Withdraw(gone));
        state.Version.Should().Be(version, "every start finds it again");
        Acknowledge(version).Should().BeNull();
        Say(VerdictResult.Compliant);
        state.IsaState.Should().Be('A', "the rule is back, and has seen the condition go");
    }

    [Theory]
    [InlineData(VerdictResult.Compliant)]
    [InlineData(VerdictResult.Undetermined)]
    public void What_was_never_raised_is_no_alarm(VerdictResult result)
    {
        Say(result);
        state.Should().BeNull();
    }

    [Fact]
    public void An_acknowledgement_of_something_else_than_was_seen_is_refused()
    {
        Say(VerdictResult.Violation);
        var seen = state!.Version;
        Say(VerdictResult.Undetermined);
        Acknowledge(seen)!.Code.Should().Be("alarm.changed");
        state.Acknowledged.Should().BeFalse();
    }

    [Fact]
    public void Acknowledging_twice_or_what_is_normal_is_refused_with_its_reason()
    {
        Say(VerdictResult.Violation);
        Acknowledge(state!.Version);
        var again = Acknowledge(state.Version)!;
        (again.Code, again.Status).Should().Be(("alarm.illegal-transition", 409));
        again.Title.Zh.Should().Contain("王");
        Say(VerdictResult.Compliant);
        Acknowledge(state.Version)!.Code.Should().Be("alarm.illegal-transition");
    }

    [Fact]
    public void Any_sequence_of_commands_keeps_what_must_hold()
    {
        var step = from kind in Gen.Choose(0, 5) from amount in Gen.Choose(1, 9) from severity in Gen.Choose(1, 4) select (kind, amount, severity);
        Prop.ForAll(step.ListOf().ToArbitrary(), steps => steps.Aggregate((Model: Model.New, Record: (AlarmRecord?)null, Good: true), Step).Good)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    /// <summary>A naive account of what people are owed: is it there, has anybody seen it, was it ever lost?</summary>
    private sealed record Model(bool Active, bool Owed, bool Unknown, long Earlier, long Present)
    {
        public static readonly Model New = new(false, false, false, 0, 0);
    }

    private static (Model, AlarmRecord?, bool) Step((Model Model, AlarmRecord? Record, bool Good) at, (int Kind, int Amount, int Severity) step)
    {
        var (model, record, good) = at;
        var result = step.Kind switch { 0 or 1 => VerdictResult.Violation, 2 => VerdictResult.Compliant, _ => VerdictResult.Undetermined };
        AlarmCommand command = step.Kind <= 3
            ? new Report(Verdicts.Of(new("FM-01"), Pirate, result, Start, [new($"P{step.Amount}")], step.Amount, severity: step.Severity))
            : new Acknowledge(new("王", step.Kind == 4 ? record?.Version ?? 0 : (record?.Version ?? 0) - 1, null));
        if (record is null && command is Acknowledge) return at; // the book refuses these before the machine
        var decision = AlarmMachine.Decide(record, command, Start);
        var after = decision.Events.Aggregate(record, (r, e) => AlarmMachine.Apply(r, e));
        var moreSevere = record is { Active: true, Acknowledged: true } && step.Severity < record.Priority;
        var expected = (step.Kind, model) switch
        {
            (0 or 1, { Active: true }) => model with { Unknown = false, Owed = model.Owed || moreSevere, Present = Math.Max(model.Present, step.Amount) },
            (0 or 1, { Owed: true }) => new Model(true, true, false, model.Earlier + model.Present, step.Amount),
            (0 or 1, _) => new Model(true, true, false, 0, step.Amount),
            (2, { Active: true }) => model with { Active = false, Unknown = false },
            (3, { Active: true }) => model with { Unknown = true },
            (4, { Owed: true }) => model with { Owed = false },
            _ => model,
        };
        if (after is null) return (expected, null, good && expected == Model.New);
        var same = after.Active == expected.Active && after.Acknowledged == !expected.Owed && after.Unknown == expected.Unknown && after.Occurrences == expected.Earlier + expected.Present;
        var sane = (!after.Unknown || after.Active) && (after.Active == after.ClearedAt is null) && (after.Acknowledged == after.AcknowledgedBy is not null)
            && after.Live == (after.IsaState != 'A') && after.Version >= (record?.Version ?? 0) && (decision.Refusal is null || ReferenceEquals(after, record));
        return (expected, after, good && same && sane);
    }

    private void Say(VerdictResult result, long occurrences = 1, string witness = "GZ-03", int severity = 2)
    {
        now += TimeSpan.FromSeconds(1);
        Take(new Report(Verdicts.Of(new("FM-01"), Pirate, result, now, [new(witness)], occurrences, severity: severity)));
    }

    private Problem? Acknowledge(long version) => Take(new Acknowledge(new("王", version, null)));

    private Problem? Take(AlarmCommand command)
    {
        var decision = AlarmMachine.Decide(state, command, now);
        foreach (var happened in decision.Events) state = AlarmMachine.Apply(state, happened);
        return decision.Refusal;
    }
}
