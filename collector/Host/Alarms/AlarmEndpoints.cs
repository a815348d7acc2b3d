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
/// <param name="Replay">Live alarms of recordings.</param>
/// <param name="Drill">Live alarms of the simulated city.</param>
/// <param name="ProbesOnline">Probes heard of within 15 s.</param>
/// <param name="Probes">Probes that ever reported.</param>
internal sealed record AlarmSummary(int Live, IReadOnlyDictionary<string, int> ByPriority, IReadOnlyDictionary<string, int> ByState, int Unknown, int Replay, int Drill, int ProbesOnline, int Probes);

/// <summary>Alarms, and what people do to them.</summary>
internal static class AlarmEndpoints
{
    private const int MostTimelineEntries = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("alarms");
        group.MapGet("/alarms", List).WithName("listAlarms")
            .WithSummary("Alarms that are live (active, or not acknowledged), most urgent first; all=true also those that are normal; state= only one state.").ProducesProblem(400);
        group.MapGet("/alarms/{id}", Detail).WithName("getAlarm").WithSummary("An alarm with the newest verdict behind it and all that happened to it.").ProducesProblem(404);
        group.MapPost("/alarms/{id}/acknowledge", AcknowledgeAlarm).WithName("acknowledgeAlarm")
            .WithSummary("A person acknowledges the alarm at the version that they saw. Answered after fsync.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/summary", Summary).WithName("getSummary").WithSummary("Counts; drills and replays are counted apart.");
    }

    private static Ok<IReadOnlyList<AlarmRow>> List([FromServices] AlarmBook alarms, [FromServices] ProbeTable probes, string? state = null, bool all = false)
    {
        AlarmState? wanted = null;
        if (state is not null)
            wanted = Enum.TryParse<AlarmState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && !char.IsDigit(state[0]) ? parsed
                : throw new ProblemException(Texts.BadRequest($"state={state}: unacknowledged, acknowledged, returned or normal"));
        IReadOnlyList<AlarmRow> rows = [.. alarms.Committed
            .Where(a => wanted is { } only ? a.State == only : all || a.Live)
            .OrderBy(a => a.Acknowledged).ThenBy(a => a.Priority).ThenByDescending(a => a.RaisedAt).ThenBy(a => a.Id.Value, StringComparer.Ordinal)
            .Select(a => a.ToRow(probes.AreaOf))];
        return TypedResults.Ok(rows);
    }

    private static Ok<AlarmDetail> Detail(string id, [FromServices] AlarmBook alarms, [FromServices] ProbeTable probes, [FromServices] JournalReader journal)
    {
        if (alarms.Find(new(id)) is not { } alarm) throw new ProblemException(Texts.NoSuchAlarm(id));
        var (timeline, newest) = Timeline(journal.About(alarm.Id.Value));
        return TypedResults.Ok(new AlarmDetail(alarm.ToRow(probes.AreaOf), newest, timeline));
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
        Returned e => new(e.At, "returned", null, e.Verdict.Sentence),
        BecameUnknown e => new(e.At, "unknown", null, e.Verdict.Sentence),
        LostItsRule e => new(e.At, "unknown", null, e.Sentence),
        BecameKnown e => new(e.At, "known", null, e.Verdict.Sentence),
        WasAcknowledged e => new(e.At, "acknowledged", e.Actor, string.IsNullOrEmpty(e.Note) ? Texts.Acknowledged : new(e.Note, e.Note)),
        _ => null, // more of the same is in the row's counters
    };

    private static async Task<Ok<AlarmRow>> AcknowledgeAlarm(string id, Acknowledgement body, [FromServices] JournalWriter writer, [FromServices] AlarmBook alarms, [FromServices] ProbeTable probes)
    {
        var actor = body.Actor?.Trim() ?? "";
        if (actor.Length is 0 or > 64 || body.Note is { Length: > 500 }) throw new ProblemException(Texts.BadAcknowledgement());
        var work = new AcknowledgeAct(alarms, new(id), body with { Actor = actor }, probes.AreaOf);
        writer.Offer(work);
        return TypedResults.Ok(await work.Done.ConfigureAwait(false));
    }

    private static Ok<AlarmSummary> Summary([FromServices] AlarmBook alarms, [FromServices] ProbeTable probes)
    {
        var live = alarms.Committed.Where(a => a.Live).ToLookup(a => a.Origin);
        var real = live[Origin.Live].ToList();
        var rows = probes.Rows;
        return TypedResults.Ok(new AlarmSummary(
            real.Count,
            Enumerable.Range(1, 4).ToDictionary(p => p.ToString(System.Globalization.CultureInfo.InvariantCulture), p => real.Count(a => a.Priority == p)),
            Enum.GetValues<AlarmState>().Where(s => s != AlarmState.Normal).ToDictionary(s => JsonNamingPolicy.CamelCase.ConvertName(s.ToString()), s => real.Count(a => a.State == s)),
            real.Count(a => a.Unknown), live[Origin.Replay].Count(), live[Origin.Simulated].Count(), rows.Count(r => r.Online), rows.Count));
    }
}
