namespace SignalWatch.Probe.Analysis;

/// <summary>The last seconds of packets with their times, in blocks that are used again: nothing is allocated a packet. Packets are numbered from 0 on.</summary>
/// <param name="keepTicks">Packets older than this, in 100 ns, may go.</param>
/// <param name="mostBytes">Never more memory than this: then the oldest go before their time.</param>
internal sealed class PacketRing(long keepTicks, long mostBytes)
{
    private const int BlockPackets = 4096;
    private const int BlockBytes = BlockPackets * (PacketGrid.TransportBytes + sizeof(long));

    private readonly Queue<Block> blocks = new();
    private readonly Stack<Block> free = new();
    private readonly int mostBlocks = (int)Math.Max(2, mostBytes / BlockBytes);
    private Block? last;
    private int allocated;

    /// <summary>Number of the oldest packet.</summary>
    public long First => blocks.Count > 0 ? blocks.Peek().First : Next;

    /// <summary>Number that the next packet gets.</summary>
    public long Next { get; private set; }

    /// <summary>Packets that went before their time, for want of memory.</summary>
    public long DroppedEarly { get; private set; }

    /// <summary>Memory in use.</summary>
    public long Bytes => (long)allocated * BlockBytes;

    /// <summary>Keeps a packet.</summary>
    /// <param name="packet">188 bytes.</param>
    /// <param name="ticks">When it arrived, in 100 ns.</param>
    /// <param name="needed">Packets from this number on must stay while there is memory, whatever their age.</param>
    public void Add(ReadOnlySpan<byte> packet, long ticks, long needed)
    {
        if (last is null || last.Count == BlockPackets) last = Begin(ticks, needed);
        packet.CopyTo(last.Bytes.AsSpan(last.Count * PacketGrid.TransportBytes));
        last.Ticks[last.Count++] = ticks;
        Next++;
    }

    /// <summary>Gives the packets from a number on, until the handler answers false.</summary>
    /// <returns>Number of the packet at which it ended.</returns>
    public long Read(long from, Func<ReadOnlyMemory<byte>, long, bool> packet)
    {
        foreach (var block in blocks)
        {
            if (block.First + block.Count <= from) continue;
            for (var i = (int)Math.Max(0, from - block.First); i < block.Count; i++)
                if (!packet(block.Bytes.AsMemory(i * PacketGrid.TransportBytes, PacketGrid.TransportBytes), block.Ticks[i])) return block.First + i;
        }
        return Next;
    }

    /// <summary>Number of the first packet that is not older than a time.</summary>
    public long Find(long ticks)
    {
        foreach (var block in blocks)
        {
            if (block.Ticks[block.Count - 1] < ticks) continue;
            for (var i = 0; i < block.Count; i++)
                if (block.Ticks[i] >= ticks) return block.First + i;
        }
        return Next;
    }

    private Block Begin(long ticks, long needed)
    {
        while (blocks.Count > 1 && blocks.Peek() is var old && old.Ticks[old.Count - 1] < ticks - keepTicks && old.First + old.Count <= needed) free.Push(blocks.Dequeue());
        if (free.Count == 0 && allocated == mostBlocks)
        {
            var early = blocks.Dequeue();
            DroppedEarly += early.Count;
            free.Push(early);
        }
        if (!free.TryPop(out var block))
        {
            block = new Block();
            allocated++;
        }
        (block.First, block.Count) = (Next, 0);
        blocks.Enqueue(block);
        return block;
    }

    private sealed class Block
    {
        public readonly byte[] Bytes = new byte[BlockPackets * PacketGrid.TransportBytes];
        public readonly long[] Ticks = new long[BlockPackets];
        public long First;
        public int Count;
    }
}
