using System.Buffers.Binary;

namespace SignalWatch.Simulation.TransportStream;

/// <summary>Writes single transport packets (ISO/IEC 13818-1 2.4.3).</summary>
internal static class PacketStamp
{
    public const int PacketBytes = 188;
    private static readonly byte[] Filler = CreateFiller();

    /// <summary>A null packet.</summary>
    public static void Null(Span<byte> packet)
    {
        Header(packet, 0x1FFF, start: false, counter: 0);
        packet[4..].Fill(0xFF);
    }

    /// <summary>The part of a section that fits this packet; sections begin at a packet's start.</summary>
    /// <returns>How many bytes of the section went in.</returns>
    public static int OfSection(Span<byte> packet, int pid, int counter, ReadOnlySpan<byte> section, int from)
    {
        Header(packet, pid, from == 0, counter);
        var payload = packet[4..];
        if (from == 0)
        {
            payload[0] = 0; // pointer_field
            payload = payload[1..];
        }
        var part = Math.Min(payload.Length, section.Length - from);
        section.Slice(from, part).CopyTo(payload);
        payload[part..].Fill(0xFF);
        return part;
    }

    /// <summary>A packet of an elementary stream.</summary>
    /// <param name="packet">Where it goes.</param>
    /// <param name="pid">Its PID.</param>
    /// <param name="counter">Its continuity counter.</param>
    /// <param name="pcr">Program clock reference in 27 MHz, or null.</param>
    /// <param name="pes">The PES packet that begins here, or null.</param>
    public static void OfStream(Span<byte> packet, int pid, int counter, long? pcr, PesStart? pes)
    {
        Header(packet, pid, pes is not null, counter);
        var payload = packet[4..];
        if (pcr is { } clock)
        {
            packet[3] |= 0x20;
            payload[0] = 7;
            payload[1] = 0x10; // PCR_flag
            var (pcrBase, extension) = (clock / 300 & 0x1_FFFF_FFFF, (int)(clock % 300));
            BinaryPrimitives.WriteUInt32BigEndian(payload[2..], (uint)(pcrBase >> 1));
            BinaryPrimitives.WriteUInt16BigEndian(payload[6..], (ushort)((pcrBase & 1) << 15 | 0x7E00 | (long)extension));
            payload = payload[8..];
        }
        if (pes is { } start) payload = start.Write(payload);
        Filler.AsSpan(counter * 16, payload.Length).CopyTo(payload);
    }

    private static void Header(Span<byte> packet, int pid, bool start, int counter)
    {
        packet[0] = 0x47;
        packet[1] = (byte)((start ? 0x40 : 0) | pid >> 8);
        packet[2] = (byte)pid;
        packet[3] = (byte)(0x10 | counter & 15);
    }

    // No zero byte: nothing in it looks like a start code.
    private static byte[] CreateFiller()
    {
        var filler = new byte[16 * 16 + PacketBytes];
        for (var i = 0; i < filler.Length; i++) filler[i] = (byte)(0x80 | i * 73 % 127);
        return filler;
    }
}

/// <summary>The beginning of a PES packet (2.4.3.6): stream id, its length or 0 for video, and the time stamp in 90 kHz.</summary>
internal readonly record struct PesStart(byte StreamId, ushort PacketLength, long Pts)
{
    public Span<byte> Write(Span<byte> payload)
    {
        ReadOnlySpan<byte> head = [0, 0, 1, StreamId, (byte)(PacketLength >> 8), (byte)PacketLength, 0x80, 0x80, 5];
        head.CopyTo(payload);
        payload[9] = (byte)(0x21 | (Pts >> 29 & 0x0E));
        BinaryPrimitives.WriteUInt16BigEndian(payload[10..], (ushort)(Pts >> 14 | 1));
        BinaryPrimitives.WriteUInt16BigEndian(payload[12..], (ushort)(Pts << 1 | 1));
        return payload[14..];
    }
}
