namespace SignalWatch.Content.Sound;

/// <summary>Finds programme of one carrier that repeats: stretches of at least a minute heard before within 24 h (the method of CN105721090B, which sums the repeats of blocks; here each block of 8 s
/// is looked for in all of the day, and places of equal distance are joined to stretches).</summary>
internal sealed class LoopFinder
{
    public const double LeastSeconds = 60;

    // Nearer than the block of the rule a hearing would overlap itself: a loop of 20 s is found at three, four, five rounds.
    private const long LeastLagHops = (long)(LeastSeconds / SoundTrack.HopSeconds);
    private const long MostLagHops = (long)(24 * 3600 / SoundTrack.HopSeconds);
    private const int SecondHops = (int)(1 / SoundTrack.HopSeconds);
    private const int HeardOfSeconds = 3 * 3600;
    private const int MostFindings = 16;
    private const int MostOccurrences = 32;

    private readonly RepeatedStretches stretches = new(most: 1500);
    private readonly bool[] heard = new bool[HeardOfSeconds];
    private readonly List<Loop> loops = [];
    private readonly List<long> lags = [];
    private long lastSecond = long.MinValue;

    /// <summary>Sound within the last 3 h that could be compared, s.</summary>
    public double HeardSeconds => heard.Count(second => second);

    /// <summary>Takes the block that the track has just completed.</summary>
    public void Take(SoundBlock block, SoundTrack track, PrintSearch search)
    {
        var found = block.IsTelling ? search.Find(block, track, LeastLagHops, MostLagHops) : [];
        stretches.Take(block, track, track, found);
        Mark(block);
        Follow(block);
        var oldest = block.EndHop - MostLagHops;
        loops.RemoveAll(loop => loop.EndHop < oldest);
    }

    /// <summary>The programmes that repeat, the most repeated first.</summary>
    public IReadOnlyList<LoopFinding> Findings() => [.. loops.OrderByDescending(l => l.Times).ThenByDescending(l => l.EndHop).Select(l => l.Finding())];

    private void Mark(SoundBlock block)
    {
        var last = block.EndHop / SecondHops;
        if (last <= lastSecond)
        {
            // The clock was set back: what was marked lies in no past of this time.
            Array.Clear(heard);
            lastSecond = long.MinValue;
        }
        for (var second = Math.Max(Math.Max(lastSecond, last - HeardOfSeconds), 0); second < last; second++)
            heard[second % HeardOfSeconds] = block.IsTelling && second >= block.StartHop / SecondHops;
        lastSecond = last;
    }

    private void Follow(SoundBlock block)
    {
        lags.Clear();
        RepeatedStretch? weakest = null;
        long start = long.MaxValue;
        foreach (var stretch in stretches.Active)
        {
            if (stretch.Seconds < LeastSeconds || !stretch.IsSolid || stretch.EndHop != block.EndHop) continue;
            if (lags.Count > 0 && stretch.LagHops - lags[^1] < LeastLagHops) continue;
            lags.Add(stretch.LagHops);
            start = Math.Min(start, stretch.StartHop);
            if (weakest is null || stretch.StartHop > weakest.StartHop) weakest = stretch;
        }
        if (weakest is null) return;
        // What all these hearings have in common begins where the latest of the stretches began.
        var common = Math.Min(block.EndHop - weakest.StartHop, Math.Max(lags[0], LeastLagHops));
        var loop = loops.Find(l => l.EndHop >= start) ?? Renewed(block) ?? New();
        loop.Update(block.EndHop, common, lags, Period(), weakest.Similarity);
    }

    // A programme that comes again is the same finding: one of its hearings now is the finding's last.
    private Loop? Renewed(SoundBlock block)
    {
        foreach (var loop in loops)
            foreach (var lag in lags)
                if (block.EndHop - lag <= loop.EndHop + LeastLagHops && block.EndHop - lag >= loop.EndHop - loop.LengthHops) return loop;
        return null;
    }

    private Loop New()
    {
        if (loops.Count == MostFindings) loops.Remove(loops.MinBy(l => (l.Times, l.EndHop))!);
        var loop = new Loop();
        loops.Add(loop);
        return loop;
    }

    /// <summary>The distance of the hearings, in hops, where all of them keep it to a second.</summary>
    private double? Period()
    {
        // All stretches count here, not only those a minute apart: a loop of 25 s is heard at 75, 100, 125.
        long? least = null;
        long previous = 0, farthest = 0;
        var count = 0;
        foreach (var stretch in stretches.Active)
        {
            if (stretch.Seconds < LeastSeconds || stretch.Misses > 0) continue;
            var distance = stretch.LagHops - previous;
            if ((previous > 0 || distance < 2 * LeastLagHops || stretch.Seconds > LeastSeconds) && (least is null || distance < least)) least = distance;
            (previous, farthest) = (stretch.LagHops, stretch.LagHops);
            count++;
        }
        if (least is not { } period || count < 2 || period < SecondHops) return null;
        var rounds = Math.Round((double)farthest / period);
        var exact = farthest / rounds;
        foreach (var stretch in stretches.Active)
        {
            if (stretch.Seconds < LeastSeconds || stretch.Misses > 0) continue;
            var off = stretch.LagHops - Math.Round(stretch.LagHops / exact) * exact;
            if (Math.Abs(off) > SecondHops) return null;
        }
        return exact;
    }

    private sealed class Loop
    {
        private readonly List<long> lags = [];
        private double similarity;
        private double? period;
        private long endOfLags;

        public int Times { get; private set; }

        public long EndHop { get; private set; }

        public long LengthHops { get; private set; }

        public void Update(long endHop, long lengthHops, List<long> newLags, double? newPeriod, double newSimilarity)
        {
            EndHop = endHop;
            // At the end of a hearing fewer of the earlier ones reach so far: the fullest count of this hearing stands.
            if (newLags.Count + 1 < Times) return;
            if (newLags.Count + 1 > Times) LengthHops = 0;
            Times = newLags.Count + 1;
            LengthHops = Math.Max(LengthHops, lengthHops);
            (period, similarity) = (newPeriod, newSimilarity);
            lags.Clear();
            lags.AddRange(newLags);
            endOfLags = endHop;
        }

        public LoopFinding Finding()
        {
            var start = endOfLags - LengthHops;
            var seconds = LengthHops * SoundTrack.HopSeconds;
            var occurrences = new List<LoopOccurrence>();
            for (var i = Math.Min(lags.Count, MostOccurrences - 1) - 1; i >= 0; i--) occurrences.Add(new LoopOccurrence(SoundTrack.TimeOf(start - lags[i]), seconds));
            occurrences.Add(new LoopOccurrence(SoundTrack.TimeOf(start), seconds));
            return new LoopFinding(
                Times, seconds, SoundTrack.TimeOf(start - lags[^1]), SoundTrack.TimeOf(EndHop), period * SoundTrack.HopSeconds, similarity, occurrences);
        }
    }
}
