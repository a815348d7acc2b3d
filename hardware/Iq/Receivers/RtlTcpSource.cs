using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>An RTL-SDR behind <c>rtl_tcp</c>. The protocol has no framing, no time stamps, no acknowledgements and no mark where samples are missing; so times are estimated from arrivals,
/// a tuning drops what may be older, and what can be known to be lost is counted. When the connection breaks it is made anew; the samples after it begin with a discontinuity.</summary>
public sealed class RtlTcpSource : ITunableIqSource
{
    private const int ReadBytes = 1 << 16;
    private static readonly TimeSpan MinSettling = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BelieveTestWithin = TimeSpan.FromSeconds(5);

    // rtl_tcp hands over whole USB transfers of 16 × 32 × 512 bytes (librtlsdr, DEFAULT_BUF_LENGTH); the first may be older than the connection's settings.
    private const int TransferSamples = 131_072;

    private readonly string host;
    private readonly int port;
    private readonly RtlTcpOptions options;
    private readonly TimeProvider time;
    private readonly SampleIntake intake;
    private readonly SemaphoreSlim commands = new(1, 1);  // bytes of two commands must not mix
    private readonly SemaphoreSlim exclusive = new(1, 1); // one tuning or test at a time
    private readonly CancellationTokenSource closing = new();
    private readonly Task running;
    private RtlTcpConnection? connection;
    private volatile IqStream stream;
    private volatile Problem? down;
    private volatile DropTest? test;
    private long lastBytes;
    private int reconnects;
    private volatile RtlTuner tuner;

    private RtlTcpSource(string host, int port, RtlTcpOptions options, TimeProvider time, RtlTcpConnection connection)
    {
        (this.host, this.port, this.options, this.time) = (host, port, options, time);
        tuner = connection.Tuner;
        stream = new IqStream($"rtl_tcp {host}:{port} ({tuner.Name})", options.SampleRateHz, options.CenterFrequencyHz, Origin.Live, options.DbmAtFullScale);
        intake = new SampleIntake(SampleEncoding.U8, options.SampleRateHz, options.Buffer);
        running = RunAsync(connection);
    }

    /// <inheritdoc/>
    public IqStream Stream => stream;

    /// <inheritdoc/>
    public double MinHz => tuner.MinHz;

    /// <inheritdoc/>
    public double MaxHz => tuner.MaxHz;

    /// <summary>What arrived and what was lost.</summary>
    public ReceiverStatistics Statistics => new(intake.Received, intake.Lost, intake.Discontinuities, reconnects);

    /// <summary>How the connection is, for people.</summary>
    public Text State => down is { } problem ? problem.Title : ReceiverTexts.Receiving;

    /// <summary>Connects and sets the receiver.</summary>
    /// <param name="host">Name or address of the server.</param>
    /// <param name="port">Its port, 1234 as a rule.</param>
    /// <param name="options">How the receiver is set.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="ProblemException"><c>rtl-tcp.unreachable</c>, <c>rtl-tcp.silent</c>, <c>rtl-tcp.closed</c>, <c>rtl-tcp.not-rtl-tcp</c>, <c>receiver.frequency-range</c>, <c>receiver.sample-rate</c>.</exception>
    public static async Task<RtlTcpSource> ConnectAsync(string host, int port, RtlTcpOptions options, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (!RtlSampleRates.Has(options.SampleRateHz)) throw new ProblemException(ReceiverTexts.SampleRate(options.SampleRateHz));
        var connection = await RtlTcpConnection.OpenAsync(host, port, options.ConnectLimit, time, cancel).ConfigureAwait(false);
        if (Reaches(connection.Tuner, options.CenterFrequencyHz)) return new RtlTcpSource(host, port, options, time, connection);
        connection.Dispose();
        throw new ProblemException(ReceiverTexts.FrequencyRange(options.CenterFrequencyHz, connection.Tuner.MinHz, connection.Tuner.MaxHz));
    }

    /// <inheritdoc/>
    public ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel) => intake.ReadAsync(interleaved, cancel);

    /// <inheritdoc/>
    public async ValueTask TuneAsync(double centerHz, CancellationToken cancel)
    {
        if (!Reaches(tuner, centerHz)) throw new ProblemException(ReceiverTexts.FrequencyRange(centerHz, MinHz, MaxHz));
        await exclusive.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            intake.Hold();
            stream = stream with { CenterFrequencyHz = Math.Round(centerHz) };
            var settled = intake.Settle(await CommandAsync(RtlTcpConnection.Command.Frequency, (uint)stream.CenterFrequencyHz).ConfigureAwait(false));
            await settled.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            exclusive.Release();
        }
    }

    /// <summary>The drop test: the receiver sends a counter instead of samples, and whatever is missing in it was lost between the receiver and here. Nothing can be read meanwhile; afterwards samples go on with a discontinuity.</summary>
    /// <param name="duration">How much signal is to be tested.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ProblemException"><c>rtl-tcp.no-test-mode</c>: the server has none; <c>rtl-tcp.test-broken</c>: there is no connection, or it broke off.</exception>
    public async Task<DropTestResult> TestDropsAsync(TimeSpan duration, CancellationToken cancel)
    {
        await exclusive.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref connection) is null) throw new ProblemException(ReceiverTexts.TestBroken(stream.Name));
            intake.Hold();
            var running = new DropTest((long)(duration.TotalSeconds * options.SampleRateHz * 2));
            try
            {
                await CommandAsync(RtlTcpConnection.Command.TestMode, 1).ConfigureAwait(false);
                test = running;
                using var late = time.CreateTimer(_ => { if (!running.Believed) running.Fail(new ProblemException(ReceiverTexts.NoTestMode(stream.Name))); }, null, BelieveTestWithin, Timeout.InfiniteTimeSpan);
                return await running.Result.WaitAsync(cancel).ConfigureAwait(false);
            }
            finally
            {
                test = null;
                // Whatever ended the test, samples of an antenna come again.
                _ = intake.Settle(await CommandAsync(RtlTcpConnection.Command.TestMode, 0).ConfigureAwait(false));
            }
        }
        finally
        {
            exclusive.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested) return;
        await closing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        closing.Dispose();
        commands.Dispose();
        exclusive.Dispose();
    }

    private static bool Reaches(RtlTuner tuner, double hz) => hz >= tuner.MinHz && hz <= tuner.MaxHz;

    // The time from which on samples are those of the command. Where the connection is down the command is part of the settings of the next one.
    private async ValueTask<DateTimeOffset> CommandAsync(RtlTcpConnection.Command command, uint value)
    {
        await commands.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref connection) is not { } open) return time.GetUtcNow() + Settling(default);
            await open.SendAsync(command, value, closing.Token).ConfigureAwait(false);
            return time.GetUtcNow() + Settling(open.RoundTrip);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The receiving side notices as well, and connects anew.
            return time.GetUtcNow() + Settling(default);
        }
        finally
        {
            commands.Release();
        }
    }

    private TimeSpan Settling(TimeSpan roundTrip) => (options.Settling > MinSettling ? options.Settling : MinSettling) + roundTrip;

    private async Task RunAsync(RtlTcpConnection first)
    {
        await Task.Yield();
        RtlTcpConnection? current = first;
        var pause = FirstPause;
        var downSince = time.GetTimestamp();
        while (!closing.IsCancellationRequested)
        {
            try
            {
                if (current is null)
                {
                    current = await RtlTcpConnection.OpenAsync(host, port, options.ConnectLimit, time, closing.Token).ConfigureAwait(false);
                    reconnects++;
                }
                await ReceiveAsync(current, () => pause = FirstPause).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is ProblemException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (down is null) downSince = time.GetTimestamp();
                down = (e as ProblemException)?.Problem ?? ReceiverTexts.RtlTcpBroken($"{host}:{port}", e.Message);
            }
            finally
            {
                Volatile.Write(ref connection, null);
                current?.Dispose();
                current = null;
            }
            test?.Fail(new ProblemException(ReceiverTexts.TestBroken(stream.Name)));
            intake.Restart();
            if (time.GetElapsedTime(downSince) + pause > options.MaxDownTime)
            {
                intake.Fail(new ProblemException(down!));
                return;
            }
            await Task.Delay(pause, time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
        intake.Fail(new ObjectDisposedException(nameof(RtlTcpSource)));
    }

    // Returns never: a connection ends with an exception.
    private async Task ReceiveAsync(RtlTcpConnection open, Action flows)
    {
        var server = $"{host}:{port}";
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        Volatile.Write(ref lastBytes, time.GetTimestamp());
        using var watchdog = time.CreateTimer(_ => { if (time.GetElapsedTime(Volatile.Read(ref lastBytes)) >= options.IdleLimit) idle.Cancel(); }, null, options.IdleLimit / 4, options.IdleLimit / 4);
        await SetUpAsync(open, idle.Token).ConfigureAwait(false);
        var bytes = new byte[ReadBytes];
        long received = 0;
        while (true)
        {
            int read;
            try
            {
                read = await open.ReceiveAsync(bytes, idle.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (!closing.IsCancellationRequested)
            {
                throw new ProblemException(ReceiverTexts.RtlTcpIdle(server, options.IdleLimit.TotalSeconds), e);
            }
            if (read == 0) throw new ProblemException(received == 0 ? ReceiverTexts.RtlTcpClosed(server) : ReceiverTexts.RtlTcpBroken(server, "EOF"));
            Volatile.Write(ref lastBytes, time.GetTimestamp());
            var old = (int)Math.Clamp(2 * TransferSamples - received, 0, read);
            received += read;
            if (old == read) continue;
            down = null;
            flows();
            test?.Feed(bytes.AsSpan(old, read - old));
            intake.Accept(bytes.AsSpan(old, read - old), time.GetUtcNow());
        }
    }

    private async Task SetUpAsync(RtlTcpConnection open, CancellationToken cancel)
    {
        await commands.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            tuner = open.Tuner;
            await open.SendAsync(RtlTcpConnection.Command.SampleRate, (uint)options.SampleRateHz, cancel).ConfigureAwait(false);
            if (options.Ppm != 0) await open.SendAsync(RtlTcpConnection.Command.Ppm, (uint)options.Ppm, cancel).ConfigureAwait(false);
            await open.SendAsync(RtlTcpConnection.Command.Frequency, (uint)stream.CenterFrequencyHz, cancel).ConfigureAwait(false);
            await open.SendAsync(RtlTcpConnection.Command.GainMode, options.GainDb is null ? 0u : 1u, cancel).ConfigureAwait(false);
            if (options.GainDb is { } gain) await open.SendAsync(RtlTcpConnection.Command.Gain, (uint)(int)Math.Round(10 * gain), cancel).ConfigureAwait(false);
            await open.SendAsync(RtlTcpConnection.Command.Agc, options.Agc ? 1u : 0u, cancel).ConfigureAwait(false);
            if (options.BiasTee is { } bias) await open.SendAsync(RtlTcpConnection.Command.BiasTee, bias ? 1u : 0u, cancel).ConfigureAwait(false);
            Volatile.Write(ref connection, open);
            _ = intake.Settle(time.GetUtcNow() + Settling(open.RoundTrip));
        }
        finally
        {
            commands.Release();
        }
    }
}
