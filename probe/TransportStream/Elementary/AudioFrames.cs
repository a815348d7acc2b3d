namespace SignalWatch.TransportStream;

/// <summary>Elementary bytes of sound → frame format. A header counts where the next frame begins where the header says, or where two PES packets agree: sync words of 11 bits are found in any bytes.</summary>
/// <param name="primary">The syntax that the PMT declares.</param>
/// <param name="isSound">It is sound, of whatever codec: all others are tried where the declared one does not fit. Else only those whose sync words other data do not have by chance.</param>
internal sealed class AudioFrames(AudioSyntax primary, bool isSound = true)
{
    private const int MaxBytes = 8192; // two frames of the longest that broadcasts send, all substreams of an E-AC-3 access unit
    private const int HeaderReserve = 32; // bytes that a header may need at the end of what was collected

    private const int BytesForNoise = 1024;
    private const double MostForNoise = 255 + 6 * 22.6;

    private static readonly AudioSyntax[] LongSyncWords = [AudioSyntax.Ac3, AudioSyntax.Dra, AudioSyntax.Dts];
    private static readonly AudioSyntax[] Syntaxes = [.. LongSyncWords, AudioSyntax.Adts, AudioSyntax.Mpeg]; // LOAS not: its frames have too little that repeats

    private byte[] held = [];
    private int length;
    private AudioFrame? candidate; // of the last PES packet, not confirmed there

    /// <summary>Format of the frames; null until one was confirmed.</summary>
    public AudioFrame? Frame { get; private set; }

    /// <summary>A frame was confirmed, or can still be, in the PES packet since <see cref="Begin"/>.</summary>
    public bool Plausible { get; private set; }

    /// <summary>No frame was found in the PES packet since <see cref="Begin"/>, and its bytes are all equally frequent, as cipher text is.</summary>
    public bool LooksLikeNoise { get; private set; }

    /// <summary>No more bytes are wanted of this PES packet.</summary>
    public bool Full => length == MaxBytes;

    /// <summary>Nothing was collected since <see cref="Begin"/>, or it was looked through.</summary>
    public bool Empty => length == 0;

    /// <summary>Begins a PES packet.</summary>
    public void Begin() => (length, Plausible, LooksLikeNoise) = (0, false, false);

    /// <summary>Forgets what was collected.</summary>
    public void Drop() => length = 0;

    /// <summary>Takes the next bytes.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        if (held.Length == 0) held = new byte[MaxBytes];
        var taken = Math.Min(piece.Length, MaxBytes - length);
        piece[..taken].CopyTo(held.AsSpan(length));
        length += taken;
    }

    /// <summary>Looks for a frame in what was collected.</summary>
    public void End()
    {
        ReadOnlySpan<byte> bytes = held.AsSpan(0, length);
        length = 0;
        if (Find(bytes, primary, true)) return;
        candidate = null;
        // A stream that is not what the PMT calls it is neither scrambled nor silent: its frames say what it is.
        foreach (var syntax in isSound ? Syntaxes : LongSyncWords)
            if (Find(bytes, syntax, false)) return;
        LooksLikeNoise = Uniform(bytes);
    }

    private bool Find(ReadOnlySpan<byte> bytes, in AudioSyntax syntax, bool declared)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            if (!syntax.Read(bytes[at..], out var frame)) continue;
            var next = at + frame.Bytes;
            if (next > at && next < bytes.Length && syntax.Follows(bytes[next..], frame, declared ? 0 : 1))
            {
                Accept(frame);
                return true;
            }
            if (!declared || at > 0 || next > at && next + HeaderReserve < bytes.Length) continue;
            // One frame that fills the PES packet, or whose end is not known: the next PES packet will say whether it was one.
            Plausible = true;
            if (candidate is { } before && before.SameFormat(frame)) Accept(frame);
            else candidate = frame;
            return true;
        }
        return false;
    }

    // Chi-square of the bytes' counts against equal ones: 255 in the mean for noise, 22.6 its deviation. Cipher text is noise; coded sound whose frames are not known here is not.
    private static bool Uniform(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < BytesForNoise) return false;
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (var value in bytes) counts[value]++;
        double expected = bytes.Length / 256.0, sum = 0;
        foreach (var count in counts) sum += (count - expected) * (count - expected) / expected;
        return sum < MostForNoise;
    }

    private void Accept(in AudioFrame frame)
    {
        Plausible = true;
        candidate = frame;
        if (Frame is not { } known || !known.SameFormat(frame)) Frame = frame;
    }
}
