using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Ott;

/// <summary>Polls a channel over HTTP. Bounded in time and bytes.</summary>
/// <param name="http">Shared client; its handler bounds redirects and connections.</param>
/// <param name="address">The channel's playlist.</param>
/// <param name="time">The clock.</param>
public sealed class HttpPlaylistSource(HttpClient http, Uri address, TimeProvider time) : IPlaylistSource
{
    private const int MostBytes = 2 << 20; // a day of two-second segments is a few megabytes; a live window is a few kilobytes
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private Uri? answered; // after redirects: a variant's relative address holds from there

    /// <inheritdoc/>
    public async Task<PlaylistFetch> FetchAsync(string? variant, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var target = variant is null ? address : Uri.TryCreate(answered ?? address, variant, out var relative) ? relative : null;
            // A playlist can't make the probe read its own files.
            if (target is null || (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps)) return Failed(Texts.BadUri);
            return await GetAsync(target, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Failed(Texts.TimedOut);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException)
        {
            return Failed(Texts.Unreachable(unreachable.Message));
        }
    }

    private PlaylistFetch Failed(Text why) => new(time.GetUtcNow(), null, why);

    private async Task<PlaylistFetch> GetAsync(Uri target, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(target, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode) return Failed(Texts.Http((int)answer.StatusCode));
        if (target == address) answered = answer.RequestMessage?.RequestUri;
        using var body = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var buffer = new byte[64 << 10];
        using var text = new MemoryStream();
        while (await body.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var read)
        {
            if (text.Length + read > MostBytes) return Failed(Texts.TooLong);
            text.Write(buffer, 0, read);
        }
        return new PlaylistFetch(time.GetUtcNow(), Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length), null);
    }
}
