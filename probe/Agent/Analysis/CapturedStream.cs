using System.Buffers.Binary;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Analysis;

/// <summary>One transport stream in datagrams, of a capture or of an address: put in order and repaired below, analysed above.</summary>
internal sealed class CapturedStream
{
    private const long SecondNs = 1_000_000_000;

    private readonly RtpReceiver? rtp;
    private readonly MediaDeliveryIndex delivery = new();
    private readonly List<MdiSecond> seconds = [];
    private readonly MediaRate rate = new();
    private readonly PacketsHandler take;
    private readonly ExtractedStream? extract;
    private readonly KnownRate? known;
    private long firstTakenNs = long.MinValue;
    private long lastTakenNs;
    private long takenBytes;
    private long taken;
    private StreamAnalysis? analysis;
    private long second = long.MinValue;

    /// <param name="isRtp">Its datagrams are RTP.</param>
    /// <param name="number">In the order in which transport streams were found, from 1.</param>
    /// <param name="extract">Gets its packets, or null.</param>
    /// <param name="known">Its media rate where it is known before its first packet, or null: then the delivery index has to learn it.</param>
    public CapturedStream(bool isRtp, int number, ExtractedStream? extract = null, KnownRate? known = null)
    {
        this.known = known;
        if (known is { } rateBefore) delivery.SetMediaRate(rateBefore.BitrateBps, rateBefore.IsByClock ? MediaRateSource.Pcr : MediaRateSource.Nominal);
        (Number, this.extract, take) = (number, extract, Take);
        if (isRtp) rtp = new RtpReceiver(new RtpSettings(), delivery);
    }

    /// <summary>In the order in which transport streams were found, from 1.</summary>
    public int Number { get; }

    /// <summary>It was chosen to be analysed, not only listed.</summary>
    public bool IsAnalysed => analysis is not null;

    public AlarmRecorder? Recorder { get; private set; }

    public void Analyse((StreamAnalysis Analysis, AlarmRecorder? Recorder) by) => (analysis, Recorder) = by;

    /// <summary>Its rate so far: by its PCRs where they say that it is constant, else by all that was sent, lost datagrams included, over the time that it took. Null with fewer than two datagrams.</summary>
    public KnownRate? MediaRate
    {
        get
        {
            if (rate.Update(isEnd: true) is { } byClock) return new KnownRate(byClock, IsByClock: true);
            var sent = taken + (rtp?.Statistics.LostAfterFec ?? 0);
            return taken > 1 && lastTakenNs > firstTakenNs ? new KnownRate((sent - 1) * (takenBytes * 8.0 / taken) * SecondNs / (lastTakenNs - firstTakenNs), IsByClock: false) : null;
        }
    }

    /// <summary>Datagrams that are missing in the stream, after all repair.</summary>
    public long LostOnTheWay => rtp?.Statistics.LostAfterFec ?? 0;

    /// <summary>A datagram of it, or what a tunnel carried.</summary>
    public void Push(ReadOnlySpan<byte> payload, long timeNs)
    {
        EndSecond(timeNs);
        if (rtp is null)
        {
            delivery.Push(timeNs, payload.Length);
            Take(payload, timeNs, 0);
            return;
        }
        delivery.Push(timeNs, Math.Max(0, payload.Length - MediaOffset(payload)));
        rtp.Push(payload, timeNs, take);
    }

    /// <summary>A datagram of its error correction.</summary>
    public void PushFec(ReadOnlySpan<byte> payload, long timeNs) => rtp?.PushFec(payload, timeNs, take);

    public void Tick(long nowNs)
    {
        EndSecond(nowNs);
        rtp?.Tick(nowNs, take);
        analysis?.Tick(CaptureAnalysis.At(nowNs));
    }

    public void Flush() => rtp?.Flush(take);

    /// <summary>Its document; and its end.</summary>
    /// <param name="listed">What is known of its flow.</param>
    /// <param name="firstNs">When everything began.</param>
    /// <param name="describe">Describes its analysis.</param>
    public CapturedStreamDocument Describe(CapturedStreamDocument listed, long? firstNs, Func<CapturedStream, StreamResult, StreamDocument> describe)
    {
        var statistics = rtp?.Statistics;
        return listed with
        {
            Rtp = statistics is null ? null : new RtpDocument(statistics.Datagrams, statistics.Lost, statistics.Reordered, statistics.Duplicates, statistics.Recovered, statistics.LostAfterFec, statistics.Late, Math.Round(statistics.JitterNs / 1e6, 6)),
            Mdi = Delivered(firstNs),
            MdiRateSource = seconds.Count > 0 || delivery.Current is not null ? ((known?.IsByClock ?? rate.BitrateBps is not null) ? "pcr" : "measured") : null,
            Analysis = analysis is null ? null : describe(this, analysis.Finish()),
        };
    }

    // The index keeps the latest minute only; a long capture has more.
    private void EndSecond(long timeNs)
    {
        var now = timeNs / SecondNs;
        if (now == second) return;
        second = now;
        if (known is null && rate.Update() is { } learnt) delivery.SetMediaRate(learnt, MediaRateSource.Pcr);
        delivery.Tick(timeNs);
        foreach (var ended in delivery.Seconds)
            if (seconds.Count == 0 || ended.Second > seconds[^1].Second) seconds.Add(ended);
        if (seconds.Count > 2 * CaptureAnalysis.MostSeconds) seconds.RemoveRange(0, CaptureAnalysis.MostSeconds);
    }

    private IReadOnlyList<MdiDocument> Delivered(long? firstNs)
    {
        if (known is null && rate.Update(isEnd: true) is { } learnt) delivery.SetMediaRate(learnt, MediaRateSource.Pcr);
        var origin = (firstNs ?? 0) / SecondNs;
        return [.. seconds.Concat(delivery.Current is { } current ? [current] : []).Select(s => new MdiDocument(s.Second - origin, s.DelayFactorMs is { } df ? Math.Round(df, 3) : null, s.MediaLossRate, s.Datagrams, s.MediaRateBps))];
    }

    private void Take(ReadOnlySpan<byte> packets, long timeNs, int missing)
    {
        if (firstTakenNs == long.MinValue) firstTakenNs = timeNs;
        (lastTakenNs, takenBytes, taken) = (timeNs, takenBytes + packets.Length, taken + 1);
        rate.Take(packets, missing > 0);
        if (extract is not null) extract.Write(packets);
        analysis?.Push(packets, CaptureAnalysis.At(timeNs));
    }

    // RFC 3550 5.1: twelve bytes, contributing sources, and an extension.
    internal static int MediaOffset(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 12) return datagram.Length;
        var offset = 12 + 4 * (datagram[0] & 0x0F);
        return (datagram[0] & 0x10) != 0 && datagram.Length >= offset + 4 ? offset + 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]) : offset;
    }
}

/// <summary>A media rate that is known before the first packet.</summary>
/// <param name="BitrateBps">b/s of packets of 188 bytes.</param>
/// <param name="IsByClock">By the stream's PCRs; else by what was sent in the time that it took.</param>
internal readonly record struct KnownRate(double BitrateBps, bool IsByClock);
