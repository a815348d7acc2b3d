namespace SignalWatch.Probe.Analysis;

/// <summary>The rate of a stream by its PCRs while it comes: what a delivery index drains its buffer at.</summary>
internal sealed class MediaRate
{
    private const int MostClocks = 2048;
    private PcrTrain? train;
    private long packets;
    private int pid;
    private long nextFitAt = 8;

    /// <summary>b/s of packets of 188 bytes; null before the clock told, and where it tells that the rate is not constant: then a buffer does not drain at any one rate of it.</summary>
    public double? BitrateBps { get; private set; }

    /// <summary>Packets in order.</summary>
    public void Take(ReadOnlySpan<byte> bytes, bool isTorn)
    {
        if (isTorn) train?.Break();
        for (; bytes.Length >= PacketGrid.TransportBytes; bytes = bytes[PacketGrid.TransportBytes..], packets++)
        {
            var packet = bytes[..PacketGrid.TransportBytes];
            if (packet[0] != PacketGrid.SyncByte || !PacketClock.TryRead(packet, out var clockPid, out var clock, out var discontinuity)) continue;
            if (train is null || train.Count >= MostClocks) (train, pid, nextFitAt) = (new PcrTrain(clockPid), clockPid, 8);
            if (clockPid == pid) train.Add(packets, clock, discontinuity);
        }
    }

    /// <summary>Looks whether more is known now; seldom, as more clocks change little, unless it is the end.</summary>
    public double? Update(bool isEnd = false)
    {
        if (train is null || train.Count < 2 || !isEnd && BitrateBps is not null && train.Count < nextFitAt) return BitrateBps;
        nextFitAt = train.Count * 2L;
        if (train.Fit() is { } fit) BitrateBps = fit.IsConstant ? fit.BitrateBps : null;
        return BitrateBps;
    }
}
