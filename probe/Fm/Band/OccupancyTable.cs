using SignalWatch.Contracts;

namespace SignalWatch.Fm;

/// <summary>Occupancy of the raster's channels (ITU-R SM.1880-2): for each, the share of the intervals in which a carrier was there, over 15 min, 1 h and 24 h.
/// <para>Counts are kept by the minute in a ring of 24 h: memory does not grow. Time is an argument; intervals that were torn, overloaded or not observed are no samples, neither occupied nor free.</para></summary>
public sealed class OccupancyTable
{
    private const int Minutes = 24 * 60;
    private const int MostChannels = 1000;

    private readonly double startHz;
    private readonly double rasterHz;
    private readonly int channels;
    private readonly Text method;
    private readonly ushort[] occupied;
    private readonly ushort[] samples;
    private readonly long[] minuteOf = new long[Minutes];

    /// <summary>Prepares a table.</summary>
    /// <param name="startHz">The first channel, Hz.</param>
    /// <param name="stopHz">The last channel, Hz.</param>
    /// <param name="settings">The raster and the thresholds of the receiver whose readings it takes.</param>
    /// <exception cref="ProblemException"><c>fm.setting</c>: the channels are none, or more than 1000.</exception>
    public OccupancyTable(double startHz, double stopHz, FmBandSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var count = Math.Round((stopHz - startHz) / settings.RasterHz) + 1;
        if (count is not (>= 1 and <= MostChannels)) throw new ProblemException(Texts.Setting(nameof(stopHz)));
        (this.startHz, rasterHz, channels) = (startHz, settings.RasterHz, (int)count);
        method = BandTexts.OccupancyMethod(settings.AppearsAtSnrDb, settings.VanishesAtSnrDb);
        (occupied, samples) = (new ushort[Minutes * channels], new ushort[Minutes * channels]);
        Array.Fill(minuteOf, long.MinValue);
    }

    /// <summary>Takes an interval's carriers.</summary>
    /// <param name="at">When it ended.</param>
    /// <param name="reading">The reading.</param>
    /// <param name="fromHz">The lowest frequency that was observed, Hz.</param>
    /// <param name="toHz">The highest, Hz.</param>
    public void Add(DateTimeOffset at, FmBandReading reading, double fromHz, double toHz)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (!reading.Torn && !reading.Overload) Add(at, reading.Carriers, fromHz, toHz);
    }

    /// <summary>Takes the carriers of one look at a stretch of the band: an interval, or a sweep.</summary>
    /// <param name="at">When it ended.</param>
    /// <param name="carriers">The carriers; those that are off the air do not count.</param>
    /// <param name="fromHz">The lowest frequency that was observed, Hz.</param>
    /// <param name="toHz">The highest, Hz.</param>
    public void Add(DateTimeOffset at, IReadOnlyList<CarrierReading> carriers, double fromHz, double toHz)
    {
        ArgumentNullException.ThrowIfNull(carriers);
        var minute = at.UtcTicks / TimeSpan.TicksPerMinute;
        var row = Row(minute);
        // Older than the ring: its row belongs to another minute.
        if (row < 0) return;
        var (first, last) = ((int)Math.Max(0, Math.Ceiling((fromHz - startHz) / rasterHz)), (int)Math.Min(channels - 1, Math.Floor((toHz - startHz) / rasterHz)));
        for (var c = first; c <= last; c++)
        {
            ref var count = ref samples[row + c];
            // A minute holds more than a thousand samples only where intervals are shorter than 60 ms.
            if (count == ushort.MaxValue) return;
            count++;
        }
        Span<bool> seen = stackalloc bool[MostChannels];
        foreach (var carrier in carriers)
        {
            var c = (int)Math.Round((carrier.NominalHz - startHz) / rasterHz);
            if (!carrier.OnAir || c < first || c > last || seen[c]) continue;
            // A carrier between two channels occupies the nearer one; two in one channel occupy it once.
            seen[c] = true;
            occupied[row + c]++;
        }
    }

    /// <summary>The occupancy up to a moment.</summary>
    /// <param name="at">The moment.</param>
    public OccupancySnapshot Snapshot(DateTimeOffset at) =>
        new(at, method, [Window(at, TimeSpan.FromMinutes(15)), Window(at, TimeSpan.FromHours(1)), Window(at, TimeSpan.FromHours(24))]);

    private int Row(long minute)
    {
        var slot = (int)(minute % Minutes);
        if (minuteOf[slot] > minute) return -1;
        if (minuteOf[slot] < minute)
        {
            Array.Clear(occupied, slot * channels, channels);
            Array.Clear(samples, slot * channels, channels);
            minuteOf[slot] = minute;
        }
        return slot * channels;
    }

    private OccupancyWindow Window(DateTimeOffset at, TimeSpan length)
    {
        var last = at.UtcTicks / TimeSpan.TicksPerMinute;
        var first = last - (long)length.TotalMinutes + 1;
        var (on, all) = (new long[channels], new long[channels]);
        for (var slot = 0; slot < Minutes; slot++)
        {
            if (minuteOf[slot] < first || minuteOf[slot] > last) continue;
            for (var c = 0; c < channels; c++) (on[c], all[c]) = (on[c] + occupied[slot * channels + c], all[c] + samples[slot * channels + c]);
        }
        var list = new List<ChannelOccupancy>();
        for (var c = 0; c < channels; c++)
            if (all[c] > 0) list.Add(new ChannelOccupancy((long)(startHz + c * rasterHz), on[c], all[c], length.TotalSeconds / all[c]));
        var total = all.Sum();
        return new OccupancyWindow(length, list, total > 0 ? (double)on.Sum() / total : null);
    }
}

/// <summary>Occupancy at a moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Method">What counts as occupied: the threshold, and how it is set.</param>
/// <param name="Windows">15 min, 1 h and 24 h up to it.</param>
public sealed record OccupancySnapshot(DateTimeOffset At, Text Method, IReadOnlyList<OccupancyWindow> Windows);

/// <summary>Occupancy over a time.</summary>
/// <param name="Length">The time.</param>
/// <param name="Channels">The channels that were observed in it.</param>
/// <param name="BandOccupancy">Frequency band occupancy (FBO), 0 to 1: the share of occupied samples of all channels; null where nothing was observed.</param>
public sealed record OccupancyWindow(TimeSpan Length, IReadOnlyList<ChannelOccupancy> Channels, double? BandOccupancy);

/// <summary>Occupancy of a channel.</summary>
/// <param name="FrequencyHz">The channel, Hz.</param>
/// <param name="Occupied">Samples in which it was occupied.</param>
/// <param name="Samples">All samples.</param>
/// <param name="RevisitSeconds">Mean time from one sample to the next, were they spread over the whole time, s.</param>
public readonly record struct ChannelOccupancy(long FrequencyHz, long Occupied, long Samples, double RevisitSeconds)
{
    /// <summary>Frequency channel occupancy (FCO), 0 to 1.</summary>
    public double Share => Samples > 0 ? (double)Occupied / Samples : 0;

    /// <summary>Half of the 95 % confidence interval of the share, were the samples independent (Report SM.2256). A station stays on for hours: that its samples aren't makes the truth less sure.</summary>
    public double ConfidenceHalfWidth => Samples > 0 ? 1.96 * Math.Sqrt(Share * (1 - Share) / Samples) : 1;
}
