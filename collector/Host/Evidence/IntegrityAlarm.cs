using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Evidence;

/// <summary>Rule SC-04, 证据完整性失败: evidence whose bytes are not those of its digest is an alarm of the first priority. It stands until every item was found sound again.</summary>
internal sealed class IntegrityAlarm(AlarmBook alarms, EvidenceBook book, CollectorIdentity identity, RulePack pack)
{
    /// <summary>In no pack: the collector judges its own store.</summary>
    public static readonly RuleId Rule = new("SC-04");

    private const int Severity = 1;
    private const int ShownDigits = 16;

    private static readonly Subject Store = new(SubjectKind.Probe, "collector/evidence");

    /// <summary>Writer only: an item was compared with its digests.</summary>
    public void Report(string sha256, bool sound, Group group)
    {
        var active = alarms.Present(AlarmRecord.IdOf(Rule, Store)) is { Active: true };
        if (sound && (!active || book.AnyUnsound)) return;
        alarms.Report(Verdict(sha256, sound, group.Now), group);
    }

    private Verdict Verdict(string sha256, bool sound, DateTimeOffset now) => new()
    {
        Id = $"{identity.Instance:N}"[..20] + $"{now.ToUnixTimeMilliseconds():x12}",
        Rule = Rule,
        RuleVersion = 1,
        Subject = Store,
        Result = sound ? VerdictResult.Compliant : VerdictResult.Violation,
        Severity = Severity,
        Title = EvidenceTexts.IntegrityTitle,
        Sentence = sound ? EvidenceTexts.IntegrityRestored : EvidenceTexts.IntegrityLost(sha256[..ShownDigits]),
        Since = now,
        At = now,
        Inputs = [new("sha256", Fact.Of(sha256), "", "collector", now)],
        Witnesses = [],
        Pack = pack.Name,
        PackDigest = pack.Digest,
        RegisterDigest = "",
        Build = identity.Build,
    };
}
