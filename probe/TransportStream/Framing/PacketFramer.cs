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

    /// <summary>While searching: a place at which the lost alignment had a packet has no sync byte.</summary>
    BadPlace,

    /// <summary>Synchronisation is gained.</summary>
    Gained,
}

/// <summary>Bytes in any pieces → runs of whole packets of 188, 192 (M2TS: four bytes of arrival time before each) or 204 bytes (sixteen of Reed-Solomon parity after each).
/// Acquires after 5 good sync bytes, loses after 2 bad ones (TR 101 290 1.1). What it finds depends on the bytes alone, not on how they were cut.</summary>
internal sealed class PacketFramer
{
    public const int PacketBytes = 188;
    public const int StampedBytes = 192;
    public const int ParityBytes = 204;
    public const byte SyncByte = 0x47;
    public const int StampBytes = StampedBytes - PacketBytes;
    private const int GoodToAcquire = 5;
    private const int BadToLose = 2;
    private const int MaxRunPackets = 64; // 12 KB: the caller's second look finds the headers in the L1 cache

    private static readonly int[] Strides = [PacketBytes, ParityBytes, StampedBytes];

    private readonly byte[] held = new byte[2 * GoodToAcquire * ParityBytes]; // bytes that no answer has covered yet: a candidate under proof, or the head of a packet
    private int start;
    private int end;
    private int lead;         // bytes before the candidate that may be its time stamp
    private int badInRow;
    private int badPlaces;    // to be told of
    private bool placesKnown; // of sync bytes in the alignment that was lost
    private long hunted;

    /// <summary>Packets are aligned.</summary>
    public bool Synced { get; private set; }

    /// <summary>Bytes from one packet to the next.</summary>
    public int Stride { get; private set; } = PacketBytes;

    /// <summary>Where the sync byte is in a packet of <see cref="Stride"/> bytes.</summary>
    public int SyncOffset => Stride == StampedBytes ? StampBytes : 0;

    /// <summary>Bytes that were handed on or passed over since the beginning.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that were passed over in search of sync.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Places of packets that the search passed over since the alignment was lost: where it is gained again the count of packets goes on behind them.</summary>
    public long PlacesPassed => placesKnown ? hunted / Stride : 0;

    /// <summary>The alignment that was gained is the one that was lost: what was passed over were packets, with wrong sync bytes.</summary>
    public bool IsSameAlignment => placesKnown && hunted % Stride == 0;

    /// <summary>Gives up the alignment, after a silence: half a packet before it and half of one after it are not one packet.</summary>
    public void Reset()
    {
        SkippedBytes += end - start;
        Position += end - start;
        (start, end, lead, badInRow, badPlaces, hunted) = (0, 0, 0, 0, 0, 0);
        Synced = placesKnown = false;
    }

    /// <summary>Takes from <paramref name="input"/> and says what comes next. To be called until it answers <see cref="FrameEvent.None"/>; then all input is taken.</summary>
    /// <param name="input">The bytes; what was taken is cut off.</param>
    /// <param name="run">Whole packets of <see cref="Stride"/> bytes; valid until the next call.</param>
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
            Position += length;
            return FrameEvent.Packets;
        }
        if (input.Length >= Stride) return Bad(ref input);
        Hold(ref input, input.Length);
        return FrameEvent.None;
    }

    private int GoodRun(ReadOnlySpan<byte> bytes)
    {
        var (stride, offset) = (Stride, SyncOffset);
        var whole = Math.Min(bytes.Length / stride, MaxRunPackets) * stride;
        var length = 0;
        while (length < whole && bytes[length + offset] == SyncByte) length += stride;
        return length;
    }

    private FrameEvent FromHeld(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> run)
    {
        run = default;
        Hold(ref input, Stride - (end - start));
        if (end - start < Stride) return FrameEvent.None;
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
        Position += length;
        return FrameEvent.Packets;
    }

    // The second bad packet is not taken: the search begins at its first byte.
    private FrameEvent Bad(ref ReadOnlySpan<byte> bytes)
    {
        if (++badInRow >= BadToLose)
        {
            (badInRow, hunted, lead) = (0, 0, 0);
            (Synced, placesKnown) = (false, true);
            return FrameEvent.Lost;
        }
        bytes = bytes[Stride..];
        Position += Stride;
        return FrameEvent.BadSync;
    }

    private FrameEvent Hunt(ref ReadOnlySpan<byte> input)
    {
        while (true)
        {
            if (badPlaces > 0)
            {
                badPlaces--;
                return FrameEvent.BadPlace;
            }
            Hold(ref input, held.Length);
            var found = held.AsSpan(start + lead, end - start - lead).IndexOf(SyncByte);
            if (found < 0)
            {
                PassTo(end);
                if (input.IsEmpty) return badPlaces > 0 ? Hunt(ref input) : FrameEvent.None;
                continue;
            }
            if (found > 0) PassTo(start + lead + found);
            else if (Prove(held.AsSpan(start + lead, end - start - lead)) is not { } stride)
            {
                if (input.IsEmpty) return FrameEvent.None;
            }
            else if (stride == 0) PassTo(start + lead + 1);
            else
            {
                Align(stride);
                if (badPlaces > 0) continue;
                if (IsSameAlignment) SkippedBytes -= hunted;
                Synced = true;
                return FrameEvent.Gained;
            }
        }
    }

    // A stamp that is not there any more costs its packet: the units begin with the next one.
    private void Align(int stride)
    {
        if (stride != StampedBytes) Skip(lead);
        else if (lead < StampBytes) Skip(lead + PacketBytes);
        lead = 0;
        if (stride != Stride) (Stride, placesKnown) = (stride, false);
    }

    // Null: more bytes are needed; 0: none fits.
    private static int? Prove(ReadOnlySpan<byte> candidate)
    {
        var open = false;
        foreach (var stride in Strides)
        {
            var good = 1;
            while (good < GoodToAcquire && good * stride < candidate.Length && candidate[good * stride] == SyncByte) good++;
            if (good == GoodToAcquire) return stride;
            open |= good * stride >= candidate.Length;
        }
        return open ? null : 0;
    }

    // Makes `candidate` the next place to look at, and keeps the bytes before it that may be its time stamp.
    private void PassTo(int candidate)
    {
        var keep = Math.Min(StampBytes, candidate - start);
        Skip(candidate - keep - start);
        lead = keep;
    }

    private void Skip(int count)
    {
        SkippedBytes += count;
        Position += count;
        if (placesKnown)
        {
            var firstPlace = (int)((Stride - (hunted - SyncOffset) % Stride) % Stride);
            for (var i = firstPlace; i < count; i += Stride)
                if (held[start + i] != SyncByte) badPlaces++;
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
