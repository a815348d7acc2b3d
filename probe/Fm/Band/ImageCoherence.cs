namespace SignalWatch.Fm;

/// <summary>Tells a receiver's mirror image from a station. A receiver whose two branches differ adds g · conj(X(−f)) to X(f), with one g for the whole channel;
/// a station at the mirror frequency knows nothing of it. So X(f) · X(−f), summed over bins and blocks, grows only for an image.</summary>
internal sealed class ImageCoherence(int size)
{
    private readonly float[] crossRe = new float[size / 2];
    private readonly float[] crossIm = new float[size / 2];
    private readonly float[] above = new float[size / 2];
    private readonly float[] below = new float[size / 2];
    private int blocks;

    public void Clear()
    {
        Array.Clear(crossRe);
        Array.Clear(crossIm);
        Array.Clear(above);
        Array.Clear(below);
        blocks = 0;
    }

    /// <summary>Adds a block's spectrum, bin 0 at 0 Hz.</summary>
    public void Add(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        for (var k = 1; k < size / 2; k++)
        {
            float ar = re[k], ai = im[k], br = re[size - k], bi = im[size - k];
            crossRe[k] += ar * br - ai * bi;
            crossIm[k] += ar * bi + ai * br;
            above[k] += ar * ar + ai * ai;
            below[k] += br * br + bi * bi;
        }
        blocks++;
    }

    /// <summary>The power at a mirror frequency that follows the frequency itself, full scale being 1.</summary>
    /// <param name="centreBin">The frequency, in bins, of either sign.</param>
    /// <param name="halfWidth">Bins to each side.</param>
    public double FollowingPower(int centreBin, int halfWidth)
    {
        var middle = Math.Abs(centreBin);
        int from = Math.Max(1, middle - halfWidth), to = Math.Min(size / 2 - 1, middle + halfWidth);
        double re = 0, im = 0, source = 0;
        var side = centreBin >= 0 ? above : below;
        for (var k = from; k <= to; k++) (re, im, source) = (re + crossRe[k], im + crossIm[k], source + side[k]);
        return source > 0 ? (re * re + im * im) / source / ((double)size * size * blocks) : 0;
    }
}
