using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Uplink;

/// <summary>Sends whole dossiers to the collector, a piece at a time and never faster than is allowed, and goes on where either side was when it stopped.
/// What is not what its manifest says is not sent, and that is told.</summary>
internal sealed class EvidenceUplink
{
    private const int LeastPiece = 64 << 10, MostPiece = 4 << 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RefusalWait = TimeSpan.FromMinutes(10);

    private readonly HttpClient http;
    private readonly Uri address;
    private readonly DossierOutbox outbox;
    private readonly DeliverySettings settings;
    private readonly TimeProvider time;
    private readonly ClockOffset clock;
    private readonly Action<OutgoingDossier, Text> altered;
    private readonly Action<Text> say;
    private readonly BackOff backOff;
    private readonly Dictionary<DossierReference, DateTimeOffset> aside = [];
    private Task<OutgoingDossier?>? preparing;
    private OutgoingDossier? dossier;
    private Queue<OutgoingFile> files = new();
    private EvidenceUpload? upload;
    private int piece = LeastPiece;
    private bool refused, incomplete;
    private volatile int waiting;
    private volatile string? inUse;

    /// <param name="http">Speaks to the collector.</param>
    /// <param name="collector">Where it is.</param>
    /// <param name="outbox">What there is.</param>
    /// <param name="settings">How fast.</param>
    /// <param name="time">The clock.</param>
    /// <param name="clock">How far it is from the collector's.</param>
    /// <param name="random">Spreads the waits.</param>
    /// <param name="altered">Told of what in a dossier is not what its manifest says.</param>
    /// <param name="say">For the log.</param>
    public EvidenceUplink(HttpClient http, Uri collector, DossierOutbox outbox, DeliverySettings settings, TimeProvider time, ClockOffset clock, Random random, Action<OutgoingDossier, Text> altered, Action<Text> say)
    {
        (this.http, this.outbox, this.settings, this.time, this.clock, this.altered, this.say) = (http, outbox, settings, time, clock, altered, say);
        (address, backOff) = (new Uri(collector, "api/v1/evidence/uploads"), new BackOff(random));
    }

    /// <summary>Nothing is done before this time.</summary>
    public DateTimeOffset NotBefore { get; private set; }

    /// <summary>Completes when the dossier is digested that is to go next; null where none is being digested.</summary>
    public Task? Preparing => preparing;

    /// <summary>Dossiers that wait.</summary>
    public int Waiting => waiting;

    /// <summary>The folder of the dossier that is being sent, or null.</summary>
    public string? InUse => inUse;

    public void Hold(DateTimeOffset until)
    {
        if (until > NotBefore) NotBefore = until;
    }

    /// <summary>Does one thing: looks for a dossier, declares a file, or sends a piece of one.</summary>
    /// <returns>False where there is nothing to do now; <see cref="NotBefore"/> and <see cref="Preparing"/> say when there may be.</returns>
    public async Task<bool> StepAsync(CancellationToken cancel)
    {
        if (time.GetUtcNow() < NotBefore) return false;
        try
        {
            if (dossier is null) return Look();
            if (files.Count == 0)
            {
                Finish();
                return true;
            }
            if (upload is null) await DeclareAsync(files.Peek(), cancel).ConfigureAwait(false);
            else await SendPieceAsync(files.Peek(), upload, cancel).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            Abandon(); // it had to make room meanwhile, and who removed it told so
            return true;
        }
        // The network, a timeout, an answer that is none: observations have priority and find out for themselves, so only this waits.
        catch (Exception)
        {
            Hold(time.GetUtcNow() + backOff.Next(null));
            upload = null; // where it stands, the collector says
            return true;
        }
    }

    private bool Look()
    {
        if (preparing is null)
        {
            outbox.Clean();
            var found = outbox.Waiting();
            waiting = found.Count;
            var now = time.GetUtcNow();
            if (found.FirstOrDefault(d => !aside.TryGetValue(d, out var until) || now >= until) is not { } next)
            {
                Hold(now + LookEvery);
                return false;
            }
            (inUse, preparing) = (next.Folder, Task.Run(() => Prepare(next))); // minutes of sound are digested: live alarms don't wait for that
        }
        if (!preparing.IsCompleted) return false;
        dossier = preparing.GetAwaiter().GetResult();
        preparing = null;
        if (dossier is null)
        {
            inUse = null;
            Hold(time.GetUtcNow() + LookEvery);
            return true;
        }
        (files, upload, refused, incomplete) = (new(dossier.Files), null, false, false);
        foreach (var what in dossier.Altered) TellAltered(what);
        return true;
    }

    private OutgoingDossier? Prepare(DossierReference next)
    {
        try { return outbox.Prepare(next, clock.Best); }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return null; // it is gone, or the disk has trouble: the next look tells
        }
    }

    private async Task DeclareAsync(OutgoingFile file, CancellationToken cancel)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(file.Declaration, options: WireJson.Options) }, cancel).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            await DeclinedAsync(answer, file, cancel).ConfigureAwait(false);
            return;
        }
        upload = await StateAsync(answer, file, cancel).ConfigureAwait(false);
        backOff.Reset();
        Advance(file);
    }

    private async Task SendPieceAsync(OutgoingFile file, EvidenceUpload at, CancellationToken cancel)
    {
        var bytes = new byte[(int)Math.Min(file.Declaration.Size - at.Offset, Math.Min(piece, settings.EvidenceBytesPerSecond is { } rate ? Math.Max(1024, rate) : piece))];
        using (var handle = File.OpenHandle(file.Path))
        {
            if (RandomAccess.Read(handle, bytes, at.Offset) < bytes.Length)
            {
                Refuse(DeliveryTexts.FileAltered(file.Declaration.Name)); // shorter than when it was digested
                return;
            }
        }
        var started = time.GetTimestamp();
        using var answer = await SendAsync(() => Piece(at, bytes), cancel).ConfigureAwait(false);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK:
                upload = await StateAsync(answer, file, cancel).ConfigureAwait(false);
                backOff.Reset();
                Paced(started, bytes.Length);
                Advance(file);
                break;
            case HttpStatusCode.NotFound:
                upload = null;
                Hold(time.GetUtcNow() + backOff.Next(null)); // declared anew; not in haste, should the collector forget it each time
                break;
            case HttpStatusCode.Conflict:
                using (var state = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, Address(at)), cancel).ConfigureAwait(false))
                    upload = state.IsSuccessStatusCode ? await StateAsync(state, file, cancel).ConfigureAwait(false) : null;
                Hold(time.GetUtcNow() + backOff.Next(null));
                break;
            case HttpStatusCode.RequestEntityTooLarge when piece > 1024:
                piece = Math.Max(1024, Math.Min(piece, bytes.Length) / 2);
                break;
            case HttpStatusCode.UnprocessableContent:
                Refuse(DeliveryTexts.FileAltered(file.Declaration.Name));
                break;
            default:
                await DeclinedAsync(answer, file, cancel).ConfigureAwait(false);
                break;
        }
    }

    private HttpRequestMessage Piece(EvidenceUpload at, byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(Wire.UploadContentType);
        var request = new HttpRequestMessage(HttpMethod.Patch, Address(at)) { Content = content };
        request.Headers.Add(Wire.UploadOffsetHeader, at.Offset.ToString(CultureInfo.InvariantCulture));
        return request;
    }

    private Uri Address(EvidenceUpload at) => new($"{address}/{at.Id}");

    // A piece takes about a second: live alarms wait for no longer. The rate is kept by waiting behind it.
    private void Paced(long started, int bytes)
    {
        var took = time.GetElapsedTime(started);
        if (took < TimeSpan.FromSeconds(0.5) && bytes >= piece) piece = Math.Min(MostPiece, piece * 2);
        else if (took > TimeSpan.FromSeconds(1.5)) piece = Math.Max(LeastPiece, piece / 2);
        if (settings.EvidenceBytesPerSecond is { } rate && TimeSpan.FromSeconds(bytes / rate) - took is { } wait && wait > TimeSpan.Zero) Hold(time.GetUtcNow() + wait);
    }

    private void Advance(OutgoingFile file)
    {
        if (upload!.Offset < file.Declaration.Size) return;
        files.Dequeue();
        upload = null;
    }

    private async Task DeclinedAsync(HttpResponseMessage answer, OutgoingFile file, CancellationToken cancel)
    {
        upload = null;
        var status = (int)answer.StatusCode;
        if (status is 429 or 408 or >= 500)
        {
            Hold(time.GetUtcNow() + backOff.Next(BackOff.Asked(answer.Headers.RetryAfter, time.GetUtcNow())));
            return;
        }
        var body = await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        say(DeliveryTexts.EvidenceRefused(dossier!.Of.Name, file.Declaration.Name, status, body.Length <= 300 ? body : body[..300], RefusalWait));
        incomplete = true;
        if (status is 400 or 413 or 415 or 422) files.Dequeue(); // something is wrong with this file alone
        else PutAside();
    }

    // Others may go; this one again later, when somebody has looked.
    private void PutAside()
    {
        aside[dossier!.Of] = time.GetUtcNow() + RefusalWait;
        Abandon();
    }

    private void Refuse(Text what)
    {
        TellAltered(what);
        files.Dequeue();
        upload = null;
    }

    private void TellAltered(Text what)
    {
        refused = true;
        altered(dossier!, what);
        say(DeliveryTexts.DossierAltered(dossier!.Of.Name, what));
    }

    private void Finish()
    {
        if (incomplete)
        {
            PutAside();
            return;
        }
        outbox.Delivered(dossier!.Of, refused ? "altered" : dossier.ManifestSha256 ?? "");
        aside.Remove(dossier.Of);
        if (!refused) say(DeliveryTexts.DossierDelivered(dossier.Of.Name, dossier.Files.Sum(f => f.Declaration.Size)));
        Abandon();
    }

    private void Abandon() => (dossier, upload, inUse, files) = (null, null, null, new());

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var request = make();
        return await http.SendAsync(request, either.Token).ConfigureAwait(false);
    }

    private static async Task<EvidenceUpload> StateAsync(HttpResponseMessage answer, OutgoingFile file, CancellationToken cancel)
    {
        var state = await answer.Content.ReadFromJsonAsync<EvidenceUpload>(WireJson.Options, cancel).ConfigureAwait(false);
        return state is { Offset: >= 0 } && state.Offset <= file.Declaration.Size && (state.Offset < file.Declaration.Size || state.Sha256 == file.Declaration.Sha256)
            ? state
            : throw new InvalidDataException(Texts.OddReply($"upload {state}").En);
    }
}
