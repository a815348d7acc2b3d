using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>Replays a SigMF recording (SigMF 1.0; datatypes cu8, ci8, ci16_le, cf32_le) as a receiver would give it.
/// <para>Its time stamps are those of the replay, not of the recording: sample n of the replay has the time at which it would have left the receiver,
/// start + n / rate, so that no delay of a reader adds up.</para></summary>
public sealed class SigMfSource : IIqSource
{
    /// <summary>Files above this size are not read through for their digest on opening.</summary>
    public const long MaxDigestedBytes = 1L << 30;

    // What a receiver hands over at once. Longer blocks would delay alarms, shorter ones cost wake-ups.
    private const double BlockSeconds = 0.04;

    // A reader that is later than this has lost real time: the clock of the replay is set anew instead of racing after it.
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(2);

    private readonly SafeFileHandle file;
    private readonly SigMfMeta meta;
    private readonly SigMfOptions options;
    private readonly long samplesInFile;
    private readonly byte[] bytes;
    private long position;
    private long sinceStart;
    private DateTimeOffset start;
    private bool started;
    private bool discontinuity = true;

    private SigMfSource(string name, SafeFileHandle file, SigMfMeta meta, SigMfOptions options, long samplesInFile, IReadOnlyList<Problem> warnings)
    {
        (this.file, this.meta, this.options, this.samplesInFile, Warnings) = (file, meta, options, samplesInFile, warnings);
        Stream = new IqStream(name, meta.SampleRateHz, meta.CenterFrequencyHz, Origin.Replay);
        bytes = new byte[Math.Max(1, (int)Math.Min(BlockSeconds * meta.SampleRateHz, 4_000_000)) * meta.Format.BytesEachSample()];
    }

    /// <inheritdoc/>
    public IqStream Stream { get; }

    /// <summary>What is wrong with the recording and yet lets it be used: <c>sigmf.truncated</c>, <c>sigmf.digest-not-checked</c>, <c>sigmf.several-captures</c>.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    /// <summary>Length of the recording.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(samplesInFile / meta.SampleRateHz);

    /// <summary>Opens a recording.</summary>
    /// <param name="path"><c>X.sigmf-meta</c>, <c>X.sigmf-data</c> or <c>X</c>.</param>
    /// <param name="options">How it is played; by default in real time, once.</param>
    /// <exception cref="ProblemException"><c>sigmf.meta-missing</c>, <c>sigmf.meta-invalid</c>, <c>sigmf.data-missing</c>, <c>sigmf.data-empty</c>, <c>sigmf.datatype</c>, <c>sigmf.sample-rate</c>,
    /// <c>sigmf.sample-rate-mismatch</c>, <c>sigmf.frequency</c>, <c>sigmf.channels</c>, <c>sigmf.field</c>, <c>sigmf.digest</c>, <c>sigmf.unreadable</c>.</exception>
    public static SigMfSource Open(string path, SigMfOptions? options = null)
    {
        options ??= new SigMfOptions();
        var stem = Stem(path);
        string metaPath = stem + ".sigmf-meta", dataPath = stem + ".sigmf-data";
        var meta = SigMfMeta.Read(metaPath);
        if (options.ExpectedSampleRateHz is { } expected && Math.Abs(expected - meta.SampleRateHz) > 1e-6 * expected) throw new ProblemException(Texts.SampleRateMismatch(metaPath, meta.SampleRateHz, expected));
        var file = OpenData(dataPath);
        try
        {
            var warnings = new List<Problem>();
            var samples = CountSamples(dataPath, RandomAccess.GetLength(file), meta, warnings);
            CheckDigest(dataPath, file, meta, warnings);
            return new SigMfSource(Path.GetFileName(stem), file, meta, options, samples, warnings);
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
        cancel.ThrowIfCancellationRequested();
        if (position == samplesInFile)
        {
            if (!options.Loop) return new IqRead(0, options.Time.GetUtcNow(), false);
            (position, discontinuity) = (0, true);
        }
        var each = meta.Format.BytesEachSample();
        var samples = (int)Math.Min(Math.Min(interleaved.Length / 2, bytes.Length / each), samplesInFile - position);
        Fill(bytes.AsSpan(0, samples * each));
        meta.Format.Convert(bytes.AsSpan(0, samples * each), interleaved.Span);
        var at = options.RealTime ? await PaceAsync(samples, cancel).ConfigureAwait(false) : options.Time.GetUtcNow();
        var read = new IqRead(samples, at, discontinuity);
        position += samples;
        sinceStart += samples;
        discontinuity = false;
        return read;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    // Samples are there when the last of them has left the receiver. Times are counted from the start, so that errors of timers do not add up.
    private async ValueTask<DateTimeOffset> PaceAsync(int samples, CancellationToken cancel)
    {
        var now = options.Time.GetUtcNow();
        if (!started || now - TimeOf(sinceStart + samples) > MaxLag)
        {
            // Whoever reads so late has missed samples, as with a receiver.
            discontinuity |= started;
            (start, sinceStart, started) = (now, 0, true);
        }
        var wait = TimeOf(sinceStart + samples) - now;
        if (wait > TimeSpan.Zero) await Task.Delay(wait, options.Time, cancel).ConfigureAwait(false);
        return TimeOf(sinceStart);
    }

    private DateTimeOffset TimeOf(long sample) => start + TimeSpan.FromTicks((long)Math.Round(sample / meta.SampleRateHz * TimeSpan.TicksPerSecond));

    private void Fill(Span<byte> to)
    {
        var from = meta.HeaderBytes + position * meta.Format.BytesEachSample();
        while (!to.IsEmpty)
        {
            int read;
            try
            {
                read = RandomAccess.Read(file, to, from);
            }
            catch (IOException e)
            {
                throw new ProblemException(Texts.Unreadable(Stream.Name, e.Message), e);
            }
            if (read == 0) throw new ProblemException(Texts.Unreadable(Stream.Name, string.Create(CultureInfo.InvariantCulture, $"{from}")));
            from += read;
            to = to[read..];
        }
    }

    private static string Stem(string path)
    {
        foreach (var ending in (string[])[".sigmf-meta", ".sigmf-data"])
            if (path.EndsWith(ending, StringComparison.Ordinal)) return path[..^ending.Length];
        return path;
    }

    private static SafeFileHandle OpenData(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(Texts.MissingData(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.Unreadable(path, e.Message), e);
        }
    }

    private static long CountSamples(string path, long length, SigMfMeta meta, List<Problem> warnings)
    {
        var each = meta.Format.BytesEachSample();
        var bytes = Math.Max(0, length - meta.HeaderBytes);
        var samples = bytes / each;
        if (bytes % each != 0) warnings.Add(Texts.Truncated(path, bytes % each));
        if (meta.SampleLimit is { } limit && limit < samples)
        {
            warnings.Add(Texts.SeveralFrequencies(path));
            samples = limit;
        }
        return samples > 0 ? samples : throw new ProblemException(Texts.NoSamples(path));
    }

    private static void CheckDigest(string path, SafeFileHandle file, SigMfMeta meta, List<Problem> warnings)
    {
        if (meta.Sha512 is null) return;
        var length = RandomAccess.GetLength(file);
        if (length > MaxDigestedBytes)
        {
            warnings.Add(Texts.DigestNotChecked(path));
            return;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var buffer = new byte[1 << 16];
        for (long at = 0; at < length;)
        {
            var read = RandomAccess.Read(file, buffer, at);
            if (read == 0) break;
            hash.AppendData(buffer, 0, read);
            at += read;
        }
        if (!Convert.ToHexStringLower(hash.GetHashAndReset()).Equals(meta.Sha512, StringComparison.Ordinal)) throw new ProblemException(Texts.Digest(path));
    }
}
