using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary>An rtl_tcp on loopback that sends one FM station, a tone of 1 kHz at 50 kHz deviation, as an RTL-SDR would: eight bits, without end. It obeys a pace, and takes whoever connects.</summary>
internal sealed class RtlTcpStation : IAsyncDisposable
{
    public static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(10);

    // What a client drops at the beginning: a whole USB transfer.
    private const int FirstBytes = 2 * 131_072;
    private const int SetUpBytes = 25; // five commands: rate, frequency, gain mode, gain, AGC
    private const double DeviationHz = 50_000, ToneHz = 1_000;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly byte[] second;
    private readonly Func<Task<Socket>, Task> connecting;
    private readonly Func<CancellationToken, ValueTask> pace;
    private readonly Task running;
    private volatile CancellationTokenSource? client; // ends the one that is connected

    /// <param name="rate">Samples a second.</param>
    /// <param name="offsetHz">Distance of the station from the centre, Hz.</param>
    /// <param name="pace">Completes when the next 10 ms may be sent.</param>
    /// <param name="connecting">Completes when somebody has connected, or before.</param>
    public RtlTcpStation(int rate, double offsetHz, Func<CancellationToken, ValueTask> pace, Func<Task<Socket>, Task> connecting)
    {
        (this.pace, this.connecting) = (pace, connecting);
        second = new byte[2 * rate];
        var random = new Random(5);
        for (var n = 0; n < rate; n++)
        {
            var t = (double)n / rate;
            var (sin, cos) = Math.SinCos(2 * Math.PI * offsetHz * t - DeviationHz / ToneHz * Math.Cos(2 * Math.PI * ToneHz * t));
            (second[2 * n], second[2 * n + 1]) = ((byte)(127.5 + 40 * cos + 2 * random.NextDouble()), (byte)(127.5 + 40 * sin + 2 * random.NextDouble()));
        }
        listener.Start();
        running = Task.Run(RunAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<(byte Id, uint Value)> Commands { get; } = new();

    /// <summary>Cuts the connection, whatever it waits for.</summary>
    public void Cut() => client?.Cancel();

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await running;
        closing.Dispose();
    }

    private async Task RunAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var accepting = listener.AcceptSocketAsync(closing.Token).AsTask();
                await connecting(accepting);
                using var accepted = await accepting;
                using var until = client = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
                await SendAsync(accepted, until.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // It is gone: the next one is waited for.
            }
        }
    }

    private async Task SendAsync(Socket to, CancellationToken until)
    {
        byte[] header = [.. "RTL0"u8, 0, 0, 0, 5, 0, 0, 0, 29];
        await to.SendAsync(header, until);
        await to.SendAsync(new byte[FirstBytes], until);
        // What comes before the client is set up counts for nothing, and no time may pass over it.
        while (to.Available < SetUpBytes)
        {
            // A client that gave up in between sends nothing any more, and its end can be read.
            if (to.Poll(0, SelectMode.SelectRead) && to.Available == 0) throw new SocketException((int)SocketError.ConnectionReset);
            until.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        var length = (int)(second.Length * Chunk.TotalSeconds);
        for (var at = 0; ; at = (at + length) % second.Length)
        {
            await pace(until);
            TakeCommands(to);
            await to.SendAsync(second.AsMemory(at, length), until);
        }
    }

    private void TakeCommands(Socket from)
    {
        var command = new byte[5];
        while (from.Available >= command.Length)
        {
            from.Receive(command);
            Commands.Enqueue((command[0], BinaryPrimitives.ReadUInt32BigEndian(command.AsSpan(1))));
        }
    }
}
