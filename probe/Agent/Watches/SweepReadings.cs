using SignalWatch.Fm;

namespace SignalWatch.Probe.Watches;

/// <summary>A sweep as a reading of the whole band, and as a line of the waterfall.</summary>
internal static class SweepReadings
{
    private const int MostBins = 4096; // of a frame

    /// <summary>The reading.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="others">Carriers beyond the band.</param>
    public static FmBandReading Whole(BandSweepReading sweep, IReadOnlyList<CarrierReading> others)
    {
        // The mirror is another for each hop: its images were told from stations there, and a mirror of the whole band there is none.
        var masked = sweep.Masked.Where(m => m.Reason != MaskReason.Image).ToList();
        return new FmBandReading(TimeSpan.FromSeconds(sweep.LengthSeconds), Median(sweep.NoiseFloor), sweep.Overload, [.. sweep.Carriers, .. others], masked)
        {
            Torn = sweep.MissingHops.Count > 0,
            NoiseFloor = sweep.NoiseFloor,
            Spectra = sweep.Spectra,
        };
    }

    /// <summary>The mean spectrum with no more bins than a frame may have: the power in each.</summary>
    public static PowerSpectrum Line(BandSpectra spectra)
    {
        var mean = spectra.MeanDbfs;
        var every = (mean.Count + MostBins - 1) / MostBins;
        var line = new float[mean.Count / every];
        // A step's value is the power in the resolution bandwidth: steps nearer than that hold the same power more than once.
        var share = spectra.StepHz / spectra.ResolutionHz;
        for (var n = 0; n < line.Length; n++)
        {
            double power = 0;
            for (var k = n * every; k < (n + 1) * every; k++) power += Math.Pow(10, mean[k] / 10);
            line[n] = (float)(10 * Math.Log10(Math.Max(power * share, 1e-20)));
        }
        return new PowerSpectrum(spectra.StartHz + (every - 1) * spectra.StepHz / 2, every * spectra.StepHz, spectra.ResolutionHz, line);
    }

    private static double Median(NoiseFloorCurve floor)
    {
        var sorted = floor.DbfsPerHz.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
