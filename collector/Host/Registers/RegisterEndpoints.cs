using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>The FM register in force, as probes ask for it.</summary>
internal sealed record RegisterView(string Digest, IReadOnlyList<FmLicence> Entries);

/// <summary>Who takes an act back, and why.</summary>
internal sealed record UndoRequest(string Actor, string Reason);

/// <summary>The registers: what they hold, who changed what, imports and their taking back.</summary>
internal static class RegisterEndpoints
{
    private const int MaxPage = 5_000, UsualPage = 200, UsualReport = 1_000;
    private static readonly TimeSpan LegalTime = TimeSpan.FromHours(8);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/registers").WithTags("registers");
        group.MapGet("", List).WithName("listRegisters").WithSummary("All registers, with how many entries each has and when it was changed.");
        group.MapGet("/fm", (RegisterBook registers) => TypedResults.Ok(new RegisterView(registers.Fm.Digest, registers.Fm.Licences)))
            .WithName("getFmRegister").WithSummary("The FM licences as rules and probes look them up, with their digest.");
        group.MapGet("/{type}/schema", (string type) => TypedResults.Ok(Schema(type))).WithName("getRegisterSchema").WithSummary("The columns of a register: names, types, units, which are required and which are the key.").ProducesProblem(404);
        group.MapGet("/{type}/rows", Rows).WithName("listRegisterRows")
            .WithSummary("Rows by key. valid=2026-03-14 (today where it is not given, all for every day); known=act number or time (now where it is not given); q finds text in any cell; area is a beginning of the area code.")
            .ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/{type}/history", History).WithName("getRegisterHistory").WithSummary("Everything that was ever known of one key, oldest first, with who made it known.").ProducesProblem(404);
        group.MapGet("/{type}/acts", Acts).WithName("listRegisterActs").WithSummary("Imports and undoings, the newest first: who, when, which file by SHA-256, how many entries.").ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/{type}/diff", Diff).WithName("diffRegister").WithSummary("What differs between two points of known time (before, after: act number or time; after is now where it is not given).").ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/{type}/export", Export).WithName("exportRegister")
            .WithSummary("A CSV for Excel (UTF-8 with BOM, no formulas) or JSON, with its SHA-256 in Repr-Digest (RFC 9530). valid and known as for rows; header: names, zh or en.")
            .Produces<string>(200, "text/csv", "application/json").ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/{type}/imports", Import).WithName("importRegister")
            .WithSummary("Imports a CSV (UTF-8, GB18030; comma, semicolon, tab). mode: add, or replace the whole register; since=day leaves what held before; bad: refuse all, or skip bad rows; dryRun only reports. "
                + "version: the last act that was seen. Answered after fsync with a row-by-row report.")
            .Accepts<string>("text/csv", "*/*").Produces<ImportReport>(422).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(503);
        group.MapPost("/{type}/acts/{number:int}/undo", Undo).WithName("undoRegisterAct")
            .WithSummary("Takes an act back, as a new act: what it changed is known again as before. Refused where any of it was changed again since. Answered after fsync.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        routes.MapGet("/api/v1/areas/{code}", AreaOf).WithTags("registers").WithName("getArea").WithSummary("An area of GB/T 2260 with what it lies in, the province first, and the areas directly within it.").ProducesProblem(404);
    }

    private static Ok<List<RegisterSummary>> List([FromServices] RegisterBook registers)
    {
        var state = registers.Committed;
        return TypedResults.Ok(RegisterSchemas.All.Select(s => new RegisterSummary(s.Type, s.Title, s.About, state.Tables[s.Type].Values.Count(e => e.Present.Length > 0), state.Acts[s.Type].Count,
            state.Acts[s.Type].Count > 0 ? state.Acts[s.Type][^1].At : null)).ToList());
    }

    private static Ok<RegisterRowPage> Rows(string type, [FromServices] RegisterBook registers, [FromServices] TimeProvider time, string? valid = null, string? known = null, string? q = null, string? area = null,
        string? after = null, int limit = UsualPage)
    {
        var (schema, state, point, day) = (Schema(type), registers.Committed, Point("known", known), Day(valid, time));
        CheckLimit(limit, MaxPage);
        var at = schema.IndexOf("area");
        var found = RegisterQuery.Rows(state, type, point, day)
            .Where(r => (q is null || r.Segment.Cells.Any(c => c.Contains(q, StringComparison.OrdinalIgnoreCase))) && (area is null || (at >= 0 && r.Segment.Cells[at].StartsWith(area, StringComparison.Ordinal)))
                && (after is null || string.CompareOrdinal(Cursor(r.Key, r.Segment), after) > 0))
            .Take(limit + 1).ToList();
        return TypedResults.Ok(new RegisterRowPage([.. found.Take(limit).Select(r => RegisterRow.Of(schema, r.Key, r.Segment))],
            found.Count > limit ? Cursor(found[limit - 1].Key, found[limit - 1].Segment) : null, RegisterQuery.LastAct(state, type, point)));
    }

    /// <summary>A key may have several rows, one after another in time: \n sorts before whatever a longer key goes on with.</summary>
    private static string Cursor(string key, Segment segment) => $"{key}\n{segment.From:yyyy-MM-dd}";

    private static Ok<RegisterHistory> History(string type, string key, [FromServices] RegisterBook registers)
    {
        var (schema, state) = (Schema(type), registers.Committed);
        if (!state.Tables[type].TryGetValue(key, out var entry)) throw new ProblemException(RegisterTexts.NoSuchKey(key));
        return TypedResults.Ok(new RegisterHistory(key, [.. entry.Known.Select(k => new KnownView(state.Acts[type][k.Act - 1], [.. k.Segments.Select(s => RegisterRow.Of(schema, key, s))]))]));
    }

    private static Ok<RegisterActPage> Acts(string type, [FromServices] RegisterBook registers, int? after = null, int limit = UsualPage)
    {
        var acts = registers.Committed.Acts[Schema(type).Type];
        CheckLimit(limit, MaxPage);
        var found = acts.Reverse().Where(a => after is not { } number || a.Number < number).Take(limit + 1).ToList();
        return TypedResults.Ok(new RegisterActPage([.. found.Take(limit)], found.Count > limit ? found[limit - 1].Number : null));
    }

    private static Ok<RegisterDifference> Diff(string type, string before, [FromServices] RegisterBook registers, string? after = null, string? from = null, int limit = UsualPage)
    {
        var (schema, state) = (Schema(type), registers.Committed);
        CheckLimit(limit, MaxPage);
        var all = RegisterQuery.Differences(state, type, Point("before", before), Point("after", after)).ToList();
        var found = all.Where(d => from is null || string.CompareOrdinal(d.Key, from) > 0).Take(limit + 1).ToList();
        return TypedResults.Ok(new RegisterDifference(
            [.. found.Take(limit).Select(d => new EntryDifference(d.Key, [.. d.Before.Select(s => RegisterRow.Of(schema, d.Key, s))], [.. d.After.Select(s => RegisterRow.Of(schema, d.Key, s))]))],
            all.Count(d => d.Before.Length == 0), all.Count(d => d.Before.Length > 0 && d.After.Length > 0), all.Count(d => d.After.Length == 0), found.Count > limit ? found[limit - 1].Key : null));
    }

    private static Results<FileContentHttpResult, Ok<List<RegisterRow>>> Export(string type, HttpResponse response, [FromServices] RegisterBook registers, [FromServices] TimeProvider time, string format = "csv",
        string header = "names", string? valid = "all", string? known = null)
    {
        var (schema, state, point, day) = (Schema(type), registers.Committed, Point("known", known), Day(valid, time));
        Language? language = header switch { "names" => null, "zh" => Language.Chinese, "en" => Language.English, _ => throw Bad($"header={header}: names | zh | en") };
        var rows = RegisterQuery.Rows(state, type, point, day);
        var (content, media) = format switch
        {
            "csv" => (RegisterExport.Csv(schema, rows.Select(r => r.Segment), language), "text/csv; charset=utf-8"),
            "json" => (System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(rows.Select(r => RegisterRow.Of(schema, r.Key, r.Segment)), WireJson.Options), "application/json"),
            _ => throw Bad($"format={format}: csv | json"),
        };
        response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";
        var name = string.Create(CultureInfo.InvariantCulture, $"{type}-{RegisterQuery.LastAct(state, type, point)}.{format}");
        return TypedResults.File(content, media, name);
    }

    private static async Task<Results<Ok<ImportReport>, UnprocessableEntity<ImportReport>>> Import(string type, HttpRequest request, [FromServices] RegisterBook registers, [FromServices] JournalWriter writer,
        string mode = "add", string? since = null, string bad = "refuse", bool dryRun = false, string actor = "api", string? source = null, int? version = null, int limit = UsualReport)
    {
        var (schema, choice) = (Schema(type), Choice(mode, since, bad));
        CheckLimit(limit, RegisterFile.MaxRows);
        if (actor.Trim().Length is 0 or > 64 || source?.Length > 255) throw Bad("actor: 1 to 64 characters; source: at most 255");
        // A body of observations is smaller by far; this one is read whole too, so it has its own bound.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = RegisterFile.MaxBytes;
        using var body = await RequestBody.Read(request, RegisterFile.MaxBytes).ConfigureAwait(false);
        var state = registers.Committed;
        if (version is { } seen && seen != state.Acts[type].Count) throw new ProblemException(RegisterTexts.Moved(seen, state.Acts[type].Count));
        var file = RegisterFile.Read(schema, body.Bytes.Span, state.Areas);
        var plan = ImportPlan.Of(file, state.Tables[type], choice);
        var report = ImportReport.Of(schema, file, plan, state.Acts[type].Count, null, limit);
        if (plan.Refusal is not null) return TypedResults.UnprocessableEntity(report);
        if (dryRun) return TypedResults.Ok(report);
        var work = new ImportWork(registers, new(schema, file, choice, source ?? "api", actor.Trim()), plan, version);
        writer.Offer(work);
        var (act, done) = await work.Done.ConfigureAwait(false);
        return TypedResults.Ok(ImportReport.Of(schema, file, done, act.Number, act, limit));
    }

    private static Task<RegisterAct> Undo(string type, int number, UndoRequest body, [FromServices] RegisterBook registers, [FromServices] JournalWriter writer)
    {
        var (actor, reason) = (body.Actor?.Trim() ?? "", body.Reason?.Trim() ?? "");
        if (actor.Length is 0 or > 64 || reason.Length is 0 or > 1_000) throw Bad("actor: 1 to 64 characters; reason: 1 to 1000");
        var work = new UndoWork(registers, Schema(type).Type, number, actor, reason);
        writer.Offer(work);
        return work.Done;
    }

    private static Ok<AreaView> AreaOf(string code, [FromServices] RegisterBook registers)
    {
        var areas = registers.Committed.Areas;
        if (Areas.Canonical(code) is not { } canonical || areas.Find(canonical) is not { } area) throw new ProblemException(RegisterTexts.AreaAbsent(code));
        return TypedResults.Ok(new AreaView(area, areas.Path(canonical), [.. areas.Within(canonical)]));
    }

    private static RegisterSchema Schema(string type) => RegisterSchemas.Find(type) ?? throw new ProblemException(RegisterTexts.NoSuchRegister(type));

    private static ImportChoice Choice(string mode, string? since, string bad)
    {
        var day = DateOnly.MinValue;
        if (since is not null && !CellReader.TryDay(since, out day)) throw Bad($"since={since}: yyyy-MM-dd");
        return new(mode switch { "add" => ImportKind.Add, "replace" => ImportKind.Replace, _ => throw Bad($"mode={mode}: add | replace") }, day,
            bad switch { "refuse" => false, "skip" => true, _ => throw Bad($"bad={bad}: refuse | skip") });
    }

    private static KnownPoint Point(string name, string? text) => KnownPoint.TryParse(text, out var point) ? point : throw Bad($"{name}={text}: the number of an act, or a time such as 2026-03-14T22:00:00+08:00");

    /// <summary>null: all days.</summary>
    private static DateOnly? Day(string? text, TimeProvider time) =>
        text switch
        {
            "all" => null,
            null or "" => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(LegalTime).DateTime),
            _ => CellReader.TryDay(text, out var day) ? day : throw Bad($"valid={text}: yyyy-MM-dd | all"),
        };

    private static void CheckLimit(int limit, int most)
    {
        if (limit < 1 || limit > most) throw Bad($"limit={limit}: 1 to {most}");
    }

    private static ProblemException Bad(string what) => new(RegisterTexts.BadParameter(what));
}

/// <summary>An area with what it lies in and what lies in it.</summary>
/// <param name="Area">It.</param>
/// <param name="Path">The province first, itself last.</param>
/// <param name="Within">The areas directly within it.</param>
internal sealed record AreaView(Area Area, IReadOnlyList<Area> Path, IReadOnlyList<Area> Within);
