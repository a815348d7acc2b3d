namespace SignalWatch.TransportStream;

/// <summary>Elementary bytes of sound → frame format. A header counts where the next frame begins where the header says, or where two PES packets agree: sync words of 11 bits are found in any bytes.</summary>
/// <param name="read">Reads a frame header.</param>
/// <param name="sync">Sync word with which the next frame begins, for codecs whose header is not in each frame; 0 for the others.</param>
/// <param name="syncMask">Its bits among the first 16 of a frame.</param>
internal sealed class AudioFrames(AudioFrameReader read, int sync = 0, int syncMask = 0)
{
    private const int MaxBytes = 8192; // two frames of the longest that broadcasts send, all substreams of an E-AC-3 access unit
    private const int HeaderReserve = 32; // bytes that a header may need at the end of what was collected

    private byte[] held = [];
    private int length;
    private AudioFrame? candidate; // of the last PES packet, not confirmed there

    /// <summary>Format of the frames; null until one was confirmed.</summary>
    public AudioFrame? Frame { get; private set; }

    /// <summary>A frame was confirmed, or can still be, in the PES packet since <see cref="Begin"/>.</summary>
    public bool Plausible { get; private set; }

    /// <summary>No more bytes are wanted of this PES packet.</summary>
    public bool Full => length == MaxBytes;

    /// <summary>Nothing was collected since <see cref="Begin"/>, or it was looked through.</summary>
    public bool Empty => length == 0;

    /// <summary>Begins a PES packet.</summary>
    public void Begin() => (length, Plausible) = (0, false);

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
        for (var at = 0; at < bytes.Length; at++)
        {
            if (!read(bytes[at..], out var frame)) continue;
            var next = at + frame.Bytes;
            if (next > at && next < bytes.Length && Follows(bytes[next..], frame))
            {
                Accept(frame);
                return;
            }
            if (at > 0 || next > at && next + HeaderReserve < bytes.Length) continue;
            // One frame that fills the PES packet, or whose end is not known: the next PES packet will say whether it was one.
            Plausible = true;
            if (candidate is { } before && before.SameFormat(frame)) Accept(frame);
            else candidate = frame;
            return;
        }
        candidate = null;
    }

    private bool Follows(ReadOnlySpan<byte> bytes, in AudioFrame frame) =>
        read(bytes, out var following) ? following.SameFormat(frame) : syncMask != 0 && bytes.Length >= 2 && ((bytes[0] << 8 | bytes[1]) & syncMask) == sync;

    private void Accept(in AudioFrame frame)
    {
        Plausible = true;
        candidate = frame;
        if (Frame is not { } known || !known.SameFormat(frame)) Frame = frame;
    }
}
