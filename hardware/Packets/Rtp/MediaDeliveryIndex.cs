namespace SignalWatch.Hardware;

/// <summary>Where the media rate of a <see cref="MediaDeliveryIndex"/> comes from.</summary>
public enum MediaRateSource
{
    /// <summary>Mean of all that arrived: the only one that needs nobody, and the one that calls a slow sender a good one.</summary>
    Measured,

    /// <summary>From the stream's PCR.</summary>
    Pcr,

    /// <summary>Given by a person or a plan.</summary>
    Nominal,
}

/// <summary>The index of one second.</summary>
/// <param name="Second">Of the arrival clock: its nanoseconds divided by 10⁹, rounded down.</param>
/// <param name="DelayFactorMs">Delay factor: how much a buffer must hold, as time, so that it neither runs over nor empty. Null where nothing arrived.</param>
/// <param name="MediaLossRate">Transport packets lost or out of order in this second, before any repair.</param>
/// <param name="Datagrams">That arrived.</param>
/// <param name="MediaBytes">In them.</param>
/// <param name="MediaRateBps">The drain that the delay factor is measured against, in bits a second.</param>
/// <param name="RateSource">Where that rate comes from.</param>
public readonly record struct MdiSecond(long Second, double? DelayFactorMs, long MediaLossRate, long Datagrams, long MediaBytes, double MediaRateBps, MediaRateSource RateSource);

/// <summary>
/// Media delivery index of RFC 4445, for RTP and for plain UDP. Each calendar second of the arrival clock begins with an empty virtual buffer, into which every datagram falls as a whole
/// and which drains at the media rate: DF = (max VB − min VB) / MR over the moments just before and just after each arrival. The rate is applied when a second ends,
/// so the one that the first PCRs of a stream tell is in time for its first second. No allocation a datagram; the latest seconds are kept.
/// </summary>
public sealed class MediaDeliveryIndex
{
    private const int Kept = 64;
    private const long NanosecondsASecond = 1_000_000_000;

    private readonly MdiSecond[] seconds = new MdiSecond[Kept];
    private readonly ArrivalHull before = new(isUpper: false);
    private readonly ArrivalHull after = new(isUpper: true);
    private long written;
    private long second = long.MinValue;
    private long originNs;
    private long datagrams;
    private long mediaBytes;
    private long lost;
    private long firstNs;
    private long lastNs;
    private long firstBytes;
    private long allBytes;
    private double? givenRateBps;
    private MediaRateSource givenSource;

    /// <summary>Seconds that have ended, oldest first, 64 at most. Takes memory.</summary>
    public IReadOnlyList<MdiSecond> Seconds
    {
        get
        {
            var count = (int)Math.Min(written, Kept);
            var snapshot = new MdiSecond[count];
            for (var i = 0; i < count; i++) snapshot[i] = seconds[(written - count + i) % Kept];
            return snapshot;
        }
    }

    /// <summary>The second under way, as far as it goes. Null before the first datagram.</summary>
    public MdiSecond? Current => second == long.MinValue ? null : Close();

    /// <summary>The second with the largest delay factor so far; of all, not only of those kept. Null before the first ended.</summary>
    public MdiSecond? Worst { get; private set; }

    /// <summary>Transport packets lost or out of order so far.</summary>
    public long LostOrOutOfOrder { get; private set; }

    /// <summary>Says the media rate; it holds for the second under way and those to come.</summary>
    /// <param name="bitsPerSecond">Of the media: transport packets of 188 bytes, without RTP, UDP and IP. Not positive: the measured mean is used again.</param>
    /// <param name="source">Who says so.</param>
    public void SetMediaRate(double bitsPerSecond, MediaRateSource source)
    {
        givenRateBps = double.IsFinite(bitsPerSecond) && bitsPerSecond > 0 && source != MediaRateSource.Measured ? bitsPerSecond : null;
        givenSource = source;
    }

    /// <summary>A datagram arrived, whatever becomes of it: duplicates fill a buffer too.</summary>
    /// <param name="timeNs">When, on a clock whose seconds are calendar seconds where the seconds are to be.</param>
    /// <param name="bytes">Of media in it.</param>
    public void Push(long timeNs, int bytes)
    {
        if (bytes <= 0) return;
        if (second != long.MinValue && timeNs < lastNs - NanosecondsASecond)
        {
            Write(Close()); // the clock was set back: its seconds begin anew
            second = long.MinValue;
        }
        Tick(timeNs);
        if (second == long.MinValue) Begin(timeNs, bytes);
        // Two paths may be pushed slightly out of order.
        var at = Math.Max(timeNs, lastNs) - originNs;
        before.Add(at, mediaBytes);
        mediaBytes += bytes;
        after.Add(at, mediaBytes);
        datagrams++;
        allBytes += bytes;
        lastNs = Math.Max(timeNs, lastNs);
    }

    /// <summary>Media packets are missing or came out of order.</summary>
    /// <param name="timeNs">When that was noticed; a second that is no longer kept only counts in the sum.</param>
    /// <param name="transportPackets">How many packets of 188 bytes.</param>
    public void Missing(long timeNs, int transportPackets)
    {
        LostOrOutOfOrder += transportPackets;
        var of = SecondOf(timeNs);
        if (of == second || second == long.MinValue)
        {
            lost += transportPackets;
            return;
        }
        for (var i = written - 1; i >= Math.Max(0, written - Kept); i--)
        {
            ref var ended = ref seconds[i % Kept];
            if (ended.Second == of) ended = ended with { MediaLossRate = ended.MediaLossRate + transportPackets };
        }
    }

    /// <summary>Lets time pass: ends the seconds that are over, those in which nothing arrived included.</summary>
    /// <param name="nowNs">On the same clock.</param>
    public void Tick(long nowNs)
    {
        if (second == long.MinValue) return;
        var now = SecondOf(nowNs);
        if (now <= second) return;
        // After hours of silence only the seconds that would be kept are written.
        var silent = Math.Min(now - second - 1, Kept);
        Write(Close());
        for (var i = silent; i > 0; i--)
        {
            (second, datagrams, mediaBytes, lost) = (now - i, 0, 0, 0);
            Write(Close());
        }
        (second, originNs, datagrams, mediaBytes, lost) = (now, now * NanosecondsASecond, 0, 0, 0);
        before.Clear();
        after.Clear();
        // The buffer is empty when the second begins, so a silence that reaches into it shows. The very first second has no such beginning.
        before.Add(0, 0);
        after.Add(0, 0);
    }

    private static long SecondOf(long timeNs) => Math.DivRem(timeNs, NanosecondsASecond, out var rest) - (rest < 0 ? 1 : 0);

    private void Begin(long timeNs, int bytes)
    {
        second = SecondOf(timeNs);
        originNs = second * NanosecondsASecond;
        firstNs = lastNs = timeNs;
        firstBytes = bytes;
        (allBytes, datagrams, mediaBytes, lost) = (0, 0, 0, 0);
        before.Clear();
        after.Clear();
    }

    private void Write(MdiSecond ended)
    {
        seconds[written++ % Kept] = ended;
        if (ended.DelayFactorMs is { } ms && !(Worst?.DelayFactorMs >= ms)) Worst = ended;
    }

    private MdiSecond Close()
    {
        // Between the first arrival and the last came all bytes but the first datagram's.
        var rate = givenRateBps ?? (lastNs > firstNs ? (allBytes - firstBytes) * 8.0 * NanosecondsASecond / (lastNs - firstNs) : 0);
        var bytesPerNs = rate / 8 / NanosecondsASecond;
        double? delayMs = datagrams > 0 && rate > 0 ? (after.Extreme(bytesPerNs) - before.Extreme(bytesPerNs)) / bytesPerNs / 1e6 : null;
        return new MdiSecond(second, delayMs, lost, datagrams, mediaBytes, rate, givenRateBps is null ? MediaRateSource.Measured : givenSource);
    }
}
