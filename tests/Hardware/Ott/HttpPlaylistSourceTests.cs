using System.Net;
using SignalWatch.Hardware.Ott;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests.Ott;

public sealed class HttpPlaylistSourceTests
{
    private const string Media = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n";
    private static readonly Uri Address = new("http://ott.example/live/index.m3u8");

    [Fact]
    public async Task A_media_playlist_is_given_as_it_is()
    {
        var fetch = await Fetch(_ => Ok(Media));
        fetch.Should().BeEquivalentTo(new { Playlist = Media, Failure = (object?)null });
    }

    [Fact]
    public async Task A_variant_is_asked_for_relative_to_the_channel()
    {
        List<string> asked = [];
        using var http = new HttpClient(new Answering(request =>
        {
            asked.Add(request.RequestUri!.ToString());
            return Ok(Media);
        }));
        var source = new HttpPlaylistSource(http, Address, new ManualTime());
        await source.FetchAsync(null, CancellationToken.None);
        (await source.FetchAsync("high/index.m3u8?x=1", CancellationToken.None)).Playlist.Should().Be(Media);
        asked.Should().Equal("http://ott.example/live/index.m3u8", "http://ott.example/live/high/index.m3u8?x=1");
    }

    [Fact]
    public async Task What_fails_is_in_the_answer_in_both_languages()
    {
        (await Fetch(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable))).Failure!.Value.En.Should().Contain("503");
        (await Fetch(_ => throw new HttpRequestException("connection refused"))).Failure!.Value.Zh.Should().Contain("无法连接");
        (await Fetch(_ => Ok(Media), "file:///etc/passwd")).Failure!.Value.En.Should().Contain("neither http nor https");
        (await Fetch(_ => Ok(new string('#', 3 << 20)))).Failure!.Value.En.Should().Contain("too long");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_after_five_seconds()
    {
        var time = new ManualTime();
        using var http = new HttpClient(new Silent());
        var fetch = new HttpPlaylistSource(http, Address, time).FetchAsync(null, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(4.9));
        fetch.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.2));
        (await fetch.WaitAsync(Hang.Limit)).Failure!.Value.En.Should().Contain("in time");
    }

    private static async Task<PlaylistFetch> Fetch(Func<HttpRequestMessage, HttpResponseMessage> answer, string? variant = null)
    {
        using var http = new HttpClient(new Answering(answer));
        return await new HttpPlaylistSource(http, Address, new ManualTime()).FetchAsync(variant, CancellationToken.None);
    }

    private static HttpResponseMessage Ok(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = answer(request);
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
    }

    private sealed class Silent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
    }
}
