using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Watches;

/// <summary>What there is to say of a link and of the streams on it. Counters are those since the last time.</summary>
internal sealed class TapObservations(WatchId watch, IPacketSource source, ObservationMint mint, Action<Observation> observe)
{
    private readonly Dictionary<TapStream, Counters> before = [];
    private CaptureStatistics linkBefore;
    private long? toldNs;

    /// <summary>As people write it; 0 is none.</summary>
    public static string Vlan(FlowKey flow) => flow switch
    {
        { Vlan: 0 } => "",
        { InnerVlan: 0 } => flow.Vlan.ToString(CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{flow.Vlan}.{flow.InnerVlan}"),
    };

    /// <summary>Says it.</summary>
    /// <param name="tap">The link.</param>
    /// <param name="watched">Streams that are analysed.</param>
    /// <param name="label">The name of a stream on this link.</param>
    /// <param name="nowNs">When.</param>
    public void Tell(IpTap tap, IReadOnlyDictionary<TapStream, DatagramStream> watched, Func<TapStream, string> label, long nowNs)
    {
        var at = DateTimeOffset.UnixEpoch.AddTicks(nowNs / 100);
        TellLink(tap, watched, at, nowNs);
        foreach (var gone in before.Keys.Except(tap.Streams).ToList()) before.Remove(gone);
        foreach (var stream in tap.Streams) TellStream(stream, watched.GetValueOrDefault(stream), label(stream), at);
        toldNs = nowNs;
    }

    private void TellLink(IpTap tap, IReadOnlyDictionary<TapStream, DatagramStream> watched, DateTimeOffset at, long nowNs)
    {
        var now = source.Statistics;
        var seconds = (nowNs - toldNs) / 1e9;
        observe(mint.Measured(watch, Subject.Watch(mint.Probe, watch), Vocabulary.TapLink, at, source.Origin,
            ("streams", Fact.Of(tap.Streams.Count(s => s.IsActive))),
            ("analysed", Fact.Of(watched.Count)),
            ("not_analysed", Fact.Of(tap.Streams.Count(s => s is { CarriesTransportStream: true, IsActive: true, Srt: null or { IsEncrypted: false } } && !watched.ContainsKey(s)))),
            ("frames", Fact.Of(now.Frames - linkBefore.Frames)),
            ("dropped_kernel", Known.Number(now.DroppedByKernel - (linkBefore.DroppedByKernel ?? 0))),
            ("dropped_interface", Known.Number(now.DroppedByInterface - (linkBefore.DroppedByInterface ?? 0))),
            ("bitrate_bps", seconds > 0 ? Known.Number((now.Bytes - linkBefore.Bytes) * 8 / seconds) : null),
            ("other_flows", Fact.Of(tap.OtherFlows.Count())),
            ("input", Known.Words(source.Name))));
        linkBefore = now;
    }

    private void TellStream(TapStream stream, DatagramStream? watched, string label, DateTimeOffset at)
    {
        var now = Counters.Of(stream, watched);
        var since = now.Since(before.GetValueOrDefault(stream) ?? Counters.None);
        before[stream] = now;
        observe(mint.Measured(watch, new Subject(SubjectKind.Probe, $"{mint.Probe}/{watch}/{label}"), Vocabulary.TapStream, at, source.Origin,
            ("source", Fact.Of(FlowKey.End(stream.Flow.Source, stream.Flow.SourcePort))),
            ("destination", Fact.Of(FlowKey.End(stream.Flow.Destination, stream.Flow.DestinationPort))),
            ("protocol", Fact.Of(Analysis.CaptureAnalysis.Name(stream.Protocol))),
            ("vlan", Known.Words(Vlan(stream.Flow))),
            ("bitrate_bps", Known.Number(stream.LastBitrateBps ?? stream.BitrateBps)),
            ("rtp_lost", Known.Number(since.Rtp?.Lost)),
            ("rtp_recovered", Known.Number(since.Rtp?.Recovered)),
            ("rtp_reordered", Known.Number(since.Rtp?.Reordered)),
            ("rtp_duplicates", Known.Number(since.Rtp?.Duplicates)),
            ("srt_lost", stream.Srt is null ? null : Fact.Of(since.SrtLost)),
            ("srt_retransmitted", stream.Srt is null ? null : Fact.Of(since.SrtRetransmitted)),
            ("cut", Fact.Of(since.Cut)),
            ("repeated", Fact.Of(since.Repeated)),
            ("stopped", Fact.Of(!stream.IsActive)),
            ("multiplex", Known.Words(watched?.Stream.Subject.Key))));
    }

    /// <summary>What is counted of a stream.</summary>
    private sealed record Counters(RtpFigures? Rtp, long SrtLost, long SrtRetransmitted, long Cut, long Repeated)
    {
        public static readonly Counters None = new(null, 0, 0, 0, 0);

        public static Counters Of(TapStream stream, DatagramStream? watched) =>
            new(watched?.Rtp is { } rtp ? RtpFigures.Of(rtp) : null, stream.Srt?.Lost ?? 0, stream.Srt?.Retransmitted ?? 0, stream.Cut, stream.Repeated);

        public Counters Since(Counters earlier) =>
            new(Rtp?.Since(earlier.Rtp ?? default), SrtLost - earlier.SrtLost, SrtRetransmitted - earlier.SrtRetransmitted, Cut - earlier.Cut, Repeated - earlier.Repeated);
    }
}
