using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>How an RTL-SDR at this machine is chosen and set.</summary>
public sealed record RtlSdrOptions
{
    /// <summary>Its serial number, as rtl_eeprom writes it; null chooses by <see cref="Index"/>. Numbers of devices change when they are plugged in, serials do not.</summary>
    public string? Serial { get; init; }

    /// <summary>Which of the devices there are, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Centre frequency to begin with, Hz.</summary>
    public required double CenterFrequencyHz { get; init; }

    /// <summary>Complex samples a second; see <see cref="RtlTcpOptions.SampleRateHz"/>.</summary>
    public double SampleRateHz { get; init; } = 2_400_000;

    /// <summary>Tuner gain, dB; the nearest that the tuner has is taken. Null leaves it to the tuner, and then levels mean nothing.</summary>
    public double? GainDb { get; init; }

    /// <summary>Correction of the receiver's crystal, ppm.</summary>
    public int Ppm { get; init; }

    /// <summary>The RTL2832's digital gain control. Levels mean nothing with it.</summary>
    public bool Agc { get; init; }

    /// <summary>4.5 V on the antenna socket.</summary>
    public bool BiasTee { get; init; }

    /// <summary>What is known of its level, as <see cref="IqStream.DbmAtFullScale"/>.</summary>
    public double? DbmAtFullScale { get; init; }

    /// <summary>How long a reader may stay away before samples are lost (and counted).</summary>
    public TimeSpan Buffer { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After a tuning samples are dropped for so long.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Without a byte for so long, reading fails.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>An RTL-SDR that is there.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">What kind it is.</param>
/// <param name="Serial">Its serial number; empty where the rights to read it are missing.</param>
public readonly record struct RtlSdrDevice(int Index, string Name, string Serial);

/// <summary>An RTL-SDR at this machine's USB, by librtlsdr.</summary>
public sealed class RtlSdrSource : ITunableIqSource
{
    private const uint Transfers = 16;
    private const double TransferSeconds = 0.01; // short ones, so that little is in flight at a tuning
    private const int UsbPacket = 512;

    private readonly RtlSdrHandle device;
    private readonly RtlSdrOptions options;
    private readonly TimeProvider time;
    private readonly RtlTuner tuner;
    private readonly SampleIntake intake;
    private readonly SemaphoreSlim tuning = new(1, 1);
    private readonly Thread thread;
    private readonly ITimer watchdog;
    private GCHandle self;
    private volatile IqStream stream;
    private volatile bool closing;
    private long lastBytes;
    private bool disposed;

    private RtlSdrSource(RtlSdrHandle device, RtlSdrDevice which, RtlSdrOptions options, double sampleRateHz, TimeProvider time)
    {
        (this.device, this.options, this.time) = (device, options, time);
        tuner = RtlTuner.Of(Librtlsdr.TunerType(device));
        stream = new IqStream(string.Create(CultureInfo.InvariantCulture, $"RTL-SDR {which.Index} {which.Serial} ({tuner.Name})"), sampleRateHz, options.CenterFrequencyHz, Origin.Live, options.DbmAtFullScale);
        intake = new SampleIntake(SampleEncoding.U8, sampleRateHz, options.Buffer);
        self = GCHandle.Alloc(this);
        lastBytes = time.GetTimestamp();
        _ = intake.Settle(time.GetUtcNow() + options.Settling);
        thread = new Thread(Run) { IsBackground = true, Name = "rtl-sdr", Priority = ThreadPriority.AboveNormal };
        thread.Start();
        watchdog = time.CreateTimer(_ => { if (time.GetElapsedTime(Volatile.Read(ref lastBytes)) >= options.IdleLimit) intake.Fail(new ProblemException(NativeTexts.RtlSdrSilent(stream.Name, options.IdleLimit.TotalSeconds))); }, null, options.IdleLimit / 4, options.IdleLimit / 4);
    }

    /// <inheritdoc/>
    public IqStream Stream => stream;

    /// <inheritdoc/>
    public double MinHz => tuner.MinHz;

    /// <inheritdoc/>
    public double MaxHz => tuner.MaxHz;

    /// <summary>What arrived and what was lost. Samples that the USB lost are seen only by their absence: from about 100 ms on.</summary>
    public ReceiverStatistics Statistics => new(intake.Received, intake.Lost, intake.Discontinuities, 0);

    /// <summary>The devices that are there.</summary>
    /// <exception cref="ProblemException"><c>rtl-sdr.no-library</c>.</exception>
    public static IReadOnlyList<RtlSdrDevice> List()
    {
        try
        {
            var devices = new List<RtlSdrDevice>();
            Span<byte> manufacturer = stackalloc byte[Librtlsdr.StringBytes], product = stackalloc byte[Librtlsdr.StringBytes], serial = stackalloc byte[Librtlsdr.StringBytes];
            for (uint n = 0; n < Librtlsdr.DeviceCount(); n++)
            {
                serial.Clear();
                var known = Librtlsdr.UsbStrings(n, manufacturer, product, serial) == 0;
                devices.Add(new RtlSdrDevice((int)n, Librtlsdr.DeviceName(n), known ? Librtlsdr.Text(serial) : ""));
            }
            return devices;
        }
        catch (DllNotFoundException missing)
        {
            throw new ProblemException(NativeTexts.NoRtlSdrLibrary, missing);
        }
    }

    /// <summary>Opens a device and begins to receive.</summary>
    /// <param name="options">Which one, and how it is set.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProblemException"><c>rtl-sdr.no-library</c>, <c>rtl-sdr.no-device</c>, <c>rtl-sdr.open</c>, <c>rtl-sdr.setting</c>, <c>receiver.frequency-range</c>, <c>receiver.sample-rate</c>.</exception>
    public static RtlSdrSource Open(RtlSdrOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (!RtlSampleRates.Has(options.SampleRateHz)) throw new ProblemException(ReceiverTexts.SampleRate(options.SampleRateHz));
        var devices = List();
        var chosen = devices.Where(d => options.Serial is { } serial ? d.Serial == serial : d.Index == options.Index).Take(1).ToList();
        if (chosen.Count == 0) throw new ProblemException(NativeTexts.NoRtlSdr(options.Serial ?? options.Index.ToString(CultureInfo.InvariantCulture), devices));
        var status = Librtlsdr.Open(out var device, (uint)chosen[0].Index);
        try
        {
            if (status != 0) throw new ProblemException(NativeTexts.RtlSdrOpen(chosen[0], status));
            return new RtlSdrSource(device, chosen[0], options, Set(device, options), time);
        }
        catch
        {
            if (status == 0) device.Dispose();
            else device.SetHandleAsInvalid();
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
            // A transfer over USB: some milliseconds.
            var status = await Task.Run(() => Librtlsdr.SetFrequency(device, (uint)Math.Round(centerHz)), CancellationToken.None).ConfigureAwait(false);
            if (status == 0) stream = stream with { CenterFrequencyHz = Math.Round(centerHz) };
            var settled = intake.Settle(time.GetUtcNow() + options.Settling);
            if (status != 0) throw new ProblemException(NativeTexts.RtlSdrSetting(stream.Name, "rtlsdr_set_center_freq", status));
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
        await watchdog.DisposeAsync().ConfigureAwait(false);
        await Task.Run(() =>
        {
            // Cancelling is refused while reading has not begun yet.
            do Librtlsdr.CancelAsync(device);
            while (!thread.Join(20));
        }).ConfigureAwait(false);
        intake.Fail(new ObjectDisposedException(nameof(RtlSdrSource)));
        self.Free();
        device.Dispose();
        tuning.Dispose();
    }

    // The rate that the resampler really makes.
    private static double Set(RtlSdrHandle device, RtlSdrOptions options)
    {
        var name = options.Serial ?? options.Index.ToString(CultureInfo.InvariantCulture);
        void Check(string what, int status)
        {
            if (status < 0) throw new ProblemException(NativeTexts.RtlSdrSetting(name, what, status));
        }
        var tuner = RtlTuner.Of(Librtlsdr.TunerType(device));
        if (options.CenterFrequencyHz < tuner.MinHz || options.CenterFrequencyHz > tuner.MaxHz) throw new ProblemException(ReceiverTexts.FrequencyRange(options.CenterFrequencyHz, tuner.MinHz, tuner.MaxHz));
        Check("rtlsdr_set_sample_rate", Librtlsdr.SetSampleRate(device, (uint)options.SampleRateHz));
        if (options.Ppm != 0) Check("rtlsdr_set_freq_correction", Librtlsdr.SetPpm(device, options.Ppm));
        Check("rtlsdr_set_center_freq", Librtlsdr.SetFrequency(device, (uint)options.CenterFrequencyHz));
        Check("rtlsdr_set_tuner_gain_mode", Librtlsdr.SetManualGain(device, options.GainDb is null ? 0 : 1));
        if (options.GainDb is { } gain) Check("rtlsdr_set_tuner_gain", Librtlsdr.SetGain(device, NearestGain(device, gain)));
        Check("rtlsdr_set_agc_mode", Librtlsdr.SetAgc(device, options.Agc ? 1 : 0));
        if (options.BiasTee) Check("rtlsdr_set_bias_tee", Librtlsdr.SetBiasTee(device, 1));
        Check("rtlsdr_reset_buffer", Librtlsdr.ResetBuffer(device));
        return Librtlsdr.SampleRate(device) is > 0 and var made ? made : options.SampleRateHz;
    }

    private static unsafe int NearestGain(RtlSdrHandle device, double gainDb)
    {
        var count = Librtlsdr.TunerGains(device, null);
        var wanted = (int)Math.Round(10 * gainDb);
        if (count is <= 0 or > 1024) return wanted;
        var gains = stackalloc int[count];
        Librtlsdr.TunerGains(device, gains);
        var nearest = gains[0];
        for (var n = 1; n < count; n++)
            if (Math.Abs(gains[n] - wanted) < Math.Abs(nearest - wanted)) nearest = gains[n];
        return nearest;
    }

    private unsafe void Run()
    {
        var bytes = (uint)((int)(TransferSeconds * 2 * stream.SampleRateHz) / UsbPacket * UsbPacket);
        var status = Librtlsdr.ReadAsync(device, &Take, GCHandle.ToIntPtr(self), Transfers, bytes);
        if (!closing) intake.Fail(new ProblemException(NativeTexts.RtlSdrBroken(stream.Name, status)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe void Take(byte* bytes, uint length, nint context)
    {
        // No exception may reach the library: it would end the process.
        try
        {
            var source = (RtlSdrSource)GCHandle.FromIntPtr(context).Target!;
            Volatile.Write(ref source.lastBytes, source.time.GetTimestamp());
            source.intake.Accept(new ReadOnlySpan<byte>(bytes, (int)length), source.time.GetUtcNow());
        }
        catch (Exception)
        {
            // Only while the source is being taken down.
        }
    }
}
