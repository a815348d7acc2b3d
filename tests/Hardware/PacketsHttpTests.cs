using System.Net;
using System.Net.Sockets;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Tests.Capture;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests;

/// <summary>Transport streams over HTTP, from a server that answers exactly what a test says.</summary>
public sealed class PacketsHttpTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> clients = [];
    private readonly List<string> requests = [];

    public PacketsHttpTests() => listener.Start();

    private string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/live.ts";

    public void Dispose()
    {
        listener.Dispose();
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task A_stream_of_known_length_arrives_byte_for_byte_and_ends()
    {
        var packets = Frames.Packets(5_000);
        var served = Serve([.. Head("Content-Type: video/mp2t", $"Content-Length: {packets.Length}"), .. packets]);
        await using var source = await Open();
        (await ReadAll(source)).Should().Equal(packets);
        await served;
        requests.Should().ContainSingle().Which.Should().StartWith("GET /live.ts HTTP/1.1");
    }

    [Fact]
    public async Task A_chunked_live_stream_arrives_whatever_its_chunks()
    {
        var packets = Frames.Packets(40);
        List<byte> answer = [.. Head("Transfer-Encoding: chunked")];
        for (var at = 0; at < packets.Length; at += 1_000)
        {
            var chunk = packets[at..Math.Min(packets.Length, at + 1_000)];
            answer.AddRange([.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk, .. "\r\n"u8]);
        }
        var served = Serve([.. answer, .. "0\r\n\r\n"u8]);
        await using var source = await Open();
        (await ReadAll(source)).Should().Equal(packets);
        await served;
    }

    [Theory]
    [InlineData(192, 4)]
    [InlineData(204, 0)]
    public async Task Packets_of_other_sizes_are_passed_on_as_they_are(int size, int syncOffset)
    {
        var packets = Frames.Packets(40, 0, size, syncOffset)[100..]; // a live stream begins anywhere
        var served = Serve([.. Head($"Content-Length: {packets.Length}"), .. packets]);
        await using var source = await Open();
        (await ReadAll(source)).Should().Equal(packets);
        await served;
    }

    [Theory]
    [InlineData("404 Not Found", "http-ts.refused", "HTTP 404")]
    [InlineData("503 Service Unavailable", "http-ts.refused", "HTTP 503")]
    [InlineData("302 Found\r\nLocation: http://example.invalid/other", "http-ts.redirected", "Redirected")]
    [InlineData("302 Found\r\nLocation: file:///etc/passwd", "http-ts.redirected", "Redirected")]
    public async Task A_refusal_says_what_the_server_said(string status, string code, string text)
    {
        var served = Serve(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        var problem = (await Refusal(Open)).Problem;
        problem.Code.Should().Be(code);
        problem.Title.En.Should().Contain(text);
        problem.Title.Zh.Should().NotBe(problem.Title.En);
        await served;
    }

    [Fact]
    public async Task A_redirect_within_the_host_is_followed()
    {
        var packets = Frames.Packets(20);
        var served = Serve("HTTP/1.1 302 Found\r\nLocation: /there.ts\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), [.. Head($"Content-Length: {packets.Length}"), .. packets]);
        await using var source = await Open();
        (await ReadAll(source)).Should().Equal(packets);
        await served;
        requests[1].Should().StartWith("GET /there.ts");
    }

    [Theory]
    [InlineData("text/html", "<html><body>login</body></html>")]
    [InlineData("application/vnd.apple.mpegurl", "#EXTM3U\n#EXT-X-VERSION:3\n")]
    public async Task A_page_or_a_playlist_instead_of_a_stream_says_so(string type, string body)
    {
        var served = Serve([.. Head($"Content-Type: {type}", $"Content-Length: {body.Length}"), .. Encoding.ASCII.GetBytes(body)]);
        await using var source = await Open();
        var problem = (await Refusal(() => ReadAll(source))).Problem;
        problem.Code.Should().Be("http-ts.not-a-transport-stream");
        problem.Detail.En.Should().Contain(type);
        await served;
    }

    [Fact]
    public async Task A_connection_that_breaks_keeps_what_came_before()
    {
        var packets = Frames.Packets(50);
        var served = Serve([.. Head($"Content-Length: {packets.Length * 2}"), .. packets]);
        await using var source = await Open();
        List<byte> all = [];
        (await Refusal(() => ReadAll(source, all))).Problem.Code.Should().Be("http-ts.broken");
        all.Should().Equal(packets);
        await served;
    }

    [Fact]
    public async Task Silence_is_noticed_within_200_ms_and_given_up_after_its_limit()
    {
        var packets = Frames.Packets(20);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var served = Serve([[.. Head($"Content-Length: {packets.Length * 2}"), .. packets]], release.Task);
        await using var source = await HttpTransportStreamSource.OpenAsync(Address, new() { ReadLimit = TimeSpan.FromSeconds(4) }, TimeProvider.System, CancellationToken.None);
        var buffer = new byte[1 << 16];
        var got = 0;
        while (got < packets.Length) got += (await source.ReadAsync(buffer, CancellationToken.None)).Bytes;
        var took = await Quickest.OfAsync(async () => (await source.ReadAsync(buffer, CancellationToken.None)).Bytes.Should().Be(0), TimeSpan.FromSeconds(1));
        took.Should().BeLessThan(TimeSpan.FromSeconds(1));
        (await Refusal(() => ReadAll(source))).Problem.Code.Should().Be("http-ts.stalled");
        release.SetResult();
        await served;
    }

    [Fact]
    public async Task Bad_addresses_and_servers_that_are_not_there_are_told()
    {
        (await Refusal(() => HttpTransportStreamSource.OpenAsync("udp://239.1.1.1:5000", new(), TimeProvider.System, CancellationToken.None))).Problem.Code.Should().Be("http-ts.bad-address");
        var address = Address;
        listener.Stop();
        (await Refusal(() => HttpTransportStreamSource.OpenAsync(address, new(), TimeProvider.System, CancellationToken.None))).Problem.Code.Should().Be("http-ts.unreachable");
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_its_limit()
    {
        (await Refusal(() => HttpTransportStreamSource.OpenAsync(Address, new() { ConnectLimit = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, CancellationToken.None)))
            .Problem.Code.Should().Be("http-ts.timed-out");
    }

    private static byte[] Head(params string[] lines) => Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + string.Concat(lines.Select(l => l + "\r\n")) + "\r\n");

    private Task<HttpTransportStreamSource> Open() => HttpTransportStreamSource.OpenAsync(Address, new(), TimeProvider.System, CancellationToken.None);

    private Task Serve(params byte[][] answers) => Serve(answers, Task.CompletedTask);

    // One answer a connection; then it is closed, at once or when told.
    private async Task Serve(byte[][] answers, Task until)
    {
        foreach (var answer in answers)
        {
            var client = await listener.AcceptTcpClientAsync().WaitAsync(Limit);
            clients.Add(client);
            var request = new byte[4096];
            requests.Add(Encoding.ASCII.GetString(request, 0, await client.GetStream().ReadAsync(request)));
            await client.GetStream().WriteAsync(answer);
            await until.WaitAsync(Limit);
            client.Close();
        }
    }

    private static async Task<ProblemException> Refusal(Func<Task> action) => (await action.Should().ThrowAsync<ProblemException>()).Which;

    private static async Task<byte[]> ReadAll(HttpTransportStreamSource source, List<byte>? all = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        all ??= [];
        var buffer = new byte[1 << 16];
        while (true)
        {
            var read = await source.ReadAsync(buffer, limit.Token);
            all.AddRange(buffer[..read.Bytes]);
            if (read.Ended) return [.. all];
        }
    }
}
