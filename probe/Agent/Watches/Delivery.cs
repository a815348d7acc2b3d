using SignalWatch.Hardware;

namespace SignalWatch.Probe.Watches;

/// <summary>How a stream got here since the last report.</summary>
/// <param name="Dropped">What this machine dropped.</param>
/// <param name="LostOnTheWay">Datagrams that RTP proves to be missing, after all repair.</param>
/// <param name="IsBehind">Something is being waited for: what is missing at this moment may yet turn out to be lost on the way.</param>
/// <param name="Rtp">Its RTP; null for other inputs.</param>
/// <param name="Mdi">The last whole second of its delivery index; null for inputs without datagrams, or where none is over.</param>
internal readonly record struct Delivery(long Dropped, long LostOnTheWay = 0, bool IsBehind = false, RtpFigures? Rtp = null, MdiSecond? Mdi = null)
{
    /// <summary>Packets are missing that the broadcaster may have sent.</summary>
    public bool IsTorn => Dropped > 0 || LostOnTheWay > 0;
}

/// <summary>Datagrams since the last report.</summary>
internal readonly record struct RtpFigures(long Lost, long Recovered, long Reordered, long Duplicates)
{
    public static RtpFigures Of(RtpStatistics statistics) => new(statistics.Lost, statistics.Recovered, statistics.Reordered, statistics.Duplicates);

    public RtpFigures Since(RtpFigures before) => new(Lost - before.Lost, Recovered - before.Recovered, Reordered - before.Reordered, Duplicates - before.Duplicates);
}
