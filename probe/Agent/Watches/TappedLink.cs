using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>A link at work: frames in; the transport streams on it watched, and every five seconds what there is to say of the link and of each stream. Times come with frames and ticks.
/// The analysis is spread over the processors: one reader and two workers keep up with what one thread does not.</summary>
internal sealed class TappedLink : IDisposable
{
    private const long TickNs = 100_000_000;
    private const long EveryNs = 5_000_000_000;
    private const long SecondNs = 1_000_000_000;
    private const int Workers = 2;
    private const int CountEvery = 64; // datagrams: fewer than a block holds
    private const long StaleNs = 60 * SecondNs; // a stream that stopped so long ago gives its place to a new one

    private readonly TapConfiguration configuration;
    private readonly IPacketSource source;
    private readonly StreamMaker maker;
    private readonly TapObservations observations;
    private readonly IpTap tap;
    private readonly TapWorker[] workers;
    private readonly Dictionary<TapStream, DatagramStream> watched = [];
    private readonly Dictionary<TapStream, string> labels = [];
    private readonly HashSet<TapStream> refused = [];
    private readonly RtpSettings rtp = new();
    private long nowNs;
    private long nextTickNs = long.MinValue;
    private long? toldNs;
    private long given;

    public TappedLink(TapConfiguration configuration, IPacketSource source, StreamMaker maker, ObservationMint mint, Action<Observation> observe)
    {
        (this.configuration, this.source, this.maker) = (configuration, source, maker);
        observations = new TapObservations(configuration.Id, source, mint, observe);
        tap = new IpTap(new TapSettings { Handler = Take });
        workers = [.. Enumerable.Range(0, Workers).Select(_ => new TapWorker(waits: source.Origin != Origin.Live))];
    }

    /// <summary>Transport streams that are watched.</summary>
    public int Watched => watched.Count;

    /// <summary>Takes a frame.</summary>
    public void Push(in CapturedFrame frame)
    {
        nowNs = frame.TimeNs;
        tap.Push(frame);
        if (nowNs >= nextTickNs || nowNs < nextTickNs - SecondNs) Tick(nowNs);
    }

    /// <summary>Time passed.</summary>
    public void Tick(long now)
    {
        nowNs = now;
        nextTickNs = now + TickNs;
        tap.Tick(now);
        CountDropped();
        foreach (var worker in workers) worker.Tick(now);
        toldNs ??= now;
        if (now - toldNs >= EveryNs || now < toldNs) Tell();
    }

    /// <summary>The source has ended.</summary>
    public void Finish()
    {
        tap.Flush();
        CountDropped();
        Settle();
        foreach (var stream in watched.Values) stream.Finish(nowNs);
        Tell();
    }

    public void Dispose()
    {
        foreach (var worker in workers) worker.Dispose();
        foreach (var stream in watched.Values) stream.Dispose();
    }

    private void Take(TapStream stream, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (stream.Protocol is TapProtocol.Fec2022Column or TapProtocol.Fec2022Row)
        {
            if (stream.Media is { } media && watched.TryGetValue(media, out var repaired)) Worker(media).Push(repaired, isFec: true, payload, timeNs);
            return;
        }
        if (!watched.TryGetValue(stream, out var known))
        {
            if (refused.Contains(stream) || Begin(stream) is not { } begun) return;
            known = begun;
        }
        if (++given % CountEvery == 0) CountDropped();
        Worker(stream).Push(known, isFec: false, payload, timeNs);
    }

    private DatagramStream? Begin(TapStream stream)
    {
        if (watched.Count >= configuration.Streams && !MakeRoom())
        {
            refused.Add(stream);
            return null;
        }
        var label = Label(stream);
        var worker = Worker(stream);
        Settle();
        var begun = new DatagramStream(maker.Make(configuration, source.Origin, label, TsTexts.ClockCapture), rtp, () => worker.DroppedBefore);
        watched.Add(stream, begun);
        worker.Add(begun);
        labels.Add(stream, label);
        return begun;
    }

    private bool MakeRoom()
    {
        var oldest = watched.Keys.Where(s => !s.IsActive && nowNs - s.LastNs > StaleNs).MinBy(s => s.LastNs);
        if (oldest is null) return false;
        End(oldest);
        return true;
    }

    private void End(TapStream stream)
    {
        Settle();
        if (watched.Remove(stream, out var ended))
        {
            Worker(stream).Remove(ended);
            ended.Dispose();
        }
        labels.Remove(stream);
    }

    private void Tell()
    {
        toldNs = nowNs;
        Settle();
        refused.Clear(); // there may be room now
        var remembered = tap.Streams.ToHashSet();
        foreach (var gone in watched.Keys.Where(s => !remembered.Contains(s)).ToList()) End(gone);
        observations.Tell(tap, watched, stream => labels.TryGetValue(stream, out var label) ? label : Label(stream), nowNs);
    }

    // The destination says what it is; VLAN and source where they tell two apart.
    private string Label(TapStream stream)
    {
        var flow = stream.Flow;
        var label = FlowKey.End(flow.Destination, flow.DestinationPort) + (flow.Vlan > 0 ? "/" + TapObservations.Vlan(flow) : "");
        return labels.ContainsValue(label) ? $"{label}/{FlowKey.End(flow.Source, flow.SourcePort)}" : label;
    }

    private TapWorker Worker(TapStream stream) => workers[stream.Number % Workers];

    private void Settle()
    {
        foreach (var worker in workers) worker.Settle();
    }

    // Before the frames behind a gap are handed over: what the kernel dropped it counted before it gave them.
    private void CountDropped()
    {
        var statistics = source.Statistics;
        var dropped = (statistics.DroppedByKernel ?? 0) + (statistics.DroppedByInterface ?? 0);
        foreach (var worker in workers) worker.LinkDropped = dropped;
    }
}
