using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>A case as a row of a list; with how many items of the minimum evidence set are missing, and how many open tasks are past their deadline.</summary>
internal sealed record CaseRow(string Id, CaseKind Kind, string Title, string Area, CaseState State, Text StateName, DateTimeOffset OpenedAt, int Alarms, int Evidence, int Missing, int Overdue, Origin Origin, long Version);

/// <summary>A page of cases, the newest first.</summary>
/// <param name="Cases">The rows.</param>
/// <param name="Next">Ask for the next page with <c>after</c> this; null where there is none.</param>
internal sealed record CasePage(IReadOnlyList<CaseRow> Cases, string? Next);

/// <summary>An item of the minimum evidence set, and how it stands.</summary>
/// <param name="Item">What is wanted.</param>
/// <param name="State">How it stands.</param>
/// <param name="Said">What somebody said of it; null where nobody has.</param>
internal sealed record ChecklistRow(EvidenceSetItem Item, ItemState State, ChecklistItem? Said);

/// <summary>A case with all that follows from it.</summary>
/// <param name="Case">The file.</param>
/// <param name="Checklist">The 15 items.</param>
/// <param name="Limbs">The limbs of the criminal threshold, each with its value; the product does not conclude.</param>
/// <param name="Ledger">Violations by day.</param>
/// <param name="Overdue">Numbers of the tasks whose deadline is past.</param>
internal sealed record CaseDetail(CaseRecord Case, IReadOnlyList<ChecklistRow> Checklist, IReadOnlyList<LimbView> Limbs, IReadOnlyList<LedgerDay> Ledger, IReadOnlyList<int> Overdue);

/// <summary>Cases, and what people do to them.</summary>
internal static class CaseEndpoints
{
    private const int MaxPage = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/cases").WithTags("cases");
        group.MapGet("", List).WithName("listCases").WithSummary("Cases, the newest first; by state, kind, area (a prefix), alarm or evidence.").ProducesProblem(400);
        group.MapPost("", Open).WithName("openCase").WithSummary("Opens a case: the command is of type open. Answered after fsync.").ProducesProblem(400).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/{id}", Detail).WithName("getCase").WithSummary("A case with its checklist, the panel of criminal limbs (which never concludes), the ledger by day and overdue tasks.").ProducesProblem(404);
        group.MapPost("/{id}/acts", Act).WithName("actOnCase")
            .WithSummary("A person acts on the case at the version that they saw: linkAlarm, unlinkAlarm, linkEvidence, setItem, addTask, completeTask, setLimb, handOver, receive, addNote, resolve, archive, reopen. Answered after fsync.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/{id}/history", History).WithName("getCaseHistory").WithSummary("Every act on the case, oldest first, as the journal has it.").ProducesProblem(404);
        group.MapGet("/{id}/letters/{number:int}", Letter).WithName("getHandoverLetter").WithSummary("The letter of a hand-over, to print: zh or en by Accept-Language.")
            .Produces<string>(200, MediaTypeNames.Text.Html).ProducesProblem(404);
    }

    private static Ok<CasePage> List([FromServices] CaseBook cases, [FromServices] TimeProvider time, string? state = null, string? kind = null, string? area = null, string? alarm = null, string? evidence = null,
        string? after = null, int limit = 100)
    {
        if (limit is < 1 or > MaxPage) throw new ProblemException(Texts.BadRequest($"limit={limit}: 1 to {MaxPage}"));
        var (wantedState, wantedKind) = (Word<CaseState>("state", state), Word<CaseKind>("kind", kind));
        var now = time.GetUtcNow();
        var found = cases.Committed
            .Where(c => (wantedState is null || c.State == wantedState) && (wantedKind is null || c.Kind == wantedKind) && (area is null || c.Area.StartsWith(area, StringComparison.Ordinal))
                && (alarm is null || c.Alarms.Contains(alarm)) && (evidence is null || c.Evidence.Contains(evidence)) && (after is null || string.CompareOrdinal(c.Id, after) < 0))
            .OrderByDescending(c => c.Id, StringComparer.Ordinal).Take(limit + 1).Select(c => Row(c, now)).ToList();
        return TypedResults.Ok(new CasePage([.. found.Take(limit)], found.Count > limit ? found[limit - 1].Id : null));
    }

    private static Task<CaseRecord> Open(CaseActRequest body, [FromServices] CaseBook cases, [FromServices] AlarmBook alarms, [FromServices] JournalWriter writer) =>
        body.Command is OpenCase ? Offer(null, body, cases, alarms, writer) : throw new ProblemException(CaseTexts.BadAct("command.type: open"));

    private static Task<CaseRecord> Act(string id, CaseActRequest body, [FromServices] CaseBook cases, [FromServices] AlarmBook alarms, [FromServices] JournalWriter writer) =>
        cases.Find(id) is null ? throw new ProblemException(CaseTexts.NoSuchCase(id)) : Offer(id, body, cases, alarms, writer);

    private static Task<CaseRecord> Offer(string? id, CaseActRequest body, CaseBook cases, AlarmBook alarms, JournalWriter writer)
    {
        var actor = body.Actor?.Trim() ?? "";
        if (actor.Length is 0 or > 64) throw new ProblemException(CaseTexts.BadAct("actor"));
        if (body.Command is null) throw new ProblemException(CaseTexts.BadAct("command"));
        var work = new CaseAct(cases, id, body with { Actor = actor }, command => Dangling(command, alarms));
        writer.Offer(work);
        return work.Done;
    }

    /// <summary>A link to nothing would be a file with a hole that nobody sees.</summary>
    private static Problem? Dangling(CaseCommand command, AlarmBook alarms)
    {
        IReadOnlyList<string> wanted = command switch { OpenCase { Alarms: { } several } => several, LinkAlarm { Alarm: { } one } => [one], _ => [] };
        return wanted.FirstOrDefault(alarm => alarms.Present(new(alarm)) is null) is { } missing ? CaseTexts.NoSuchAlarm(missing) : null;
    }

    private static Ok<CaseDetail> Detail(string id, [FromServices] CaseBook cases, [FromServices] JournalReader journal, [FromServices] TimeProvider time)
    {
        var record = cases.Find(id) ?? throw new ProblemException(CaseTexts.NoSuchCase(id));
        var ledger = record.Alarms.SelectMany(alarm => ViolationLedger.Of(alarm, journal.About(alarm))).OrderBy(d => d.From).ToList();
        return TypedResults.Ok(new CaseDetail(record, Checklist(record), CriminalLimbs.Of(record), ledger, Overdue(record, time.GetUtcNow())));
    }

    private static Ok<IReadOnlyList<JournaledCaseAct>> History(string id, [FromServices] CaseBook cases, [FromServices] JournalReader journal)
    {
        if (cases.Find(id) is null) throw new ProblemException(CaseTexts.NoSuchCase(id));
        return TypedResults.Ok<IReadOnlyList<JournaledCaseAct>>([.. journal.About(id).Where(row => row.Kind == EntryKind.Case)
            .Select(row => System.Text.Json.JsonSerializer.Deserialize<JournaledCaseAct>(row.Body.Span, WireJson.Options)!)]);
    }

    private static ContentHttpResult Letter(string id, int number, HttpRequest request, [FromServices] CaseBook cases)
    {
        var record = cases.Find(id) ?? throw new ProblemException(CaseTexts.NoSuchCase(id));
        var hand = record.Handovers.FirstOrDefault(h => h.Id == number) ?? throw new ProblemException(CaseTexts.NoSuchLetter(id, number));
        var language = request.Headers.AcceptLanguage.ToString().StartsWith("en", StringComparison.OrdinalIgnoreCase) ? Language.English : Language.Chinese;
        return TypedResults.Content(HandoverLetter.Html(record, hand, language), "text/html; charset=utf-8");
    }

    /// <summary>The 15 items; the re-checks speak for themselves.</summary>
    public static IReadOnlyList<ChecklistRow> Checklist(CaseRecord record) => [.. EvidenceSet.Items.Select(item =>
    {
        var said = record.Checklist.GetValueOrDefault(item.Number);
        var rechecks = record.Tasks.Where(t => t.RecheckDays is not null).ToList();
        var state = said?.State ?? (item.Number == EvidenceSet.RecheckItem && rechecks.Count > 0 && rechecks.All(t => t.DoneAt is not null) ? ItemState.Present : ItemState.Missing);
        return new ChecklistRow(item, state, said);
    })];

    private static CaseRow Row(CaseRecord c, DateTimeOffset now) => new(c.Id, c.Kind, c.Title, c.Area, c.State, CaseTexts.StateName(c.State), c.OpenedAt, c.Alarms.Count, c.Evidence.Count,
        Checklist(c).Count(i => i.State == ItemState.Missing), Overdue(c, now).Count, c.Origin, c.Version);

    private static IReadOnlyList<int> Overdue(CaseRecord record, DateTimeOffset now) => [.. record.Tasks.Where(t => t.DoneAt is null && t.Deadline < now).Select(t => t.Id)];

    private static T? Word<T>(string name, string? text) where T : struct, Enum =>
        text is null ? null : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsDigit(text.FirstOrDefault()) ? value
            : throw new ProblemException(Texts.BadRequest($"{name}: {string.Join(", ", Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}"));
}
