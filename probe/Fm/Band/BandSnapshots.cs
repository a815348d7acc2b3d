namespace SignalWatch.Fm;

/// <summary>Some of an interval's blocks as they were, spread over the interval: what an average can't tell of a signal can still be looked at when the interval ends.</summary>
internal sealed class BandSnapshots
{
    /// <summary>Most blocks that are kept.</summary>
    public const int Most = 24;

    private readonly (float[] Re, float[] Im)[] kept;
    private readonly int every;
    private int seen;

    /// <summary>Prepares the memory.</summary>
    /// <param name="size">Bins of a block.</param>
    /// <param name="blocksEachInterval">Blocks that are to be expected.</param>
    public BandSnapshots(int size, double blocksEachInterval)
    {
        every = Math.Max(1, (int)(blocksEachInterval / Most));
        kept = new (float[], float[])[Most];
        for (var n = 0; n < Most; n++) kept[n] = (new float[size], new float[size]);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public void Clear() => (seen, Count) = (0, 0);

    /// <summary>A block's spectrum without a window, bin 0 at 0 Hz.</summary>
    public void Add(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        if (seen++ % every != 0 || Count == Most) return;
        re.CopyTo(kept[Count].Re);
        im.CopyTo(kept[Count].Im);
        Count++;
    }

    /// <summary>One of them.</summary>
    public (float[] Re, float[] Im) this[int n] => kept[n];
}
