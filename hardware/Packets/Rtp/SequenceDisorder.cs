namespace SignalWatch.Hardware;

/// <summary>
/// Says which packets of one path were out of order. RFC 4737 calls every packet reordered that was overtaken; where one packet runs ahead of fourteen, that accuses fourteen.
/// So a jump in the sequence numbers is judged when its hole is filled or forgotten: the fewer were moved, the overtaken ones where both are as many (as RFC 4737).
/// A hole that nothing fills is a loss, and none of this class's business.
/// </summary>
internal sealed class SequenceDisorder(ArrivalHistory history, RtpEventLog events, int path)
{
    private const int MostJumps = 16; // open at once; more is no order worth to be told from a loss

    private readonly Jump[] jumps = new Jump[MostJumps];
    private readonly long[] depths = new long[8];
    private int open;

    /// <summary>Packets that were overtaken.</summary>
    public long Overtaken { get; private set; }

    /// <summary>Packets that ran ahead.</summary>
    public long Early { get; private set; }

    /// <summary>The deepest: by how many sequence numbers a packet came too late.</summary>
    public int DeepestPackets { get; private set; }

    /// <summary>Overtaken packets by depth: 1, 2, 3–4, 5–8, 9–16, 17–32, 33–64, more.</summary>
    public ReadOnlySpan<long> Depths => depths;

    private ArrivalFlags OvertakenFlag => path == 0 ? ArrivalFlags.OvertakenFirst : ArrivalFlags.OvertakenSecond;

    /// <summary>A packet came that is beyond all before it.</summary>
    public void Advance(long sequence, long highest, long timeNs, int window)
    {
        if (open == 0 && sequence == highest + 1) return;
        while (open > 0 && highest - jumps[0].To >= window) Close(0);
        for (var i = 0; i < open; i++)
            if (!jumps[i].Filled) jumps[i].Ahead++;
        if (sequence == highest + 1) return;
        if (open == MostJumps) Close(0);
        jumps[open++] = new Jump { From = highest, To = sequence, Ahead = 1, TimeNs = timeNs };
    }

    /// <summary>A packet came that others had overtaken. It is the first of its number on this path.</summary>
    public void Fill(ref Arrival arrival, long highest, long timeNs)
    {
        arrival.Depth = (int)(highest - arrival.Sequence);
        for (var i = open - 1; i >= 0; i--)
        {
            ref var jump = ref jumps[i];
            if (arrival.Sequence <= jump.From || arrival.Sequence >= jump.To) continue;
            arrival.Flags |= OvertakenFlag;
            jump.Behind++;
            // Whoever comes after the hole's last packet follows it in order: it did not run ahead.
            jump.Filled |= arrival.Sequence == jump.To - 1;
            if (jump.Behind == jump.To - jump.From - 1) Close(i);
            return;
        }
        CountOvertaken(arrival.Sequence, arrival.Depth, timeNs);
    }

    /// <summary>Nothing follows: judges what is open.</summary>
    public void End()
    {
        while (open > 0) Close(0);
    }

    private void Close(int index)
    {
        var jump = jumps[index];
        jumps.AsSpan(index + 1, open - index - 1).CopyTo(jumps.AsSpan(index));
        open--;
        if (jump.Behind == 0) return;
        if (jump.Behind > jump.Ahead)
        {
            Early += jump.Ahead;
            events.Add(RtpEventKind.Early, jump.To, (int)jump.Ahead, jump.TimeNs, path);
            return;
        }
        // What the history has forgotten of a huge hole is not told one by one.
        for (var sequence = Math.Max(jump.From + 1, jump.To - history.Capacity); sequence < jump.To; sequence++)
        {
            var arrival = history.Peek(sequence);
            if (arrival.Has(OvertakenFlag)) CountOvertaken(sequence, arrival.Depth, arrival.TimeNs);
        }
    }

    private void CountOvertaken(long sequence, int depth, long timeNs)
    {
        Overtaken++;
        DeepestPackets = Math.Max(DeepestPackets, depth);
        depths[Math.Min(depth <= 1 ? 0 : int.Log2(depth - 1) + 1, depths.Length - 1)]++;
        events.Add(RtpEventKind.Reordered, sequence, 1, timeNs, path);
    }

    private struct Jump
    {
        public long From;    // the last before the hole
        public long To;      // the first behind it
        public long Ahead;   // came before the hole was filled
        public long Behind;  // came into the hole
        public bool Filled;
        public long TimeNs;
    }
}
