namespace SignalWatch.TransportStream;

/// <summary>Takes a whole section; the bytes are valid during the call.</summary>
internal delegate void SectionHandler(int pid, ReadOnlySpan<byte> section);

/// <summary>Is told of a section that could not be put together.</summary>
internal delegate void BrokenSectionHandler(int pid);

/// <summary>Payloads of one PID → sections (ISO/IEC 13818-1 2.4.4). A section that lies in one packet is handed on where it lies.</summary>
internal sealed class SectionAssembler(int pid, int maxSectionBytes, SectionHandler whole, BrokenSectionHandler broken)
{
    /// <summary>Longest section of PAT, CAT and PMT.</summary>
    public const int MaxProgramSection = 1024;

    /// <summary>Longest section of all.</summary>
    public const int MaxSection = 4096;

    private const int HeaderBytes = 3; // table_id, flags, section_length
    private const byte Stuffing = 0xFF;

    /// <summary>The packet in which the section began that is handed on.</summary>
    public long FirstPacket { get; private set; }

    private byte[] buffer = [];
    private int filled; // 0: between sections

    /// <summary>Takes the payload of the next packet.</summary>
    /// <param name="payload">All after header and adaptation field.</param>
    /// <param name="unitStart">payload_unit_start_indicator: the first byte is a pointer_field.</param>
    /// <param name="packetIndex">The packet's index in the stream.</param>
    public void Push(ReadOnlySpan<byte> payload, bool unitStart, long packetIndex = 0)
    {
        if (!unitStart)
        {
            if (filled > 0) Continue(payload);
            return;
        }
        if (payload.IsEmpty || payload[0] >= payload.Length)
        {
            Drop();
            broken(pid);
            return;
        }
        var pointer = payload[0];
        if (pointer > 0 && filled > 0) Continue(payload.Slice(1, pointer));
        filled = 0; // what is unfinished where the next one begins has lost its end
        FirstPacket = packetIndex;
        Begin(payload[(1 + pointer)..]);
    }

    /// <summary>Forgets a section that is under way: packets of it are missing.</summary>
    public void Drop() => filled = 0;

    private static int Length(ReadOnlySpan<byte> section) => HeaderBytes + ((section[1] & 0x0F) << 8 | section[2]);

    private void Begin(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty && rest[0] != Stuffing)
        {
            if (rest.Length >= HeaderBytes)
            {
                var length = Length(rest);
                if (length > maxSectionBytes)
                {
                    broken(pid);
                    return;
                }
                if (rest.Length >= length)
                {
                    whole(pid, rest[..length]);
                    rest = rest[length..];
                    continue;
                }
            }
            if (buffer.Length == 0) buffer = new byte[maxSectionBytes];
            rest.CopyTo(buffer);
            filled = rest.Length;
            return;
        }
    }

    // What follows the end of a section in a packet without unit start can only be stuffing.
    private void Continue(ReadOnlySpan<byte> more)
    {
        while (filled < HeaderBytes && !more.IsEmpty)
        {
            buffer[filled++] = more[0];
            more = more[1..];
        }
        if (filled < HeaderBytes) return;
        var length = Length(buffer);
        if (length > maxSectionBytes)
        {
            Drop();
            broken(pid);
            return;
        }
        var taken = Math.Min(length - filled, more.Length);
        more[..taken].CopyTo(buffer.AsSpan(filled));
        filled += taken;
        if (filled < length) return;
        filled = 0;
        whole(pid, buffer.AsSpan(0, length));
    }
}
