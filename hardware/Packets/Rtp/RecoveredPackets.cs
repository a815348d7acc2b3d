namespace SignalWatch.Hardware;

/// <summary>
/// Packets that FEC rebuilt, until it is certain that they were lost. FEC is eager: it also rebuilds a packet that was merely overtaken and comes a moment later,
/// and the network must not be accused of that one. After the reorder window nothing comes any more.
/// </summary>
internal sealed class RecoveredPackets(ArrivalHistory history)
{
    private const int Most = 512;

    private readonly long[] waiting = new long[Most];

    /// <summary>Packets that are not judged yet.</summary>
    public int Waiting { get; private set; }

    /// <summary>Packets that were lost indeed.</summary>
    public long Settled { get; private set; }

    public void Add(long sequence)
    {
        if (Waiting == Most) Settle(0); // more than a window of holes: no reordering looks like that
        waiting[Waiting++] = sequence;
    }

    /// <summary>Judges one that is old enough.</summary>
    /// <param name="upTo">Sequence numbers up to this one are.</param>
    /// <param name="beforeNs">So are those rebuilt before.</param>
    /// <param name="sequence">Which was lost, and is made good.</param>
    /// <param name="timeNs">When it was rebuilt.</param>
    /// <returns>False where none is left to judge.</returns>
    public bool TrySettle(long upTo, long beforeNs, out long sequence, out long timeNs)
    {
        for (var i = 0; i < Waiting; i++)
        {
            sequence = waiting[i];
            timeNs = history.Peek(sequence).TimeNs;
            if (sequence > upTo && timeNs > beforeNs) continue;
            if (Settle(i)) return true;
            i--;
        }
        (sequence, timeNs) = (-1, 0);
        return false;
    }

    private bool Settle(int index)
    {
        var sequence = waiting[index];
        waiting.AsSpan(index + 1, Waiting - index - 1).CopyTo(waiting.AsSpan(index));
        Waiting--;
        if (history.Peek(sequence).Has(ArrivalFlags.Received)) return false;
        if (history.Peek(sequence).Sequence == sequence) history[sequence].Flags |= ArrivalFlags.Lost;
        Settled++;
        return true;
    }
}
