using SignalWatch.Collector.Alarms;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Alarms;

/// <summary>The alarm machine against a naive account of what people are owed: random sequences of everything that can be said and done.</summary>
public sealed class AlarmModelTests
{
    private static readonly int Sequences = Environment.GetEnvironmentVariable("SIGNALWATCH_LONG") == "1" ? 100_000 : 10_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));
    private static readonly Subject Pirate = Subject.Frequency("440106", 97_800_000);

    // Which act is possible in which state of the workflow, as a person would write it down: the machine has its own.
    private static readonly Dictionary<string, string[]> Legal = new()
    {
        ["dispatch"] = ["Confirmed", "Dispatched", "Handling"],
        ["start"] = ["Confirmed", "Dispatched"],
        ["resolve"] = ["Confirmed", "Dispatched", "Handling"],
        ["falseAlarm"] = ["Pending", "Confirmed", "Dispatched", "Handling"],
        ["reopen"] = ["Resolved", "Archived", "FalseAlarm"],
    };

    [Fact]
    public void No_sequence_loses_an_acknowledgement_or_an_occurrence_or_takes_an_illegal_step()
    {
        var seed = Random.Shared.Next();
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            var run = new Run(new Random(seed + sequence), $"seed {seed + sequence}");
            for (var step = 0; step < 40; step++) run.Step(Start.AddSeconds(step * 7));
        }
    }

    private sealed class Run(Random random, string name)
    {
        private AlarmRecord? record;
        private bool active, owed, known;
        private string? acknowledgedBy;
        private long earlier, present;
        private string workflow = "Pending";

        public void Step(DateTimeOffset now)
        {
            var severity = random.Next(1, 5);
            var amount = random.Next(1, 6);
            switch (random.Next(10))
            {
                case 0 or 1: Violation(now, severity, amount); break;
                case 2: Compliant(now, severity); break;
                case 3: Say(now, VerdictResult.Undetermined, severity, 1); break;
                case 4: Past(now, severity, amount); break;
                case 5: Surround(now); break;
                case 6: Expire(now); break;
                case 7: Acknowledge(now); break;
                default: Act(now); break;
            }
            if (record is null) return;
            record.Active.Should().Be(active, name);
            record.Acknowledged.Should().Be(!owed, name);
            record.AcknowledgedBy.Should().Be(acknowledgedBy, name);
            record.Occurrences.Should().Be(earlier + present, name);
            record.Workflow.ToString().Should().Be(workflow, name);
            (record.Unknown && !record.Active).Should().BeFalse(name);
            (record.UnacknowledgedSince is null).Should().Be(record.Acknowledged, name);
            (record.ClearedAt is null).Should().Be(record.Active, name);
        }

        private bool IsFresh => record is null || !record.Live;

        private void Violation(DateTimeOffset now, int severity, int amount)
        {
            var again = !active || (!owed && severity < record!.Severity);
            if (!again) present = Math.Max(present, amount);
            else if (active) present = Math.Max(present, amount); // more severe: the same violation
            else if (IsFresh) (earlier, present) = (0, amount);
            else (earlier, present) = (earlier + present, amount);
            if (again)
            {
                if (IsFresh || workflow is "Resolved" or "Archived" or "FalseAlarm") workflow = "Pending";
                (owed, acknowledgedBy) = (true, null);
            }
            (active, known) = (true, true);
            Say(now, VerdictResult.Violation, severity, amount);
        }

        private void Compliant(DateTimeOffset now, int severity)
        {
            active = false;
            Say(now, VerdictResult.Compliant, severity, 1);
        }

        private void Past(DateTimeOffset now, int severity, int amount)
        {
            if (active)
            {
                earlier += amount;
            }
            else
            {
                if (IsFresh || workflow is "Resolved" or "Archived" or "FalseAlarm") workflow = "Pending";
                (earlier, present) = IsFresh ? (0, amount) : (earlier + present, amount);
                (owed, acknowledgedBy) = (true, null);
            }
            known = true;
            Take(new Occurred(Verdicts.Of(new("FM-01"), Pirate, VerdictResult.Violation, now.AddHours(-9), occurrences: amount, severity: severity)), now).Should().BeNull(name);
        }

        private void Surround(DateTimeOffset now)
        {
            if (!known) return;
            string[] reasons = ["period:1", "repeats", "unacknowledged"];
            var around = new Circumstances(random.Next(2) == 0 ? [] : ["alarm:A-1"], [.. reasons.Where(_ => random.Next(3) == 0)], random.Next(2) == 0, Blind: random.Next(3) == 0);
            if (active && !owed && Math.Max(1, record!.Severity - around.RaisedBy.Count) < record.Priority) (owed, acknowledgedBy) = (true, null);
            Take(new Surround(around), now).Should().BeNull(name);
        }

        private void Expire(DateTimeOffset now)
        {
            if (!known) return;
            var what = random.Next(2) == 0 ? Expiry.Acknowledgement : Expiry.Shelf;
            if (what == Expiry.Acknowledgement && active && !owed) (owed, acknowledgedBy) = (true, null);
            Take(new Expire(what), now).Should().BeNull(name);
        }

        private void Acknowledge(DateTimeOffset now)
        {
            if (!known) return;
            var stale = random.Next(4) == 0;
            var possible = owed && record!.Live && !stale;
            var refusal = Take(new Acknowledge(new("王", record!.Version - (stale ? 1 : 0), null)), now);
            (refusal is null).Should().Be(possible, name);
            if (!possible) return;
            (owed, acknowledgedBy) = (false, "王");
            if (workflow == "Pending") workflow = "Confirmed";
        }

        private void Act(DateTimeOffset now)
        {
            if (!known) return;
            AlarmAct[] acts =
            [
                new Unacknowledge("错"), new Shelve(now.AddHours(1), "检修", random.Next(2) == 0), new Unshelve(), new TakeOutOfService("检修"), new ReturnToService(), new ResetLatch(), new Dispatch("FT-1", now.AddHours(2)),
                new StartHandling(), new ResolveAlarm("已查封"), new ArchiveAlarm(), new DeclareFalse(FalseAlarmReason.Overspill, null, random.Next(2) == 0), new ReopenAlarm("再看"), new AddAlarmNote("注"),
            ];
            var act = acts[random.Next(acts.Length)];
            var wire = AlarmTexts.NameOf(act);
            var (before, wasLive) = (record!, record!.Live);
            var refusal = Take(new Perform(new("李", before.Version, act)), now);
            if (Legal.TryGetValue(wire, out var states)) (refusal is null).Should().Be(states.Contains(workflow), $"{name}: {wire} in {workflow}");
            if (refusal is not null)
            {
                (refusal.Code, refusal.Status).Should().Be(("alarm.illegal-transition", 409), name);
                record.Should().BeSameAs(before, name);
                return;
            }
            switch (act)
            {
                case Unacknowledge:
                    (owed || !wasLive).Should().BeFalse(name);
                    (owed, acknowledgedBy) = (true, null);
                    if (workflow == "Confirmed") workflow = "Pending";
                    break;
                case Dispatch: workflow = "Dispatched"; break;
                case StartHandling: workflow = "Handling"; break;
                case ResolveAlarm: workflow = "Resolved"; break;
                case ArchiveAlarm:
                    (workflow, active).Should().Be(("Resolved", false), name);
                    workflow = "Archived";
                    break;
                case DeclareFalse: (workflow, owed, acknowledgedBy) = ("FalseAlarm", false, "李"); break;
                case ReopenAlarm when workflow == "FalseAlarm": (workflow, owed, acknowledgedBy) = ("Pending", true, null); break;
                case ReopenAlarm: workflow = "Confirmed"; break;
                case Shelve or Unshelve or TakeOutOfService or ReturnToService:
                    (record!.Acknowledged, record.Active, record.Occurrences).Should().Be((before.Acknowledged, before.Active, before.Occurrences), $"{name}: putting aside forgets nothing");
                    break;
            }
        }

        private void Say(DateTimeOffset now, VerdictResult result, int severity, int amount) =>
            Take(new Report(Verdicts.Of(new("FM-01"), Pirate, result, now, [new("GZ-03")], amount, severity: severity)), now).Should().BeNull(name);

        private Problem? Take(AlarmCommand command, DateTimeOffset now)
        {
            var decision = AlarmMachine.Decide(record, command, now);
            foreach (var happened in decision.Events) record = AlarmMachine.Apply(record, happened);
            return decision.Refusal;
        }
    }
}
