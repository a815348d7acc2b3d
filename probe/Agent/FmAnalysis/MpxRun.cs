using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>A file of a multiplex signal, from its first sample to its last.</summary>
internal sealed class MpxRun(IqAddress address, IqOptions options, TimeSpan? duration)
{
    private const int PieceSamples = 4096;
    private const double IntervalSeconds = 1;

    /// <summary>What is to be heard of it.</summary>
    public StationTap? Tap { get; init; }

    /// <summary>Gets what was measured each second, and what the station says of itself.</summary>
    public Action<StationReading?, RdsReading?>? OnReading { get; init; }

    /// <summary>What is wrong with the file and yet lets it be used.</summary>
    public List<Problem> Warnings { get; } = [];

    /// <summary>Samples a second.</summary>
    public double SampleRateHz { get; private set; }

    /// <summary>Time of signal.</summary>
    public TimeSpan Length { get; private set; }

    /// <summary>Whether an address names such a file: a WAV of one channel.</summary>
    /// <exception cref="ProblemException">It is a WAV that can't be read.</exception>
    public static bool Fits(IqAddress address) => address.Kind == IqKind.Wav && WavFile.Describe(address.Target).Channels == 1;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="ProblemException">The file can't be read, or has no room for a multiplex signal.</exception>
    public void Run(SignalProgress? progress, CancellationToken cancel)
    {
        using var file = MpxWavFile.Open(address.Target, options.FullScaleHz ?? MpxWavFile.DefaultFullScaleHz);
        SampleRateHz = file.SampleRateHz;
        Warnings.AddRange(file.Warnings);
        var limit = duration is { } all && all < file.Length ? all : file.Length;
        var receiver = StationReceiver.ForMpx(SampleRateHz, Tap);
        var piece = new float[PieceSamples];
        var most = (long)Math.Round(limit.TotalSeconds * SampleRateHz);
        // Whole intervals to the end of the file: a rest of half a second would be lost.
        var intervals = Math.Max(1, (long)Math.Round(limit.TotalSeconds / IntervalSeconds));
        long samples = 0, before = 0;
        progress?.Begin(limit);
        for (long interval = 1; interval <= intervals && !cancel.IsCancellationRequested; interval++)
        {
            var due = most * interval / intervals;
            while (samples < due && file.Read(piece.AsSpan(0, (int)Math.Min(piece.Length, due - samples))) is > 0 and var read)
            {
                receiver.Process(piece.AsSpan(0, read));
                samples += read;
            }
            if (samples == before) break;
            Report(receiver, (samples - before) / SampleRateHz);
            before = samples;
            Length = TimeSpan.FromSeconds(samples / SampleRateHz);
            progress?.Update(Length);
        }
        if (cancel.IsCancellationRequested) Warnings.Add(FmTexts.Interrupted(Length.TotalSeconds));
    }

    // How it was received nobody knows: the noise of the multiplex alone decides.
    private void Report(StationReceiver receiver, double seconds) => OnReading?.Invoke(receiver.Read(new Reception(double.NaN, Overload: false, Torn: false, seconds)), receiver.ReadRds());
}
