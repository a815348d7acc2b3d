using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>The packets of a file, one after the other, over its end as often as wanted, as they are in the file.</summary>
internal sealed class LoopingPackets(TransportStreamFile file, int? loops)
{
    private const uint ArrivalMask = 0x3FFF_FFFF; // M2TS: two bits of copy permission, then 30 bits of a 27 MHz clock

    private long index;
    private long loop;

    /// <summary>Packets given.</summary>
    public long Given { get; private set; }

    /// <summary>Fills the buffer with whole packets.</summary>
    /// <returns>How many; fewer than fit only at the end of the last loop.</returns>
    public int Read(Span<byte> buffer)
    {
        var size = file.Layout.Size;
        var filled = 0;
        while (buffer.Length - filled * size >= size)
        {
            if (index >= file.Packets)
            {
                if (loop + 1 >= loops) break;
                (index, loop) = (0, loop + 1);
            }
            var rest = buffer[(filled * size)..];
            var count = file.Read(index, rest);
            if (count == 0) break; // the file became shorter: what is gone can't be played
            for (var i = 0; i < count; i++)
            {
                file.Seam.Apply(file.Packet(rest, i), index + i, loop);
                if (file.Layout.SyncOffset > 0 && loop > 0) MoveArrival(rest[(i * size)..]);
            }
            index += count;
            filled += count;
        }
        Given += filled;
        return filled;
    }

    // The arrival clock of M2TS goes on as the PCR does, or each loop would look like a stall.
    private void MoveArrival(Span<byte> packet)
    {
        var stamp = BinaryPrimitives.ReadUInt32BigEndian(packet);
        var moved = (uint)((stamp + (Int128)Math.Round(file.Seam.ShiftTicks * loop)) & ArrivalMask);
        BinaryPrimitives.WriteUInt32BigEndian(packet, stamp & ~ArrivalMask | moved);
    }
}
