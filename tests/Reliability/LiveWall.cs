using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace SignalWatch.Reliability;

/// <summary>A wall as a browser opens it: SignalR's JSON protocol over a WebSocket, whose records end with 0x1E.</summary>
internal sealed class LiveWall : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket socket;
    private readonly List<byte> unread = [];

    private LiveWall(ClientWebSocket socket) => this.socket = socket;

    public static async Task<LiveWall> Open(Uri collector)
    {
        var wall = new LiveWall(await Connect(collector, "/hubs/wall"));
        using var limit = new CancellationTokenSource(Limit);
        await wall.socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, limit.Token);
        await wall.NextRecord();
        return wall;
    }

    public static Task<ClientWebSocket> OpenSpectrum(Uri collector) => Connect(collector, "/live/spectrum");

    /// <summary>The next message of that name; others are skipped.</summary>
    public async Task<JsonElement> Next(string target)
    {
        while (true)
        {
            using var record = JsonDocument.Parse(await NextRecord());
            if (record.RootElement.TryGetProperty("target", out var name) && name.GetString() == target) return record.RootElement.GetProperty("arguments")[0].Clone();
        }
    }

    public void Dispose() => socket.Dispose();

    private static async Task<ClientWebSocket> Connect(Uri collector, string path)
    {
        using var limit = new CancellationTokenSource(Limit);
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(collector) { Scheme = "ws", Path = path }.Uri, limit.Token);
        return socket;
    }

    private async Task<byte[]> NextRecord()
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[16 * 1024];
        int end;
        while ((end = unread.IndexOf(0x1e)) < 0)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (received.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException("the hub closed the connection");
            unread.AddRange(buffer.AsSpan(0, received.Count));
        }
        var record = unread[..end].ToArray();
        unread.RemoveRange(0, end + 1);
        return record;
    }
}
