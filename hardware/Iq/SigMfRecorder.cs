using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>Records IQ samples as SigMF: <c>X.sigmf-data</c> and <c>X.sigmf-meta</c>.
/// <para>Both have other names while it records (<c>.part</c>). The data get theirs first, the meta file with their digest last: without it there is no recording, so a torn one never looks whole.
/// What the plug left unfinished can be finished by <see cref="Recover"/>, and says so.</para></summary>
public sealed class SigMfRecorder : IDisposable
{
    private const string Data = ".sigmf-data", Meta = ".sigmf-meta", Part = ".part";
    private const int BufferBytes = 1 << 16;

    private readonly string stem;
    private readonly RecordingDescription description;
    private readonly JsonObject meta;
    private readonly FileStream file;
    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private readonly byte[] buffer;
    private readonly float[] interleaved;
    private int filled;
    private long missing;

    /// <summary>Begins a recording.</summary>
    /// <param name="stem">Path without an ending; or with one of SigMF's.</param>
    /// <param name="description">What it is.</param>
    /// <exception cref="ProblemException"><c>sigmf.exists</c>, <c>sigmf.write-failed</c>.</exception>
    public SigMfRecorder(string stem, RecordingDescription description)
    {
        this.stem = stem.EndsWith(Data, StringComparison.Ordinal) || stem.EndsWith(Meta, StringComparison.Ordinal) ? Path.ChangeExtension(stem, null) : stem;
        (this.description, meta) = (description, RecordingMeta.Make(description));
        buffer = new byte[BufferBytes];
        interleaved = new float[BufferBytes / description.Format.BytesEachSample() * 2];
        if (File.Exists(this.stem + Data) || File.Exists(this.stem + Meta)) throw new ProblemException(RecordingTexts.Exists(this.stem));
        file = Guarded(this.stem + Data, () => new FileStream(this.stem + Data + Part, FileMode.Create, FileAccess.Write, FileShare.Read, 0));
        // With this beside the data a half recording can still say what it is of.
        Guarded(this.stem + Meta, () => WriteWhole(this.stem + Meta + Part, RecordingMeta.Bytes(meta)));
    }

    /// <summary>Complex samples so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Real and imaginary parts that did not fit and were clipped.</summary>
    public long Clipped { get; private set; }

    /// <summary>Places where samples are missing.</summary>
    public int Gaps { get; private set; }

    /// <summary>Adds samples.</summary>
    /// <param name="values">Interleaved real and imaginary parts, full scale ±1.</param>
    /// <exception cref="ProblemException"><c>sigmf.write-failed</c>: the disk takes no more.</exception>
    public void Write(ReadOnlySpan<float> values)
    {
        var each = description.Format.BytesEachSample();
        while (values.Length >= 2)
        {
            var samples = Math.Min(values.Length / 2, (buffer.Length - filled) / each);
            Clipped += description.Format.Encode(values[..(2 * samples)], description.Gain, buffer.AsSpan(filled));
            values = values[(2 * samples)..];
            filled += samples * each;
            Samples += samples;
            if (filled > buffer.Length - each) Flush();
        }
    }

    /// <summary>Adds samples that come as two arrays.</summary>
    /// <param name="re">Real parts, full scale ±1.</param>
    /// <param name="im">Imaginary parts; as many.</param>
    /// <exception cref="ProblemException"><c>sigmf.write-failed</c>: the disk takes no more.</exception>
    public void Write(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        for (var from = 0; from < re.Length;)
        {
            var count = Math.Min(re.Length - from, interleaved.Length / 2);
            for (var n = 0; n < count; n++) (interleaved[2 * n], interleaved[2 * n + 1]) = (re[from + n], im[from + n]);
            Write(interleaved.AsSpan(0, 2 * count));
            from += count;
        }
    }

    /// <summary>Samples are missing before the next one; the file says where, and how many.</summary>
    /// <param name="samples">How many.</param>
    /// <param name="at">Time of the next sample.</param>
    public void Gap(long samples, DateTimeOffset at)
    {
        missing += Math.Max(0, samples);
        Gaps++;
        RecordingMeta.AddGap(meta, Samples, Samples + missing, at);
    }

    /// <summary>Hands what was added to the system: whatever becomes of this program, it stays.</summary>
    /// <exception cref="ProblemException"><c>sigmf.write-failed</c>: the disk takes no more.</exception>
    public void Flush()
    {
        Guarded(stem + Data, () => file.Write(buffer, 0, filled));
        digest.AppendData(buffer, 0, filled);
        filled = 0;
    }

    /// <summary>Ends the recording and gives it its names; on return it is on the disk.</summary>
    /// <exception cref="ProblemException"><c>sigmf.write-failed</c>: the disk takes no more.</exception>
    public FinishedRecording Complete()
    {
        Flush();
        var sha512 = Convert.ToHexStringLower(digest.GetHashAndReset());
        Guarded(stem, () =>
        {
            file.Flush(flushToDisk: true);
            file.Dispose();
            RecordingMeta.Finish(meta, Samples, Clipped, sha512, interrupted: false);
            Publish(stem, meta);
        });
        return new FinishedRecording(Samples, Clipped, Gaps, sha512);
    }

    /// <summary>Gives it up: nothing of it stays.</summary>
    public void Abandon()
    {
        file.Dispose();
        Guarded(stem, () =>
        {
            File.Delete(stem + Data + Part);
            File.Delete(stem + Meta + Part);
        });
    }

    /// <summary>Finishes a recording that a fall of the machine left half: the whole samples that are there, with their digest, marked as interrupted (<c>signalwatch:interrupted</c>).</summary>
    /// <param name="stem">Path without an ending.</param>
    /// <returns>False where there is no unfinished recording.</returns>
    /// <exception cref="ProblemException"><c>sigmf.unrecoverable</c>: it can't be read, or does not say what it is.</exception>
    public static bool Recover(string stem)
    {
        // The plug may have come between the two names as well.
        var data = File.Exists(stem + Data + Part) ? stem + Data + Part : stem + Data;
        if (!File.Exists(stem + Meta + Part) || !File.Exists(data)) return false;
        try
        {
            var meta = JsonNode.Parse(File.ReadAllBytes(stem + Meta + Part))!.AsObject();
            var format = meta["global"]!["core:datatype"]!.GetValue<string>() == RecordingFormat.Cf32.Datatype() ? RecordingFormat.Cf32 : RecordingFormat.Ci16;
            long samples;
            string sha512;
            using (var file = new FileStream(data, FileMode.Open, FileAccess.ReadWrite))
            {
                samples = file.Length / format.BytesEachSample();
                file.SetLength(samples * format.BytesEachSample());
                sha512 = Convert.ToHexStringLower(SHA512.HashData(file));
            }
            if (data != stem + Data) File.Move(data, stem + Data);
            RecordingMeta.Finish(meta, samples, 0, sha512, interrupted: true);
            meta["global"]!.AsObject().Remove("signalwatch:clipped"); // nobody knows
            WriteWhole(stem + Meta + Part, RecordingMeta.Bytes(meta));
            File.Move(stem + Meta + Part, stem + Meta, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or NullReferenceException or KeyNotFoundException or FormatException)
        {
            throw new ProblemException(RecordingTexts.NothingToRecover(stem), e);
        }
    }

    /// <summary>Without <see cref="Complete"/> what was recorded keeps its unfinished names.</summary>
    public void Dispose()
    {
        file.Dispose();
        digest.Dispose();
    }

    private static void Publish(string stem, JsonObject meta)
    {
        WriteWhole(stem + Meta + Part, RecordingMeta.Bytes(meta));
        File.Move(stem + Data + Part, stem + Data);
        File.Move(stem + Meta + Part, stem + Meta);
    }

    private static void WriteWhole(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private static void Guarded(string path, Action write) => Guarded(path, () =>
    {
        write();
        return 0;
    });

    private static T Guarded<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(RecordingTexts.Failed(path, failed.Message), failed);
        }
    }
}
