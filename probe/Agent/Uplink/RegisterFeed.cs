using System.Net.Http.Json;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Probe.Analysis;
using SignalWatch.Rules;

namespace SignalWatch.Probe.Uplink;

/// <summary>The register of FM stations as the collector has it. The last one is kept on disk: while the collector is away the probe judges by that, and says by which digest.</summary>
internal sealed class RegisterFeed
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;
    private readonly Uri address;
    private readonly string file;
    private readonly TimeProvider time;
    private readonly Action<Text> say;
    private volatile FmRegister register = FmRegister.None;

    public RegisterFeed(HttpClient http, Uri collector, string data, TimeProvider time, Action<Text> say)
    {
        (this.http, this.time, this.say) = (http, time, say);
        (address, file) = (new Uri(collector, "api/v1/registers/fm"), Path.Combine(data, "register-fm.json"));
        if (ReadFile() is { } kept) register = kept;
    }

    /// <summary>The register in force; <see cref="FmRegister.None"/> before there was any.</summary>
    public FmRegister Fm => register;

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        try
        {
            do await AskAsync(cancel).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
        }
        catch (OperationCanceledException) { /* the probe stops */ }
    }

    private async Task AskAsync(CancellationToken cancel)
    {
        try
        {
            using var limit = new CancellationTokenSource(AnswerWithin, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            var document = await http.GetFromJsonAsync<RegisterDocument>(address, WireJson.Options, either.Token).ConfigureAwait(false);
            if (document is not null && document.Digest != register.Digest) Take(document);
        }
        // The uplink says when the collector is away; an answer that is no register is as good as none.
        catch (Exception lost) when (lost is HttpRequestException or JsonException or NotSupportedException || (lost is OperationCanceledException && !cancel.IsCancellationRequested))
        {
        }
    }

    private void Take(RegisterDocument document)
    {
        if (Checked(document) is not { } good)
        {
            say(Texts.RegisterDamaged(document.Digest));
            return;
        }
        register = good;
        say(Texts.RegisterTaken(good.Licences.Count, good.Digest));
        try { WholeFile.Write(file, overwrite: true, JsonSerializer.Serialize(document, WireJson.Options)); }
        catch (ProblemException failed) { say(Texts.RegisterNotKept(file, failed.Message)); }
    }

    private FmRegister? ReadFile()
    {
        try { return File.Exists(file) && JsonSerializer.Deserialize<RegisterDocument>(File.ReadAllBytes(file), WireJson.Options) is { } document ? Checked(document) : null; }
        catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
        {
            say(Texts.RegisterDamaged(file));
            return null;
        }
    }

    // The digest is over the entries: what was cut or changed on the way is not what the collector judges by.
    private static FmRegister? Checked(RegisterDocument document)
    {
        var read = FmRegister.Of(document.Entries);
        return read.Digest == document.Digest ? read : null;
    }

    /// <summary>The collector's answer.</summary>
    private sealed record RegisterDocument(string Digest, IReadOnlyList<FmLicence> Entries);
}
