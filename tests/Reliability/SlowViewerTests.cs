using System.Net.WebSockets;
using System.Text;

namespace SignalWatch.Reliability;

/// <summary>A wall that stops reading, among fifty, over real sockets.</summary>
public sealed class SlowViewerTests : IDisposable
{
    private const int Viewers = 49;

    private readonly string data = Directory.CreateTempSubdirectory("signalwatch-slow-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task One_viewer_that_never_reads_is_cut_off_and_the_other_forty_nine_miss_nothing()
    {
        using var collector = await CollectorProcess.Start(data, CollectorProcess.FreePort());
        using var asleep = await OpenAndSleep(collector.Client.BaseAddress!);
        var walls = await Task.WhenAll(Enumerable.Range(0, Viewers).Select(_ => LiveWall.Open(collector.Client.BaseAddress!)));
        using var stop = new CancellationTokenSource();
        var load = Load(collector.Client, stop.Token);
        try
        {
            // Each follows its deltas until the collector has given up on the one who sleeps.
            var cut = CutOff(collector.Client);
            var followed = await Task.WhenAll(walls.Select(wall => Follow(wall, cut)));
            (await cut).Should().BeTrue("a viewer that takes nothing for 10 s is cut off");
            followed.Should().OnlyContain(f => f.Unbroken, "no other viewer missed a revision, or was sent a snapshot in its place");
            followed.Max(f => f.Revision).Should().BeLessThan(followed.Min(f => f.Revision) + 20, "nobody is behind the others by more than two seconds of windows");
        }
        finally
        {
            await stop.CancelAsync();
            await load;
            foreach (var wall in walls) wall.Dispose();
        }
    }

    /// <summary>Opens the wall with a small window, and reads nothing after that.</summary>
    private static async Task<ClientWebSocket> OpenAndSleep(Uri collector)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        var wall = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await wall.ConnectAsync(new UriBuilder(collector) { Scheme = "ws", Path = "/hubs/wall" }.Uri, invoker, CancellationToken.None);
        await wall.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, CancellationToken.None);
        return wall;
    }

    /// <summary>Many carriers that come and go: large deltas, so that the buffers between fill.</summary>
    private static async Task Load(HttpClient client, CancellationToken stop)
    {
        var senders = Enumerable.Range(0, 20).Select(i => new SpoolingSender($"GZ-{i:00}", carriers: 60)).ToList();
        while (!stop.IsCancellationRequested)
            await Task.WhenAll(senders.Select(sender => sender.Send(client)));
    }

    private static async Task<bool> CutOff(HttpClient client)
    {
        for (var asked = 0; asked < 1_200; asked++) // as long as it takes to fill the system's buffers, which on a busy machine is minutes
        {
            var text = await client.GetStringAsync("/metrics");
            if (text.Contains("signalwatch_wall_viewers_dropped_total 1\n", StringComparison.Ordinal)) return true;
            await Task.Delay(500); // a real second must pass for a real collector
        }
        return false;
    }

    private static async Task<(bool Unbroken, long Revision)> Follow(LiveWall wall, Task until)
    {
        var revision = (await wall.Next("snapshot")).GetProperty("revision").GetInt64();
        var unbroken = true;
        while (!until.IsCompleted)
        {
            var delta = await wall.Next("delta");
            unbroken &= delta.GetProperty("fromRevision").GetInt64() == revision;
            revision = delta.GetProperty("revision").GetInt64();
        }
        return (unbroken, revision);
    }
}
