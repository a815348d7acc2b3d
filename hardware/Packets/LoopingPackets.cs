namespace SignalWatch.Hardware;

/// <summary>The packets of a file, one after the other, over its end as often as wanted.</summary>
internal sealed class LoopingPackets(TransportStreamFile file, int? loops)
{
    private long index;
    private long loop;

    /// <summary>Packets given.</summary>
    public long Given { get; private set; }

    /// <summary>Fills the buffer with whole packets.</summary>
    /// <returns>How many; fewer than fit only at the end of the last loop.</returns>
    public int Read(Span<byte> buffer)
    {
        var filled = 0;
        while (buffer.Length - filled * TransportStreamFile.PacketBytes >= TransportStreamFile.PacketBytes)
        {
            if (index >= file.Packets)
            {
                if (loop + 1 >= loops) break;
                (index, loop) = (0, loop + 1);
            }
            var rest = buffer[(filled * TransportStreamFile.PacketBytes)..];
            var count = file.Read(index, rest);
            if (count == 0) break; // the file became shorter: what is gone can't be played
            for (var i = 0; i < count; i++) file.Seam.Apply(rest.Slice(i * TransportStreamFile.PacketBytes, TransportStreamFile.PacketBytes), index + i, loop);
            index += count;
            filled += count;
        }
        Given += filled;
        return filled;
    }
}
