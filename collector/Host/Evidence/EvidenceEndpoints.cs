using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Evidence.Packages;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>A page of evidence, newest first.</summary>
/// <param name="Items">The items.</param>
/// <param name="After">Ask for the next page with this; null where there is none.</param>
internal sealed record EvidencePage(IReadOnlyList<EvidenceItem> Items, string? After);

/// <summary>A page of the custody record of an item, oldest first.</summary>
internal sealed record CustodyPage(string Sha256, IReadOnlyList<CustodyLine> Lines, long After);

/// <summary>What came of a comparison of an item's bytes with its digests.</summary>
internal sealed record EvidenceVerification(string Sha256, bool Sound, DateTimeOffset At);

/// <summary>Alarms and cases that an item belongs to too.</summary>
internal sealed record EvidenceLinks(string Actor, IReadOnlyList<AlarmId>? Alarms, IReadOnlyList<string>? Cases, string? Reason);

/// <summary>A hand-over to another office.</summary>
internal sealed record HandOver(string Actor, string To, string Reason);

/// <summary>Who does something, and why.</summary>
internal sealed record EvidenceActor(string Actor, string? Reason);

/// <summary>What a package is to have: items by digest, and all of an alarm and of a case.</summary>
internal sealed record PackageRequest(string Actor, string? Reason, IReadOnlyList<string>? Items, AlarmId? Alarm, string? Case);

/// <summary>Evidence: what there is, who did what with it, its bytes, and packages to hand over.</summary>
internal static class EvidenceEndpoints
{
    private const int MostPage = 500;
    private const int MostPacked = 1_000;
    private const int MostActor = 64;
    private const int MostReason = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/evidence").WithTags("evidence");
        group.MapGet("", List).WithName("listEvidence").WithSummary("Items of evidence, newest first, by alarm, case, probe or kind; the next page with after.").ProducesProblem(400);
        group.MapGet("/{sha256}", (string sha256, [FromServices] EvidenceBook book) => TypedResults.Ok(Committed(book, sha256)))
            .WithName("getEvidence").WithSummary("An item's record: what was declared, its digests, whether it is a lead only and why.").ProducesProblem(404);
        group.MapGet("/{sha256}/custody", Custody).WithName("getCustody").WithSummary("Every act on an item, as the journal has it, with the leaf of the log that it is.").ProducesProblem(404);
        group.MapGet("/{sha256}/content", Content).WithName("getEvidenceContent")
            .WithSummary("An item's bytes, with ranges so that a player can seek. Who reads is named, and stands in the custody record before the first byte goes out.").ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/{sha256}/verifications", Verify).WithName("verifyEvidence").WithSummary("Compares an item's bytes with its digests, and records it.").ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/{sha256}/links", Link).WithName("linkEvidence").WithSummary("Says that an item belongs to alarms or cases too.").ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/{sha256}/hand-overs", HandOver).WithName("handOverEvidence").WithSummary("Records a hand-over to another office.").ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/packages", Pack).WithName("packEvidence")
            .WithSummary("A zip of items, or of all evidence of an alarm or a case, with report, custody record, proofs and signatures. Each item's bytes are compared with its digests first.")
            .Produces(200, contentType: "application/zip").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    private static Ok<EvidencePage> List([FromServices] EvidenceBook book, string? alarm = null, string? @case = null, string? probe = null, string? kind = null, string? after = null, int limit = 100)
    {
        if (limit is < 1 or > MostPage) throw new ProblemException(Texts.BadRequest($"limit={limit}: 1 to {MostPage}"));
        var before = after is null ? long.MaxValue : Committed(book, after).Leaf;
        var found = book.Committed.Where(i => i.Leaf < before
                && (alarm is null || i.Alarms.Any(a => a.Value == alarm)) && (@case is null || i.Cases.Contains(@case))
                && (probe is null || i.Declared.Probe?.Value == probe) && (kind is null || i.Declared.Kind == kind))
            .OrderByDescending(i => i.Leaf).Take(limit + 1).ToList();
        return TypedResults.Ok(found.Count > limit ? new EvidencePage(found[..limit], found[limit - 1].Sha256) : new EvidencePage(found, null));
    }

    private static Ok<CustodyPage> Custody(string sha256, [FromServices] EvidenceBook book, [FromServices] Storage.IStore store, long after = 0, int limit = 100)
    {
        Committed(book, sha256);
        if (limit is < 1 or > MostPage) throw new ProblemException(Texts.BadRequest($"limit={limit}: 1 to {MostPage}"));
        using var view = store.OpenView();
        var lines = view.Entries(new(after, limit, About: sha256, Kinds: [EntryKind.Evidence])).Select(row =>
        {
            using var act = JsonDocument.Parse(row.Body);
            return new CustodyLine(sha256, act.RootElement.GetProperty("leaf").GetInt64(), row.Position, act.RootElement.Clone());
        }).ToList();
        return TypedResults.Ok(new CustodyPage(sha256, lines, lines.Count > 0 ? lines[^1].Position : after));
    }

    private static async Task<FileStreamHttpResult> Content(string sha256, HttpContext http, [FromServices] EvidenceBook book, [FromServices] ObjectFiles objects, [FromServices] ReadLedger reads, [FromServices] JournalWriter writer,
        string? actor = null, string? reason = null)
    {
        var item = Committed(book, sha256);
        var (by, why) = Checked(actor, reason);
        var file = objects.Open(sha256);
        try
        {
            if (reads.IsNew(sha256, by)) await Do(writer, group => book.Note(sha256, new() { Act = EvidenceActKind.Read, At = group.Now, Actor = by, Reason = why }, group)).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.File(file, MediaTypes.Of(item.Declared.Name), item.Declared.Name, entityTag: new($"\"{sha256}\""), enableRangeProcessing: true);
    }

    private static async Task<Ok<EvidenceVerification>> Verify(string sha256, EvidenceActor body, HttpContext http, [FromServices] EvidenceBook book, [FromServices] ObjectFiles objects, [FromServices] IntegrityAlarm alarm, [FromServices] JournalWriter writer)
    {
        var (item, (by, why)) = (Committed(book, sha256), Checked(body.Actor, body.Reason));
        var sound = await objects.IsSound(item, http.RequestAborted).ConfigureAwait(false);
        return TypedResults.Ok(await Do(writer, group => Verified(book, alarm, sha256, sound, by, why, group)).ConfigureAwait(false));
    }

    private static async Task<Ok<EvidenceItem>> Link(string sha256, EvidenceLinks body, [FromServices] EvidenceBook book, [FromServices] JournalWriter writer)
    {
        var (by, why) = Checked(body.Actor, body.Reason);
        var (alarms, cases) = (body.Alarms ?? [], body.Cases ?? []);
        if (alarms.Count + cases.Count is 0 or > 100 || cases.Any(c => c is not { Length: >= 1 and <= 100 })) throw new ProblemException(Texts.BadRequest("alarms and cases: 1 to 100 together"));
        return TypedResults.Ok(await Do(writer, group => book.Link(sha256, alarms, cases, by, why, group)).ConfigureAwait(false));
    }

    private static async Task<Ok<EvidenceItem>> HandOver(string sha256, HandOver body, [FromServices] EvidenceBook book, [FromServices] JournalWriter writer)
    {
        var (by, why) = Checked(body.Actor, body.Reason);
        if (body.To is not { Length: >= 1 and <= 200 } to) throw new ProblemException(Texts.BadRequest("to: 1 to 200 characters"));
        return TypedResults.Ok(await Do(writer, group => book.Note(sha256, new() { Act = EvidenceActKind.HandedOver, At = group.Now, Actor = by, Reason = why, To = to }, group)).ConfigureAwait(false));
    }

    private static async Task<PushStreamHttpResult> Pack(PackageRequest body, HttpContext http, [FromServices] EvidenceBook book, [FromServices] ObjectFiles objects, [FromServices] PackageContent content,
        [FromServices] CaseBook cases, [FromServices] IntegrityAlarm alarm, [FromServices] JournalWriter writer, [FromServices] TimeProvider time)
    {
        var (by, why) = Checked(body.Actor, body.Reason);
        var items = Chosen(book, cases, body);
        if (items.Count is 0 or > MostPacked) throw new ProblemException(EvidenceTexts.NothingToPack());
        foreach (var item in items)
        {
            if (await objects.IsSound(item, http.RequestAborted).ConfigureAwait(false)) continue;
            await Do(writer, group => Verified(book, alarm, item.Sha256, false, by, why, group)).ConfigureAwait(false);
            throw new ProblemException(EvidenceTexts.Damaged(item.Sha256));
        }
        var id = $"P-{Guid.CreateVersion7(time.GetUtcNow()):N}";
        var order = await Do(writer, group =>
        {
            var packed = items.Select(i => book.Note(i.Sha256, new() { Act = EvidenceActKind.Exported, At = group.Now, Actor = by, Reason = why, Package = id }, group)).ToList();
            return new PackageOrder(id, group.Now, by, why, packed, book.Sign(group));
        }).ConfigureAwait(false);
        return TypedResults.Stream(to => content.Write(order, to, http.RequestAborted), "application/zip", $"{id}.zip");
    }

    /// <summary>The items that are asked for, and the originals of those that were made of others.</summary>
    private static List<EvidenceItem> Chosen(EvidenceBook book, CaseBook cases, PackageRequest request)
    {
        var chosen = (request.Items ?? []).Select(sha256 => Committed(book, sha256)).ToList();
        if (request.Alarm is { } alarm) chosen.AddRange(book.Committed.Where(i => i.Alarms.Contains(alarm)));
        if (request.Case is { } of) chosen.AddRange(book.Committed.Where(i => i.Cases.Contains(of)).Concat((cases.Find(of)?.Evidence ?? []).Select(book.Find).OfType<EvidenceItem>()));
        for (var i = 0; i < chosen.Count && chosen.Count <= MostPacked * 2; i++)
            if (chosen[i].Declared.Parent is { } parent && chosen.All(c => c.Sha256 != parent)) chosen.Add(Committed(book, parent));
        return [.. chosen.DistinctBy(i => i.Sha256).OrderBy(i => i.Leaf)];
    }

    private static EvidenceVerification Verified(EvidenceBook book, IntegrityAlarm alarm, string sha256, bool sound, string by, string? why, Group group)
    {
        book.Note(sha256, new() { Act = EvidenceActKind.Verified, At = group.Now, Actor = by, Reason = why, Sound = sound }, group);
        alarm.Report(sha256, sound, group);
        return new(sha256, sound, group.Now);
    }

    private static EvidenceItem Committed(EvidenceBook book, string sha256) => book.Find(sha256) ?? throw new ProblemException(EvidenceTexts.NoSuchItem(sha256.Length > ObjectFiles.DigestDigits ? sha256[..ObjectFiles.DigestDigits] : sha256));

    private static (string Actor, string? Reason) Checked(string? actor, string? reason)
    {
        var by = actor?.Trim() ?? "";
        return by.Length is >= 1 and <= MostActor && !by.Any(char.IsControl) && reason is not { Length: > MostReason } ? (by, reason) : throw new ProblemException(EvidenceTexts.BadActor());
    }

    private static Task<T> Do<T>(JournalWriter writer, Func<Group, T> act)
    {
        var work = new EvidenceWork<T>(act);
        writer.Offer(work);
        return work.Done;
    }
}
