namespace SignalWatch.Hardware;

/// <summary>The latest datagrams by their extended sequence number. A later one takes the room of the one that is a whole ring older.</summary>
/// <param name="mostBytes">Bound of the memory; it is taken when the first datagram comes, and grows with what is asked for.</param>
/// <param name="mostSlots">Bound of the number of datagrams.</param>
internal sealed class DatagramRing(int mostBytes, int mostSlots)
{
    private const int LargestDatagram = 9216; // jumbo frames; what is larger was put together from fragments and is never kept
    private const int UsualStride = 1344;     // seven packets, RTP header and FEC header: 1,344 bytes
    private const int StrideUnit = 64;

    private byte[] bytes = [];
    private long[] sequences = [];
    private ushort[] lengths = [];

    /// <summary>Longest datagram that it takes.</summary>
    public int Stride { get; private set; } = UsualStride;

    /// <summary>Datagrams that the ring can hold at most, of the length seen so far.</summary>
    public int MostSlots => Math.Max(1, Math.Min(mostSlots, mostBytes / Stride));

    /// <summary>Datagrams that it holds now.</summary>
    public int Slots => sequences.Length;

    /// <summary>Room for this many of the latest datagrams, as far as the bound lets.</summary>
    public void Reserve(int slots)
    {
        slots = Math.Min(slots, MostSlots);
        if (slots > sequences.Length) Rebuild(slots, Stride);
    }

    /// <summary>Longer datagrams than <see cref="Stride"/> can be taken after <see cref="Widen"/>.</summary>
    public static bool CanWiden(int length) => length <= LargestDatagram;

    /// <summary>Takes longer datagrams from now on, and so perhaps fewer: the oldest may be gone.</summary>
    public void Widen(int length)
    {
        if (length > Stride && CanWiden(length)) Rebuild(sequences.Length, (length + StrideUnit - 1) / StrideUnit * StrideUnit);
    }

    /// <summary>Keeps a copy. False, and nothing kept, where the datagram is longer than <see cref="Stride"/>.</summary>
    public bool Store(long sequence, ReadOnlySpan<byte> datagram)
    {
        var room = Room(sequence, datagram.Length);
        if (room.IsEmpty) return false;
        datagram.CopyTo(room);
        return true;
    }

    /// <summary>Room for a datagram that the caller fills; empty where it is longer than <see cref="Stride"/>. What was there before is gone.</summary>
    public Span<byte> Room(long sequence, int length)
    {
        if (length == 0 || length > Stride) return default;
        if (sequences.Length == 0) Reserve(1);
        var slot = Slot(sequence);
        sequences[slot] = sequence;
        lengths[slot] = (ushort)length;
        return bytes.AsSpan(slot * Stride, length);
    }

    public bool Has(long sequence) => sequences.Length > 0 && sequences[Slot(sequence)] == sequence;

    /// <summary>Empty where it is not kept.</summary>
    public ReadOnlySpan<byte> Get(long sequence)
    {
        if (!Has(sequence)) return default;
        var slot = Slot(sequence);
        return bytes.AsSpan(slot * Stride, lengths[slot]);
    }

    public void Remove(long sequence)
    {
        if (Has(sequence)) sequences[Slot(sequence)] = -1;
    }

    /// <summary>Forgets everything and gives the memory back.</summary>
    public void Release() => (bytes, sequences, lengths) = ([], [], []);

    private int Slot(long sequence) => (int)((ulong)sequence % (ulong)sequences.Length);

    private void Rebuild(int slots, int newStride)
    {
        var (oldBytes, oldSequences, oldLengths, oldStride) = (bytes, sequences, lengths, Stride);
        Stride = newStride;
        slots = Math.Min(Math.Max(slots, 1), MostSlots);
        bytes = new byte[slots * Stride];
        sequences = new long[slots];
        lengths = new ushort[slots];
        Array.Fill(sequences, -1);
        for (var i = 0; i < oldSequences.Length; i++)
        {
            var sequence = oldSequences[i];
            if (sequence < 0 || sequences[Slot(sequence)] > sequence) continue; // of two that share a slot in a smaller ring the later stays
            oldBytes.AsSpan(i * oldStride, oldLengths[i]).CopyTo(bytes.AsSpan(Slot(sequence) * Stride));
            sequences[Slot(sequence)] = sequence;
            lengths[Slot(sequence)] = oldLengths[i];
        }
    }
}
