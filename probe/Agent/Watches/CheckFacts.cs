using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>What the checks of a second found, as facts.</summary>
internal static class CheckFacts
{
    // States that stand until what is due comes (TR 101 290 5.2.1 to 5.2.3); one that stood at any time of the second is told.
    private static readonly (string Fact, Check[] Of)[] States =
    [
        ("pat_missing", [Checks.PatPidAbsent, Checks.PatAbsent]),
        ("pmt_missing", [Checks.PmtAbsent]),
        ("pid_missing", [Checks.PidAbsent]),
        ("pcr_missing", [Checks.PcrRepetition]),
        ("pts_missing", [Checks.PtsRepetition]),
        ("cat_missing", [Checks.CatAbsent]),
        ("nit_missing", [Checks.NitAbsent]),
        ("sdt_missing", [Checks.SdtAbsent]),
        ("eit_missing", [Checks.EitAbsent]),
        ("tdt_missing", [Checks.TdtAbsent]),
    ];

    /// <param name="report">The second.</param>
    /// <param name="explained">Continuity errors of it that are none of the broadcaster's.</param>
    public static IEnumerable<(string Name, Fact? Value)> Of(MultiplexReport report, int explained)
    {
        var checks = report.Checks.Select(c => c.Check == Checks.ContinuityError ? Less(c, explained) : c).Where(c => c.Count > 0 || c.Standing > 0).ToList();
        yield return ("p1_errors", Count(checks, CheckPriority.First));
        yield return ("p2_errors", Count(checks, CheckPriority.Second));
        yield return ("p3_errors", Count(checks, CheckPriority.Third));
        yield return ("error_seconds", Fact.Of(checks.Where(c => c.Check.Priority == CheckPriority.First).Select(c => c.ErrorSeconds).DefaultIfEmpty().Max()));
        yield return ("checks", Known.Words(string.Join(' ', checks.Select(c => c.Check.Id))));
        if (!report.InSync) yield break; // nothing can be said of tables in a stream that does not come
        foreach (var (fact, of) in States) yield return (fact, Fact.Of(checks.Exists(c => of.Contains(c.Check))));
    }

    // An alarm of continuity that only explained errors raised stands on for its hold time; it is not told.
    private static CheckReport Less(CheckReport check, int explained) => check with { Count = Math.Max(0, check.Count - explained), Standing = 0, ErrorSeconds = check.Count > explained ? check.ErrorSeconds : 0 };

    private static Fact? Count(List<CheckReport> checks, CheckPriority priority) => Fact.Of(checks.Where(c => c.Check.Priority == priority).Sum(c => c.Count));
}
