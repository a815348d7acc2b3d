using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>A difference from the template, or a mark of retransmission, as it is told.</summary>
/// <param name="Id">Stays the same while it stands: <c>service-name:service/101</c>, <c>muxer-default-ids</c>.</param>
/// <param name="Stands">It stands; else it has just ended.</param>
/// <param name="Weight">How much it matters, 0 to 1.</param>
/// <param name="Expected">What the template says, or null.</param>
/// <param name="Found">What was found, or null.</param>
/// <param name="Sentence">In words.</param>
internal sealed record StandingDrift(string Id, bool Stands, double Weight, string? Expected, string? Found, Text Sentence);

/// <summary>Follows the drift of a multiplex: what begins and ends is told at once, what stands every ten seconds.</summary>
internal sealed class DriftObserver(MultiplexTemplate? template, Func<IReadOnlyList<TableVersion>> tables, DvbCharset charset)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5); // a switch-over is over by then
    private static readonly TimeSpan SettleFor = TimeSpan.FromSeconds(12); // all tables have come, the NIT included, which is due every 10 s

    private readonly TemplateWatch? watch = template is null ? null : new TemplateWatch(template, Hold);
    private readonly Dictionary<string, Mark> marks = [];
    private DateTimeOffset? began;
    private DateTimeOffset? told;
    private DateTimeOffset networkSeen;
    private MultiplexSignalling? signalling;
    private DateTimeOffset? tablesRead;

    /// <summary>Takes the report of a sound second.</summary>
    /// <returns>What is to be told now.</returns>
    public IReadOnlyList<StandingDrift> Update(MultiplexReport report)
    {
        if (report.Packets == 0) return [];
        began ??= networkSeen = report.At;
        if (report.NetworkName is not null || report.Pids.Any(p => p is { Pid: NetworkPid, Packets: > 0 })) networkSeen = report.At;
        if (report.At - began < SettleFor) return [];
        ReadTables(report.At);
        List<StandingDrift> news = [];
        foreach (var change in watch?.Update(report, signalling) ?? []) news.Add(Told(change.Drift, change.Stands));
        UpdateMarks(report, news);
        if (report.At - told < Every) return news;
        told = report.At;
        var standing = (watch?.Drifts ?? []).Select(d => Told(d, stands: true)).Concat(marks.Values.Where(m => m.Raised).Select(m => Told(m.Last, stands: true)));
        return [.. news, .. standing.Where(s => !news.Exists(n => n.Id == s.Id))];
    }

    private const int NetworkPid = 0x0010; // EN 300 468 table 1

    private void UpdateMarks(MultiplexReport report, List<StandingDrift> news)
    {
        var seen = RetransmissionMarks.Evaluate(report, signalling, template, report.At - networkSeen).DistinctBy(m => m.Id).ToDictionary(m => m.Id);
        foreach (var mark in seen.Values)
        {
            if (!marks.TryGetValue(mark.Id, out var state)) marks.Add(mark.Id, state = new Mark { Since = report.At, Last = mark });
            (state.LastSeen, state.Last) = (report.At, mark);
            if (state.Raised || report.At - state.Since < Hold) continue;
            state.Raised = true;
            news.Add(Told(mark, stands: true));
        }
        foreach (var (id, state) in marks.Where(m => !seen.ContainsKey(m.Key)).ToList())
        {
            if (state.Raised && report.At - state.LastSeen < Hold) continue;
            marks.Remove(id);
            if (state.Raised) news.Add(Told(state.Last, stands: false));
        }
    }

    // Seldom, and only for a template: to read the tables is the dearest part.
    private void ReadTables(DateTimeOffset at)
    {
        if (template is null || at - tablesRead < Hold) return;
        tablesRead = at;
        signalling = MultiplexSignalling.From(tables(), charset);
    }

    private static StandingDrift Told(TemplateDrift drift, bool stands) => new($"{Kebab(drift.Kind.ToString())}:{drift.Subject}", stands, drift.Weight, drift.Expected, drift.Found, drift.Sentence);

    private static StandingDrift Told(RetransmissionMark mark, bool stands) => new(mark.Id, stands, mark.Weight, null, null, mark.Reason);

    private static string Kebab(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private sealed class Mark
    {
        public required DateTimeOffset Since { get; init; }

        public required RetransmissionMark Last { get; set; }

        public DateTimeOffset LastSeen { get; set; }

        public bool Raised { get; set; }
    }
}
