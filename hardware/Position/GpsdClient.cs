using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Position;

/// <summary>How gpsd is reached.</summary>
public sealed record GpsdOptions
{
    /// <summary>Name or address.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port.</summary>
    public int Port { get; init; } = 2947;

    /// <summary>Without a report of position for so long, the last one is stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Without a byte for so long, the connection is made anew. A gpsd without receiver is silent, so this is longer than <see cref="StaleAfter"/>.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>To connect.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What a client of gpsd knows at a moment.</summary>
/// <param name="Fix">The last report of position, however old; null before the first one.</param>
/// <param name="Sky">The last that was said of the satellites.</param>
/// <param name="ReceivedAt">When <paramref name="Fix"/> came.</param>
/// <param name="IsStale">It is too old to be called where the receiver is; also before the first.</param>
/// <param name="State">How things are, for people.</param>
/// <param name="Reports">Reports of position received.</param>
/// <param name="JunkLines">Lines that were no report.</param>
/// <param name="Reconnects">Times that the connection was made anew.</param>
public sealed record GpsdStatus(GpsFix? Fix, GpsSky? Sky, DateTimeOffset? ReceivedAt, bool IsStale, Text State, long Reports, long JunkLines, int Reconnects);

/// <summary>A client of gpsd, for position and time of a probe. It connects by itself and connects anew for as long as it lives; without gpsd there is no position and it says so.</summary>
public sealed class GpsdClient : IAsyncDisposable
{
    private const int LongestLine = 64 << 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly byte[] Watch = [.. "?WATCH={\"enable\":true,\"json\":true}\n"u8];

    private readonly GpsdOptions options;
    private readonly TimeProvider time;
    private readonly Action<GpsFix>? report;
    private readonly CancellationTokenSource closing = new();
    private readonly LineSplitter lines = new(LongestLine);
    private readonly Lock gate = new();
    private readonly Task running;
    private GpsFix? fix;
    private GpsSky? sky;
    private DateTimeOffset? receivedAt;
    private Text state = PositionTexts.Connecting;
    private long reports;
    private long junk;
    private int connections;
    private long lastBytes;

    private GpsdClient(GpsdOptions options, TimeProvider time, Action<GpsFix>? report)
    {
        (this.options, this.time, this.report) = (options, time, report);
        running = Task.Run(RunAsync);
    }

    /// <summary>What is known now.</summary>
    public GpsdStatus Status
    {
        get
        {
            lock (gate)
            {
                var stale = receivedAt is not { } at || time.GetUtcNow() - at >= options.StaleAfter;
                return new GpsdStatus(fix, sky, receivedAt, stale, stale && receivedAt is { } last && state == PositionTexts.Receiving ? PositionTexts.Stale(time.GetUtcNow() - last) : state, reports, junk + lines.TooLong, Math.Max(0, connections - 1));
            }
        }
    }

    /// <summary>Starts.</summary>
    /// <param name="options">Where gpsd is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Called with each report of position, on the client's own thread; it must not throw.</param>
    public static GpsdClient Start(GpsdOptions options, TimeProvider time, Action<GpsFix>? report = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        return new GpsdClient(options, time, report);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested) return;
        await closing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        closing.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!closing.IsCancellationRequested)
        {
            var before = reports;
            try
            {
                await ConnectAndReadAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                Say(PositionTexts.Away($"{options.Host}:{options.Port}", e is SocketException ? e.Message : "timeout"));
            }
            pause = reports > before ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(pause, time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAndReadAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (var late = new CancellationTokenSource(options.ConnectLimit, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, closing.Token))
            await socket.ConnectAsync(options.Host, options.Port, either.Token).ConfigureAwait(false);
        connections++;
        lines.Restart();
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        Volatile.Write(ref lastBytes, time.GetTimestamp());
        using var watchdog = time.CreateTimer(_ => { if (time.GetElapsedTime(Volatile.Read(ref lastBytes)) >= options.IdleLimit) idle.Cancel(); }, null, options.IdleLimit / 4, options.IdleLimit / 4);
        await socket.SendAsync(Watch, idle.Token).ConfigureAwait(false);
        Say(PositionTexts.Waiting);
        var bytes = new byte[4096];
        while (true)
        {
            var read = await socket.ReceiveAsync(bytes, idle.Token).ConfigureAwait(false);
            if (read == 0) break;
            Volatile.Write(ref lastBytes, time.GetTimestamp());
            lines.Feed(bytes.AsSpan(0, read), Take);
        }
        Say(PositionTexts.Away($"{options.Host}:{options.Port}", "EOF"));
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        var parsed = GpsdReport.Parse(line);
        lock (gate)
        {
            if (parsed is null) junk++;
            if (parsed?.Sky is { } seen) sky = seen;
            if (parsed?.Fix is { } reported)
            {
                (fix, receivedAt, state) = (reported, time.GetUtcNow(), reported.HasPosition ? PositionTexts.Receiving : PositionTexts.NoFix);
                reports++;
            }
        }
        if (parsed?.Fix is { } given) report?.Invoke(given);
    }

    private void Say(Text text)
    {
        lock (gate) state = text;
    }
}
