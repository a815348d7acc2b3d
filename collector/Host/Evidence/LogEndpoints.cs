using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>The evidence log, for whoever watches it: checkpoint and tiles as C2SP tlog-tiles has them, and proofs for those who don't compute them.</summary>
internal static class LogEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/evidence/log").WithTags("evidence");
        group.MapGet("/checkpoint", Newest).WithName("getCheckpoint").WithSummary("The newest checkpoint, a signed note (C2SP tlog-checkpoint).").Produces<string>(200, "text/plain").ProducesProblem(404);
        group.MapGet("/key", ([FromServices] EvidenceKeys keys) => TypedResults.Text(new NoteKey(keys.Origin, keys.Log.PublicKey) + "\n", "text/plain; charset=utf-8"))
            .WithName("getLogKey").WithSummary("The key that signs checkpoints and packages: what verifiers must get by another way too.");
        group.MapGet("/tile/{**path}", Tiles).WithName("getTile").WithSummary("A tile, or an entry bundle under entries/ (C2SP tlog-tiles).").Produces<byte[]>(200, "application/octet-stream").ProducesProblem(404);
        group.MapGet("/proofs/inclusion", Inclusion).WithName("getInclusionProof").WithSummary("That the entry at an index, or the storing of an item, is in the checkpoint's tree (C2SP tlog-proof).").Produces<string>(200, "text/plain").ProducesProblem(404);
        group.MapGet("/proofs/consistency", Consistency).WithName("getConsistencyProof").WithSummary("That the tree of one size is the beginning of that of another (RFC 6962 2.1.2): hashes in Base64, one a line.").Produces<string>(200, "text/plain").ProducesProblem(404);
    }

    private static ContentHttpResult Newest(HttpContext http, [FromServices] EvidenceBook book)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Text(book.Head.Note ?? throw new ProblemException(EvidenceTexts.NoTree()));
    }

    private static FileContentHttpResult Tiles(string path, HttpContext http, [FromServices] EvidenceLog log)
    {
        if (Tile.Parse(path) is not var (tile, entries) || log.Files.Read(tile, entries) is not { } bytes) throw new ProblemException(EvidenceTexts.NoTree());
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(bytes, "application/octet-stream");
    }

    private static ContentHttpResult Inclusion([FromServices] EvidenceBook book, [FromServices] EvidenceLog log, long? index = null, string? sha256 = null)
    {
        var head = book.Head;
        var leaf = index ?? (sha256 is not null && book.Find(sha256) is { } item ? item.Leaf : -1);
        if (head.Note is not { } note || leaf < 0 || leaf >= head.NoteSize) throw new ProblemException(EvidenceTexts.NoTree());
        return Text(new LogProof(leaf, MerkleProof.Inclusion(leaf, head.NoteSize, log.Files.Root), note).Write());
    }

    private static ContentHttpResult Consistency(long from, long to, [FromServices] EvidenceLog log)
    {
        if (from < 1 || from > to || to > log.Files.Tree.Size) throw new ProblemException(EvidenceTexts.NoTree());
        return Text(string.Concat(MerkleProof.Consistency(from, to, log.Files.Root).Select(h => Convert.ToBase64String(h) + "\n")));
    }

    private static ContentHttpResult Text(string text) => TypedResults.Text(text, "text/plain; charset=utf-8");
}
