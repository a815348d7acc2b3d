using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Alarms;

/// <summary>The rule engine's own faults as an alarm: a wall over an engine that fails would look calm.</summary>
internal sealed class EngineFaults
{
    /// <summary>In no pack: the collector judges its own engine.</summary>
    public static readonly RuleId Rule = new("SW-01");
    private static readonly Subject Collector = new(SubjectKind.Probe, "collector");
    private static readonly TimeSpan QuietBeforeCleared = TimeSpan.FromSeconds(60);

    private long count;
    private long reported;
    private DateTimeOffset? first, last;
    private string what = "";

    /// <summary>A fault that stood when the collector stopped is watched until it has been quiet.</summary>
    public void Start(AlarmBook alarms, DateTimeOffset now)
    {
        if (alarms.Find(AlarmRecord.IdOf(Rule, Collector)) is { Active: true }) (first, last) = (now, now);
    }

    /// <summary>A fault happened.</summary>
    /// <returns>True where it is worth a line in the log: the first of a kind in its second.</returns>
    public bool Note(Exception fault, DateTimeOffset now)
    {
        var text = $"{fault.GetType().Name}: {fault.Message}";
        var newsworthy = text != what || last is null || now - last >= TimeSpan.FromSeconds(1);
        (what, first, last) = (text, first ?? now, now);
        count++;
        return newsworthy;
    }

    /// <summary>What there is to say about it at a tick; null where there is nothing new.</summary>
    public Verdict? Verdict(DateTimeOffset now, CollectorIdentity identity, RulePack pack)
    {
        if (first is not { } since || last is not { } latest) return null;
        if (count > reported)
        {
            reported = count;
            return Make(VerdictResult.Violation, Texts.EngineFault(what), since, now, identity, pack);
        }
        if (now - latest < QuietBeforeCleared) return null;
        var cleared = Make(VerdictResult.Compliant, Texts.EngineWorks, since, now, identity, pack);
        (first, last, count, reported, what) = (null, null, 0, 0, "");
        return cleared;
    }

    private Verdict Make(VerdictResult result, Text sentence, DateTimeOffset since, DateTimeOffset now, CollectorIdentity identity, RulePack pack) => new()
    {
        Id = $"{identity.Instance:N}"[..20] + $"{now.ToUnixTimeMilliseconds():x12}",
        Rule = Rule,
        RuleVersion = 1,
        Subject = Collector,
        Result = result,
        Severity = 1,
        Title = Texts.EngineFaultTitle,
        Sentence = sentence,
        Since = since,
        At = now,
        Inputs = [new("faults", Fact.Of((double)count), "", Collector.Key, now)],
        Witnesses = [],
        Occurrences = Math.Max(1, count),
        Pack = pack.Name,
        PackDigest = pack.Digest,
        RegisterDigest = "",
        Build = identity.Build,
    };
}
