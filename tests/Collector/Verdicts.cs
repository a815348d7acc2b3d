using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests;

/// <summary>Verdicts as tests need them.</summary>
internal static class Verdicts
{
    public static Verdict Of(RuleId rule, Subject subject, VerdictResult result, DateTimeOffset at, IReadOnlyList<ProbeId>? witnesses = null, long occurrences = 1, Origin origin = Origin.Live, int severity = 2) => new()
    {
        Id = $"{rule}|{subject}|{result}|{at:O}|{occurrences}",
        Rule = rule,
        RuleVersion = 1,
        Subject = subject,
        Result = result,
        Severity = severity,
        Title = new("疑似黑广播", "suspected pirate"),
        Sentence = new($"{result}", $"{result} at {at:O}"),
        Since = at,
        At = at,
        Inputs = [new("level_dbm", Fact.Of(-40.5), "dBm", "GZ-03", at)],
        Measured = new("level_dbm", Fact.Of(-40.5), "dBm", "GZ-03", at),
        Witnesses = witnesses ?? [],
        Occurrences = occurrences,
        Origin = origin,
        Pack = "test@1.0.0",
        PackDigest = "",
        RegisterDigest = "",
        Build = "test",
    };
}
