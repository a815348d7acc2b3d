namespace SignalWatch.TransportStream;

/// <summary>What the framer found next.</summary>
internal enum FrameEvent
{
    /// <summary>It wants more bytes.</summary>
    None,

    /// <summary>One packet or more, each with its sync byte.</summary>
    Packets,

    /// <summary>A packet in its place, but without its sync byte.</summary>
    BadSync,

    /// <summary>Synchronisation is lost.</summary>
    Lost,

    /// <summary>Synchronisation is gained.</summary>
    Gained,
}

/// <summary>Bytes in any pieces → runs of whole packets. Acquires after 5 good sync bytes, loses after 2 bad ones (TR 101 290 1.1). What it finds depends on the bytes alone, not on how they were cut.</summary>
internal sealed class PacketFramer
{
    public const int PacketBytes = 188;
    public const byte SyncByte = 0x47;
    private const int GoodToAcquire = 5;
    private const int BadToLose = 2;
    private const int ProofBytes = (GoodToAcquire - 1) * PacketBytes + 1; // from the first sync byte of the proof to the last
    private const int MaxRun = 64 * PacketBytes;                          // 12 KB: the caller's second look finds the headers in the L1 cache

    private readonly byte[] held = new byte[2 * ProofBytes]; // bytes that no answer has covered yet: a candidate under proof, or the head of a packet
    private int start;
    private int end;
    private int badInRow;
    private bool placesKnown; // of sync bytes in the alignment that was lost
    private long hunted;

    /// <summary>Packets are aligned.</summary>
    public bool Synced { get; private set; }

    /// <summary>Bytes that were passed over in search of sync.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Bad sync bytes at the places where the lost alignment had them; before the first sync there are none.</summary>
    public long SyncByteErrors { get; private set; }

    /// <summary>Places of packets that the search passed over since the alignment was lost: where it is gained again the count of packets goes on behind them.</summary>
    public long PlacesPassed => placesKnown ? hunted / PacketBytes : 0;

    /// <summary>Gives up the alignment, after a silence: half a packet before it and half of one after it are not one packet.</summary>
    public void Reset()
    {
        SkippedBytes += end - start;
        (start, end, badInRow, hunted) = (0, 0, 0, 0);
        Synced = placesKnown = false;
    }

    /// <summary>Takes from <paramref name="input"/> and says what comes next. To be called until it answers <see cref="FrameEvent.None"/>; then all input is taken.</summary>
    /// <param name="input">The bytes; what was taken is cut off.</param>
    /// <param name="run">Whole packets; valid until the next call.</param>
    public FrameEvent Next(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        run = default;
        if (!Synced) return Hunt(ref input);
        if (start < end) return FromHeld(ref input, out run);

        var length = GoodRun(input);
        if (length > 0)
        {
            badInRow = 0;
            run = input[..length];
            input = input[length..];
            return FrameEvent.Packets;
        }
        if (input.Length >= PacketBytes) return Bad(ref input);
        Hold(ref input, input.Length);
        return FrameEvent.None;
    }

    private static int GoodRun(ReadOnlySpan<byte> bytes)
    {
        var whole = Math.Min(bytes.Length - bytes.Length % PacketBytes, MaxRun);
        var length = 0;
        while (length < whole && bytes[length] == SyncByte) length += PacketBytes;
        return length;
    }

    private FrameEvent FromHeld(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        run = default;
        Hold(ref input, PacketBytes - (end - start));
        if (end - start < PacketBytes) return FrameEvent.None;
        ReadOnlySpan<byte> waiting = held.AsSpan(start, end - start);
        var length = GoodRun(waiting);
        if (length == 0)
        {
            var before = waiting.Length;
            var found = Bad(ref waiting);
            start += before - waiting.Length;
            return found;
        }
        badInRow = 0;
        run = waiting[..length];
        start += length;
        return FrameEvent.Packets;
    }

    // The second bad packet is not taken: the search begins at its first byte.
    private FrameEvent Bad(ref ReadOnlySpan<byte> bytes)
    {
        if (++badInRow >= BadToLose)
        {
            (badInRow, hunted) = (0, 0);
            (Synced, placesKnown) = (false, true);
            return FrameEvent.Lost;
        }
        SyncByteErrors++;
        bytes = bytes[PacketBytes..];
        return FrameEvent.BadSync;
    }

    private FrameEvent Hunt(ref ReadOnlySpan<byte> input)
    {
        while (true)
        {
            if (end - start < ProofBytes) Hold(ref input, held.Length);
            var candidate = held.AsSpan(start, end - start).IndexOf(SyncByte);
            Skip(candidate < 0 ? end - start : candidate);
            if (end - start < ProofBytes)
            {
                if (input.IsEmpty) return FrameEvent.None;
                continue;
            }
            if (Proven())
            {
                Synced = true;
                return FrameEvent.Gained;
            }
            Skip(1);
        }
    }

    private bool Proven()
    {
        for (var i = 1; i < GoodToAcquire; i++)
            if (held[start + i * PacketBytes] != SyncByte) return false;
        return true;
    }

    private void Skip(int count)
    {
        SkippedBytes += count;
        if (placesKnown)
        {
            var firstPlace = (PacketBytes - hunted % PacketBytes) % PacketBytes;
            for (var i = firstPlace; i < count; i += PacketBytes)
                if (held[start + i] != SyncByte) SyncByteErrors++;
        }
        hunted += count;
        start += count;
    }

    private void Hold(ref ReadOnlySpan<byte> input, int wanted)
    {
        if (wanted <= 0) return;
        if (start > 0)
        {
            held.AsSpan(start, end - start).CopyTo(held);
            (start, end) = (0, end - start);
        }
        var count = Math.Min(Math.Min(wanted, input.Length), held.Length - end);
        input[..count].CopyTo(held.AsSpan(end));
        end += count;
        input = input[count..];
    }
}
