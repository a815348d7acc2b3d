using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Ott;

/// <summary>Polls a channel over HTTP: its playlist, and where that is a master its first variant, with which most players begin. Bounded in time and bytes.</summary>
/// <param name="http">Shared client; its handler bounds redirects and connections.</param>
/// <param name="address">The channel's playlist.</param>
/// <param name="time">The clock.</param>
public sealed class HttpPlaylistSource(HttpClient http, Uri address, TimeProvider time) : IPlaylistSource
{
    private const int MostBytes = 2 << 20; // a day of two-second segments is a few megabytes; a live window is a few kilobytes
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<PlaylistFetch> FetchAsync(CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var (text, at, failure) = await GetAsync(address, either.Token).ConfigureAwait(false);
            if (text is not null && HlsPlaylist.Parse(text) is { IsMaster: true } master)
            {
                var variant = master.Variants.Select(v => Uri.TryCreate(at, v.Uri, out var target) ? target : null).FirstOrDefault(target => target is not null);
                if (variant is null) return Failed(Texts.NoVariant);
                (text, _, failure) = await GetAsync(variant, either.Token).ConfigureAwait(false);
            }
            return new PlaylistFetch(time.GetUtcNow(), text, failure);
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

    private async Task<(string? Text, Uri At, Text? Failure)> GetAsync(Uri target, CancellationToken cancel)
    {
        if (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps) return (null, target, Texts.BadUri); // a playlist can't make the probe read its own files
        using var answer = await http.GetAsync(target, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        var at = answer.RequestMessage?.RequestUri ?? target; // after redirects: relative addresses hold from there
        if (!answer.IsSuccessStatusCode) return (null, at, Texts.Http((int)answer.StatusCode));
        using var body = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var buffer = new byte[64 << 10];
        var text = new MemoryStream();
        while (await body.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var read)
        {
            if (text.Length + read > MostBytes) return (null, at, Texts.TooLong);
            text.Write(buffer, 0, read);
        }
        return (Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length), at, null);
    }
}
