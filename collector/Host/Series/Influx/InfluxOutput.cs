using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series.Influx;

/// <summary>How a target fares.</summary>
/// <param name="Target">Its address, without secrets.</param>
/// <param name="State"><c>sending</c>, or <c>retrying</c> while it does not take what it is sent.</param>
/// <param name="Through">Position of the journal up to which it has everything.</param>
/// <param name="Waiting">Entries of the journal behind that.</param>
/// <param name="Lines">Lines that it took in this run.</param>
/// <param name="Rejected">Batches in this run of which it refused lines for good; the journal has them.</param>
/// <param name="SkippedEntries">Entries of the journal left out in this run, because they were older than a backlog may be when the target came back.</param>
/// <param name="Failures">Attempts that failed, in a row.</param>
/// <param name="Problem">What it said last; absent while all is well.</param>
/// <param name="ProblemAt">When.</param>
internal sealed record InfluxStatus(string Target, string State, long Through, long Waiting, long Lines, long Rejected, long SkippedEntries, int Failures, string? Problem, DateTimeOffset? ProblemAt);

/// <summary>Sends observations to one target, at least once. The buffer on disk is the journal itself: what the target has not taken is read from it again, after days and after a kill; only the position
/// is kept beside it. A point that is sent twice is one point there (the same series and time). Nothing here holds up the writer, the series or another target.</summary>
internal sealed class InfluxOutput : IDisposable
{
    public static readonly TimeSpan MostBacklog = TimeSpan.FromDays(7);
    private const int MostObservations = 2_000, LeastObservations = 1, MostScanned = 20_000;
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1), LongestBackOff = TimeSpan.FromMinutes(1);
    private static readonly EntryKind[] Observed = [EntryKind.Observation, EntryKind.Gap];

    private readonly InfluxTarget target;
    private readonly IStore journal;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly string cursorFile;
    private readonly HttpClient client;
    private long through = -1, waiting, lines, rejected, skipped;
    private int failures, batch = MostObservations;
    private (string Text, DateTimeOffset At)? problem;

    public InfluxOutput(InfluxTarget target, IStore journal, string folder, TimeProvider time, ILogger log)
    {
        (this.target, this.journal, this.time, this.log) = (target, journal, time, log);
        cursorFile = Path.Combine(folder, $"influx-{target.Id}.position");
        // A redirect could carry the token elsewhere.
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public InfluxStatus Status => new(target.Shown, Volatile.Read(ref failures) == 0 ? "sending" : "retrying", Math.Max(0, Volatile.Read(ref through)), Volatile.Read(ref waiting), Volatile.Read(ref lines),
        Volatile.Read(ref rejected), Volatile.Read(ref skipped), Volatile.Read(ref failures), problem?.Text, problem?.At);

    /// <summary>Where the target stands; a new one begins with what comes now.</summary>
    public void Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cursorFile)!);
        using var view = journal.OpenView();
        through = File.Exists(cursorFile) && long.TryParse(File.ReadAllText(cursorFile), NumberStyles.None, CultureInfo.InvariantCulture, out var kept) ? Math.Min(kept, view.Newest) : view.Newest;
        Keep();
    }

    /// <summary>Sends until it is told to stop.</summary>
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = await Step(stopping).ConfigureAwait(false) ? TimeSpan.Zero : Gather;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Supervised: whatever goes wrong, the journal keeps it and it is tried again.
                pause = Failed(failure.Message, null);
            }
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>Sends the next batch.</summary>
    /// <returns>True where there may be more at once.</returns>
    private async Task<bool> Step(CancellationToken stopping)
    {
        var (text, count, last, newest) = Next();
        Volatile.Write(ref waiting, newest - through);
        if (last == through) return false;
        if (count > 0 && await Send(text, stopping).ConfigureAwait(false) is { } wait)
        {
            await Task.Delay(wait, time, stopping).ConfigureAwait(false);
            return true;
        }
        Volatile.Write(ref through, last);
        Volatile.Write(ref waiting, newest - last);
        Keep();
        Interlocked.Add(ref lines, count);
        (failures, problem) = (0, null);
        batch = Math.Min(MostObservations, batch * 2);
        return newest - last >= MostObservations;
    }

    /// <summary>The lines behind the position, and the position that they reach.</summary>
    private (string Text, int Count, long Last, long Newest) Next()
    {
        using var view = journal.OpenView();
        var (oldest, text, count, last, newest, scanned) = (time.GetUtcNow() - MostBacklog, new StringBuilder(), 0, through, view.Newest, 0);
        foreach (var row in view.Entries(new(through, MostScanned, Kinds: Observed)))
        {
            if (count >= batch) return (text.ToString(), count, last, newest);
            (last, scanned) = (row.Position, scanned + 1);
            if (row.ReceivedAt < oldest) Interlocked.Increment(ref skipped);
            else if (JsonSerializer.Deserialize<SpooledObservation>(row.Body.Span, WireJson.Options) is { Observation: { } observation } && LineProtocol.Append(text, observation)) count++;
        }
        // Behind the last observation there are only entries of other kinds.
        return (text.ToString(), count, scanned < MostScanned ? newest : last, newest);
    }

    /// <summary>Posts lines.</summary>
    /// <returns>Null where the target has them, or never will; else how long to wait before the next attempt.</returns>
    private async Task<TimeSpan?> Send(string text, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Write) { Content = new ByteArrayContent(Compressed(text)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Authorization = target.Authorization;
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, stopping).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !stopping.IsCancellationRequested)
        {
            return Failed(failure.InnerException?.Message ?? failure.Message, null);
        }
        using (response)
        {
            if (response.IsSuccessStatusCode) return null;
            var said = $"{(int)response.StatusCode} {await Said(response, stopping).ConfigureAwait(false)}";
            switch (response.StatusCode)
            {
                case HttpStatusCode.RequestEntityTooLarge when batch > LeastObservations:
                    batch = Math.Max(LeastObservations, batch / 2);
                    return TimeSpan.FromMilliseconds(1);
                case HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge:
                    // It took the good lines of the batch (1.x: "partial write") and will never take the others: sending them for ever would hold up all that follows.
                    Interlocked.Increment(ref rejected);
                    log.LogWarning("{Target} refused lines: {Said}", target.Shown, said);
                    return null;
                default:
                    return Failed(said, response.Headers.RetryAfter?.Delta);
            }
        }
    }

    private TimeSpan Failed(string said, TimeSpan? asked)
    {
        if (failures == 0) log.LogWarning("{Target} does not take series; the journal keeps them: {Said}", target.Shown, said);
        problem = (said, time.GetUtcNow());
        var wait = asked ?? TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures, 10)));
        Interlocked.Increment(ref failures);
        return wait > LongestBackOff ? LongestBackOff : wait < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : wait;
    }

    private static async Task<string> Said(HttpResponseMessage response, CancellationToken stopping)
    {
        var head = new byte[512];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(stopping).ConfigureAwait(false);
            var read = await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stopping).ConfigureAwait(false);
            return Encoding.UTF8.GetString(head, 0, read).ReplaceLineEndings(" ").Trim();
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return response.ReasonPhrase ?? "";
        }
    }

    private static byte[] Compressed(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    /// <summary>Not synced: after a power cut some batches are sent again, which changes nothing there.</summary>
    private void Keep()
    {
        File.WriteAllText(cursorFile + ".tmp", through.ToString(CultureInfo.InvariantCulture));
        File.Move(cursorFile + ".tmp", cursorFile, overwrite: true);
    }
}
