using SignalWatch.Hardware;
using SignalWatch.Probe.Analysis;

namespace SignalWatch.Probe.Watches;

/// <summary>A transport stream in datagrams, plain or RTP: put in order and repaired here, its delivery measured, watched above.</summary>
/// <param name="stream">Watches what comes out.</param>
/// <param name="settings">Windows of the receiver of RTP.</param>
/// <param name="dropped">What this machine dropped so far of it, or of the link that it is on.</param>
internal sealed class DatagramStream(WatchedStream stream, RtpSettings settings, Func<long?> dropped) : IDisposable
{
    private const long SecondNs = 1_000_000_000;
    private const long TickNs = 200_000_000;

    // A PCR is due every 40 ms, so within this nothing that is late has become an error yet.
    private const long BehindNs = 50_000_000;

    private readonly MediaDeliveryIndex delivery = new();
    private readonly MediaRate rate = new();
    private PacketsHandler? take;
    private RtpReceiver? rtp;
    private RtpFigures before;
    private long lostBefore;
    private long droppedBefore = dropped() ?? 0;
    private long deliveredNs;
    private long second = long.MinValue;
    private long mdiTold = long.MinValue;
    private long nextTickNs = long.MinValue;

    public WatchedStream Stream => stream;

    /// <summary>Its RTP so far; null where it has none.</summary>
    public RtpStatistics? Rtp => rtp?.Statistics;

    /// <summary>A datagram of it.</summary>
    public void Push(ReadOnlySpan<byte> datagram, long timeNs)
    {
        if (timeNs >= nextTickNs || timeNs < nextTickNs - SecondNs) Tick(timeNs);
        if (DatagramForm.IsRtp(datagram))
        {
            delivery.Push(timeNs, Math.Max(0, datagram.Length - CapturedStream.MediaOffset(datagram)));
            Receiver.Push(datagram, timeNs, Handler);
            return;
        }
        delivery.Push(timeNs, datagram.Length);
        Take(datagram, timeNs, 0);
    }

    /// <summary>A datagram of its second path (SMPTE ST 2022-7). The delivery index is that of the first path.</summary>
    public void PushPair(ReadOnlySpan<byte> datagram, long timeNs)
    {
        if (DatagramForm.IsRtp(datagram)) Receiver.PushPair(datagram, timeNs, Handler);
    }

    /// <summary>A datagram of its error correction.</summary>
    public void PushFec(ReadOnlySpan<byte> datagram, long timeNs) => rtp?.PushFec(datagram, timeNs, Handler);

    /// <summary>Time passed: what is absent is found, and what is due is told.</summary>
    public void Tick(long nowNs)
    {
        nextTickNs = nowNs + TickNs;
        rtp?.Tick(nowNs, Handler);
        EndSecond(nowNs);
        var at = CaptureAnalysis.At(nowNs);
        stream.Tick(at);
        if (stream.IsDue(at)) stream.Report(at, Delivered(nowNs));
    }

    /// <summary>The source has ended: what is held comes out, and the last second is told.</summary>
    public void Finish(long nowNs)
    {
        rtp?.Flush(Handler);
        EndSecond(nowNs);
        var at = CaptureAnalysis.At(nowNs);
        stream.Report(at, Delivered(nowNs));
        stream.Finish(at);
    }

    public void Dispose() => stream.Dispose();

    private RtpReceiver Receiver => rtp ??= new RtpReceiver(settings, delivery);

    private PacketsHandler Handler => take ??= Take;

    private void Take(ReadOnlySpan<byte> packets, long timeNs, int missing)
    {
        var at = CaptureAnalysis.At(timeNs);
        deliveredNs = timeNs;
        rate.Take(packets, missing > 0);
        if (missing > 0) stream.Tear(at);
        stream.Push(packets, at);
        if (stream.IsDue(at)) stream.Report(at, Delivered(timeNs));
    }

    // The rate of the PCRs is asked for before a second ends, because the index of that second is measured against it.
    private void EndSecond(long nowNs)
    {
        var now = nowNs / SecondNs;
        if (now == second) return;
        second = now;
        if (rate.Update() is { } bitsPerSecond) delivery.SetMediaRate(bitsPerSecond, MediaRateSource.Pcr);
        delivery.Tick(nowNs);
    }

    private Delivery Delivered(long nowNs)
    {
        var droppedNow = dropped() ?? droppedBefore;
        var droppedHere = Math.Max(0, droppedNow - droppedBefore);
        droppedBefore = droppedNow;
        var mdi = LastSecond();
        if (rtp?.Statistics is not { } statistics) return new Delivery(droppedHere, Mdi: mdi);
        var figures = RtpFigures.Of(statistics);
        var lost = statistics.LostAfterFec - lostBefore;
        var since = figures.Since(before);
        (before, lostBefore) = (figures, statistics.LostAfterFec);
        return new Delivery(droppedHere, Math.Max(0, lost), nowNs - deliveredNs > BehindNs, since, mdi);
    }

    private MdiSecond? LastSecond()
    {
        if (delivery.Seconds is not [.., var last] || last.Second == mdiTold) return null;
        mdiTold = last.Second;
        return last;
    }
}
