using System.Numerics;

namespace SignalWatch.Hardware;

/// <summary>How long an <see cref="RtpReceiver"/> waits for what is missing, and how many datagrams it keeps for that.</summary>
internal sealed class ReorderWindow(RtpSettings settings, RtpSource source, DatagramRing ring, FecDecoder fec, ArrivalHistory history)
{
    private const int Margin = 64;
    private const int FirstPackets = 256; // the largest matrix twice, and its margin

    private bool keepsFirst = true;

    /// <summary>Sequence numbers by which a hole may be passed.</summary>
    public int Packets
    {
        get
        {
            var packets = settings.ReorderPackets;
            if (IsProtected) packets = Math.Max(packets, 2 * fec.MatrixPackets + Margin);
            if (source.IsPaired) packets = int.MaxValue; // the skew is a time, and the buffer's size the bound
            return Math.Max(1, Math.Min(packets, Math.Min(ring.MostSlots, history.Capacity / 2) - 1));
        }
    }

    /// <summary>Time that a hole may stay open.</summary>
    public long TimeNs
    {
        get
        {
            var wait = settings.ReorderTime;
            if (IsProtected && settings.FecTime > wait) wait = settings.FecTime;
            if (source.IsPaired && settings.PairSkew + settings.ReorderTime > wait) wait = settings.PairSkew + settings.ReorderTime;
            return wait.Ticks * TimeSpan.NanosecondsPerTick;
        }
    }

    private bool IsProtected => settings.ExpectsFec || fec.IsInUse;

    /// <summary>Makes room for datagrams over this many sequence numbers, and for those that FEC needs.</summary>
    public void Reserve(long span) => ring.Reserve(IsProtected
        ? 2 * fec.MatrixPackets + Packets + Margin
        : (int)Math.Max(2 * Margin, BitOperations.RoundUpToPowerOf2((uint)Math.Min(span, 1 << 20))));

    /// <summary>Whether a packet that was given on is to be kept all the same: FEC needs what came before it, so the first packets are kept until FEC, if there is any, had the time to show.</summary>
    /// <param name="sequence">Which.</param>
    /// <param name="nothingHeld">No packet waits for its turn.</param>
    public bool Keeps(long sequence, bool nothingHeld)
    {
        if (keepsFirst && sequence - source.BegunAt < FirstPackets)
        {
            Reserve(FirstPackets);
            return true;
        }
        if (IsProtected) return true;
        if (keepsFirst && nothingHeld)
        {
            keepsFirst = false;
            ring.Release();
        }
        return keepsFirst;
    }

    /// <summary>The stream begins.</summary>
    public void Begin() => keepsFirst = true;
}
