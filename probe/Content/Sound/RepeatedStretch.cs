namespace SignalWatch.Content.Sound;

/// <summary>Sound that was heard before, a constant time ago (but for cuts): from where to where, and how alike.</summary>
internal sealed class RepeatedStretch(PrintMatch match, long startHop, long endHop)
{
    private long differing = match.Differing, compared = match.Compared;

    /// <summary>How long before, as of its end, hops.</summary>
    public long LagHops { get; private set; } = match.LagHops;

    public long StartHop { get; } = startHop;

    public long EndHop { get; private set; } = endHop;

    /// <summary>So much of it really agreed; the rest was bridged.</summary>
    public long MatchedHops { get; private set; } = endHop - startHop;

    /// <summary>Blocks in a row, up to now, that did not agree.</summary>
    public int Misses { get; private set; }

    /// <summary>Blocks in a row, up to now, that had nothing to compare.</summary>
    public int Pauses { get; private set; }

    public double Seconds => (EndHop - StartHop) * SoundTrack.HopSeconds;

    /// <summary>Share of bits that agree: 1 the same, 0.5 unrelated.</summary>
    public double Similarity => 1 - (double)differing / Math.Max(1, compared);

    /// <summary>It may be bridged, but most of it must have agreed.</summary>
    public bool IsSolid => MatchedHops * 10 >= (EndHop - StartHop) * 6;

    public void Extend(PrintMatch match, long toHop)
    {
        LagHops = match.LagHops;
        MatchedHops += Math.Min(SoundTrack.BlockHops, toHop - EndHop);
        EndHop = toHop;
        differing += match.Differing;
        compared += match.Compared;
        (Misses, Pauses) = (0, 0);
    }

    /// <summary>Where it ends to the second, once that is known.</summary>
    public void EndAt(long hop)
    {
        MatchedHops += hop - EndHop;
        EndHop = hop;
    }

    public void Miss() => Misses++;

    public void Pause() => Pauses++;
}

/// <summary>Follows the repeated stretches of one track in another, or in itself, block by block.</summary>
/// <param name="most">Stretches that are followed at once; a loop of one minute has 1,440 in a day. Those that began first stay.</param>
internal sealed class RepeatedStretches(int most)
{
    // Half a minute of something else ends a stretch: less is a hole in the reception, or a phone number spoken over it.
    private const int MostMisses = 3;
    private const int MostPauses = 7;
    private const int SecondHops = (int)(1 / SoundTrack.HopSeconds);
    private const int HalfBlockHops = SoundTrack.BlockHops / 2;
    private const int SecondPrints = SecondHops / SoundTrack.HopsInKept;

    // Where it is known what to expect and where, less will do than in a search over a day: chance has a few places, not millions.
    private const double StillErrorRate = 0.36;

    private readonly List<RepeatedStretch> active = [];

    /// <summary>Stretches that go on, the shortest lag first.</summary>
    public IReadOnlyList<RepeatedStretch> Active => active;

    /// <summary>Stretches that ended with the last block.</summary>
    public List<RepeatedStretch> Ended { get; } = [];

    /// <summary>Continues the stretches with the block that the track has just completed, and begins new ones at the places that a search found.</summary>
    public void Take(SoundBlock block, SoundTrack track, SoundTrack other, IReadOnlyList<PrintMatch> found)
    {
        Ended.Clear();
        if (active.Count > 0) Continue(block, track, other, found);
        foreach (var place in found)
        {
            if (active.Count >= most) break;
            if (IsFollowed(place.LagHops)) continue;
            Begin(block, track, other, place);
        }
        active.Sort(static (a, b) => a.LagHops.CompareTo(b.LagHops));
    }

    private void Continue(SoundBlock block, SoundTrack track, SoundTrack other, IReadOnlyList<PrintMatch> found)
    {
        foreach (var stretch in active)
        {
            if (!block.IsTelling)
            {
                stretch.Pause();
                continue;
            }
            var match = BestNear(block, track, other, stretch.LagHops);
            if (match.ErrorRate > StillErrorRate && Nearest(found, stretch.LagHops) is { } moved) match = moved;
            if (match.ErrorRate <= StillErrorRate) stretch.Extend(match, block.EndHop);
            else
            {
                if (stretch.Misses == 0 && stretch.Pauses == 0)
                {
                    var middle = stretch.EndHop - HalfBlockHops;
                    stretch.EndAt(middle + AgreeingSeconds(track, other, middle, stretch.LagHops, forward: true) * SecondHops);
                }
                stretch.Miss();
            }
        }
        for (var i = active.Count - 1; i >= 0; i--)
        {
            // Two stretches that a cut has brought to the same lag are one from there on.
            var doubled = i > 0 && active[i].LagHops == active[i - 1].LagHops;
            if (!doubled && active[i].Misses < MostMisses && active[i].Pauses < MostPauses) continue;
            Ended.Add(active[i]);
            active.RemoveAt(i);
        }
    }

    private void Begin(SoundBlock block, SoundTrack track, SoundTrack other, PrintMatch place)
    {
        var middle = block.StartHop + HalfBlockHops;
        active.Add(new RepeatedStretch(place, middle - AgreeingSeconds(track, other, middle, place.LagHops, forward: false) * SecondHops, block.EndHop));
    }

    private bool IsFollowed(long lagHops)
    {
        foreach (var stretch in active)
            if (Math.Abs(stretch.LagHops - lagHops) <= SecondHops) return true;
        return false;
    }

    private static PrintMatch BestNear(SoundBlock block, SoundTrack track, SoundTrack other, long lagHops)
    {
        var best = PrintSearch.Compare(track, block.StartHop, SoundTrack.BlockPrints, other, lagHops);
        for (var off = 1; off <= 2; off++)
        {
            var later = PrintSearch.Compare(track, block.StartHop, SoundTrack.BlockPrints, other, lagHops + off);
            var sooner = PrintSearch.Compare(track, block.StartHop, SoundTrack.BlockPrints, other, lagHops - off);
            if (later.ErrorRate < best.ErrorRate) best = later;
            if (sooner.ErrorRate < best.ErrorRate) best = sooner;
        }
        return best;
    }

    private static PrintMatch? Nearest(IReadOnlyList<PrintMatch> found, long lagHops)
    {
        foreach (var place in found)
            if (Math.Abs(place.LagHops - lagHops) <= SecondHops) return place;
        return null;
    }

    // A block is 8 s and agrees if three quarters of it do: from its middle on the edges of a stretch are found to the second.
    private static int AgreeingSeconds(SoundTrack track, SoundTrack other, long hop, long lagHops, bool forward)
    {
        const int most = (2 * SoundTrack.BlockHops + HalfBlockHops) / SecondHops;
        var agreeing = 0;
        for (var second = 1; second <= most && second - agreeing <= 2; second++)
        {
            var match = PrintSearch.Compare(track, forward ? hop + (second - 1) * SecondHops : hop - second * SecondHops, SecondPrints, other, lagHops);
            if (match.Compared >= 32 * SecondPrints / 2 && match.ErrorRate <= PrintSearch.SureErrorRate) agreeing = second;
        }
        return agreeing;
    }
}
