using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Nodes;
using SignalWatch.Collector.Probes;
using SignalWatch.Collector.Wall;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Ingest;

/// <summary>Where probes deliver: observations, which are kept, and spectrum frames, which are not.</summary>
internal static class IngestEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/observations", Observations)
            .WithName("deliverObservations").WithTags("ingest")
            .WithSummary("A probe's batch: one SpooledObservation a line (NDJSON, gzip if Content-Encoding says so), of one probe and boot. The answer comes after fsync.")
            .Accepts<SpooledObservation>("application/x-ndjson", "*/*") // any: a batch is what it is, whatever a client calls it
            .ProducesProblem(400).ProducesProblem(413).ProducesProblem(429).ProducesProblem(503);
        routes.MapPost("/api/v1/spectrum", Spectrum)
            .WithName("deliverSpectrum").WithTags("ingest")
            .WithSummary("One spectrum frame (SWS1). Passed on to who looks; never stored.")
            .Accepts<byte[]>(MediaTypeNames.Application.Octet, "*/*")
            .ProducesProblem(400).ProducesProblem(413);
    }

    private static async Task<Ok<IngestReply>> Observations(HttpRequest request, [FromServices] JournalWriter writer, [FromServices] ObservationReaders readers, [FromServices] CollectorMetrics metrics, [FromServices] TimeProvider time, [FromServices] IngestQueue? queue = null)
    {
        // Before the body: on a slow line that takes seconds, which are not the clock's.
        var (started, difference) = (time.GetTimestamp(), ProbeClock.Difference(request.Headers[ProbeClock.SentHeader], time.GetUtcNow()));
        using var body = await RequestBody.Read(request, ObservationBatch.MaxBytes).ConfigureAwait(false); // until the writer is done with it
        var work = new IngestWork(readers.Read(body.Bytes), difference, request.Headers[Wire.LaneHeader] == Wire.HistoryLane);
        if (queue is null) writer.Offer(work);
        // Not tied to the request: a probe that hangs up has its batch stored all the same, and finds it is a duplicate.
        var reply = await (queue is null ? work.Done : queue.Deliver(body.Bytes.ToArray(), difference, work.IsHistory)).ConfigureAwait(false);
        metrics.Acknowledged(time.GetElapsedTime(started));
        return TypedResults.Ok(reply);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Spectrum(HttpRequest request, [FromServices] SpectrumFeed feed, [FromServices] SpectrumExchange? others = null)
    {
        using var body = await RequestBody.Read(request, SpectrumFrame.MaxBytes).ConfigureAwait(false);
        var frame = body.Bytes.ToArray(); // viewers keep it for as long as they are behind
        if (!feed.Publish(frame)) throw new ProblemException(Texts.BadSpectrum());
        others?.Offer(frame);
        return TypedResults.NoContent();
    }
}
