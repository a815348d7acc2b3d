using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Probe.Uplink;

/// <summary>Sends the spool to the collector, batch by batch, for ever. It forgets a record only after the collector said that it is on its disk.</summary>
internal sealed class ObservationUplink(HttpClient http, Uri collector, ObservationSpool spool, TimeProvider time, Random random, Action<Text> say)
{
    private const int MostRecords = 1000;

    // A refusal (4xx) is not cured by haste; people must see it, and the data wait.
    private static readonly TimeSpan RefusalWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly Uri address = new(collector, "api/v1/observations");
    private readonly BackOff backOff = new(random);
    private int batchRecords = MostRecords;
    private bool away;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await spool.WaitAsync(cancel).ConfigureAwait(false);
                if (spool.Read(batchRecords) is { } batch) await SendAsync(batch, cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            // Everything else is the network's or the disk's doing, or a surprise; none of them may end the loop that carries the evidence away.
            catch (Exception failure)
            {
                await HoldAsync(failure.Message, null, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync(SpoolBatch batch, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Compressed(batch.Lines) };
        request.Headers.Add(Wire.SentHeader, time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            var reply = await ReadReplyAsync(response, either.Token).ConfigureAwait(false);
            Accept(reply);
            return;
        }
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)response.StatusCode >= 500)
        {
            await HoldAsync($"HTTP {(int)response.StatusCode}", BackOff.Asked(response.Headers.RetryAfter, time.GetUtcNow()), cancel).ConfigureAwait(false);
            return;
        }
        await RefusedAsync(response, cancel).ConfigureAwait(false);
    }

    private void Accept(IngestReply reply)
    {
        if (reply.Boot != spool.Boot) throw new InvalidDataException(Texts.OddReply($"boot {reply.Boot}").En);
        foreach (var first in reply.Rejected.Take(1)) say(Texts.CollectorRejected(reply.Rejected.Count, first.Line, first.Reason));
        var before = spool.Acknowledged;
        spool.Acknowledge(reply.AcceptedThrough);
        // An answer without progress, over and over, must not become a tight loop.
        if (spool.Acknowledged == before) throw new InvalidDataException(Texts.OddReply($"accepted through {reply.AcceptedThrough}").En);
        if (away) say(Texts.CollectorBack(spool.Figures.Entries));
        (away, batchRecords) = (false, MostRecords);
        backOff.Reset();
        if (reply.AcceptedThrough < spool.Sent) spool.Rewind();
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

    private async Task HoldAsync(string why, TimeSpan? atLeast, CancellationToken cancel)
    {
        spool.Rewind();
        var wait = backOff.Next(atLeast);
        if (!away) say(Texts.CollectorAway(why, wait, spool.Figures.Entries));
        away = true;
        await PauseAsync(wait, cancel).ConfigureAwait(false);
    }

    private async Task RefusedAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        spool.Rewind();
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge && batchRecords > 1)
        {
            batchRecords /= 2;
            return;
        }
        var body = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        say(Texts.CollectorRefuses((int)response.StatusCode, body.Length <= 300 ? body : body[..300], RefusalWait));
        away = true;
        await PauseAsync(RefusalWait, cancel).ConfigureAwait(false);
    }

    private async Task PauseAsync(TimeSpan wait, CancellationToken cancel)
    {
        try { await Task.Delay(wait, time, cancel).ConfigureAwait(false); }
        catch (OperationCanceledException) { /* the loop sees it */ }
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
