using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>How evidence comes in: declared, then sent in pieces, each on disk before it is acknowledged, then compared with what was declared.</summary>
internal static class UploadEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/evidence/uploads").WithTags("evidence");
        group.MapPost("", Begin).WithName("beginUpload")
            .WithSummary("Declares a file. 201: send from offset 0; 200: go on from the offset that is answered, or, with sha256, it is stored already.").ProducesProblem(400).ProducesProblem(413).ProducesProblem(503);
        group.MapGet("/{id:guid}", (Guid id, [FromServices] Uploads uploads) => TypedResults.Ok(uploads.State(id))).WithName("getUpload").WithSummary("How far an upload is.").ProducesProblem(404);
        group.MapPatch("/{id:guid}", Append).WithName("continueUpload")
            .WithSummary("A piece, at the offset of the header Upload-Offset. Answered after fsync; with sha256 when all bytes came, were what was declared, and are in the journal.")
            .Accepts<byte[]>(Wire.UploadContentType, "*/*").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<EvidenceUpload>, Created<EvidenceUpload>>> Begin(EvidenceDeclaration body, HttpContext http, [FromServices] Uploads uploads, [FromServices] EvidenceBook book, [FromServices] JournalWriter writer)
    {
        var declared = Declarations.Checked(body);
        if (book.Find(declared.Sha256) is { } stored && stored.Declared.Size == declared.Size)
        {
            // Stored already: what is new of it is to what it belongs.
            var links = new EvidenceWork<EvidenceItem>(group => book.Store(declared, default, 0, ActorOf(declared), group));
            writer.Offer(links);
            await links.Done.ConfigureAwait(false);
            return TypedResults.Ok(new EvidenceUpload(Guid.Empty, declared.Size, declared.Sha256));
        }
        var (state, begun) = uploads.Begin(declared);
        if (begun) return TypedResults.Created($"/api/v1/evidence/uploads/{state.Id}", state);
        return TypedResults.Ok(await Finish(state, uploads, book, writer, http.RequestAborted).ConfigureAwait(false));
    }

    private static async Task<Ok<EvidenceUpload>> Append(Guid id, HttpRequest request, [FromServices] Uploads uploads, [FromServices] EvidenceBook book, [FromServices] JournalWriter writer)
    {
        if (!long.TryParse(request.Headers[Wire.UploadOffsetHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) throw new ProblemException(Texts.BadRequest($"{Wire.UploadOffsetHeader}: where the piece begins, in bytes"));
        var cancelled = request.HttpContext.RequestAborted;
        var state = await uploads.Append(id, offset, request.Body, cancelled).ConfigureAwait(false);
        return TypedResults.Ok(await Finish(state, uploads, book, writer, cancelled).ConfigureAwait(false));
    }

    /// <summary>Where all bytes have come: compares, stores, journals.</summary>
    private static async Task<EvidenceUpload> Finish(EvidenceUpload state, Uploads uploads, EvidenceBook book, JournalWriter writer, CancellationToken cancelled)
    {
        if (await uploads.Complete(state.Id, cancelled).ConfigureAwait(false) is not { } complete) return state;
        var (declared, found) = (complete.Declared, complete.Found);
        var work = new EvidenceWork<EvidenceItem?>(group =>
        {
            if (complete.IsAsDeclared) return book.Store(declared, found, complete.Crc32, ActorOf(declared), group);
            book.Quarantine(declared, found, ActorOf(declared), EvidenceTexts.QuarantineReason(found.Sha256), group);
            return null;
        });
        writer.Offer(work);
        await work.Done.ConfigureAwait(false);
        uploads.Remove(state.Id);
        return complete.IsAsDeclared ? state with { Sha256 = found.Sha256 } : throw new ProblemException(EvidenceTexts.DigestMismatch(declared.Sha256, found.Sha256));
    }

    private static string ActorOf(EvidenceDeclaration declared) => declared.By is { Length: > 0 } person ? person : declared.Probe?.Value ?? "api";
}
