using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>Baseband frames of one physical layer pipe → packets of its transport stream (ETSI EN 302 755 5.1.5 to 5.1.7).</summary>
internal sealed class BasebandStream(int plp, InnerPacketHandler handler)
{
    private const int HeaderBytes = 10;
    private const int PacketBytes = 188;
    private const int PayloadBytes = 187;     // the sync byte is not sent, or its place holds a CRC-8
    private const int NoPacketStarts = 0xFFFF;
    private const int TransportStream = 3;    // TS/GS field of MATYPE, table 2
    private const byte SyncByte = 0x47;
    private const int MaxUnit = 1 + PayloadBytes + 3 + 1; // CRC-8, payload, ISSY, DNP
    private const int BatchPackets = 64;

    private readonly byte[] unit = new byte[MaxUnit];       // a user packet that goes over frames
    private readonly byte[] batch = new byte[BatchPackets * PacketBytes];
    private int unitFilled;
    private int unitLength;   // 0 between frames whose form is not known
    private int batched;
    private bool started;     // the place of the next user packet is known
    private bool suspect;     // a T2-MI packet is missing since the last frame

    /// <summary>User packets that were given up because a part of them is missing.</summary>
    public long BrokenPackets { get; private set; }

    /// <summary>Deleted null packets that were put back.</summary>
    public long NullPackets { get; private set; }

    /// <summary>Forgets what is under way.</summary>
    public void Drop()
    {
        if (unitFilled > 0) BrokenPackets++;
        (unitFilled, started) = (0, false);
    }

    /// <summary>A T2-MI packet is missing, maybe of this pipe: the next frame shows whether its packets go on.</summary>
    public void Gap() => suspect = true;

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">BBHEADER and data field.</param>
    /// <returns>False where it can't be read.</returns>
    public bool Push(ReadOnlySpan<byte> frame)
    {
        if (!BasebandHeader.TryRead(frame, out var header))
        {
            Drop();
            return false;
        }
        if (header.StreamType != TransportStream || header.UnitBytes == 0 || header.DataBytes > frame.Length - HeaderBytes)
        {
            Drop();
            return false;
        }
        if (header.UnitBytes != unitLength)
        {
            if (unitLength != 0) Drop();
            unitLength = header.UnitBytes;
        }
        TakeField(frame.Slice(HeaderBytes, header.DataBytes), header);
        Flush();
        return true;
    }

    private void TakeField(ReadOnlySpan<byte> field, in BasebandHeader header)
    {
        if (header.SyncBytes == NoPacketStarts)
        {
            if (started && unitFilled + field.Length <= unitLength) Append(ref field, header);
            else Drop();
            suspect = false;
            return;
        }
        var first = Math.Min(header.SyncBytes, field.Length);
        // The end of the packet that is under way must fill the field up to the first one that starts in it.
        if (started && (unitFilled == 0 ? 0 : unitLength - unitFilled) == first)
        {
            var end = field[..first];
            if (suspect && unitFilled > 0) Drop(); // a frame between may be missing that left the same place
            else if (!end.IsEmpty) Append(ref end, header);
        }
        else Drop();
        (started, suspect) = (true, false);
        field = field[first..];
        while (!field.IsEmpty) Append(ref field, header);
    }

    private void Append(ref ReadOnlySpan<byte> field, in BasebandHeader header)
    {
        if (unitFilled == 0 && field.Length >= unitLength)
        {
            Emit(field[..unitLength], header);
            field = field[unitLength..];
            return;
        }
        var count = Math.Min(unitLength - unitFilled, field.Length);
        field[..count].CopyTo(unit.AsSpan(unitFilled));
        unitFilled += count;
        field = field[count..];
        if (unitFilled < unitLength) return;
        unitFilled = 0;
        Emit(unit.AsSpan(0, unitLength), header);
    }

    // 5.1.6: DNP, the last byte of a user packet, counts the null packets that were deleted before it.
    private void Emit(ReadOnlySpan<byte> packet, in BasebandHeader header)
    {
        if (header.NullPacketsDeleted)
        {
            for (var nulls = packet[^1]; nulls > 0; nulls--) PutBackNull();
        }
        var target = Next();
        target[0] = SyncByte;
        packet.Slice(header.IsHighEfficiency ? 0 : 1, PayloadBytes).CopyTo(target[1..]);
    }

    private void PutBackNull()
    {
        NullPackets++;
        var target = Next();
        target.Fill(0xFF);
        target[0] = SyncByte;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], Pids.Null);
        target[3] = 0x10;
    }

    private Span<byte> Next()
    {
        if (batched == BatchPackets) Flush();
        return batch.AsSpan(batched++ * PacketBytes, PacketBytes);
    }

    private void Flush()
    {
        if (batched == 0) return;
        var count = batched;
        batched = 0;
        handler(plp, batch.AsSpan(0, count * PacketBytes));
    }
}
