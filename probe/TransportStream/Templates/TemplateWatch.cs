namespace SignalWatch.TransportStream;

/// <summary>Drift over time: a difference is reported once it has stood for the hold time, and ended once it is gone for as long. A switch-over that lasts a table's period is no alarm.</summary>
/// <param name="template">What is expected.</param>
/// <param name="holdFor">A difference counts when it has stood for so long, and is over when it has been absent for so long.</param>
public sealed class TemplateWatch(MultiplexTemplate template, TimeSpan holdFor)
{
    private static readonly TimeSpan NetworkInformationHold = TemplateComparer.NetworkInformationDue + TimeSpan.FromSeconds(2);

    private readonly Dictionary<(DriftKind, string), Standing> standing = [];

    /// <summary>The differences that stand, the heaviest first.</summary>
    public IReadOnlyList<TemplateDrift> Drifts => [.. standing.Values.Where(s => s.Raised).Select(s => s.Drift).OrderByDescending(d => d.Weight)];

    /// <summary>Takes the next report. Where it can't judge (silence, no PAT) nothing begins and nothing ends.</summary>
    /// <param name="report">The report.</param>
    /// <param name="signalling">What the tables say beside it.</param>
    /// <returns>What began and what ended, in this order.</returns>
    public IReadOnlyList<TemplateDriftChange> Update(MultiplexReport report, MultiplexSignalling? signalling = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!TemplateComparer.CanJudge(report)) return [];
        var changes = new List<TemplateDriftChange>();
        var seen = new HashSet<(DriftKind, string)>();
        foreach (var drift in TemplateComparer.Compare(template, report, signalling))
        {
            var key = (drift.Kind, drift.Subject);
            if (!seen.Add(key)) continue;
            if (!standing.TryGetValue(key, out var state)) standing.Add(key, state = new Standing { Since = report.At, Drift = drift });
            (state.LastSeen, state.Drift) = (report.At, drift);
            if (state.Raised || report.At - state.Since < Hold(drift.Kind)) continue;
            state.Raised = true;
            changes.Add(new TemplateDriftChange(drift, Stands: true, report.At));
        }
        foreach (var (key, state) in standing.Where(s => !seen.Contains(s.Key)).ToList())
        {
            // One NIT proves it: waiting for its continued presence would wait for ever, as most seconds have none.
            if (state.Raised && key.Item1 != DriftKind.NetworkInformation && report.At - state.LastSeen < holdFor) continue;
            standing.Remove(key);
            if (state.Raised) changes.Add(new TemplateDriftChange(state.Drift, Stands: false, report.At));
        }
        return changes;
    }

    // In a report of a second the NIT is absent nine times out of ten.
    private TimeSpan Hold(DriftKind kind) => kind == DriftKind.NetworkInformation && holdFor < NetworkInformationHold ? NetworkInformationHold : holdFor;

    private sealed class Standing
    {
        public required DateTimeOffset Since { get; init; }

        public required TemplateDrift Drift { get; set; }

        public DateTimeOffset LastSeen { get; set; }

        public bool Raised { get; set; }
    }
}

/// <summary>A drift that begins or ends.</summary>
/// <param name="Drift">Which.</param>
/// <param name="Stands">It begins to stand; else it is over.</param>
/// <param name="At">When that was found.</param>
public sealed record TemplateDriftChange(TemplateDrift Drift, bool Stands, DateTimeOffset At);
