using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>The journal as it is: page by page, and which numbers of each probe it has.</summary>
internal static class JournalEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/journal").WithTags("journal");
        group.MapGet("", Page).WithName("readJournal").WithSummary("Entries after a position, oldest first; at most 5,000.").ProducesProblem(400);
        group.MapGet("/sequences", ([FromServices] JournalReader journal, string? probe = null) => TypedResults.Ok<IReadOnlyList<SequenceReport>>(journal.Sequences(probe)))
            .WithName("getSequences").WithSummary("For each boot of each probe: first, last and count of its numbers, what is missing, duplicates refused.");
    }

    private static Ok<JournalPage> Page([FromServices] JournalReader journal, long after = 0, int limit = 500, string? probe = null)
    {
        if (limit is < 1 or > JournalReader.MaxPage) throw new ProblemException(Texts.BadRequest($"limit={limit}: 1 to {JournalReader.MaxPage}"));
        return TypedResults.Ok(journal.Page(after, limit, probe));
    }
}
