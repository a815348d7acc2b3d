using System.Security.Cryptography;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>Replays a SigMF recording (SigMF 1.2; complex datatypes of 8, 16 and 32 bits and floats; archives too) as a receiver would give it.
/// <para>Its time stamps are those of the replay, not of the recording: sample n of the replay has the time at which it would have left the receiver,
/// start + n / rate, so that no delay of a reader adds up.</para></summary>
public sealed class SigMfSource : IIqSource
{
    /// <summary>Data above this size are not read through for their digest on opening.</summary>
    public const long MaxDigestedBytes = 1L << 30;

    private readonly IqReplay replay;

    private SigMfSource(IqReplay replay, SigMfMeta meta, IReadOnlyList<Problem> warnings) => (this.replay, RecordedAt, Position, Warnings) = (replay, meta.RecordedAt, meta.Position, warnings);

    /// <inheritdoc/>
    public IqStream Stream => replay.Stream;

    /// <summary>What is wrong with the recording and yet lets it be used: <c>sigmf.truncated</c>, <c>sigmf.digest-not-checked</c>, <c>sigmf.several-captures</c>, <c>sigmf.field-ignored</c>.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    /// <summary>Length of the recording.</summary>
    public TimeSpan Length => replay.Length;

    /// <summary>When its first sample was taken (<c>core:datetime</c> of the first capture); null where the recording does not say.</summary>
    public DateTimeOffset? RecordedAt { get; }

    /// <summary>Where it was recorded (<c>core:geolocation</c>); null where the recording does not say.</summary>
    public GeoPoint? Position { get; }

    /// <summary>Opens a recording.</summary>
    /// <param name="path"><c>X.sigmf-meta</c>, <c>X.sigmf-data</c> or <c>X</c>; or an archive <c>X.sigmf</c>, which is read in place.</param>
    /// <param name="options">How it is played; by default in real time, once.</param>
    /// <exception cref="ProblemException"><c>sigmf.meta-missing</c>, <c>sigmf.meta-invalid</c>, <c>sigmf.data-missing</c>, <c>sigmf.data-empty</c>, <c>sigmf.datatype</c>, <c>sigmf.sample-rate</c>,
    /// <c>sigmf.sample-rate-mismatch</c>, <c>sigmf.frequency</c>, <c>sigmf.channels</c>, <c>sigmf.field</c>, <c>sigmf.digest</c>, <c>sigmf.unreadable</c>, <c>sigmf.archive</c>, <c>sigmf.which-recording</c>.</exception>
    public static SigMfSource Open(string path, SigMfOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new SigMfOptions();
        var files = SigMfFiles.Open(path, options.Recording);
        try
        {
            var meta = files.Meta;
            if (options.ExpectedSampleRateHz is { } expected && Math.Abs(expected - meta.SampleRateHz) > 1e-6 * expected) throw new ProblemException(Texts.SampleRateMismatch(path, meta.SampleRateHz, expected));
            var warnings = new List<Problem>(meta.Warnings);
            var extents = new SampleExtents();
            extents.Add(files.Offset + meta.HeaderBytes, CountSamples(files, warnings) * 2 * meta.Encoding.Bytes());
            CheckDigest(files, warnings);
            var stream = new IqStream(files.Name, meta.SampleRateHz, meta.CenterFrequencyHz, Origin.Replay);
            return new SigMfSource(new IqReplay(files.Data, extents, meta.Encoding, stream, options), meta, warnings);
        }
        catch
        {
            files.Data.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel) => replay.ReadAsync(interleaved, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => replay.DisposeAsync();

    private static long CountSamples(SigMfFiles files, List<Problem> warnings)
    {
        var (meta, path) = (files.Meta, files.DataPath);
        var each = 2 * meta.Encoding.Bytes();
        var bytes = Math.Max(0, files.Length - Math.Min(meta.HeaderBytes, files.Length) - meta.TrailingBytes);
        var samples = bytes / each;
        if (bytes % each != 0) warnings.Add(Texts.Truncated(path, bytes % each));
        if (meta.SampleLimit is { } limit && limit < samples)
        {
            warnings.Add(Texts.SeveralFrequencies(path));
            samples = limit;
        }
        return samples > 0 ? samples : throw new ProblemException(Texts.NoSamples(path));
    }

    private static void CheckDigest(SigMfFiles files, List<Problem> warnings)
    {
        if (files.Meta.Sha512 is not { } expected) return;
        if (files.Length > MaxDigestedBytes)
        {
            warnings.Add(Texts.DigestNotChecked(files.DataPath));
            return;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var buffer = new byte[1 << 16];
        try
        {
            for (long at = 0; at < files.Length;)
            {
                var read = RandomAccess.Read(files.Data, buffer.AsSpan(0, (int)Math.Min(buffer.Length, files.Length - at)), files.Offset + at);
                if (read == 0) break;
                hash.AppendData(buffer, 0, read);
                at += read;
            }
        }
        catch (IOException e)
        {
            throw new ProblemException(Texts.Unreadable(files.DataPath, e.Message), e);
        }
        if (!Convert.ToHexStringLower(hash.GetHashAndReset()).Equals(expected, StringComparison.Ordinal)) throw new ProblemException(Texts.Digest(files.DataPath));
    }
}
