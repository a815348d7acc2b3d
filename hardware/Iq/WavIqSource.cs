using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>How a WAV recording of I and Q is played.</summary>
public sealed record WavIqOptions : ReplayOptions
{
    /// <summary>The frequency at 0 Hz of the baseband; null takes it from the file (chunk <c>auxi</c>, then the file's name).</summary>
    public double? CenterFrequencyHz { get; init; }

    /// <summary>The left channel holds Q: the spectrum is mirrored back.</summary>
    public bool SwapIq { get; init; }
}

/// <summary>Replays a WAV file of two channels, I and Q, as SDR programs write it (PCM of 8, 16, 24, 32 bits, floats; RIFF, RF64, BW64), as a receiver would give it.</summary>
public sealed class WavIqSource : IIqSource
{
    private readonly IqReplay replay;
    private readonly bool swap;

    private WavIqSource(IqReplay replay, bool swap, DateTimeOffset? recordedAt, IReadOnlyList<Problem> warnings) => (this.replay, this.swap, RecordedAt, Warnings) = (replay, swap, recordedAt, warnings);

    /// <inheritdoc/>
    public IqStream Stream => replay.Stream;

    /// <summary>What is wrong with the recording and yet lets it be used: <c>wav.length</c>, <c>wav.torn</c>, <c>wav.frequency-differs</c>.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    /// <summary>Length of the recording.</summary>
    public TimeSpan Length => replay.Length;

    /// <summary>When its first sample was taken, by the program that recorded it; null where the file does not say.</summary>
    public DateTimeOffset? RecordedAt { get; }

    /// <summary>Opens a recording.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is played; by default in real time, once.</param>
    /// <exception cref="ProblemException"><c>wav.missing</c>, <c>wav.not-wav</c>, <c>wav.format</c>, <c>wav.empty</c>, <c>wav.channels</c>, <c>wav.frequency</c>, <c>wav.unreadable</c>, <c>sigmf.sample-rate-mismatch</c>.</exception>
    public static WavIqSource Open(string path, WavIqOptions? options = null)
    {
        options ??= new WavIqOptions();
        var (wav, file) = WavFile.Open(path);
        try
        {
            if (wav.Channels != 2) throw new ProblemException(WavTexts.Channels(path, wav.Channels));
            if (options.ExpectedSampleRateHz is { } expected && Math.Abs(expected - wav.SampleRateHz) > 1e-6 * expected) throw new ProblemException(Texts.SampleRateMismatch(path, wav.SampleRateHz, expected));
            var warnings = new List<Problem>(wav.Warnings);
            var (inside, outside) = (wav.Auxi is { } auxi ? WavRecording.OfAuxi(auxi) : default, WavRecording.OfName(path));
            // Half the rate: beyond it not one signal would stand where it is looked for.
            if (inside.CenterFrequencyHz is { } written && outside.CenterFrequencyHz is { } named && options.CenterFrequencyHz is null && Math.Abs(written - named) > wav.SampleRateHz / 2) warnings.Add(WavTexts.FrequencyDiffers(path, written, named));
            var frequency = options.CenterFrequencyHz ?? inside.CenterFrequencyHz ?? outside.CenterFrequencyHz ?? throw new ProblemException(WavTexts.Frequency(path));
            var stream = new IqStream(Path.GetFileName(path), wav.SampleRateHz, frequency, Origin.Replay);
            return new WavIqSource(new IqReplay(file, wav.Samples, wav.Encoding, stream, options), options.SwapIq, inside.StartedAt ?? outside.StartedAt, warnings);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel)
    {
        var read = await replay.ReadAsync(interleaved, cancel).ConfigureAwait(false);
        if (swap) Swap(interleaved.Span[..(2 * read.Samples)]);
        return read;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => replay.DisposeAsync();

    private static void Swap(Span<float> interleaved)
    {
        for (var n = 0; n < interleaved.Length; n += 2) (interleaved[n], interleaved[n + 1]) = (interleaved[n + 1], interleaved[n]);
    }
}
