using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Probes;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>How many alarms there are.</summary>
/// <param name="Live">Live alarms of live signals; drills and replays are not in it.</param>
/// <param name="ByPriority">Of them by priority, 1 to 4.</param>
/// <param name="ByState">Of them by state.</param>
/// <param name="Unknown">Of them those whose data stopped.</param>
/// <param name="Suppressed">Of them those that fold under a cause, are shelved or out of service: counted, never lost.</param>
/// <param name="Replay">Live alarms of recordings.</param>
/// <param name="Drill">Live alarms of the simulated city.</param>
/// <param name="Flood">Whether there are more than a person can take in.</param>
/// <param name="ProbesOnline">Probes heard of within 15 s.</param>
/// <param name="Probes">Probes that ever reported.</param>
internal sealed record AlarmSummary(int Live, IReadOnlyDictionary<string, int> ByPriority, IReadOnlyDictionary<string, int> ByState, int Unknown, int Suppressed, int Replay, int Drill, FloodState Flood, int ProbesOnline, int Probes);

/// <summary>Which alarms are wanted: each given condition must hold.</summary>
internal sealed record AlarmFilter
{
    public string? State { get; init; }

    public string? Workflow { get; init; }

    public int? Priority { get; init; }

    public string? Area { get; init; }

    public string? Rule { get; init; }

    public string? Subject { get; init; }

    /// <summary>Part of the title or the sentence in either language.</summary>
    public string? Text { get; init; }

    public bool? All { get; init; }

    /// <summary>Alarms that changed behind this revision, oldest change first, those that are no longer live among them.</summary>
    public long? SinceRev { get; init; }

    /// <summary>The page behind this alarm.</summary>
    public string? After { get; init; }

    public int? Limit { get; init; }
}

/// <summary>Alarms, as they are and were.</summary>
internal static class AlarmEndpoints
{
    private const int MostTimelineEntries = 500;
    private const int MaxPage = 20_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("alarms");
        group.MapGet("/alarms", List).WithName("listAlarms")
            .WithSummary("Alarms that are live (active, not acknowledged, latched or in somebody's hands), most urgent first; all=true also the others; state, workflow, priority, area, rule, subject, text; sinceRev= what changed behind a revision of the journal; after and limit page.")
            .ProducesProblem(400);
        group.MapGet("/alarms/kpis", Kpis).WithName("getAlarmKpis").WithSummary("How good the alarms of a period were: rate, floods, chatter, times to acknowledgement, precision, worst of them. By default the last 24 hours.").ProducesProblem(400);
        group.MapGet("/alarms/{id}", Detail).WithName("getAlarm").WithSummary("An alarm with the newest verdict behind it, all that happened to it, and what may be done now.").ProducesProblem(404);
        group.MapGet("/summary", Summary).WithName("getSummary").WithSummary("Counts; drills and replays are counted apart.");
        AlarmActEndpoints.Map(group);
    }

    private static Ok<IReadOnlyList<AlarmRow>> List([AsParameters] AlarmFilter filter, [FromServices] AlarmBook alarms, [FromServices] ProbeTable probes)
    {
        var state = Word<AlarmState>("state", filter.State);
        var workflow = Word<AlarmWorkflow>("workflow", filter.Workflow);
        if (filter.Limit is < 1 or > MaxPage) throw new ProblemException(Texts.BadRequest($"limit: 1 to {MaxPage}"));
        var found = alarms.Committed.Where(a => Shows(a, filter, state, workflow, probes));
        IEnumerable<AlarmRecord> ordered = filter.SinceRev is not null ? found.OrderBy(a => a.Revision) : found
            .OrderBy(a => a.Acknowledged).ThenBy(a => a.Priority).ThenByDescending(a => a.RaisedAt).ThenBy(a => a.Id.Value, StringComparer.Ordinal);
        if (filter.After is { } after) ordered = ordered.SkipWhile(a => a.Id.Value != after).Skip(1);
        return TypedResults.Ok<IReadOnlyList<AlarmRow>>([.. ordered.Take(filter.Limit ?? MaxPage).Select(a => a.ToRow(probes.AreaOf))]);
    }

    private static bool Shows(AlarmRecord a, AlarmFilter filter, AlarmState? state, AlarmWorkflow? workflow, ProbeTable probes) =>
        (state is { } only ? a.State == only : workflow is not null || filter.All == true || filter.SinceRev is not null || a.Live)
        && (workflow is null || a.Workflow == workflow)
        && (filter.SinceRev is not { } revision || a.Revision > revision)
        && (filter.Priority is not { } priority || a.Priority == priority)
        && (filter.Rule is not { } rule || a.Rule.Value == rule)
        && (filter.Subject is not { } subject || a.Subject.ToString().StartsWith(subject, StringComparison.Ordinal))
        && (filter.Area is not { } area || a.AreaBy(probes.AreaOf).StartsWith(area, StringComparison.Ordinal))
        && (filter.Text is not { } text || ((Text[])[a.Title, a.Sentence]).Any(t => t.Zh.Contains(text, StringComparison.OrdinalIgnoreCase) || t.En.Contains(text, StringComparison.OrdinalIgnoreCase)));

    private static Ok<AlarmDetail> Detail(string id, [FromServices] AlarmBook alarms, [FromServices] ProbeTable probes, [FromServices] JournalReader journal)
    {
        if (alarms.Find(new(id)) is not { } alarm) throw new ProblemException(Texts.NoSuchAlarm(id));
        var (timeline, newest) = Timeline(journal.About(alarm.Id.Value));
        return TypedResults.Ok(new AlarmDetail(alarm.ToRow(probes.AreaOf), newest, timeline) { Possible = AlarmHandling.Possible(alarm) });
    }

    private static Ok<AlarmKpiReport> Kpis([FromServices] AlarmBook alarms, [FromServices] TimeProvider time, string? from = null, string? to = null)
    {
        var now = time.GetUtcNow();
        var (begins, ends) = (Time("from", from) ?? now.AddHours(-24), Time("to", to) ?? now);
        if (ends <= begins || ends - begins > TimeSpan.FromDays(3_700)) throw new ProblemException(Texts.BadRequest("from, to: from before to, at most ten years"));
        return TypedResults.Ok(alarms.Kpis(begins, ends, now));
    }

    /// <summary>The history is not kept beside the journal: it is the journal, folded again.</summary>
    private static (IReadOnlyList<TimelineEntry> Timeline, Verdict? Newest) Timeline(IEnumerable<JournalRow> entries)
    {
        AlarmRecord? state = null;
        Verdict? newest = null;
        var timeline = new List<TimelineEntry>();
        foreach (var entry in entries)
        {
            if (AlarmBook.CommandOf(entry) is not var (command, now)) continue;
            if (command is Report report) newest = report.Verdict;
            if (state is null && command is not (Report or Occurred)) continue; // its beginning was dropped with its month
            foreach (var happened in AlarmMachine.Decide(state, command, now).Events)
            {
                state = AlarmMachine.Apply(state, happened);
                if (Describe(happened) is { } line) timeline.Add(line);
            }
        }
        return (timeline.Count > MostTimelineEntries ? timeline[^MostTimelineEntries..] : timeline, newest);
    }

    private static TimelineEntry? Describe(AlarmEvent happened) => happened switch
    {
        Raised e => new(e.At, "raised", null, e.Verdict.Sentence),
        HappenedBefore e => new(e.At, "occurred", null, e.Verdict.Sentence),
        Returned e => new(e.At, "returned", null, e.Verdict.Sentence),
        BecameUnknown e => new(e.At, "unknown", null, e.Verdict.Sentence),
        LostItsRule e => new(e.At, "unknown", null, e.Sentence),
        BecameKnown e => new(e.At, "known", null, e.Verdict.Sentence),
        WasAcknowledged e => new(e.At, "acknowledged", e.Actor, string.IsNullOrEmpty(e.Note) ? Texts.Acknowledged : new(e.Note, e.Note)),
        Performed e => new(e.At, AlarmTexts.NameOf(e.Act), e.Actor, AlarmTexts.Said(e.Act)) { ClientTime = e.ClientTime },
        Surrounded e => new(e.At, "circumstances", null, AlarmTexts.Surrounded(e.Circumstances)),
        Expired e => new(e.At, "expired", null, AlarmTexts.Ended(e.What)),
        _ => null, // more of the same is in the row's counters
    };

    private static Ok<AlarmSummary> Summary([FromServices] AlarmBook alarms, [FromServices] ProbeTable probes)
    {
        var live = alarms.Committed.Where(a => a.Live).ToLookup(a => a.Origin);
        var real = live[Origin.Live].ToList();
        var rows = probes.Rows;
        return TypedResults.Ok(new AlarmSummary(
            real.Count,
            Enumerable.Range(1, 4).ToDictionary(p => p.ToString(CultureInfo.InvariantCulture), p => real.Count(a => a.Priority == p)),
            Enum.GetValues<AlarmState>().Where(s => s != AlarmState.Normal).ToDictionary(s => JsonNamingPolicy.CamelCase.ConvertName(s.ToString()), s => real.Count(a => a.State == s)),
            real.Count(a => a.IsUnknown), real.Count(a => !a.Calls), live[Origin.Replay].Count(), live[Origin.Simulated].Count(), alarms.Flood.State, rows.Count(r => r.Online), rows.Count));
    }

    private static T? Word<T>(string name, string? text) where T : struct, Enum =>
        text is null ? null : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && text.Length > 0 && !char.IsDigit(text[0]) && text[0] is not ('-' or '+') ? value
            : throw new ProblemException(Texts.BadRequest($"{name}={text}: {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}"));

    private static DateTimeOffset? Time(string name, string? text) =>
        text is null ? null : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.UtcDateTime.Year is > 2000 and < 9000 ? at
            : throw new ProblemException(Texts.BadRequest($"{name}: a time, ISO 8601 with zone"));
}
