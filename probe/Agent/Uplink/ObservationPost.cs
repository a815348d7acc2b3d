using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Probe.Uplink;

/// <summary>What the collector said to a batch.</summary>
/// <param name="Reply">Its answer; null where it did not take the batch.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="RetryAfter">The wait that it asked for, or null.</param>
/// <param name="Body">The beginning of a refusal's body, for people.</param>
internal sealed record PostAnswer(IngestReply? Reply, int Status, TimeSpan? RetryAfter, string Body)
{
    /// <summary>It may be taken later: the collector is under pressure or has trouble.</summary>
    public bool IsBusy => Reply is null && (Status is (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.RequestTimeout || Status >= 500);

    public bool IsTooLarge => Status == (int)HttpStatusCode.RequestEntityTooLarge;
}

/// <summary>Posts batches.</summary>
internal sealed class ObservationPost(HttpClient http, Uri collector, TimeProvider time, ClockOffset clock)
{
    private const int MostBody = 300;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly Uri address = new(collector, "api/v1/observations");

    /// <summary>Sends a batch and waits for the answer.</summary>
    /// <exception cref="HttpRequestException">The collector can't be reached.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    /// <exception cref="InvalidDataException">It answered what is no answer of a collector.</exception>
    public async Task<PostAnswer> SendAsync(SpoolBatch batch, bool history, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Compressed(batch.Lines) };
        var sent = time.GetUtcNow();
        request.Headers.Add(Wire.SentHeader, sent.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        request.Headers.Add(Wire.LaneHeader, history ? Wire.HistoryLane : Wire.LiveLane);
        using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            var reply = await ReadReplyAsync(response, either.Token).ConfigureAwait(false);
            clock.Take(sent, time.GetUtcNow(), reply.ServerTime);
            return new PostAnswer(reply, (int)response.StatusCode, null, "");
        }
        var body = await response.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false);
        return new PostAnswer(null, (int)response.StatusCode, BackOff.Asked(response.Headers.RetryAfter, time.GetUtcNow()), body.Length <= MostBody ? body : body[..MostBody]);
    }

    private static async Task<IngestReply> ReadReplyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        try
        {
            return await JsonSerializer.DeserializeAsync<IngestReply>(body, WireJson.Options, cancel).ConfigureAwait(false) is { Rejected: not null } reply
                ? reply
                : throw new InvalidDataException(Texts.OddReply("null").En);
        }
        catch (JsonException odd)
        {
            throw new InvalidDataException(Texts.OddReply(odd.Message).En, odd); // a captive portal answers 200 with a page
        }
    }

    private static ByteArrayContent Compressed(ReadOnlyMemory<byte> lines)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(lines.Span);
        var content = new ByteArrayContent(zipped.GetBuffer(), 0, (int)zipped.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
