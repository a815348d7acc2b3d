namespace SignalWatch.Hardware;

/// <summary>What happened to RTP packets.</summary>
public enum RtpEventKind
{
    /// <summary>Lost for good: on both paths, where there are two, and not rebuilt.</summary>
    Lost,

    /// <summary>Lost on the network, and rebuilt by FEC.</summary>
    Recovered,

    /// <summary>Overtaken by others, and put back in order.</summary>
    Reordered,

    /// <summary>Ran ahead of more packets than ran ahead with it: then this one was moved, not the many behind it.</summary>
    Early,

    /// <summary>Came again on the same path.</summary>
    Duplicate,

    /// <summary>Came after it had been given up, and was dropped; it stays counted as lost.</summary>
    Late,

    /// <summary>The sender began anew: another SSRC, or sequence numbers that do not continue.</summary>
    Restart,
}

/// <summary>One or several consecutive packets to which something happened.</summary>
/// <param name="Kind">What.</param>
/// <param name="Sequence">RTP sequence number of the first.</param>
/// <param name="Count">How many; numbers wrap from 65535 to 0.</param>
/// <param name="TimeNs">When it was noticed, on the clock of the pushed times: for a loss the arrival of the packet behind the gap.</param>
/// <param name="Path">0 for the first or only path, 1 for the second of a pair; what concerns both says 0.</param>
public readonly record struct RtpEvent(RtpEventKind Kind, ushort Sequence, int Count, long TimeNs, int Path);

/// <summary>The latest events; older ones stay in the counters only.</summary>
internal sealed class RtpEventLog
{
    private const int Kept = 512;

    private readonly RtpEvent[] events = new RtpEvent[Kept];
    private long written;

    public void Add(RtpEventKind kind, long sequence, int count, long timeNs, int path)
    {
        if (written > 0)
        {
            ref var last = ref events[(written - 1) % Kept];
            if (last.Kind == kind && last.Path == path && (ushort)(last.Sequence + last.Count) == (ushort)sequence)
            {
                last = last with { Count = last.Count + count };
                return;
            }
        }
        events[written++ % Kept] = new RtpEvent(kind, (ushort)sequence, count, timeNs, path);
    }

    public RtpEvent[] Snapshot()
    {
        var count = (int)Math.Min(written, Kept);
        var snapshot = new RtpEvent[count];
        for (var i = 0; i < count; i++) snapshot[i] = events[(written - count + i) % Kept];
        return snapshot;
    }
}
