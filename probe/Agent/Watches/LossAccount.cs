using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>Which continuity errors are explained by packets that never reached the analyser: dropped by this machine, or lost on the way, as RTP proves. After such a loss the next packet of any PID may show it,
/// and a PID that comes every ten seconds shows it ten seconds later: so each PID is in doubt until a packet of it came.</summary>
internal sealed class LossAccount
{
    private const int PidCount = 8192;
    private const int PacketBytes = 188;
    private const byte SyncByte = 0x47;

    // The TDT is due every 30 s; a PID that is rarer is no longer given the benefit of the doubt.
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(60);

    private readonly ulong[] doubtful = new ulong[PidCount / 64];
    private readonly Dictionary<int, int> explained = [];
    private DateTimeOffset heldUntil;
    private DateTimeOffset endsAt;
    private bool any;

    /// <summary>Continuity errors of the interval that a loss explains.</summary>
    public int Explained { get; private set; }

    /// <summary>Packets are missing from here on.</summary>
    /// <param name="at">When that was noticed.</param>
    /// <param name="placeUnknown">They may still be ahead: a socket counts what it drops while what came before still waits in its buffer.</param>
    public void Lose(DateTimeOffset at, TimeSpan placeUnknown)
    {
        doubtful.AsSpan().Fill(ulong.MaxValue);
        any = true;
        if (at + placeUnknown > heldUntil) heldUntil = at + placeUnknown;
        endsAt = at + LongestDoubt;
    }

    /// <summary>Whether a continuity error on a PID is the consequence of a loss; the next one on it is not.</summary>
    public bool Explains(int pid)
    {
        if (!any || !Take(pid)) return false;
        explained[pid] = explained.GetValueOrDefault(pid) + 1;
        Explained++;
        return true;
    }

    /// <summary>These packets came, and were judged: what they did not show, no later packet of their PIDs will.</summary>
    public void Pass(ReadOnlySpan<byte> packets, DateTimeOffset at)
    {
        if (!any || at < heldUntil) return;
        if (at > endsAt) Forget();
        for (; packets.Length >= PacketBytes && packets[0] == SyncByte; packets = packets[PacketBytes..]) Take((packets[1] & 0x1F) << 8 | packets[2]);
    }

    /// <summary>Explained errors of the interval on the PIDs of a service.</summary>
    public int Of(ServiceReport service) => explained.Count == 0 ? 0 : service.Pids.Sum(p => explained.GetValueOrDefault(p));

    /// <summary>The next interval begins.</summary>
    public void StartInterval()
    {
        Explained = 0;
        explained.Clear();
    }

    private bool Take(int pid)
    {
        ref var word = ref doubtful[pid >> 6];
        var bit = 1UL << (pid & 63);
        var was = (word & bit) != 0;
        word &= ~bit;
        return was;
    }

    private void Forget()
    {
        doubtful.AsSpan().Clear();
        any = false;
    }
}
