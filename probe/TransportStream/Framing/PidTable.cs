using System.Runtime.InteropServices;

namespace SignalWatch.TransportStream;

/// <summary>What is kept of a PID. 32 bytes: two to a cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PidState
{
    /// <summary>Packets since the last report.</summary>
    public int Packets;

    /// <summary>Of these, with transport_scrambling_control other than 00.</summary>
    public int Scrambled;

    /// <summary>Continuity errors since the last report.</summary>
    public int CcErrors;

    /// <summary>Last continuity counter.</summary>
    public byte Cc;

    /// <summary>Times that the last packet was repeated.</summary>
    public byte Repeats;

    /// <summary>There is a last continuity counter.</summary>
    public bool HasCc;

    /// <summary>It is in the list of those that were seen.</summary>
    public bool Seen;

    /// <summary>Mark of the last packet with payload, by which its repetition is known.</summary>
    public ulong Mark;

    /// <summary>It carries sections that are read.</summary>
    public bool HasSections;
}

/// <summary>All PIDs, and the list of those that were seen: a report walks these alone.</summary>
internal sealed class PidTable
{
    private readonly PidState[] states = new PidState[Pids.Count];
    private readonly ushort[] seen = new ushort[Pids.Count];
    private int count;

    public ref PidState this[int pid] => ref states[pid & (Pids.Count - 1)];

    public ReadOnlySpan<ushort> Seen => seen.AsSpan(0, count);

    public void Add(int pid)
    {
        this[pid].Seen = true;
        seen[count++] = (ushort)pid;
    }

    /// <summary>After a loss of sync the next packet of each PID starts its count: one loss is not an error on each PID.</summary>
    public void ForgetContinuity()
    {
        foreach (var pid in Seen) states[pid].HasCc = false;
    }

    /// <summary>Starts the next interval.</summary>
    public void ClearCounters()
    {
        foreach (var pid in Seen)
        {
            ref var state = ref states[pid];
            (state.Packets, state.Scrambled, state.CcErrors) = (0, 0, 0);
        }
    }
}
