namespace SignalWatch.Fm.Identity;

/// <summary>A carrier that is switched by the clock, at night.</summary>
/// <param name="On">Middle of the times that it is switched on at, by legal time.</param>
/// <param name="Off">Middle of the times that it is switched off at.</param>
/// <param name="NightsOn">Nights of the last five with an edge there.</param>
/// <param name="NightsOff">The same for switching off.</param>
/// <param name="NightShare">Share of its time on the air that lies between 18:00 and 08:00, 0 to 1.</param>
public sealed record NightSchedule(TimeOnly On, TimeOnly Off, int NightsOn, int NightsOff, double NightShare);

/// <summary>What the on/off history shows of how carriers are switched (rules FM-03, FM-06, FM-08). Only changes that were seen count.</summary>
internal static class SwitchingPatterns
{
    private const int Nights = 5;
    private const int LeastNights = 3;
    private const double HalfWindowMinutes = 10;
    private const double LeastNightShare = 0.9;
    private const int LeastCommonNights = 2;
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(60);

    // A spurious emission comes from the carrier itself: it changes within the time that an edge is good to, not within a timer's.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    // A sweep hears the two one after the other: what changes between them shows in the next reading.
    private const double MostReadings = 1.5;
    private const int LeastCommonEdges = 3;
    private const double LeastCommonShare = 0.8;

    // A carrier that flutters at the edge of reception has edges at all times: they would fit any schedule.
    private const int MostEdgesEachNight = 4;

    /// <summary>The schedule: edges within ±10 min on at least 3 of 5 nights, for both switching on and off, and at least 90 % of the time on the air at night.</summary>
    public static NightSchedule? Schedule(OnOffHistory history, long frequencyHz, DateTimeOffset at)
    {
        var tonight = NightOf(at, history.LegalOffset);
        var edges = history.Edges(frequencyHz).Where(e => !e.AfterGap && e.At <= at && NightOf(e.At, history.LegalOffset) > tonight - Nights).ToList();
        if (Cluster(edges, true, history.LegalOffset) is not { } on || Cluster(edges, false, history.LegalOffset) is not { } off) return null;
        var share = NightShare(history, frequencyHz, at.AddDays(-Nights), at);
        return share >= LeastNightShare ? new NightSchedule(TimeOf(on.Minutes), TimeOf(off.Minutes), on.Nights, off.Nights, share.Value) : null;
    }

    /// <summary>Share of a carrier's known time on the air that lies between 18:00 and 08:00; null where it was never seen on the air.</summary>
    public static double? NightShare(OnOffHistory history, long frequencyHz, DateTimeOffset from, DateTimeOffset to)
    {
        double all = 0, night = 0;
        foreach (var stretch in history.Stretches(frequencyHz, from, to))
        {
            if (stretch.OnAir != true) continue;
            all += (stretch.To - stretch.From).TotalSeconds;
            night += NightSeconds(stretch.From + history.LegalOffset, stretch.To + history.LegalOffset);
        }
        return all > 0 ? night / all : null;
    }

    /// <summary>On how many nights two carriers were switched the same way within 60 s; 0 where that are fewer than two.</summary>
    public static int CommonNights(OnOffHistory history, long firstHz, long secondHz)
    {
        var (first, second) = (Calm(history, firstHz), Calm(history, secondHz));
        var nights = new HashSet<long>();
        foreach (var edge in Common(first, second, Together)) nights.Add(NightOf(edge.At, history.LegalOffset));
        return nights.Count >= LeastCommonNights ? nights.Count : 0;
    }

    /// <summary>How often a carrier in the aviation band was switched at once with a station, where that is nearly always; else 0.</summary>
    /// <param name="history">The edges.</param>
    /// <param name="spuriousHz">Of the one, Hz.</param>
    /// <param name="stationHz">Of the other, Hz.</param>
    /// <param name="seconds">Length of a reading, s.</param>
    public static int CommonEdges(OnOffHistory history, long spuriousHz, long stationHz, double seconds)
    {
        var edges = Calm(history, spuriousHz);
        var within = TimeSpan.FromSeconds(Math.Max(AtOnce.TotalSeconds, MostReadings * seconds));
        var common = Common(edges, Calm(history, stationHz), within < Together ? within : Together).Count;
        return common >= LeastCommonEdges && common >= LeastCommonShare * edges.Count ? common : 0;
    }

    // Nights reach from noon to noon.
    private static long NightOf(DateTimeOffset at, TimeSpan offset) => (at.UtcTicks + offset.Ticks - TimeSpan.TicksPerDay / 2) / TimeSpan.TicksPerDay;

    private static double MinutesOf(DateTimeOffset at, TimeSpan offset) => (at.UtcTicks + offset.Ticks + TimeSpan.TicksPerDay / 2) % TimeSpan.TicksPerDay / (double)TimeSpan.TicksPerMinute;

    private static TimeOnly TimeOf(double minutesSinceNoon) => new TimeOnly(12, 0).Add(TimeSpan.FromMinutes(Math.Round(minutesSinceNoon)));

    private static (double Minutes, int Nights)? Cluster(List<OnOffEdge> edges, bool onAir, TimeSpan offset)
    {
        var calm = edges.Where(e => e.OnAir == onAir).GroupBy(e => NightOf(e.At, offset)).Where(night => night.Count() <= MostEdgesEachNight)
            .SelectMany(night => night.Select(e => (Night: night.Key, Minutes: MinutesOf(e.At, offset)))).OrderBy(e => e.Minutes).ToList();
        (double Minutes, int Nights)? best = null;
        for (var n = 0; n < calm.Count; n++)
        {
            var within = calm.Skip(n).TakeWhile(e => e.Minutes <= calm[n].Minutes + 2 * HalfWindowMinutes).ToList();
            var nights = within.Select(e => e.Night).Distinct().Count();
            if (nights >= LeastNights && nights > (best?.Nights ?? 0)) best = ((within[0].Minutes + within[^1].Minutes) / 2, nights);
        }
        return best;
    }

    private static double NightSeconds(DateTimeOffset from, DateTimeOffset to)
    {
        double day = 0;
        for (var date = from.UtcDateTime.Date; date < to.UtcDateTime; date = date.AddDays(1))
        {
            var (begin, end) = (Math.Max(from.UtcDateTime.Ticks, date.AddHours(8).Ticks), Math.Min(to.UtcDateTime.Ticks, date.AddHours(18).Ticks));
            day += Math.Max(0, end - begin) / (double)TimeSpan.TicksPerSecond;
        }
        return (to - from).TotalSeconds - day;
    }

    private static List<OnOffEdge> Calm(OnOffHistory history, long frequencyHz) =>
        [.. history.Edges(frequencyHz).Where(e => !e.AfterGap).GroupBy(e => NightOf(e.At, history.LegalOffset)).Where(night => night.Count() <= 2 * MostEdgesEachNight).SelectMany(night => night)];

    private static List<OnOffEdge> Common(List<OnOffEdge> first, List<OnOffEdge> second, TimeSpan within) =>
        first.FindAll(a => second.Exists(b => a.OnAir == b.OnAir && (a.At - b.At).Duration() <= within));
}
