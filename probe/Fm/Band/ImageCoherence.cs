namespace SignalWatch.Fm;

/// <summary>Tells a receiver's mirror image from a station. A receiver whose two branches differ adds g · conj(X(−f)) to X(f), with one g for the whole channel;
/// a station at the mirror frequency knows nothing of it. So X(f) · X(−f), summed over bins and blocks, grows only for an image.</summary>
internal sealed class ImageCoherence(int size)
{
    private readonly float[] crossRe = new float[size / 2];
    private readonly float[] crossIm = new float[size / 2];
    private readonly float[] above = new float[size / 2];
    private readonly float[] below = new float[size / 2];

    public void Clear()
    {
        Array.Clear(crossRe);
        Array.Clear(crossIm);
        Array.Clear(above);
        Array.Clear(below);
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
    }

    /// <summary>The share, 0 to 1, of the power around a frequency that follows its mirror frequency.</summary>
    /// <param name="centreBin">The frequency, in bins, of either sign.</param>
    /// <param name="halfWidth">Bins to each side.</param>
    public double Share(int centreBin, int halfWidth)
    {
        var middle = Math.Abs(centreBin);
        int from = Math.Max(1, middle - halfWidth), to = Math.Min(size / 2 - 1, middle + halfWidth);
        double re = 0, im = 0, a = 0, b = 0;
        for (var k = from; k <= to; k++) (re, im, a, b) = (re + crossRe[k], im + crossIm[k], a + above[k], b + below[k]);
        return a > 0 && b > 0 ? Math.Min(1, (re * re + im * im) / (a * b)) : 0;
    }
}
