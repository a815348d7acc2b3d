using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>How a receiver of SoapySDR is chosen and set.</summary>
public sealed record SoapyOptions
{
    /// <summary>Which one, as SoapySDRUtil --find prints it: <c>driver=airspy,serial=…</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Its channel, from 0.</summary>
    public int Channel { get; init; }

    /// <summary>Centre frequency to begin with, Hz.</summary>
    public required double CenterFrequencyHz { get; init; }

    /// <summary>Complex samples a second.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>16-bit integers instead of floats: half the memory, where the driver fills all sixteen bits.</summary>
    public bool Cs16 { get; init; }

    /// <summary>Antenna socket by the driver's name; null leaves it.</summary>
    public string? Antenna { get; init; }

    /// <summary>Overall gain, dB. Null turns on automatic gain where there is one, and then levels mean nothing.</summary>
    public double? GainDb { get; init; }

    /// <summary>Bandwidth of the analogue filter, Hz; null leaves it to the driver.</summary>
    public double? BandwidthHz { get; init; }

    /// <summary>Correction of the receiver's crystal, ppm, where the driver has one.</summary>
    public double Ppm { get; init; }

    /// <summary>What is known of its level, as <see cref="IqStream.DbmAtFullScale"/>.</summary>
    public double? DbmAtFullScale { get; init; }

    /// <summary>How long a reader may stay away before samples are lost (and counted).</summary>
    public TimeSpan Buffer { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After a tuning samples are dropped for so long.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Without a sample for so long, reading fails.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>A receiver by SoapySDR: Airspy, HackRF, LimeSDR, USRP, SDRplay and whatever else has a driver. Where the hardware stamps its samples, what is missing is known to the sample.</summary>
public sealed class SoapySource : ITunableIqSource
{
    private const int WaitUs = 100_000;
    private const int MaxSamplesAtOnce = 1 << 18;

    private readonly SoapyHandle device;
    private readonly nint flow;
    private readonly SoapyOptions options;
    private readonly TimeProvider time;
    private readonly SampleIntake intake;
    private readonly SemaphoreSlim tuning = new(1, 1);
    private readonly int bytesEach;
    private readonly Thread thread;
    private volatile IqStream stream;
    private volatile bool closing;
    private long? expectedNs;
    private bool disposed;

    private SoapySource(SoapyHandle device, nint flow, SoapyOptions options, double sampleRateHz, TimeProvider time)
    {
        (this.device, this.flow, this.options, this.time) = (device, flow, options, time);
        (MinHz, MaxHz) = LibSoapySdr.FrequencyRange(device, (nuint)options.Channel) ?? (0, double.MaxValue);
        stream = new IqStream("SoapySDR " + options.Device, sampleRateHz, options.CenterFrequencyHz, Origin.Live, options.DbmAtFullScale);
        var encoding = options.Cs16 ? SampleEncoding.I16Le : SampleEncoding.F32Le;
        bytesEach = 2 * encoding.Bytes();
        intake = new SampleIntake(encoding, sampleRateHz, options.Buffer);
        _ = intake.Settle(time.GetUtcNow() + options.Settling);
        thread = new Thread(Run) { IsBackground = true, Name = "soapy", Priority = ThreadPriority.AboveNormal };
        thread.Start();
    }

    /// <inheritdoc/>
    public IqStream Stream => stream;

    /// <inheritdoc/>
    public double MinHz { get; }

    /// <inheritdoc/>
    public double MaxHz { get; }

    /// <summary>What arrived and what was lost.</summary>
    public ReceiverStatistics Statistics => new(intake.Received, intake.Lost, intake.Discontinuities, 0);

    /// <summary>The receivers that are there, as <see cref="SoapyOptions.Device"/> takes them.</summary>
    /// <exception cref="ProblemException"><c>soapy.no-library</c>.</exception>
    public static IReadOnlyList<string> List()
    {
        try
        {
            return LibSoapySdr.Devices();
        }
        catch (DllNotFoundException missing)
        {
            throw new ProblemException(NativeTexts.NoSoapyLibrary, missing);
        }
    }

    /// <summary>Opens a receiver and begins to receive.</summary>
    /// <param name="options">Which one, and how it is set.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProblemException"><c>soapy.no-library</c>, <c>soapy.no-device</c>, <c>soapy.setting</c>, <c>soapy.stream</c>, <c>receiver.frequency-range</c>.</exception>
    public static SoapySource Open(SoapyOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.SampleRateHz <= 0 || !double.IsFinite(options.SampleRateHz)) throw new ArgumentOutOfRangeException(nameof(options));
        SoapyHandle? device = null;
        nint flow = 0;
        try
        {
            device = LibSoapySdr.Make(options.Device);
            if (device.IsInvalid) throw new ProblemException(NativeTexts.NoSoapy(options.Device, LibSoapySdr.LastError(), LibSoapySdr.Devices()));
            var rate = Set(device, options);
            flow = LibSoapySdr.SetUpStream(device, LibSoapySdr.Receive, options.Cs16 ? "CS16" : "CF32", (nuint)options.Channel, 1, 0);
            if (flow == 0) throw new ProblemException(NativeTexts.SoapyStream(options.Device, LibSoapySdr.LastError()));
            var status = LibSoapySdr.ActivateStream(device, flow, 0, 0, 0);
            if (status != 0) throw new ProblemException(NativeTexts.SoapyStream(options.Device, LibSoapySdr.Error(status)));
            return new SoapySource(device, flow, options, rate, time);
        }
        catch (Exception failed)
        {
            if (flow != 0) LibSoapySdr.CloseStream(device!, flow);
            device?.Dispose();
            if (failed is DllNotFoundException) throw new ProblemException(NativeTexts.NoSoapyLibrary, failed);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel) => intake.ReadAsync(interleaved, cancel);

    /// <inheritdoc/>
    public async ValueTask TuneAsync(double centerHz, CancellationToken cancel)
    {
        if (centerHz < MinHz || centerHz > MaxHz || double.IsNaN(centerHz)) throw new ProblemException(ReceiverTexts.FrequencyRange(centerHz, MinHz, MaxHz));
        await tuning.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            intake.Hold();
            // Some drivers take milliseconds, some stop and start the stream.
            var failure = await Task.Run(() => LibSoapySdr.SetFrequency(device, LibSoapySdr.Receive, (nuint)options.Channel, centerHz, 0) == 0 ? null : LibSoapySdr.LastError(), CancellationToken.None).ConfigureAwait(false);
            if (failure is null) stream = stream with { CenterFrequencyHz = centerHz };
            var settled = intake.Settle(time.GetUtcNow() + options.Settling);
            if (failure is not null) throw new ProblemException(NativeTexts.SoapySetting(options.Device, "frequency", failure));
            await settled.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            tuning.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = closing = true;
        await Task.Run(thread.Join).ConfigureAwait(false);
        intake.Fail(new ObjectDisposedException(nameof(SoapySource)));
        LibSoapySdr.DeactivateStream(device, flow, 0, 0);
        LibSoapySdr.CloseStream(device, flow);
        device.Dispose();
        tuning.Dispose();
    }

    // The rate that the receiver really makes.
    private static double Set(SoapyHandle device, SoapyOptions options)
    {
        var channel = (nuint)options.Channel;
        void Check(string what, int status)
        {
            if (status != 0) throw new ProblemException(NativeTexts.SoapySetting(options.Device, what, LibSoapySdr.LastError()));
        }
        if (LibSoapySdr.FrequencyRange(device, channel) is { } range && (options.CenterFrequencyHz < range.Min || options.CenterFrequencyHz > range.Max)) throw new ProblemException(ReceiverTexts.FrequencyRange(options.CenterFrequencyHz, range.Min, range.Max));
        if (options.Antenna is { } antenna) Check("antenna", LibSoapySdr.SetAntenna(device, LibSoapySdr.Receive, channel, antenna));
        Check("sample rate", LibSoapySdr.SetSampleRate(device, LibSoapySdr.Receive, channel, options.SampleRateHz));
        if (options.BandwidthHz is { } bandwidth) Check("bandwidth", LibSoapySdr.SetBandwidth(device, LibSoapySdr.Receive, channel, bandwidth));
        if (options.Ppm != 0 && LibSoapySdr.HasPpm(device, LibSoapySdr.Receive, channel)) Check("ppm", LibSoapySdr.SetPpm(device, LibSoapySdr.Receive, channel, options.Ppm));
        Check("frequency", LibSoapySdr.SetFrequency(device, LibSoapySdr.Receive, channel, options.CenterFrequencyHz, 0));
        if (LibSoapySdr.HasGainMode(device, LibSoapySdr.Receive, channel)) Check("gain mode", LibSoapySdr.SetAutomaticGain(device, LibSoapySdr.Receive, channel, options.GainDb is null));
        if (options.GainDb is { } gain) Check("gain", LibSoapySdr.SetGain(device, LibSoapySdr.Receive, channel, gain));
        return LibSoapySdr.SampleRate(device, LibSoapySdr.Receive, channel) is > 0 and var made && double.IsFinite(made) ? made : options.SampleRateHz;
    }

    private unsafe void Run()
    {
        var samples = (int)Math.Clamp((ulong)LibSoapySdr.StreamMtu(device, flow), 1024, MaxSamplesAtOnce);
        var buffer = GC.AllocateUninitializedArray<byte>(samples * bytesEach, pinned: true);
        var lastSamples = time.GetTimestamp();
        fixed (byte* start = buffer)
        {
            void* plane = start;
            while (!closing)
            {
                var read = LibSoapySdr.ReadStream(device, flow, &plane, (nuint)samples, out var flags, out var ns, WaitUs);
                if (read > 0)
                {
                    lastSamples = time.GetTimestamp();
                    Take(buffer.AsSpan(0, read * bytesEach), read, (flags & LibSoapySdr.HasTime) != 0 ? ns : null);
                }
                else if (read is 0 or LibSoapySdr.Timeout)
                {
                    if (time.GetElapsedTime(lastSamples) < options.IdleLimit) continue;
                    intake.Fail(new ProblemException(NativeTexts.SoapySilent(stream.Name, options.IdleLimit.TotalSeconds)));
                    return;
                }
                else if (read is LibSoapySdr.Overflow or LibSoapySdr.Corruption or LibSoapySdr.TimeError) intake.Lose(0); // how much, the next time stamp tells
                else
                {
                    intake.Fail(new ProblemException(NativeTexts.SoapyBroken(stream.Name, LibSoapySdr.Error(read))));
                    return;
                }
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, int samples, long? ns)
    {
        var rate = stream.SampleRateHz;
        if (ns is { } stamp && expectedNs is { } expected)
        {
            var missing = (stamp - expected) * rate / 1e9;
            // Stamps are rounded to nanoseconds, those of some drivers to microseconds.
            if (Math.Abs(missing) > Math.Max(1.5, 2e-6 * rate)) intake.Lose(Math.Max(0, (long)Math.Round(missing)));
        }
        expectedNs = ns + (long)Math.Round(samples * 1e9 / rate);
        intake.Accept(bytes, time.GetUtcNow());
    }
}
