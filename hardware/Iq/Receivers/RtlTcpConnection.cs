using System.Buffers.Binary;
using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>The tuners that rtl_tcp names in its header (enum rtlsdr_tuner of rtl-sdr.h), with the frequencies that they reach (osmocom's table of tuners).</summary>
internal sealed record RtlTuner(string Name, double MinHz, double MaxHz)
{
    public static RtlTuner Of(uint type) => type switch
    {
        1 => new("E4000", 52e6, 2_200e6),
        2 => new("FC0012", 22e6, 948.6e6),
        3 => new("FC0013", 22e6, 1_100e6),
        4 => new("FC2580", 146e6, 924e6),
        5 => new("R820T", 24e6, 1_766e6),
        6 => new("R828D", 24e6, 1_766e6),
        _ => new("?", 22e6, 2_200e6),
    };
}

/// <summary>One TCP connection to an rtl_tcp: its header, its commands, its bytes.</summary>
internal sealed class RtlTcpConnection : IDisposable
{
    private const int HeaderBytes = 12;
    private const int SocketBuffer = 1 << 20;

    private readonly Socket socket;

    private RtlTcpConnection(Socket socket, RtlTuner tuner, int gains, TimeSpan roundTrip) => (this.socket, Tuner, Gains, RoundTrip) = (socket, tuner, gains, roundTrip);

    /// <summary>Commands (rtl_tcp.c): one byte, then a 32-bit number, most significant byte first.</summary>
    public enum Command : byte
    {
        Frequency = 0x01,
        SampleRate = 0x02,
        GainMode = 0x03,
        Gain = 0x04,
        Ppm = 0x05,
        TestMode = 0x07,
        Agc = 0x08,
        BiasTee = 0x0E,
    }

    public RtlTuner Tuner { get; }

    /// <summary>Steps of gain that the tuner has.</summary>
    public int Gains { get; }

    /// <summary>Time to the server and back, by the time that connecting took.</summary>
    public TimeSpan RoundTrip { get; }

    /// <exception cref="ProblemException">The server can't be reached, says nothing, or is none.</exception>
    public static async Task<RtlTcpConnection> OpenAsync(string host, int port, TimeSpan limit, TimeProvider time, CancellationToken cancel)
    {
        var server = $"{host}:{port}";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SocketBuffer };
        var connected = false;
        try
        {
            using var late = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
            var began = time.GetTimestamp();
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            connected = true;
            var roundTrip = time.GetElapsedTime(began);
            var header = new byte[HeaderBytes];
            for (var got = 0; got < HeaderBytes;)
            {
                var read = await socket.ReceiveAsync(header.AsMemory(got), either.Token).ConfigureAwait(false);
                if (read == 0) throw new ProblemException(ReceiverTexts.RtlTcpClosed(server));
                got += read;
                // A web server or an SSH daemon is told by its first bytes.
                if (!"RTL0"u8.StartsWith(header.AsSpan(0, Math.Min(got, 4)))) throw new ProblemException(ReceiverTexts.NotRtlTcp(server));
            }
            return new RtlTcpConnection(socket, RtlTuner.Of(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4))), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)), roundTrip);
        }
        catch (Exception failed)
        {
            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw failed switch
            {
                OperationCanceledException => new ProblemException(connected ? ReceiverTexts.RtlTcpSilent(server, limit.TotalSeconds) : ReceiverTexts.RtlTcpUnreachable(server, $"{limit.TotalSeconds} s"), failed),
                SocketException refused => new ProblemException(connected ? ReceiverTexts.RtlTcpClosed(server) : ReceiverTexts.RtlTcpUnreachable(server, refused.Message), failed),
                ProblemException => failed,
                _ => new ProblemException(ReceiverTexts.RtlTcpUnreachable(server, failed.Message), failed),
            };
        }
    }

    public async ValueTask SendAsync(Command command, uint value, CancellationToken cancel)
    {
        var bytes = new byte[5];
        bytes[0] = (byte)command;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), value);
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), cancel).ConfigureAwait(false);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> to, CancellationToken cancel) => socket.ReceiveAsync(to, cancel);

    public void Dispose() => socket.Dispose();
}
