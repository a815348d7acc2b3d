namespace SignalWatch.TransportStream;

/// <summary>Reads fields, most significant bit first. Past the end it gives zeros and remembers it: a parser reads to its end without comparing lengths, then asks <see cref="Failed"/> once.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int position;

    /// <summary>A field went past the end.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whole bytes that are left; 0 after a failure, so that a loop over them ends.</summary>
    public readonly int BytesLeft => Failed ? 0 : (bytes.Length * 8 - position) / 8;

    /// <summary>A number of up to 32 bits.</summary>
    public uint Bits(int count)
    {
        if (Failed || bytes.Length * 8 - position < count)
        {
            Failed = true;
            return 0;
        }
        uint value = 0;
        while (count > 0)
        {
            var available = 8 - (position & 7);
            var taken = Math.Min(available, count);
            var part = bytes[position >> 3] >> (available - taken) & ((1 << taken) - 1);
            value = value << taken | (uint)part;
            position += taken;
            count -= taken;
        }
        return value;
    }

    /// <summary>A number of up to 64 bits.</summary>
    public ulong Wide(int count) => count <= 32 ? Bits(count) : (ulong)Bits(count - 32) << 32 | Bits(32);

    /// <summary>A number of up to 31 bits.</summary>
    public int Int(int count) => (int)Bits(count);

    /// <summary>One bit.</summary>
    public bool Flag() => Bits(1) != 0;

    /// <summary>A two's complement number of up to 32 bits.</summary>
    public int Signed(int count) => (int)(Bits(count) << (32 - count)) >> (32 - count);

    /// <summary>Passes over bits.</summary>
    public void Skip(int count)
    {
        if (Failed || bytes.Length * 8 - position < count) Failed = true;
        else position += count;
    }

    /// <summary>The next <paramref name="count"/> bytes; at a byte boundary. Empty after a failure.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (Failed || count > BytesLeft)
        {
            Failed = true;
            return default;
        }
        var part = bytes.Slice(position >> 3, count);
        position += count * 8;
        return part;
    }

    /// <summary>All bytes that are left; at a byte boundary.</summary>
    public ReadOnlySpan<byte> Rest() => Bytes(BytesLeft);

    /// <summary>A reader of the next <paramref name="count"/> bytes. It has failed already where they are not there.</summary>
    public BitReader Part(int count)
    {
        var part = new BitReader(Bytes(count));
        if (Failed) part.Failed = true;
        return part;
    }

    /// <summary>Says that what was read contradicts itself: from here on the reader behaves as past its end.</summary>
    public void Fail() => Failed = true;
}
