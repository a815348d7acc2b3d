using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>Occurrences by check → the counters of a document: one for each number of the catalogue, and for each number of older editions.</summary>
internal static class CheckCounters
{
    public static MeasurementDocument Document(StreamResult result, DescriptionContext context)
    {
        var counters = new SortedDictionary<string, long?>(StringComparer.Ordinal);
        foreach (var check in Checks.All.Where(c => c.Priority != CheckPriority.Own))
            counters[check.BaseId] = Sum(counters.GetValueOrDefault(check.BaseId), Count(check, result, context));
        foreach (var (id, of) in Checks.Legacy.Where(l => !counters.ContainsKey(l.Id)))
            counters[id] = of.Aggregate((long?)null, (sum, part) => Sum(sum, counters.GetValueOrDefault(part)));
        return new MeasurementDocument(ProfileName(context.Profile), counters, [.. Occurred(result, context)]);
    }

    public static string ProfileName(MeasurementProfile profile) => profile == MeasurementProfile.V13 ? "1.3" : "1.4.1";

    private static IEnumerable<CheckDocument> Occurred(StreamResult result, DescriptionContext context)
    {
        foreach (var check in Checks.All)
        {
            var tally = result.Tallies.GetValueOrDefault(check.Id);
            var report = result.Report.Checks.FirstOrDefault(c => c.Check.Id == check.Id);
            if ((tally?.Count ?? 0) == 0 && (report?.Count ?? 0) == 0) continue;
            var timed = context.TimeBase.IsKnown && tally is not null;
            yield return new CheckDocument(check.Id, check.Name, check.Priority == CheckPriority.Own ? null : (int)check.Priority, check.Title.In(context.Language), tally?.Count ?? report!.Count,
                timed ? Math.Round(tally!.FirstSeconds, 6) : null, timed ? Math.Round(tally!.LastSeconds, 6) : null, report?.ErrorSeconds ?? 0, report?.Standing ?? tally?.Standing ?? 0);
        }
    }

    // What occurred did occur. Where nothing did, it is 0 only if it could have been seen.
    private static long? Count(Check check, StreamResult result, DescriptionContext context)
    {
        var count = result.Tallies.GetValueOrDefault(check.Id)?.Count ?? result.Report.Checks.FirstOrDefault(c => c.Check == check)?.Count ?? 0;
        return count > 0 || IsMeasurable(check, result.Report, context) ? count : null;
    }

    private static bool IsMeasurable(Check check, MultiplexReport report, DescriptionContext context)
    {
        if (report.Packets == 0) return check.Id == Checks.SyncLost.Id;
        if (check.Limit is { Unit: "ms" } && !context.TimeBase.IsKnown) return false;
        return check.BaseId switch
        {
            "2.3.a" or "2.3.b" => report.Clocks.Count > 0,
            "2.4" => report.Clocks.Any(c => c.AccuracyMaxNs.Value is not null),
            "3.3" or "3.9" or "3.10" => context.TimeBase.IsKnown, // the buffers fill and empty in time
            _ => true,
        };
    }

    private static long? Sum(long? a, long? b) => a is null ? b : b is null ? a : a + b;
}
