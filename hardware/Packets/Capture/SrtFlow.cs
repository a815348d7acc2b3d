namespace SignalWatch.Hardware;

/// <summary>Data packets of an SRT connection in the order of their sequence numbers, with what is missing counted. Memory is bounded by a window; where the latency is over, the gap stays a gap.</summary>
internal sealed class SrtFlow(SrtStatistics statistics)
{
    /// <summary>Takes a payload in its turn.</summary>
    internal delegate void InOrder(ReadOnlySpan<byte> payload, long timeNs);

    private const int Window = 4096; // 5 Mb of 1,316-byte packets: one second at 43 Mb/s; a faster stream has less patience
    private const int LargestPayload = 9000;
    private const long DefaultPatienceNs = 1_000_000_000;
    private const long Millisecond = 1_000_000;
    private const int RestartAfter = 1 << 20; // a jump that no loss explains: the sender began anew

    private readonly Slot[] slots = new Slot[Window];
    private bool begun;
    private uint next;
    private uint end; // after the highest that was seen
    private int held;
    private long gapSinceNs;
    private long patienceNs = DefaultPatienceNs;

    /// <summary>The handshake says where numbers begin, and how long the receiver waits.</summary>
    public void Agree(in SrtPacket packet)
    {
        statistics.Handshakes++;
        statistics.StreamId ??= packet.ReadStreamId();
        if (packet.LatencyMs is { } latency)
        {
            statistics.LatencyMs = latency;
            patienceNs = (latency + 50) * Millisecond; // the tap may sit behind the sender's own queue
        }
        if (begun || !packet.IsConclusion) return;
        (begun, next, end) = (true, packet.InitialSequence, packet.InitialSequence);
    }

    public void Push(in SrtPacket packet, long timeNs, InOrder give)
    {
        statistics.DataPackets++;
        statistics.DataBytes += packet.Payload.Length;
        if (packet.IsRetransmitted) statistics.Retransmitted++;
        if (packet.Key != 0) statistics.IsEncrypted = true;
        var sequence = packet.Sequence;
        if (!begun) (begun, next, end) = (true, sequence, sequence);
        var ahead = SrtPacket.Difference(sequence, next);
        if (ahead >= RestartAfter || ahead <= -RestartAfter)
        {
            Flush(timeNs, give);
            (next, end, ahead) = (sequence, sequence, 0);
        }
        if (ahead < 0)
        {
            statistics.Duplicates++; // given before, or given up
            return;
        }
        NoteOrder(sequence);
        for (; ahead >= Window; ahead = SrtPacket.Difference(sequence, next)) GiveUp(timeNs, give, atMost: ahead - Window + 1);
        if (ahead == 0)
        {
            give(packet.Payload, timeNs);
            next = next + 1 & SrtPacket.SequenceMask;
            Drain(timeNs, give);
        }
        else Hold(sequence, packet.Payload, timeNs);
        Tick(timeNs, give);
    }

    /// <summary>Gives what is held where its latency is over.</summary>
    public void Tick(long timeNs, InOrder give)
    {
        if (timeNs < gapSinceNs) gapSinceNs = timeNs; // the clock was set back
        while (held > 0 && timeNs - gapSinceNs > patienceNs) GiveUp(timeNs, give, int.MaxValue);
    }

    /// <summary>Gives all that is held: nothing more comes.</summary>
    public void Flush(long timeNs, InOrder give)
    {
        while (held > 0) GiveUp(timeNs, give, int.MaxValue);
    }

    private void NoteOrder(uint sequence)
    {
        var beyond = SrtPacket.Difference(sequence, end);
        if (beyond >= 0)
        {
            statistics.Missing += beyond;
            end = sequence + 1 & SrtPacket.SequenceMask;
        }
        else if (!IsHeld(sequence)) statistics.Recovered++;
        else statistics.Duplicates++;
    }

    private bool IsHeld(uint sequence) => slots[sequence % Window] is { Bytes: not null, IsUsed: true } slot && slot.Sequence == sequence;

    private void Hold(uint sequence, ReadOnlySpan<byte> payload, long timeNs)
    {
        ref var slot = ref slots[sequence % Window];
        if (payload.Length > LargestPayload || IsHeld(sequence)) return;
        if (slot.Bytes is null || slot.Bytes.Length < payload.Length) slot.Bytes = new byte[Math.Max(payload.Length, 1456)]; // what fits an Ethernet frame
        payload.CopyTo(slot.Bytes);
        (slot.IsUsed, slot.Sequence, slot.Length, slot.TimeNs) = (true, sequence, payload.Length, timeNs);
        if (held++ == 0) gapSinceNs = timeNs;
    }

    private void Drain(long timeNs, InOrder give)
    {
        while (held > 0 && IsHeld(next))
        {
            ref var slot = ref slots[next % Window];
            give(slot.Bytes.AsSpan(0, slot.Length), timeNs);
            slot.IsUsed = false;
            held--;
            next = next + 1 & SrtPacket.SequenceMask;
        }
        if (held == 0) return;
        for (var sequence = next; ; sequence = sequence + 1 & SrtPacket.SequenceMask)
            if (IsHeld(sequence))
            {
                gapSinceNs = slots[sequence % Window].TimeNs;
                return;
            }
    }

    // Passes the gap that holds up the rest, or as much of it as is needed.
    private void GiveUp(long timeNs, InOrder give, int atMost)
    {
        if (held == 0)
        {
            // Nothing waits behind the gap: it is as long as asked.
            statistics.Lost += atMost;
            next = next + (uint)atMost & SrtPacket.SequenceMask;
            return;
        }
        for (var passed = 0; passed < atMost && !IsHeld(next); passed++)
        {
            statistics.Lost++;
            next = next + 1 & SrtPacket.SequenceMask;
        }
        Drain(timeNs, give);
    }

    private struct Slot
    {
        public byte[]? Bytes;
        public bool IsUsed;
        public uint Sequence;
        public int Length;
        public long TimeNs;
    }
}
