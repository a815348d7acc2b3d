namespace SignalWatch.Content.Sound;

/// <summary>Finds sound that is on two carriers: at once (relays, up to 10 s apart) with each block, and up to a day apart with as many blocks as the processor's share allows.</summary>
internal sealed class SameSoundFinder
{
    public const double LeastSeconds = 30;

    // Two carriers of one receiver may be two hops apart on their grids even where they are at once.
    private const long LeastLagHops = -4;
    private const long AtOnceHops = (long)(10 / SoundTrack.HopSeconds);
    private const long MostLagHops = (long)(24 * 3600 / SoundTrack.HopSeconds);
    private const int MostStretches = 8;
    private const int MostFindings = 8;
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    // A search through a full day of another carrier takes 2.5 ms: with 30 a second all carriers together stay below a tenth of a core.
    private const int DaySearchesASecond = 30;
    private const int BlockSeconds = (int)(SoundTrack.BlockHops * SoundTrack.HopSeconds);

    private readonly Dictionary<(long Later, long Earlier), RepeatedStretches> pairs = [];
    private readonly Dictionary<(long Lower, long Higher), List<Finding>> findings = [];

    /// <summary>A block of every carrier is looked for in the day of every other once in so many blocks: with up to 22 carriers every one (then no repeat of 30 s escapes), with 40 one in
    /// six, with 60 one in fourteen: a single advert may then be missed, one that comes again and again is not.</summary>
    public static int BlocksBetweenDaySearches(int carriers) => Math.Max(1, carriers * (carriers - 1) / (BlockSeconds * DaySearchesASecond));

    /// <summary>Takes the block that a track has just completed.</summary>
    /// <param name="block">The block.</param>
    /// <param name="track">Its track.</param>
    /// <param name="others">All tracks, ascending by frequency; the block's own is passed over.</param>
    /// <param name="search">The search.</param>
    public void Take(SoundBlock block, SoundTrack track, IReadOnlyList<SoundTrack> others, PrintSearch search)
    {
        var turn = block.StartHop / SoundTrack.BlockHops;
        var between = BlocksBetweenDaySearches(others.Count);
        for (var i = 0; i < others.Count; i++)
        {
            var other = others[i];
            if (ReferenceEquals(other, track)) continue;
            var reach = (turn + i) % between == 0 ? MostLagHops : AtOnceHops;
            var found = block.IsTelling ? search.Find(block, other, LeastLagHops, reach, shiftStep: 2, early: 4) : [];
            var key = (track.FrequencyHz, other.FrequencyHz);
            if (!pairs.TryGetValue(key, out var stretches))
            {
                if (found.Count == 0) continue;
                pairs[key] = stretches = new RepeatedStretches(MostStretches);
            }
            stretches.Take(block, track, other, found);
            foreach (var stretch in stretches.Active) Record(track, other, stretch);
            foreach (var stretch in stretches.Ended) Record(track, other, stretch);
            if (stretches.Active.Count == 0) pairs.Remove(key);
        }
        Expire(block.EndHop);
    }

    public void Forget(long frequencyHz)
    {
        foreach (var key in pairs.Keys.Where(k => k.Later == frequencyHz || k.Earlier == frequencyHz).ToList()) pairs.Remove(key);
        foreach (var key in findings.Keys.Where(k => k.Lower == frequencyHz || k.Higher == frequencyHz).ToList()) findings.Remove(key);
    }

    /// <summary>What a carrier has in common with others, the latest first.</summary>
    public IReadOnlyList<SameSound> Findings(long frequencyHz, int most) =>
    [
        .. findings.Where(f => f.Key.Lower == frequencyHz || f.Key.Higher == frequencyHz).SelectMany(f => f.Value)
            .OrderByDescending(f => f.Stretch.EndHop).ThenBy(f => f.BHz).Take(most).Select(f => f.SameSound()),
    ];

    /// <summary>The carriers that had the same sound, ascending.</summary>
    public IReadOnlyList<long> SameAs(long frequencyHz) =>
        [.. findings.Keys.Where(k => k.Lower == frequencyHz || k.Higher == frequencyHz).Select(k => k.Lower == frequencyHz ? k.Higher : k.Lower).Order()];

    private void Record(SoundTrack track, SoundTrack other, RepeatedStretch stretch)
    {
        if (stretch.Seconds < LeastSeconds || !stretch.IsSolid) return;
        var key = (Math.Min(track.FrequencyHz, other.FrequencyHz), Math.Max(track.FrequencyHz, other.FrequencyHz));
        if (!findings.TryGetValue(key, out var list)) findings[key] = list = [];
        foreach (var finding in list)
            if (ReferenceEquals(finding.Stretch, stretch)) return; // it grows by itself
        if (list.Count == MostFindings) list.Remove(list.MinBy(f => f.Stretch.EndHop)!);
        list.Add(new Finding(track.FrequencyHz, other.FrequencyHz, stretch));
    }

    private void Expire(long nowHop)
    {
        var oldest = nowHop - (long)(Remembered.TotalSeconds / SoundTrack.HopSeconds);
        List<(long, long)>? empty = null;
        foreach (var (key, list) in findings)
        {
            list.RemoveAll(f => f.Stretch.EndHop < oldest);
            if (list.Count == 0) (empty ??= []).Add(key);
        }
        if (empty is null) return;
        foreach (var key in empty) findings.Remove(key);
    }

    private sealed record Finding(long AHz, long BHz, RepeatedStretch Stretch)
    {
        public SameSound SameSound()
        {
            var lag = Stretch.LagHops * SoundTrack.HopSeconds;
            var swap = Math.Abs(lag) < 0.2 && BHz < AHz;
            return new SameSound(
                swap ? BHz : AHz, swap ? AHz : BHz, SoundTrack.TimeOf(Stretch.StartHop), Stretch.Seconds, swap ? -lag : lag, Stretch.Similarity);
        }
    }
}
