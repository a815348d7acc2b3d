namespace SignalWatch.TransportStream;

/// <summary>Reads the headers of one video codec, unit by unit.</summary>
internal abstract class VideoHeaders
{
    /// <summary>What the headers say; null until enough of them were read. A new record only where something changed.</summary>
    public ComponentFormat? Format { get; private set; }

    /// <summary>Sequence headers that were seen, repetitions included: the reader looks on until it saw one.</summary>
    public int SequenceHeaders { get; protected set; }

    /// <summary>What to do with a unit that begins.</summary>
    /// <param name="type">Its first byte after the start code prefix.</param>
    /// <param name="next">Its second byte.</param>
    public abstract UnitUse Use(byte type, byte next);

    /// <summary>Takes a whole unit that is kept.</summary>
    /// <param name="unit">From its type on, without emulation prevention, with a few zeros behind.</param>
    public abstract void Read(ReadOnlySpan<byte> unit);

    /// <summary>Sets the format, if it differs.</summary>
    protected void Update(ComponentFormat format)
    {
        if (Format != format) Format = format;
    }

    /// <summary>Whether a unit differs from the one before, which it then replaces: a header that is repeated each second is read once.</summary>
    protected static bool Changed(ref byte[] last, ReadOnlySpan<byte> unit)
    {
        if (unit.SequenceEqual(last)) return false;
        last = unit.ToArray();
        return true;
    }
}
