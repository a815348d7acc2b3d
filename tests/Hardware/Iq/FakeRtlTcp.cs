using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>An rtl_tcp on loopback that moves a clock as it sends: 10 ms of samples, then 10 ms of time, once the client has taken them. I of its samples tells the frequency, Q whether they are settled.</summary>
internal sealed class FakeRtlTcp : IAsyncDisposable
{
    public const int Rate = 1_000_000;
    public const byte Settled = 200;
    private const int Chunk = Rate / 100;
    private const int FirstTransfer = 131_072;
    private const int ChunksInFlight = 2;   // a command is followed by what was on its way
    private const int ChunksUnsettled = 2;
    private const int SetUpBytes = 20;     // four commands: rate, frequency, gain mode, AGC

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ManualTime time;
    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource<RtlTcpSource> client = new();
    private readonly Task running;
    private TaskCompletionSource wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? socket;
    private int mhz;
    private bool testMode;
    private int chunksToTune = -1;
    private byte sent;
    private byte counter;

    public FakeRtlTcp(ManualTime time)
    {
        this.time = time;
        listener.Start();
        running = Task.Run(RunAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Commands of all connections, a (0, 0) before each connection's.</summary>
    public ConcurrentQueue<(byte Id, uint Value)> Commands { get; } = new();

    /// <summary>Where the counter of the test mode leaves out bytes.</summary>
    public int CounterSkips { get; set; }

    /// <summary>Sends nothing more, but stays.</summary>
    public bool Mute { get; set; }

    /// <summary>Takes no more connections.</summary>
    public bool Refuse { get; set; }

    /// <summary>The value of I at a frequency.</summary>
    public static byte Level(int mhz) => (byte)(mhz % 100 + 20);

    public async Task<RtlTcpSource> ConnectAsync(Func<RtlTcpOptions, RtlTcpOptions>? with = null)
    {
        var options = new RtlTcpOptions { CenterFrequencyHz = 98e6, SampleRateHz = Rate, GainDb = 29.7, Buffer = TimeSpan.FromSeconds(30), ConnectLimit = TimeSpan.FromHours(1), MaxDownTime = TimeSpan.FromHours(1) };
        var source = await RtlTcpSource.ConnectAsync("127.0.0.1", Port, with?.Invoke(options) ?? options, time, default).WaitAsync(Hang.Limit);
        client.SetResult(source);
        return source;
    }

    /// <summary>Sends, and lets time pass, for as long as somebody waits for it: so a slow test loses nothing.</summary>
    public async Task<T> While<T>(Task<T> waiting)
    {
        wanted.TrySetResult();
        try
        {
            return await waiting.WaitAsync(Hang.Limit);
        }
        finally
        {
            wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Breaks the connection.</summary>
    public void Break() => socket?.Dispose();

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        socket?.Dispose();
        listener.Stop();
        await running;
        closing.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!closing.IsCancellationRequested)
            {
                var accepting = listener.AcceptSocketAsync(closing.Token).AsTask();
                // The client waits before it connects anew.
                while (!accepting.IsCompleted)
                {
                    if (client.Task.IsCompleted) time.Advance(TimeSpan.FromMilliseconds(100));
                    await Task.Yield();
                }
                using var accepted = socket = await accepting;
                if (Refuse) continue;
                Commands.Enqueue((0, 0));
                await SendAsync(accepted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task SendAsync(Socket to)
    {
        try
        {
            byte[] header = [.. "RTL0"u8, 0, 0, 0, 5, 0, 0, 0, 29];
            await to.SendAsync(header);
            var source = await client.Task.WaitAsync(closing.Token);
            await to.SendAsync(new byte[2 * FirstTransfer]);
            while (to.Available < SetUpBytes) await Task.Yield();
            var expected = source.Statistics.SamplesReceived;
            while (true)
            {
                await wanted.Task.WaitAsync(closing.Token);
                TakeCommands(to);
                if (!Mute)
                {
                    await to.SendAsync(Next());
                    expected += Chunk;
                    while (source.Statistics.SamplesReceived < expected && !Gone(to) && !closing.IsCancellationRequested) await Task.Yield();
                }
                time.Advance(TimeSpan.FromMilliseconds(10));
                if (Gone(to)) return;
                closing.Token.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private static bool Gone(Socket client) => client.Poll(0, SelectMode.SelectRead) && client.Available == 0;

    private byte[] Next()
    {
        var bytes = new byte[2 * Chunk];
        if (testMode)
        {
            for (var n = 0; n < bytes.Length; n++) bytes[n] = counter++;
            counter += (byte)CounterSkips;
            return bytes;
        }
        var chunk = --chunksToTune;
        if (chunk == 0) sent = Level(mhz);
        var settled = chunk is > 0 or < -ChunksUnsettled ? Settled : (byte)60;
        for (var n = 0; n < bytes.Length; n += 2) (bytes[n], bytes[n + 1]) = (sent, settled);
        return bytes;
    }

    // Before each 10 ms of samples, so that it does not depend on threads when a command counts.
    private void TakeCommands(Socket from)
    {
        var command = new byte[5];
        while (from.Available >= 5)
        {
            from.Receive(command);
            var value = BinaryPrimitives.ReadUInt32BigEndian(command.AsSpan(1));
            Commands.Enqueue((command[0], value));
            if (command[0] == 7) testMode = value == 1;
            if (command[0] != 1) continue;
            mhz = (int)(value / 1_000_000);
            chunksToTune = ChunksInFlight + 1;
        }
    }
}
