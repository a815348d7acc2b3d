using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Analysis;

/// <summary>A capture, from a file or an interface: its transport streams find themselves, each is put in order and analysed.</summary>
internal sealed class CaptureAnalysis : IDisposable
{
    /// <summary>Seconds of delivery index that are kept of each stream: a day of a tap does not fill the memory.</summary>
    public const int MostSeconds = 3600;

    private const long MostLookedAt = 256L << 20;
    private const long TickNs = 200_000_000;
    private const int LookEvery = 4096; // frames between two looks at progress and cancellation

    private readonly StreamChoice? choice;
    private readonly ExtractedStream? extract;
    private readonly Func<CapturedStream, (StreamAnalysis, AlarmRecorder?)>? watch;
    private readonly IReadOnlyDictionary<FlowKey, KnownRate> knownRates;
    private readonly Dictionary<TapStream, CapturedStream> byTap = [];
    private readonly List<CapturedStream> streams = [];
    private readonly IpTap tap;
    private Problem? brokeOff;
    private long? lastNs;

    /// <param name="choice">The one that is analysed, or null for all.</param>
    /// <param name="extract">One that is written to a file, or null.</param>
    /// <param name="watch">Makes the analysis of a stream; null analyses none.</param>
    /// <param name="knownRates">Media rates that are known before the first packet.</param>
    public CaptureAnalysis(StreamChoice? choice, ExtractedStream? extract, Func<CapturedStream, (StreamAnalysis, AlarmRecorder?)>? watch, IReadOnlyDictionary<FlowKey, KnownRate> knownRates)
    {
        (this.choice, this.extract, this.watch, this.knownRates) = (choice, extract, watch, knownRates);
        tap = new IpTap(new TapSettings { Handler = Take });
    }

    /// <summary>Transport streams, in the order in which they were found.</summary>
    public IReadOnlyList<CapturedStream> Streams => streams;

    /// <summary>Time of the first frame, ns since 1970.</summary>
    public long? FirstNs { get; private set; }

    public TimeSpan Duration => FirstNs is { } first && lastNs is { } last ? TimeSpan.FromTicks((last - first) / 100) : TimeSpan.Zero;

    public static DateTimeOffset At(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ns / 100);

    /// <summary>What the link shows of a stream.</summary>
    public static CapturedStreamDocument Listed(TapStream tap, int? number, long? firstNs) => new()
    {
        Number = number,
        Source = FlowKey.End(tap.Flow.Source, tap.Flow.SourcePort),
        Destination = FlowKey.End(tap.Flow.Destination, tap.Flow.DestinationPort),
        Protocol = Name(tap.Protocol),
        Vlans = [.. ((ushort[])[tap.Flow.Vlan, tap.Flow.InnerVlan]).Where(v => v > 0).Select(v => (int)v)],
        Datagrams = tap.Packets,
        BitrateBps = tap.BitrateBps is { } rate ? Math.Round(rate) : null,
        Ttl = tap.Ttl,
        Dscp = tap.Dscp,
        StartSeconds = Seconds(tap.FirstNs, firstNs),
        EndSeconds = Seconds(tap.LastNs, firstNs),
        Srt = tap.Srt is { } srt ? new SrtDocument(srt.DataPackets, srt.Lost, srt.Recovered, srt.Retransmitted, srt.Duplicates, srt.LossReports, srt.PacketsReportedLost, srt.IsEncrypted, srt.LatencyMs) : null,
        Protects = tap.Media is { } media ? FlowKey.End(media.Flow.Destination, media.Flow.DestinationPort) : null,
    };

    /// <summary>The media rates of the streams in the first part of a capture file. A delivery index measures each second against the rate, and one that has to be learnt is wrong in the first seconds.</summary>
    public static IReadOnlyDictionary<FlowKey, KnownRate> RatesOf(IPacketSource source, CancellationToken cancel)
    {
        using var look = new CaptureAnalysis(null, null, null, new Dictionary<FlowKey, KnownRate>());
        while (!cancel.IsCancellationRequested && source.Statistics.Bytes < MostLookedAt && source.Read(out var frame) == CaptureStatus.Frame) look.tap.Push(frame);
        look.tap.Flush();
        foreach (var stream in look.streams) stream.Flush();
        return look.byTap.Where(s => s.Value.MediaRate is not null).ToDictionary(s => s.Key.Flow, s => s.Value.MediaRate!.Value);
    }

    /// <summary>Reads until the source ends, a time is over, or a person ends it.</summary>
    public void Run(IPacketSource source, TimeSpan? duration, Action<long>? progress, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        long nextTick = 0;
        try
        {
            for (long frames = 0; !cancel.IsCancellationRequested; frames++)
            {
                var status = source.Read(out var frame);
                if (status == CaptureStatus.Ended) break;
                if (status == CaptureStatus.Frame)
                {
                    FirstNs ??= frame.TimeNs;
                    lastNs = Math.Max(lastNs ?? frame.TimeNs, frame.TimeNs);
                    tap.Push(frame);
                }
                // An interface that is silent has no frames to tell the time.
                var nowNs = status == CaptureStatus.Idle ? (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 : lastNs!.Value;
                if (nowNs >= nextTick)
                {
                    nextTick = nowNs + TickNs;
                    Tick(nowNs);
                }
                if (status != CaptureStatus.Idle && frames % LookEvery != 0) continue;
                progress?.Invoke(source.Statistics.Bytes);
                if (duration is { } limit && (source.Origin == Origin.Live ? time.GetElapsedTime(began) : Duration) >= limit) break;
            }
        }
        catch (ProblemException failed) when (streams.Count > 0)
        {
            brokeOff = failed.Problem;
        }
        tap.Flush();
        foreach (var stream in streams) stream.Flush();
    }

    /// <summary>What a person has to know of it beside the streams.</summary>
    public List<Problem> Warnings(IPacketSource source, string written)
    {
        List<Problem> warnings = [];
        if (brokeOff is { } problem) warnings.Add(problem);
        if (source is CaptureFileSource file) warnings.AddRange(file.Warnings);
        var statistics = source.Statistics;
        if ((statistics.DroppedByKernel ?? 0) + (statistics.DroppedByInterface ?? 0) is > 0 and var dropped) warnings.Add(TsTexts.DroppedHere(dropped));
        if (tap.Statistics.Cut > 0) warnings.Add(TsTexts.CutFrames(tap.Statistics.Cut));
        if (streams.Count == 0) warnings.Add(TsTexts.NoStreams(written, statistics.Frames));
        return warnings;
    }

    /// <summary>The documents of the transport streams; and their end.</summary>
    public IEnumerable<CapturedStreamDocument> Describe(Func<CapturedStream, StreamResult, StreamDocument> describe) =>
        byTap.OrderBy(s => s.Value.Number).Select(s => s.Value.Describe(Listed(s.Key, s.Value.Number, FirstNs), FirstNs, describe));

    /// <summary>Streams that are recognised and carry no transport stream that could be read: error correction, reports, encrypted tunnels.</summary>
    public IEnumerable<CapturedStreamDocument> Others() => tap.Streams.Where(s => !byTap.ContainsKey(s)).Select(s => Listed(s, null, FirstNs));

    public void Dispose()
    {
        foreach (var stream in streams) stream.Recorder?.Dispose();
    }

    private void Take(TapStream stream, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (stream.Protocol is TapProtocol.Fec2022Column or TapProtocol.Fec2022Row)
        {
            if (stream.Media is { } media && byTap.TryGetValue(media, out var repaired)) repaired.PushFec(payload, timeNs);
            return;
        }
        if (!byTap.TryGetValue(stream, out var captured)) captured = Begin(stream);
        captured.Push(payload, timeNs);
    }

    private CapturedStream Begin(TapStream stream)
    {
        var number = streams.Count + 1;
        var captured = new CapturedStream(stream.Protocol is TapProtocol.RtpTs or TapProtocol.Rtp or TapProtocol.Rist, number, extract?.Number == number ? extract : null, knownRates.TryGetValue(stream.Flow, out var rate) ? rate : null);
        streams.Add(captured);
        byTap.Add(stream, captured);
        var isChosen = choice is null ? extract is null || extract.Number == number : choice.Fits(number, stream.Flow.Destination.ToIPAddress(), stream.Flow.DestinationPort);
        if (isChosen && watch is not null) captured.Analyse(watch(captured));
        return captured;
    }

    private void Tick(long nowNs)
    {
        tap.Tick(nowNs);
        foreach (var stream in streams) stream.Tick(nowNs);
    }

    private static double? Seconds(long ns, long? firstNs) => firstNs is { } first ? Math.Round((ns - first) / 1e9, 6) : null;

    internal static string Name(TapProtocol protocol) => protocol switch
    {
        TapProtocol.UdpTs => "udp",
        TapProtocol.RtpTs => "rtp",
        TapProtocol.Rtp => "rtp",
        TapProtocol.Rist => "rist",
        TapProtocol.Srt => "srt",
        TapProtocol.Rtcp => "rtcp",
        TapProtocol.Fec2022Column => "fec-column",
        TapProtocol.Fec2022Row => "fec-row",
        _ => "other",
    };
}
