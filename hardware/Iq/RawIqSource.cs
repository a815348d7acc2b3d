using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What a file without a header leaves untold.</summary>
public sealed record RawIqOptions : ReplayOptions
{
    /// <summary>Complex samples a second.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>The frequency at 0 Hz of the baseband.</summary>
    public required double CenterFrequencyHz { get; init; }

    /// <summary>Datatype as SigMF names it: <c>cu8</c> (rtl_sdr), <c>ci8</c> (hackrf_transfer), <c>ci16_le</c>, <c>cf32_le</c> (GNU Radio) …</summary>
    public string Format { get; init; } = "cu8";
}

/// <summary>Replays a file of bare samples, as <c>rtl_sdr</c>, <c>hackrf_transfer</c> and GNU Radio write them.</summary>
public sealed class RawIqSource : IIqSource
{
    private readonly IqReplay replay;

    private RawIqSource(IqReplay replay, IReadOnlyList<Problem> warnings) => (this.replay, Warnings) = (replay, warnings);

    /// <inheritdoc/>
    public IqStream Stream => replay.Stream;

    /// <summary>What is wrong with the file and yet lets it be used: <c>iq.truncated</c>.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    /// <summary>Length of the recording.</summary>
    public TimeSpan Length => replay.Length;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What its samples are, and how they are played.</param>
    /// <exception cref="ProblemException"><c>iq.missing</c>, <c>iq.options</c>, <c>iq.empty</c>, <c>sigmf.datatype</c>, <c>sigmf.sample-rate-mismatch</c>, <c>sigmf.unreadable</c>.</exception>
    public static RawIqSource Open(string path, RawIqOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        if (!double.IsFinite(options.SampleRateHz) || options.SampleRateHz <= 0 || !double.IsFinite(options.CenterFrequencyHz) || options.CenterFrequencyHz < 0) throw new ProblemException(Texts.RawOptions(path));
        if (options.ExpectedSampleRateHz is { } expected && Math.Abs(expected - options.SampleRateHz) > 1e-6 * expected) throw new ProblemException(Texts.SampleRateMismatch(path, options.SampleRateHz, expected));
        var encoding = SigMfMeta.Encode(path, options.Format);
        var file = SigMfFiles.OpenData(path, Texts.MissingRecording(path));
        try
        {
            var each = 2 * encoding.Bytes();
            var length = RandomAccess.GetLength(file);
            var warnings = new List<Problem>();
            if (length < each) throw new ProblemException(Texts.NoRawSamples(path));
            if (length % each != 0) warnings.Add(Texts.RawTruncated(path, length % each));
            var extents = new SampleExtents();
            extents.Add(0, length / each * each);
            var stream = new IqStream(Path.GetFileName(path), options.SampleRateHz, options.CenterFrequencyHz, Origin.Replay);
            return new RawIqSource(new IqReplay(file, extents, encoding, stream, options), warnings);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel) => replay.ReadAsync(interleaved, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => replay.DisposeAsync();
}
