using Microsoft.Win32.SafeHandles;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>An FM multiplex composite (MPX) in a WAV file: one channel, or the first of several, of 128 kHz and more. Its values are instantaneous deviations.</summary>
public sealed class MpxWavFile : IDisposable
{
    /// <summary>Deviation of full scale where nothing else is said, Hz.</summary>
    public const double DefaultFullScaleHz = 150_000;

    /// <summary>Below this rate RDS (57 kHz with its sidebands of 2.4 kHz) does not fit below the filter of a sound card.</summary>
    public const double MinSampleRateHz = 128_000;

    private const int BlockFrames = 8192;

    private readonly WavFile wav;
    private readonly SafeFileHandle file;
    private readonly string path;
    private readonly float fullScaleHz;
    private readonly byte[] bytes;
    private readonly float[] frames;
    private long position;

    private MpxWavFile(string path, WavFile wav, SafeFileHandle file, double fullScaleHz)
    {
        (this.path, this.wav, this.file, this.fullScaleHz) = (path, wav, file, (float)fullScaleHz);
        bytes = new byte[BlockFrames * wav.FrameBytes];
        frames = new float[BlockFrames * wav.Channels];
    }

    /// <summary>Samples a second.</summary>
    public double SampleRateHz => wav.SampleRateHz;

    /// <summary>Length of the recording.</summary>
    public TimeSpan Length => wav.Length;

    /// <summary>What is wrong with the file and yet lets it be used: <c>wav.length</c>, <c>wav.torn</c>, <c>wav.first-channel</c>.</summary>
    public IReadOnlyList<Problem> Warnings { get; private init; } = [];

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fullScaleHz">Deviation that full scale stands for, Hz.</param>
    /// <exception cref="ProblemException"><c>wav.missing</c>, <c>wav.not-wav</c>, <c>wav.format</c>, <c>wav.empty</c>, <c>wav.mpx-rate</c>, <c>wav.unreadable</c>.</exception>
    public static MpxWavFile Open(string path, double fullScaleHz = DefaultFullScaleHz)
    {
        if (!double.IsFinite(fullScaleHz) || fullScaleHz <= 0) throw new ArgumentOutOfRangeException(nameof(fullScaleHz));
        var (wav, file) = WavFile.Open(path);
        if (wav.SampleRateHz < MinSampleRateHz)
        {
            file.Dispose();
            throw new ProblemException(WavTexts.MpxRate(path, wav.SampleRateHz, MinSampleRateHz));
        }
        IReadOnlyList<Problem> warnings = wav.Channels == 1 ? wav.Warnings : [.. wav.Warnings, WavTexts.FirstChannel(path, wav.Channels)];
        return new MpxWavFile(path, wav, file, fullScaleHz) { Warnings = warnings };
    }

    /// <summary>Reads the next samples.</summary>
    /// <param name="deviationHz">Where they go: instantaneous deviation, Hz.</param>
    /// <returns>Samples read; 0 at the end.</returns>
    /// <exception cref="ProblemException"><c>wav.unreadable</c>.</exception>
    public int Read(Span<float> deviationHz)
    {
        var count = (int)Math.Min(Math.Min(deviationHz.Length, BlockFrames), wav.Samples.Length / wav.FrameBytes - position);
        if (count == 0) return 0;
        var block = bytes.AsSpan(0, count * wav.FrameBytes);
        try
        {
            if (!wav.Samples.Read(file, position * wav.FrameBytes, block)) throw new ProblemException(Texts.Shrunk(path));
        }
        catch (IOException e)
        {
            throw new ProblemException(WavTexts.Unreadable(path, e.Message), e);
        }
        wav.Encoding.Convert(block, frames);
        for (var n = 0; n < count; n++) deviationHz[n] = frames[n * wav.Channels] * fullScaleHz;
        position += count;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
