using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>Takes packets of an inner transport stream; the bytes are valid during the call.</summary>
/// <param name="plp">plp_id of the physical layer pipe.</param>
/// <param name="packets">Whole packets of 188 bytes.</param>
internal delegate void InnerPacketHandler(int plp, ReadOnlySpan<byte> packets);

/// <summary>Payloads of a T2-MI PID → packets of the transport streams inside (ETSI TS 102 773 clause 5 and annex; ETSI EN 302 755 clause 5.1).</summary>
internal sealed class T2MiReader(InnerPacketHandler handler)
{
    private const int HeaderBytes = 6;
    private const int CrcBytes = 4;
    private const int MaxPacket = HeaderBytes + 65535 / 8 + 1 + CrcBytes; // payload_len counts bits in 16 bits
    private const int BasebandFrame = 0x00;   // packet_type, table 1
    private const int FrameHeaderBytes = 3;   // frame_idx, plp_id, intl_frame_start
    private const int Streams = 8;            // t2mi_stream_id has 3 bits
    private const int Plps = 256;

    private readonly byte[] held = new byte[MaxPacket];
    private readonly int[] nextCount = NoCounts();
    private readonly BasebandStream?[] pipes = new BasebandStream?[Plps];
    private int filled;
    private bool synced;

    /// <summary>T2-MI packets with a right CRC.</summary>
    public long Packets { get; private set; }

    /// <summary>T2-MI packets that are missing by packet_count, those with a wrong CRC included (modulo 256: a longer gap shows as less).</summary>
    public long PacketsLost { get; private set; }

    /// <summary>T2-MI packets with a wrong CRC-32.</summary>
    public long CrcErrors { get; private set; }

    /// <summary>Times that the packets' places were lost: a pointer_field that points elsewhere, or outside the payload.</summary>
    public long SyncLosses { get; private set; }

    /// <summary>Baseband frames.</summary>
    public long Frames { get; private set; }

    /// <summary>Baseband frames that can't be read: header CRC-8, lengths, or no transport stream in them.</summary>
    public long BadFrames { get; private set; }

    /// <summary>Inner packets that were given up because a part of them is missing.</summary>
    public long BrokenPackets => Sum(static pipe => pipe.BrokenPackets);

    /// <summary>Null packets that were put back where the modulator had deleted them.</summary>
    public long NullPackets => Sum(static pipe => pipe.NullPackets);

    /// <summary>Takes the payload of the next packet of the PID.</summary>
    /// <param name="payload">All after header and adaptation field.</param>
    /// <param name="unitStart">payload_unit_start_indicator: the first byte is a pointer_field (TS 102 773 6.1.1).</param>
    public void Push(ReadOnlySpan<byte> payload, bool unitStart)
    {
        if (!unitStart)
        {
            if (synced) Take(payload);
            return;
        }
        if (payload.IsEmpty || payload[0] >= payload.Length)
        {
            LoseSync();
            return;
        }
        var before = payload.Slice(1, payload[0]);
        if (synced)
        {
            Take(before);
            if (filled > 0) LoseSync(); // the packet that is under way does not end where the next one begins
        }
        synced = true;
        Take(payload[(1 + before.Length)..]);
    }

    /// <summary>Packets of the PID are missing.</summary>
    public void Loss()
    {
        (filled, synced) = (0, false);
        foreach (var pipe in pipes) pipe?.Drop();
    }

    private void LoseSync()
    {
        SyncLosses++;
        Loss();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (filled < HeaderBytes)
            {
                Hold(ref bytes, HeaderBytes);
                if (filled < HeaderBytes) return;
            }
            Hold(ref bytes, PacketLength());
            if (filled < PacketLength()) return;
            filled = 0;
            TakePacket(held.AsSpan(0, PacketLength()));
        }
    }

    // payload_len is in bits, and pad bits fill the last byte.
    private int PacketLength() => HeaderBytes + (BinaryPrimitives.ReadUInt16BigEndian(held.AsSpan(4)) + 7) / 8 + CrcBytes;

    private void Hold(ref ReadOnlySpan<byte> bytes, int wanted)
    {
        var count = Math.Min(wanted - filled, bytes.Length);
        bytes[..count].CopyTo(held.AsSpan(filled));
        filled += count;
        bytes = bytes[count..];
    }

    private void TakePacket(ReadOnlySpan<byte> packet)
    {
        if (Crc32Mpeg.Compute(packet) != 0)
        {
            CrcErrors++;
            return; // its number is not to be trusted either; the next one tells that one is missing
        }
        Packets++;
        Count(packet[3] & (Streams - 1), packet[1]);
        if (packet[0] != BasebandFrame) return;
        Frames++;
        var payload = packet[HeaderBytes..^CrcBytes];
        if (payload.Length < FrameHeaderBytes)
        {
            BadFrames++;
            return;
        }
        var pipe = pipes[payload[1]] ??= new BasebandStream(payload[1], handler);
        if (!pipe.Push(payload[FrameHeaderBytes..])) BadFrames++;
    }

    private void Count(int stream, int count)
    {
        var expected = nextCount[stream];
        nextCount[stream] = (count + 1) & 0xFF;
        if (expected < 0 || expected == count) return;
        PacketsLost += (count - expected) & 0xFF;
        foreach (var pipe in pipes) pipe?.Gap();
    }

    private long Sum(Func<BasebandStream, long> of)
    {
        long sum = 0;
        foreach (var pipe in pipes)
            if (pipe is not null) sum += of(pipe);
        return sum;
    }

    private static int[] NoCounts()
    {
        var counts = new int[Streams];
        Array.Fill(counts, -1);
        return counts;
    }
}
