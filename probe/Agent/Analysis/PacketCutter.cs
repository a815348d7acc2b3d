namespace SignalWatch.Probe.Analysis;

/// <summary>Bytes, cut in any way, → packets of 188 bytes with their times. Packets with a wrong sync byte in their place are evidence too and stay; bytes that fit no packet are counted.</summary>
internal sealed class PacketCutter
{
    private const int BadToLose = 5;
    private const int HuntBytes = 16 * PacketGrid.ParityBytes;

    private readonly byte[] held = new byte[2 * HuntBytes];
    private int filled;
    private int packetBytes;
    private int bad;

    public delegate void PacketHandler(ReadOnlySpan<byte> packet, long ticks);

    /// <summary>Bytes that belong to no packet.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="ticks">When the first of them arrived, in 100 ns.</param>
    /// <param name="ticksPerByte">They are spread so; 0: all at once.</param>
    /// <param name="packet">Is given each packet, and when its first byte arrived.</param>
    public void Push(ReadOnlySpan<byte> bytes, long ticks, double ticksPerByte, PacketHandler packet)
    {
        var done = 0;
        while (true)
        {
            if (packetBytes > 0 && filled == 0) done += Run(bytes[done..], ticks + (long)(done * ticksPerByte), ticksPerByte, packet);
            if (done == bytes.Length) return;
            var wanted = packetBytes > 0 ? packetBytes : HuntBytes;
            var take = Math.Min(Math.Max(wanted - filled, 0), bytes.Length - done);
            bytes.Slice(done, take).CopyTo(held.AsSpan(filled));
            (filled, done) = (filled + take, done + take);
            var start = ticks + (long)((done - filled) * ticksPerByte);
            if (packetBytes == 0) Hunt();
            if (packetBytes > 0) Shift(Run(held.AsSpan(0, filled), start, ticksPerByte, packet));
            else if (filled == HuntBytes) Skip(HuntBytes / 2);
        }
    }

    private int Run(ReadOnlySpan<byte> bytes, long ticks, double ticksPerByte, PacketHandler packet)
    {
        var at = 0;
        var offset = packetBytes == PacketGrid.StampedBytes ? PacketGrid.StampBytes : 0;
        while (packetBytes > 0 && bytes.Length - at >= packetBytes)
        {
            bad = bytes[at + offset] == PacketGrid.SyncByte ? 0 : bad + 1;
            if (bad >= BadToLose)
            {
                (packetBytes, bad) = (0, 0);
                break;
            }
            packet(bytes.Slice(at + offset, PacketGrid.TransportBytes), ticks + (long)(at * ticksPerByte));
            at += packetBytes;
        }
        return at;
    }

    private void Hunt()
    {
        if (PacketGrid.Find(held.AsSpan(0, filled)) is not { } grid) return;
        packetBytes = grid.PacketBytes;
        Skip((int)Math.Max(0, grid.FirstSync - grid.SyncOffset));
    }

    private void Skip(int count)
    {
        SkippedBytes += count;
        Shift(count);
    }

    private void Shift(int count)
    {
        held.AsSpan(count, filled - count).CopyTo(held);
        filled -= count;
    }
}
