using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Contracts;

namespace SignalWatch.Rules.Tests.Engine;

/// <summary>Laws of the state machine under any sequence of observations, silences and restarts.</summary>
public sealed class StateMachineProperties
{
    /// <summary>0 violating, 1 not, 2 facts missing, 3 a second without observation, 4 twenty of them, 5 a late one, 6 restart.</summary>
    private static readonly Arbitrary<int[]> Histories = Gen.Choose(0, 6).ArrayOf(120).ToArbitrary();

    [Fact]
    public void Never_says_compliant_unless_that_was_seen_for_10_s_without_a_gap() => Prop.ForAll(Histories, history =>
    {
        var seen = new List<(double At, bool? OnAir)>();
        foreach (var (verdict, _) in Play(history, seen))
        {
            if (verdict.Result == VerdictResult.Compliant && !Held(seen, verdict.At, false)) return false;
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Never_begins_a_violation_unless_that_was_seen_for_10_s_without_a_gap() => Prop.ForAll(Histories, history =>
    {
        var seen = new List<(double At, bool? OnAir)>();
        var lasts = false;
        foreach (var (verdict, _) in Play(history, seen))
        {
            if (verdict.Result == VerdictResult.Violation && !lasts && !Held(seen, verdict.At, true)) return false;
            lasts = verdict.Result == VerdictResult.Violation || (lasts && verdict.Result == VerdictResult.Undetermined);
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Is_never_anything_but_undetermined_when_nothing_has_been_known_for_10_s() => Prop.ForAll(Histories, history =>
    {
        var seen = new List<(double At, bool? OnAir)>();
        VerdictResult? said = null;
        foreach (var (verdict, silentFor) in Play(history, seen, withEnd: true))
        {
            if (verdict is not null) said = verdict.Result;
            else if (silentFor >= 10 && said is not (null or VerdictResult.Undetermined)) return false;
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static IEnumerable<(Verdict Verdict, double SilentFor)> Play(int[] history, List<(double At, bool? OnAir)> seen, bool withEnd = false)
    {
        var judge = new Judge();
        var stored = new Dictionary<string, string>();
        var (now, known, newest) = (0.0, 0.0, double.NaN);
        foreach (var step in history)
        {
            now += step == 4 ? 20 : 1;
            var verdicts = new List<Verdict>();
            if (step <= 2)
            {
                bool? onAir = step switch { 0 => true, 1 => false, _ => null };
                seen.Add((now, onAir));
                newest = now;
                if (onAir is not null) known = now;
                verdicts.AddRange(judge.Engine.Observe(Judge.Carrier(now, onAir)));
            }
            else if (step == 5 && !double.IsNaN(newest))
            {
                verdicts.AddRange(judge.Engine.Observe(Judge.Carrier(newest - 0.5, onAir: now % 2 == 0)));
            }
            else if (step == 6)
            {
                judge = new Judge();
                judge.Engine.Restore(stored.Select(s => (s.Key, s.Value)));
                judge.Engine.Resume(Judge.At(now));
                (known, newest) = (now, double.NaN); // the stored state is up to 5 s old: what is late is only known again from the next observation on
            }
            verdicts.AddRange(judge.Engine.Advance(Judge.At(now)));
            foreach (var (key, json) in judge.Engine.TakeChangedState())
                if (json is null) stored.Remove(key); else stored[key] = json;
            foreach (var verdict in verdicts.Where(v => v.Rule.Value == "FM-01")) yield return (verdict, now - known);
            if (withEnd) yield return (null!, now - known);
        }
    }

    /// <summary>Was the condition seen as <paramref name="state"/>, and not otherwise, over the 10 s before, with no more than 10 s between what was known?</summary>
    private static bool Held(List<(double At, bool? OnAir)> seen, DateTimeOffset at, bool state)
    {
        var end = (at - Judge.Start).TotalSeconds;
        var known = seen.Where(s => s.At <= end && s.OnAir is not null).ToList();
        var begin = known.FindLastIndex(s => s.OnAir != state) + 1;
        for (var i = known.Count - 1; i > begin; i--) if (known[i].At - known[i - 1].At > 10) { begin = i; break; }
        return begin < known.Count && known[^1].At - known[begin].At >= 10;
    }
}
