using System.Runtime.InteropServices;

namespace SignalWatch.TransportStream;

/// <summary>What a packet of a PID is given to, beside the counts.</summary>
[Flags]
internal enum PidDuty : byte
{
    None = 0,

    /// <summary>Sections that are read.</summary>
    Sections = 1,

    /// <summary>A component of a service: PES packets, formats, buffers.</summary>
    Component = 2,
}

/// <summary>What is kept of a PID. One cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PidState
{
    /// <summary>Packets since the last report, without those that have the transport_error_indicator: their PID may be wrong, too.</summary>
    public long Packets;

    /// <summary>When the last of them came, ns.</summary>
    public long LastAt;

    /// <summary>Mark of the last packet with payload, by which its repetition is known.</summary>
    public ulong Mark;

    /// <summary>Packets since the last report with transport_scrambling_control other than 00.</summary>
    public int Scrambled;

    /// <summary>Continuity errors since the last report (TR 101 290 1.4).</summary>
    public int CcErrors;

    /// <summary>Breaks since the last report in what is usable: a packet with the transport_error_indicator is missing there.</summary>
    public int Breaks;

    /// <summary>Legal repetitions since the last report.</summary>
    public int Duplicates;

    /// <summary>Packets since the last report with the transport_error_indicator.</summary>
    public int TransportErrors;

    /// <summary>Last continuity counter.</summary>
    public byte Cc;

    /// <summary>Times that the last packet was repeated.</summary>
    public byte Repeats;

    /// <summary>There is a last continuity counter.</summary>
    public bool HasCc;

    /// <summary>It is in the list of those that were seen.</summary>
    public bool Seen;

    /// <summary>The last packet had the transport_error_indicator.</summary>
    public bool Damaged;

    /// <summary>Continuity counter of the last one without it.</summary>
    public byte GoodCc;

    /// <summary>The last packet was scrambled.</summary>
    public bool ScrambledNow;

    /// <summary>Who else wants its packets.</summary>
    public PidDuty Duty;

    /// <summary>What the tables use it for.</summary>
    public PidRole Role;

    /// <summary>When it was first seen, or last lost its reference in the tables, ns: an unreferenced PID has its time from then on.</summary>
    public long UnreferencedSince;
}

/// <summary>All PIDs, and the list of those that were seen: a report walks these alone.</summary>
internal sealed class PidTable
{
    private readonly PidState[] states = new PidState[Pids.Count];
    private readonly ushort[] seen = new ushort[Pids.Count];
    private int count;

    public ref PidState this[int pid] => ref states[pid & (Pids.Count - 1)];

    public ReadOnlySpan<ushort> Seen => seen.AsSpan(0, count);

    public void Add(int pid, long at)
    {
        ref var state = ref this[pid];
        (state.Seen, state.UnreferencedSince) = (true, at);
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
            (state.Packets, state.Scrambled, state.CcErrors, state.Breaks, state.Duplicates, state.TransportErrors) = (0, 0, 0, 0, 0, 0);
        }
    }
}
