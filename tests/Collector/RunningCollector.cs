using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SignalWatch.Contracts;
using SignalWatch.Rules;
using SignalWatch.Tests;

namespace SignalWatch.Collector.Tests;

/// <summary>A whole collector in process, on a real store in a folder of its own, with a clock that the test moves.</summary>
internal sealed class RunningCollector : IAsyncDisposable
{
    public static readonly Guid Boot = Guid.Parse("01930000-0000-7000-8000-000000000001");

    private readonly string? console;
    private WebApplication app = null!;
    private bool running;
    private Func<CollectorOptions, CollectorOptions> adjust = options => options;

    private RunningCollector(string folder, ManualTime time, string? console) => (Folder, Time, this.console) = (folder, time, console);

    public string Folder { get; }

    public ManualTime Time { get; }

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    public static async Task<RunningCollector> Start(string? console = null, RulePack? pack = null, string? folder = null, Func<CollectorOptions, CollectorOptions>? adjust = null)
    {
        var collector = new RunningCollector(folder ?? Directory.CreateTempSubdirectory("signalwatch-collector-").FullName, new ManualTime(), console);
        if (adjust is not null) collector.adjust = adjust;
        await collector.Open(pack);
        return collector;
    }

    /// <summary>Stops cleanly; <see cref="Restart"/> starts again.</summary>
    public Task Stop() => Close();

    /// <summary>Stops cleanly and starts on the same data.</summary>
    public async Task Restart(RulePack? pack = null)
    {
        await Close();
        await Open(pack);
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        Directory.Delete(Folder, recursive: true);
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public static string Line(long sequence, string subject = "frequency:440106/97800000", bool onAir = true, string probe = "GZ-03", Guid? boot = null, string kind = "fm.carrier", string? facts = null, DateTimeOffset? at = null) =>
        FormattableString.Invariant($$$"""
        {"boot":"{{{boot ?? Boot}}}","sequence":{{{sequence}}},"observation":{"id":"{{{Guid.CreateVersion7()}}}","probe":"{{{probe}}}","watch":"fm","subject":"{{{subject}}}","kind":"{{{kind}}}",
        """) + FormattableString.Invariant($$$"""
        "at":"{{{at ?? new DateTimeOffset(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8)):O}}}","origin":"live","facts":{{{facts ?? Carrier(onAir)}}}}}
        """);

    private static string Carrier(bool onAir) => $$"""{"frequency_hz":97800000,"on_air":{{(onAir ? "true" : "false")}},"modulated":true,"level_dbm":-40.5}""";

    public Task<HttpResponseMessage> Post(params string[] lines) => Client.PostAsync("/api/v1/observations", new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson"));

    /// <summary>As a probe whose clock stands at <paramref name="sent"/>.</summary>
    public async Task DeliverSentAt(string? sent, params string[] lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/observations") { Content = new StringContent(string.Join('\n', lines)) };
        if (sent is not null) request.Headers.Add("SignalWatch-Sent", sent);
        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    public async Task<IngestReply> Deliver(params string[] lines)
    {
        using var response = await Post(lines);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<IngestReply>(WireJson.Options))!;
    }

    public async Task<T> Read<T>(string path) => (await Client.GetFromJsonAsync<T>(path, WireJson.Options))!;

    public async Task<HttpResponseMessage> Acknowledge(AlarmId alarm, long version, string actor = "王值班", string? note = null) =>
        await Client.PostAsJsonAsync($"/api/v1/alarms/{alarm}/acknowledge", new Acknowledgement(actor, version, note), WireJson.Options);

    /// <summary>A wall, as a browser is one: SignalR's JSON protocol over a WebSocket.</summary>
    public async Task<HubViewer> Connect(string? origin = null)
    {
        var sockets = ((TestServer)app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()).CreateWebSocketClient();
        if (origin is not null) sockets.ConfigureRequest = request => request.Headers.Origin = origin;
        return await HubViewer.Join(await sockets.ConnectAsync(new Uri("ws://localhost/hubs/wall"), CancellationToken.None));
    }

    public async Task<WebSocket> ConnectSpectrum() =>
        await ((TestServer)app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()).CreateWebSocketClient().ConnectAsync(new Uri("ws://localhost/live/spectrum"), CancellationToken.None);

    private async Task Open(RulePack? pack)
    {
        app = CollectorHost.Build(adjust(new CollectorOptions { DataFolder = Folder, ConsoleFolder = console }), pack ?? TestPack.Of(TestPack.Carrier), Time, builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Logging.ClearProviders();
        });
        await app.StartAsync();
        Client = app.GetTestClient();
        running = true;
    }

    private async Task Close()
    {
        if (!running) return; // a start that was refused left nothing to close
        running = false;
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>Forty lines of SignalR's JSON protocol: records end with 0x1E.</summary>
internal sealed class HubViewer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly WebSocket socket;
    private readonly List<byte> unread = [];

    private HubViewer(WebSocket socket) => this.socket = socket;

    public static async Task<HubViewer> Join(WebSocket socket)
    {
        var viewer = new HubViewer(socket);
        await viewer.Send("""{"protocol":"json","version":1}""");
        await viewer.NextRecord();
        return viewer;
    }

    public Task Invoke(string target, params string[] arguments) => Send($$"""{"type":1,"target":"{{target}}","arguments":{{JsonSerializer.Serialize(arguments)}}}""");

    /// <summary>The next message of that name; others are skipped.</summary>
    public async Task<T> Next<T>(string target)
    {
        while (true)
        {
            using var record = JsonDocument.Parse(await NextRecord());
            if (!record.RootElement.TryGetProperty("target", out var name) || name.GetString() != target) continue;
            return record.RootElement.GetProperty("arguments")[0].Deserialize<T>(WireJson.Options)!;
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task Send(string record)
    {
        using var limit = new CancellationTokenSource(Limit);
        await socket.SendAsync(Encoding.UTF8.GetBytes(record + '\u001e'), WebSocketMessageType.Text, true, limit.Token);
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
