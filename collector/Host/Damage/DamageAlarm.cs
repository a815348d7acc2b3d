using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Damage;

/// <summary>A loss in the store as an alarm. Its condition has ended when it is told, for a fresh file is in use; it stands until a person acknowledges it.</summary>
internal static class DamageAlarm
{
    /// <summary>In no pack: the collector judges its own store.</summary>
    public static readonly RuleId Rule = new("SW-02");

    private const int Severity = 1;

    private static readonly Subject Store = new(SubjectKind.Probe, "collector/store");

    /// <summary>Writer only.</summary>
    public static void Raise(ToldLoss told, AlarmBook alarms, CollectorIdentity identity, RulePack pack, Group group)
    {
        alarms.Report(Verdict(VerdictResult.Violation, DamageTexts.Sentence(told), told, identity, pack, group.Now), group);
        alarms.Report(Verdict(VerdictResult.Compliant, DamageTexts.Sentence(told), told, identity, pack, group.Now), group);
    }

    private static Verdict Verdict(VerdictResult result, Text sentence, ToldLoss told, CollectorIdentity identity, RulePack pack, DateTimeOffset now) => new()
    {
        Id = $"{identity.Instance:N}"[..20] + $"{now.ToUnixTimeMilliseconds():x12}",
        Rule = Rule,
        RuleVersion = 1,
        Subject = Store,
        Result = result,
        Severity = Severity,
        Title = DamageTexts.Title,
        Sentence = sentence,
        Since = told.Loss.At,
        At = now,
        Inputs = [new("set_aside", Fact.Of(told.Loss.SetAside), "", "collector", told.Loss.At), new("lost", Fact.Of((double)told.Loss.Lost), "", "collector", told.Loss.At)],
        Witnesses = [],
        Pack = pack.Name,
        PackDigest = pack.Digest,
        RegisterDigest = "",
        Build = identity.Build,
    };
}
