using System.Buffers;
using System.IO.Compression;
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

    private static async Task<Ok<IngestReply>> Observations(HttpRequest request, [FromServices] JournalWriter writer, [FromServices] CollectorMetrics metrics, [FromServices] TimeProvider time, [FromServices] IngestQueue? queue = null)
    {
        // Before the body: on a slow line that takes seconds, which are not the clock's.
        var (started, difference) = (time.GetTimestamp(), ProbeClock.Difference(request.Headers[ProbeClock.SentHeader], time.GetUtcNow()));
        var body = await Body(request, ObservationBatch.MaxBytes).ConfigureAwait(false);
        var work = new IngestWork(ObservationBatch.Parse(body), difference, request.Headers[Wire.LaneHeader] == Wire.HistoryLane);
        if (queue is null) writer.Offer(work);
        // Not tied to the request: a probe that hangs up has its batch stored all the same, and finds it is a duplicate.
        var reply = await (queue is null ? work.Done : queue.Deliver(body, difference, work.IsHistory)).ConfigureAwait(false);
        metrics.Acknowledged(time.GetElapsedTime(started));
        return TypedResults.Ok(reply);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Spectrum(HttpRequest request, [FromServices] SpectrumFeed feed, [FromServices] SpectrumExchange? others = null)
    {
        var frame = await Body(request, SpectrumFrame.MaxBytes).ConfigureAwait(false);
        if (!feed.Publish(frame)) throw new ProblemException(Texts.BadSpectrum());
        others?.Offer(frame);
        return TypedResults.NoContent();
    }

    /// <summary>The body, unpacked. Limited by what it unpacks to: a small gzip may hold gigabytes.</summary>
    internal static async Task<byte[]> Body(HttpRequest request, int limit)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip")) throw new ProblemException(Texts.BadRequest($"Content-Encoding {encoding}: gzip or none", 415));
        var cancelled = request.HttpContext.RequestAborted;
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            await using var unpacked = encoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
            using var whole = new MemoryStream();
            int read;
            while ((read = await unpacked.ReadAsync(buffer, cancelled).ConfigureAwait(false)) > 0)
            {
                if (whole.Length + read > limit) throw new ProblemException(Texts.BatchTooLarge($"{limit} bytes"));
                whole.Write(buffer, 0, read);
            }
            return whole.ToArray();
        }
        catch (InvalidDataException bad)
        {
            throw new ProblemException(Texts.BatchUnreadable($"the gzip is damaged: {bad.Message}"), bad);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
