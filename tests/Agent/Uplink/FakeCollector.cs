using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Tests.Probe.Uplink;

internal sealed record CollectorRequest(string Method, string Uri, string? ContentType, string? Lane, byte[] Body, List<SpooledObservation> Lines, DateTimeOffset At)
{
    public bool IsObservations => Uri.EndsWith("/observations", StringComparison.Ordinal);
}

/// <summary>A collector as a probe sees it: it acknowledges, knows every number for ever, and keeps evidence. It can be away, and answer what a test tells it to.</summary>
internal sealed class FakeCollector(TimeProvider time) : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly List<CollectorRequest> requests = [];
    private readonly Dictionary<(Guid Boot, long Sequence), Guid> stored = [];
    private readonly List<SpooledObservation> delivered = [];
    private readonly Dictionary<Guid, (EvidenceDeclaration Declaration, MemoryStream Bytes)> uploads = [];
    private volatile bool away;
    private int attempts;

    public Queue<Func<HttpResponseMessage?>> Answers { get; } = new();

    /// <summary>What it answers instead, or null.</summary>
    public Func<CollectorRequest, HttpResponseMessage?> Instead { get; set; } = _ => null;

    public bool IsAway { get => away; set => away = value; }

    public double? HistoryRate { get; set; }

    public int Attempts => Volatile.Read(ref attempts);

    public List<CollectorRequest> Requests { get { lock (gate) return [.. requests]; } }

    public int RequestCount { get { lock (gate) return requests.Count; } }

    /// <summary>What it stored, in the order in which it came; duplicates are not stored.</summary>
    public List<SpooledObservation> Delivered { get { lock (gate) return [.. delivered]; } }

    public int DeliveredCount { get { lock (gate) return delivered.Count; } }

    /// <summary>Numbers that came a second time with something else in them: a record that is lost, for it is taken for a duplicate.</summary>
    public List<SpooledObservation> Conflicts { get; } = [];

    public Dictionary<string, byte[]> Evidence { get; } = [];

    public ConcurrentDictionary<string, EvidenceDeclaration> Declared { get; } = [];

    public static HttpResponseMessage Accept(Guid boot, long through, double? historyRate = null) => Json(new IngestReply(boot, through, 1, 0, [], DateTimeOffset.UnixEpoch) { HistoryRate = historyRate });

    /// <summary>Forgets unfinished uploads, as one that starts anew from a backup may.</summary>
    public void ForgetUploads()
    {
        lock (gate) uploads.Clear();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        Interlocked.Increment(ref attempts);
        if (away) throw new HttpRequestException("Connection refused");
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancel);
        var lines = new List<SpooledObservation>();
        if (request.Content?.Headers.ContentEncoding.Contains("gzip") == true)
        {
            using var unzipped = new StreamReader(new GZipStream(new MemoryStream(body), CompressionMode.Decompress), Encoding.UTF8);
            while (unzipped.ReadLine() is { } line) lines.Add(JsonSerializer.Deserialize<SpooledObservation>(line, WireJson.Options)!);
        }
        var lane = request.Headers.TryGetValues(Wire.LaneHeader, out var lanes) ? lanes.Single() : null;
        var seen = new CollectorRequest(request.Method.Method, request.RequestUri!.ToString(), request.Content?.Headers.ContentType?.MediaType, lane, body, lines, time.GetUtcNow());
        Func<HttpResponseMessage?>? told;
        lock (gate)
        {
            requests.Add(seen);
            Answers.TryDequeue(out told);
        }
        if (told is not null) return told() ?? await NeverAsync(cancel);
        if (Instead(seen) is { } other) return other;
        lock (gate) return seen.IsObservations ? Store(seen) : seen.Uri.Contains("/evidence/uploads", StringComparison.Ordinal) ? Upload(seen, request) : new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    public static HttpResponseMessage Json<T>(T value, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(JsonSerializer.Serialize(value, WireJson.Options), Encoding.UTF8, "application/json") };

    private static async Task<HttpResponseMessage> NeverAsync(CancellationToken cancel)
    {
        var never = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        return await never.Task.WaitAsync(cancel);
    }

    private HttpResponseMessage Store(CollectorRequest request)
    {
        foreach (var line in request.Lines)
        {
            if (stored.TryAdd((line.Boot, line.Sequence), line.Observation.Id)) delivered.Add(line);
            else if (stored[(line.Boot, line.Sequence)] != line.Observation.Id) Conflicts.Add(line);
        }
        return Accept(request.Lines[0].Boot, request.Lines[^1].Sequence, request.Lane == Wire.HistoryLane ? HistoryRate : null);
    }

    private HttpResponseMessage Upload(CollectorRequest request, HttpRequestMessage message)
    {
        if (request.Method == "POST")
        {
            var declaration = JsonSerializer.Deserialize<EvidenceDeclaration>(request.Body, WireJson.Options)!;
            Declared[declaration.Sha256] = declaration;
            if (Evidence.ContainsKey(declaration.Sha256)) return Json(new EvidenceUpload(Guid.NewGuid(), declaration.Size, declaration.Sha256));
            var going = uploads.FirstOrDefault(u => u.Value.Declaration.Sha256 == declaration.Sha256);
            if (going.Value.Bytes is not null) return Json(new EvidenceUpload(going.Key, going.Value.Bytes.Length));
            var fresh = Guid.NewGuid();
            uploads[fresh] = (declaration, new MemoryStream());
            return declaration.Size == 0 ? Complete(fresh) : Json(new EvidenceUpload(fresh, 0), HttpStatusCode.Created);
        }
        var id = Guid.Parse(request.Uri[(request.Uri.LastIndexOf('/') + 1)..]);
        if (!uploads.TryGetValue(id, out var upload)) return new HttpResponseMessage(HttpStatusCode.NotFound);
        if (request.Method == "GET") return Json(new EvidenceUpload(id, upload.Bytes.Length));
        if (long.Parse(message.Headers.GetValues(Wire.UploadOffsetHeader).Single(), CultureInfo.InvariantCulture) != upload.Bytes.Length) return new HttpResponseMessage(HttpStatusCode.Conflict);
        upload.Bytes.Write(request.Body);
        return upload.Bytes.Length < upload.Declaration.Size ? Json(new EvidenceUpload(id, upload.Bytes.Length)) : Complete(id);
    }

    private HttpResponseMessage Complete(Guid id)
    {
        var (declaration, bytes) = uploads[id];
        uploads.Remove(id);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())) != declaration.Sha256) return new HttpResponseMessage(HttpStatusCode.UnprocessableContent);
        Evidence[declaration.Sha256] = bytes.ToArray();
        return Json(new EvidenceUpload(id, bytes.Length, declaration.Sha256));
    }
}
