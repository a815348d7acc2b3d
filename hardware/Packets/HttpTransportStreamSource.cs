using System.Net;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>How a transport stream is fetched over HTTP.</summary>
public sealed record HttpTransportStreamOptions
{
    /// <summary>From connecting to the answer's headers.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a byte for so long, the connection is given up.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Follows a redirect to another host; else only within the host.</summary>
    public bool FollowElsewhere { get; init; }
}

/// <summary>A progressive transport stream over HTTP: a file, or a live stream that does not end. Times are those of reading: TCP hides when packets were sent, so no jitter can be told from them.</summary>
public sealed class HttpTransportStreamSource : ITransportStreamSource
{
    private const int MostRedirects = 5;
    private const int BufferBytes = 256 << 10;
    private const int LookAt = 16 * 204; // so much without five sync bytes in a row is no transport stream
    private const int SyncsToAcquire = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(150);

    private readonly HttpClient http;
    private readonly HttpResponseMessage answer;
    private readonly Stream body;
    private readonly HttpTransportStreamOptions options;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource closing = new();
    private readonly byte[] received = new byte[BufferBytes];
    private int start;
    private int end;
    private bool recognised;
    private bool ended;
    private Task<int>? reading;
    private long lastBytes;

    private HttpTransportStreamSource(string name, HttpClient http, HttpResponseMessage answer, Stream body, HttpTransportStreamOptions options, TimeProvider time)
    {
        (Name, this.http, this.answer, this.body, this.options, this.time) = (name, http, answer, body, options, time);
        lastBytes = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Origin Origin => Origin.Live;

    /// <inheritdoc/>
    public long? Dropped => 0;

    /// <summary>Connects and reads the answer's headers.</summary>
    /// <param name="address"><c>http://…</c> or <c>https://…</c>.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ProblemException">The address is wrong, the server can't be reached, refuses, redirects elsewhere, or sends a page or a playlist.</exception>
    public static async Task<HttpTransportStreamSource> OpenAsync(string address, HttpTransportStreamOptions options, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var target) || !IsHttp(target)) throw new ProblemException(HttpTexts.BadAddress(address));
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = options.ConnectLimit }) { Timeout = Timeout.InfiniteTimeSpan };
        HttpResponseMessage? answer = null;
        try
        {
            using var late = new CancellationTokenSource(options.ConnectLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
            answer = await GetAsync(http, target, options, either.Token).ConfigureAwait(false);
            var body = await answer.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            return new HttpTransportStreamSource(address, http, answer, body, options, time);
        }
        catch (Exception failed)
        {
            answer?.Dispose();
            http.Dispose();
            cancel.ThrowIfCancellationRequested();
            if (failed is OperationCanceledException) throw new ProblemException(HttpTexts.Late(address, options.ConnectLimit.TotalSeconds), failed);
            if (failed is HttpRequestException or IOException) throw new ProblemException(HttpTexts.Unreachable(address, failed.Message), failed);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        while (!recognised || start == end)
        {
            if (ended) return End();
            var left = LongestWait - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !await FillAsync(left, cancel).ConfigureAwait(false)) return new TransportStreamRead(0, time.GetUtcNow(), Ended: false);
            Recognise();
        }
        var count = Math.Min(buffer.Length, end - start);
        received.AsSpan(start, count).CopyTo(buffer.Span);
        start += count;
        return new TransportStreamRead(count, time.GetUtcNow(), Ended: false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        if (reading is not null)
        {
            try
            {
                await reading.ConfigureAwait(false); // it writes into our buffer until it has ended
            }
            catch (Exception broken) when (broken is OperationCanceledException or IOException or HttpRequestException)
            {
                // It was told to end.
            }
        }
        await body.DisposeAsync().ConfigureAwait(false);
        answer.Dispose();
        http.Dispose();
        closing.Dispose();
    }

    private static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;

    private static async Task<HttpResponseMessage> GetAsync(HttpClient http, Uri target, HttpTransportStreamOptions options, CancellationToken cancel)
    {
        var first = target;
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            var answer = await http.GetAsync(target, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
                && answer.Headers.Location is { } location)
            {
                answer.Dispose();
                var next = new Uri(target, location);
                if (!IsHttp(next) || !options.FollowElsewhere && next.Host != first.Host) throw new ProblemException(HttpTexts.ElsewhereRedirect(first.ToString(), next.ToString()));
                target = next;
                continue;
            }
            if (answer.IsSuccessStatusCode) return answer;
            var status = (int)answer.StatusCode;
            answer.Dispose();
            throw new ProblemException(HttpTexts.Refused(first.ToString(), status));
        }
        throw new ProblemException(HttpTexts.RedirectLoop(first.ToString()));
    }

    // One read is under way at a time, over several calls where the server is slow.
    private async ValueTask<bool> FillAsync(TimeSpan limit, CancellationToken cancel)
    {
        if (start == end && recognised) (start, end) = (0, 0);
        reading ??= body.ReadAsync(received, end, received.Length - end, closing.Token);
        try
        {
            if (!reading.IsCompleted) await reading.WaitAsync(limit, time, cancel).ConfigureAwait(false);
            var read = await reading.ConfigureAwait(false);
            reading = null;
            (ended, end, lastBytes) = (read == 0, end + read, time.GetTimestamp());
            return true;
        }
        catch (TimeoutException)
        {
            if (time.GetElapsedTime(lastBytes) > options.ReadLimit) throw new ProblemException(HttpTexts.Stalled(Name, options.ReadLimit.TotalSeconds));
            return false;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            reading = null;
            throw new ProblemException(HttpTexts.Broken(Name, broken.Message), broken);
        }
    }

    // A page or a playlist is told at once, instead of a stream that never gets in sync.
    private void Recognise()
    {
        if (recognised) return;
        var head = received.AsSpan(0, end);
        foreach (var layout in PacketLayout.All)
            for (var sync = 0; sync + (SyncsToAcquire - 1) * layout.Size < head.Length && !recognised; sync++)
            {
                var good = 0;
                while (good < SyncsToAcquire && head[sync + good * layout.Size] == PacketLayout.SyncByte) good++;
                recognised = good == SyncsToAcquire;
            }
        if (!recognised && (end >= LookAt || ended))
            throw new ProblemException(HttpTexts.NotTransportStream(Name, answer.Content.Headers.ContentType?.MediaType ?? "?"));
    }

    private TransportStreamRead End() => new(0, time.GetUtcNow(), Ended: true);
}
