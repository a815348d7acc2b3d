namespace SignalWatch.Hardware;

/// <summary>Takes what a recognised stream carries. For <see cref="TapProtocol.UdpTs"/> and the protocols of RTP it is the datagram's whole payload, RTP header and all, as it came;
/// for <see cref="TapProtocol.Srt"/> the payload of a data packet, in the order of sequence numbers, each once.</summary>
/// <param name="stream">Of which stream.</param>
/// <param name="payload">Valid during the call.</param>
/// <param name="timeNs">When the frame was captured, ns since 1970; for SRT, when the packet's turn came.</param>
public delegate void TapHandler(TapStream stream, ReadOnlySpan<byte> payload, long timeNs);

/// <summary>How a link is looked at.</summary>
public sealed record TapSettings
{
    /// <summary>Takes datagrams of streams that carry a transport stream, and of their error correction. Null only lists the streams.</summary>
    public TapHandler? Handler { get; init; }

    /// <summary>Is told of streams that appear, stop and come back.</summary>
    public Action<TapStream, TapChange>? Changed { get; init; }

    /// <summary>Is told of joins, leaves and queries of groups.</summary>
    public Action<GroupReport>? Group { get; init; }

    /// <summary>Flows remembered that are not recognised; the one that was not heard of for the longest time gives way.</summary>
    public int MostFlows { get; init; } = 4096;

    /// <summary>Streams remembered; the one that was not heard of for the longest time gives way.</summary>
    public int MostStreams { get; init; } = 1024;

    /// <summary>Hands on only one of two equal datagrams of plain UDP within 5 ms: a mirror port that copies both directions gives each twice. They are counted (<see cref="TapStream.Repeated"/>),
    /// because a network that doubles them for the viewers too looks the same. RTP has numbers for that, and is handed on as it comes.</summary>
    public bool DropRepeated { get; init; } = true;

    /// <summary>Joins and leaves remembered.</summary>
    public int MostReports { get; init; } = 1024;

    /// <summary>Without a datagram for so long, a stream has stopped.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>What was met on a link.</summary>
/// <param name="Dissection">Of the frames.</param>
/// <param name="Flows">Flows that were seen.</param>
/// <param name="FlowsForgotten">Of these, given up for newer ones: memory is bounded.</param>
/// <param name="StreamsForgotten">Recognised streams given up for newer ones.</param>
/// <param name="Cut">Datagrams of streams that the snap length cut, and that therefore were not handed on.</param>
public readonly record struct TapStatistics(DissectionStatistics Dissection, long Flows, long FlowsForgotten, long StreamsForgotten, long Cut);

/// <summary>What is a transport stream on this link? Frames in; streams found by themselves, whatever their ports, and what they carry out. Deterministic: times come with the frames and ticks.
/// One thread at a time; nothing is allocated for a frame of a known flow.</summary>
public sealed class IpTap
{
    private const int LookAgainEvery = 256; // of a flow that was something else so far
    private const long TickNs = 100_000_000;

    private readonly TapSettings settings;
    private readonly FrameDissector dissector = new();
    private readonly Dictionary<FlowKey, TapStream> flows = [];
    private readonly FlowList unknown = new();
    private readonly FlowList known = new();
    private readonly List<TapStream> streams = [];
    private readonly Queue<GroupReport> reports = new();
    private readonly long silenceNs;
    private readonly FlowRecognition.Held giveHeld;
    private readonly SrtFlow.InOrder giveInOrder;
    private TapStream giving = null!; // whose bytes the two above give
    private long nextTickNs = long.MinValue;
    private long seen;
    private long forgotten;
    private long streamsForgotten;
    private long cut;
    private int numbers;

    /// <summary>Begins with nothing known.</summary>
    public IpTap(TapSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.settings = settings;
        silenceNs = settings.Silence.Ticks * 100;
        giveHeld = (payload, timeNs) => settings.Handler?.Invoke(giving, payload, timeNs);
        giveInOrder = GiveSrt;
    }

    /// <summary>Streams that were recognised, in that order.</summary>
    public IReadOnlyList<TapStream> Streams => streams;

    /// <summary>Other flows that are remembered.</summary>
    public IEnumerable<TapStream> OtherFlows => flows.Values.Where(f => f.Number == 0);

    /// <summary>Joins, leaves and queries of groups, the latest <see cref="TapSettings.MostReports"/> of them.</summary>
    public IReadOnlyCollection<GroupReport> GroupReports => reports;

    /// <summary>What was met so far.</summary>
    public TapStatistics Statistics => new(dissector.Statistics, seen, forgotten, streamsForgotten, cut);

    /// <summary>Looks at a frame.</summary>
    public void Push(in CapturedFrame frame)
    {
        switch (dissector.Dissect(frame, out var datagram))
        {
            case FrameContent.Datagram:
                Push(datagram);
                break;
            case FrameContent.Membership:
                foreach (var report in dissector.Reports) Note(report);
                break;
        }
        if (frame.TimeNs >= nextTickNs || frame.TimeNs < nextTickNs - TapStream.SecondNs) Tick(frame.TimeNs); // the clock may have been set back
    }

    /// <summary>Looks at a datagram that was dissected elsewhere.</summary>
    public void Push(in Datagram datagram)
    {
        var stream = Find(datagram);
        stream.Count(datagram);
        if (!stream.IsActive) Resume(stream);
        if (!datagram.IsWhole)
        {
            if (stream.Number > 0) cut++;
            return;
        }
        if (stream.Recognition is { } recognition) Recognise(stream, recognition, datagram.Payload, datagram.TimeNs);
        else if (stream.Protocol == TapProtocol.Other) LookAgain(stream, datagram);
        else Take(stream, datagram.Payload, datagram.TimeNs);
    }

    /// <summary>Finds that streams stopped, and that what SRT waits for does not come. Also called by the frames' own times.</summary>
    /// <param name="nowNs">ns since 1970, by the clock of the frames.</param>
    public void Tick(long nowNs)
    {
        nextTickNs = nowNs > long.MaxValue - TickNs ? long.MaxValue : nowNs + TickNs;
        foreach (var stream in streams)
        {
            if (stream.SrtFlow is { } srt)
            {
                giving = stream;
                srt.Tick(nowNs, giveInOrder);
            }
            if (!stream.IsActive || nowNs - stream.LastNs <= silenceNs) continue;
            stream.Stop();
            settings.Changed?.Invoke(stream, TapChange.Stopped);
        }
    }

    /// <summary>Gives what is still held: the source has ended.</summary>
    public void Flush()
    {
        foreach (var stream in streams)
        {
            giving = stream;
            stream.SrtFlow?.Flush(stream.LastNs, giveInOrder);
        }
    }

    private TapStream Find(in Datagram datagram)
    {
        if (flows.TryGetValue(datagram.Flow, out var stream))
        {
            (stream.Number > 0 ? known : unknown).MoveToEnd(stream);
            return stream;
        }
        seen++;
        stream = new TapStream(datagram.Flow, datagram.TimeNs);
        if (unknown.Count >= Math.Max(settings.MostFlows, 1))
        {
            flows.Remove(unknown.RemoveFirst().Flow);
            forgotten++;
        }
        flows.Add(datagram.Flow, stream);
        unknown.Add(stream);
        return stream;
    }

    private void Recognise(TapStream stream, FlowRecognition recognition, ReadOnlySpan<byte> payload, long timeNs)
    {
        var protocol = recognition.Look(payload, timeNs);
        if (protocol == TapProtocol.Other)
        {
            if (recognition.IsExhausted) stream.Recognition = null;
            return;
        }
        stream.Recognition = null;
        Begin(stream, protocol, recognition.Layout, payload);
        giving = stream;
        if (protocol is TapProtocol.UdpTs or TapProtocol.RtpTs) recognition.Release(giveHeld);
        Take(stream, payload, timeNs);
    }

    private void LookAgain(TapStream stream, in Datagram datagram)
    {
        if (stream.Packets % LookAgainEvery != 0) return;
        var protocol = FlowRecognition.LookOnce(datagram.Payload, out var layout);
        if (protocol == TapProtocol.Other) return;
        Begin(stream, protocol, layout, datagram.Payload);
        Take(stream, datagram.Payload, datagram.TimeNs);
    }

    private void Begin(TapStream stream, TapProtocol protocol, PacketLayout layout, ReadOnlySpan<byte> payload)
    {
        unknown.Remove(stream);
        if (streams.Count >= Math.Max(settings.MostStreams, 1)) Forget(known.RemoveFirst());
        known.Add(stream);
        streams.Add(stream);
        (stream.Protocol, stream.Number) = (protocol, ++numbers);
        if (protocol is TapProtocol.UdpTs or TapProtocol.RtpTs) (stream.CarriesTransportStream, stream.PacketSize) = (true, layout.Size);
        if (protocol is not (TapProtocol.UdpTs or TapProtocol.Srt or TapProtocol.Rtcp) && RtpFields.TryRead(payload, out var rtp))
            (stream.PayloadType, stream.Ssrc) = (rtp.PayloadType, rtp.Ssrc);
        if (protocol == TapProtocol.Srt)
        {
            stream.Srt = new SrtStatistics();
            stream.SrtFlow = new SrtFlow(stream.Srt);
        }
        Relate(stream);
        settings.Changed?.Invoke(stream, TapChange.Found);
    }

    private void Forget(TapStream stream)
    {
        flows.Remove(stream.Flow);
        streams.Remove(stream);
        foreach (var other in streams) if (other.Media == stream) other.Media = null;
        streamsForgotten++;
    }

    private void Take(TapStream stream, ReadOnlySpan<byte> payload, long timeNs)
    {
        switch (stream.Protocol)
        {
            case TapProtocol.UdpTs when IsRepeat(stream, payload, timeNs):
                stream.Repeated++;
                break;
            case TapProtocol.UdpTs or TapProtocol.Fec2022Column or TapProtocol.Fec2022Row:
                settings.Handler?.Invoke(stream, payload, timeNs);
                break;
            case TapProtocol.RtpTs or TapProtocol.Rtp or TapProtocol.Rist:
                TakeRtp(stream, payload, timeNs);
                break;
            case TapProtocol.Rtcp:
                TakeRtcp(stream, payload);
                break;
            case TapProtocol.Srt:
                TakeSrt(stream, payload, timeNs);
                break;
        }
    }

    private bool IsRepeat(TapStream stream, ReadOnlySpan<byte> payload, long timeNs) =>
        settings.DropRepeated && (stream.Repeats ??= new RepeatedDatagrams()).IsRepeat(payload, stream.PacketSize, timeNs);

    private void TakeRtp(TapStream stream, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (FlowRecognition.IsRtcp(payload))
        {
            TakeRtcp(stream, payload); // RFC 5761: on the same port
            return;
        }
        // VSF TR-06-1 5.3.3: what is sent again has the source's number with its lowest bit set.
        if (stream.Protocol != TapProtocol.Rist && RtpFields.TryRead(payload, out var rtp) && (rtp.Ssrc ^ stream.Ssrc) == 1) Become(stream, TapProtocol.Rist);
        if (stream.CarriesTransportStream) settings.Handler?.Invoke(stream, payload, timeNs);
        else if (stream.Packets % LookAgainEvery == 0 && FlowRecognition.LookOnce(payload, out var layout) == TapProtocol.RtpTs)
        {
            (stream.CarriesTransportStream, stream.PacketSize) = (true, layout.Size);
            Become(stream, stream.Protocol == TapProtocol.Rist ? TapProtocol.Rist : TapProtocol.RtpTs);
        }
    }

    private void TakeRtcp(TapStream stream, ReadOnlySpan<byte> payload)
    {
        if (stream.Protocol == TapProtocol.Rtcp && FlowRecognition.LookOnce(payload, out var layout) == TapProtocol.RtpTs && RtpFields.TryRead(payload, out var rtp))
        {
            // Reports came first, and the media on the same port.
            (stream.CarriesTransportStream, stream.PacketSize, stream.PayloadType, stream.Ssrc, stream.Media) = (true, layout.Size, rtp.PayloadType, rtp.Ssrc, null);
            Become(stream, TapProtocol.RtpTs);
            Relate(stream);
            return;
        }
        if (stream.Media is { Protocol: TapProtocol.Rist } || !RistRequest.TryRead(payload, out var ssrc)) return;
        foreach (var media in streams)
        {
            if (!IsRtp(media.Protocol) || (media.Ssrc | 1) != (ssrc | 1)) continue;
            if (media != stream) stream.Media = media;
            if (media.Protocol != TapProtocol.Rist) Become(media, TapProtocol.Rist);
            return;
        }
    }

    private void TakeSrt(TapStream stream, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (payload.Length < SrtPacket.HeaderBytes) return;
        var packet = new SrtPacket(payload);
        var srt = stream.Srt!;
        giving = stream;
        if (!packet.IsControl)
        {
            if (packet.Message == 0) return; // the packet filter's
            if (!stream.CarriesTransportStream && packet.Key == 0 && PacketLayout.Find(packet.Payload, out var layout) > 0)
            {
                (stream.CarriesTransportStream, stream.PacketSize) = (true, layout.Size);
                settings.Changed?.Invoke(stream, TapChange.Reclassified);
            }
            stream.SrtFlow!.Push(packet, timeNs, giveInOrder);
        }
        else if (packet.IsHandshake) stream.SrtFlow!.Agree(packet);
        else if (packet.ControlType == SrtPacket.Shutdown) srt.IsShutDown = true;
        else if (packet.ControlType == SrtPacket.LossReport)
        {
            // It comes from the receiver, and speaks of what the other direction lost.
            var media = flows.TryGetValue(stream.Flow.Reversed, out var sender) && sender.Srt is not null ? sender : stream;
            if (media != stream) stream.Media = media;
            media.Srt!.LossReports++;
            media.Srt.PacketsReportedLost += packet.PacketsReportedLost;
        }
    }

    private void GiveSrt(ReadOnlySpan<byte> payload, long timeNs)
    {
        if (giving.CarriesTransportStream && !giving.Srt!.IsEncrypted) settings.Handler?.Invoke(giving, payload, timeNs);
    }

    // SMPTE 2022-1 7: columns two ports above the media, rows four. RTCP (RFC 3550 11): one port above.
    private void Relate(TapStream stream)
    {
        foreach (var other in streams)
        {
            if (IsRtp(other.Protocol) && BelongsTo(stream, other)) stream.Media = other;
            if (other.Media is null && IsRtp(stream.Protocol) && BelongsTo(other, stream)) other.Media = stream;
        }
    }

    private static bool BelongsTo(TapStream stream, TapStream media)
    {
        var distance = stream.Protocol switch { TapProtocol.Rtcp => 1, TapProtocol.Fec2022Column => 2, TapProtocol.Fec2022Row => 4, _ => 0 };
        return distance > 0 && (IsAbove(stream.Flow, media.Flow, distance) || IsAbove(stream.Flow.Reversed, media.Flow, distance)); // a receiver's reports come back
    }

    private static bool IsAbove(in FlowKey flow, in FlowKey media, int distance) =>
        flow.DestinationPort == media.DestinationPort + distance && flow.Destination == media.Destination && flow.Vlan == media.Vlan
        && (flow.Source == media.Source || media.Destination.IsMulticast);

    private static bool IsRtp(TapProtocol protocol) => protocol is TapProtocol.RtpTs or TapProtocol.Rtp or TapProtocol.Rist;

    private void Become(TapStream stream, TapProtocol protocol)
    {
        stream.Protocol = protocol;
        settings.Changed?.Invoke(stream, TapChange.Reclassified);
    }

    private void Resume(TapStream stream)
    {
        stream.IsActive = true;
        settings.Changed?.Invoke(stream, TapChange.Resumed);
    }

    private void Note(GroupReport report)
    {
        while (reports.Count >= Math.Max(settings.MostReports, 1)) reports.Dequeue();
        reports.Enqueue(report);
        settings.Group?.Invoke(report);
    }
}
