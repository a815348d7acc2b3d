namespace SignalWatch.Fm;

/// <summary>Holds spectra over a longer time: the mean of the means, the highest of the highest, the lowest of the lowest (SM.1268-5 annex 1 wants 3 × 5 min of maximum).</summary>
public sealed class SpectrumHold
{
    private double[] sum = [];
    private float[] max = [];
    private float[] min = [];
    private double seconds;
    private BandSpectra? first;
    private double endSeconds;

    /// <summary>What is held, its start that of the first spectrum and its length up to the end of the last; null where nothing was added.</summary>
    public BandSpectra? Held => first is null ? null : first with
    {
        LengthSeconds = endSeconds - first.StartSeconds,
        MeanDbfs = Array.ConvertAll(sum, s => (float)(10 * Math.Log10(s / seconds))),
        MaxDbfs = [.. max],
        MinDbfs = [.. min],
    };

    /// <summary>Begins anew.</summary>
    public void Clear() => first = null;

    /// <summary>Adds the next spectra. Of another receiver or frequency, they begin a new hold.</summary>
    /// <param name="spectra">The spectra.</param>
    public void Add(BandSpectra spectra)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        if (first is null || first.StartHz != spectra.StartHz || first.StepHz != spectra.StepHz || sum.Length != spectra.MeanDbfs.Count) Begin(spectra);
        for (var n = 0; n < sum.Length; n++)
        {
            sum[n] += spectra.LengthSeconds * Math.Pow(10, spectra.MeanDbfs[n] / 10);
            max[n] = Math.Max(max[n], spectra.MaxDbfs[n]);
            min[n] = Math.Min(min[n], spectra.MinDbfs[n]);
        }
        seconds += spectra.LengthSeconds;
        endSeconds = spectra.StartSeconds + spectra.LengthSeconds;
    }

    private void Begin(BandSpectra spectra)
    {
        first = spectra;
        seconds = 0;
        sum = new double[spectra.MeanDbfs.Count];
        (max, min) = ([.. spectra.MaxDbfs], [.. spectra.MinDbfs]);
    }
}
