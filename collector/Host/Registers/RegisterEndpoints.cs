using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Registers;

/// <summary>The register in force.</summary>
internal sealed record RegisterView(string Digest, IReadOnlyList<FmLicence> Entries);

/// <summary>What came of a register file, or would come of it.</summary>
/// <param name="Applied">It is in force now; false for a dry run.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Accepted">Rows that are good.</param>
/// <param name="Problems">What is wrong, by line and column.</param>
/// <param name="Encoding">What the file was read as.</param>
/// <param name="Digest">The digest of the register that it gives; null where the file is refused.</param>
internal sealed record RegisterReport(bool Applied, int Rows, int Accepted, IReadOnlyList<RowProblem> Problems, string Encoding, string? Digest);

/// <summary>Licence registers: what is in force, and imports.</summary>
internal static class RegisterEndpoints
{
    private const int MaxBytes = 8 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/registers/fm", (RegisterBook registers) => TypedResults.Ok(new RegisterView(registers.Fm.Digest, registers.Fm.Licences)))
            .WithName("getFmRegister").WithTags("registers").WithSummary("The FM licences in force, with their digest.");
        routes.MapPost("/api/v1/registers/fm", Import).WithName("importFmRegister").WithTags("registers")
            .WithSummary("Imports a CSV: mode keepGood takes the good rows, refuseWhole takes all or nothing; dryRun only reports. Answered after fsync.")
            .Accepts<string>("text/csv", "*/*").ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(422);
    }

    private static async Task<Results<Ok<RegisterReport>, UnprocessableEntity<RegisterReport>>> Import(HttpRequest request, [FromServices] JournalWriter writer,
        string mode = RegisterBook.RefuseWhole, bool dryRun = false, string actor = "api")
    {
        if (mode is not (RegisterBook.KeepGood or RegisterBook.RefuseWhole)) throw new ProblemException(Texts.BadRequest($"mode={mode}: {RegisterBook.KeepGood} or {RegisterBook.RefuseWhole}"));
        using var body = await RequestBody.Read(request, MaxBytes).ConfigureAwait(false);
        var content = body.Bytes.ToArray();
        var import = FmRegister.Import(content, RegisterBook.ModeOf(mode));
        var report = new RegisterReport(false, import.Rows, import.Kept, import.Problems, import.Encoding, import.Register?.Digest);
        if (import.Register is null) return TypedResults.UnprocessableEntity(report);
        if (dryRun) return TypedResults.Ok(report);
        var work = new RegisterWork("api", mode, content, import, actor);
        writer.Offer(work);
        await work.Done.ConfigureAwait(false);
        return TypedResults.Ok(report with { Applied = true });
    }
}
