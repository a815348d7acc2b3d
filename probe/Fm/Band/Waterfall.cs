using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Averages the channelizer's spectra to lines of a waterfall, and the lines to the interval's spectrum.</summary>
internal sealed class Waterfall
{
    private readonly FmBandSettings settings;
    private readonly Channelizer channelizer;
    private readonly SpectrumTraces sum;
    private readonly float[] line;
    private readonly int binsEachStep;
    private double due;

    public Waterfall(FmBandSettings settings, Channelizer channelizer)
    {
        (this.settings, this.channelizer) = (settings, channelizer);
        (sum, Interval) = (new SpectrumTraces(channelizer.Size), new SpectrumTraces(channelizer.Size));
        line = new float[Math.Min(settings.MaxSpectrumBins, channelizer.Size)];
        binsEachStep = channelizer.Size / line.Length;
    }

    /// <summary>The interval's sum. What a line is still made of is not in it before <see cref="Collect"/>.</summary>
    public SpectrumTraces Interval { get; }

    /// <summary>Ends the interval's sum: what was measured since the last line goes into it, and the line begins anew without it.</summary>
    public void Collect()
    {
        Interval.Add(sum);
        sum.Clear();
    }

    /// <summary>Adds the channelizer's present block.</summary>
    /// <returns>A line where one is complete.</returns>
    public PowerSpectrum? Add()
    {
        sum.Add(channelizer.SpectrumRe, channelizer.SpectrumIm);
        due += channelizer.Hop * settings.SpectrumLinesPerSecond / settings.SampleRateHz;
        if (due < 1) return null;
        due -= Math.Floor(due);
        Fill();
        Collect();
        var bin = channelizer.SampleRateHz / channelizer.Size;
        var step = bin * binsEachStep;
        return new PowerSpectrum(settings.CenterFrequencyHz - channelizer.SampleRateHz / 2 + (step - bin) / 2, step, bin * HannSpectrum.NoiseBandwidthBins, line);
    }

    /// <summary>The interval's three spectra, in steps as the lines have them.</summary>
    /// <param name="startSeconds">When the interval began.</param>
    /// <param name="lengthSeconds">Its length.</param>
    public BandSpectra Spectra(double startSeconds, double lengthSeconds)
    {
        var (mean, max, min) = (new float[line.Length], new float[line.Length], new float[line.Length]);
        int half = channelizer.Size / 2, mask = channelizer.Size - 1;
        // A line on a bin leaves two thirds of its power there: its level is 1.5 times the bin's, and noise reads as that in 1.5 bins.
        var scale = Interval.BlockScale * HannSpectrum.NoiseBandwidthBins;
        for (var n = 0; n < line.Length; n++)
        {
            double sum = 0, highest = 0, lowest = double.MaxValue;
            for (var k = n * binsEachStep; k < (n + 1) * binsEachStep; k++)
            {
                var at = (k + half) & mask;
                (sum, highest, lowest) = (sum + Interval.Sums[at], Math.Max(highest, Interval.Highest[at]), Math.Min(lowest, Interval.Lowest[at]));
            }
            (mean[n], max[n], min[n]) = (Dbfs(sum / binsEachStep / Interval.Blocks * scale), Dbfs(highest * scale), Dbfs(lowest * scale));
        }
        var bin = channelizer.SampleRateHz / channelizer.Size;
        var step = bin * binsEachStep;
        return new BandSpectra(startSeconds, lengthSeconds, settings.CenterFrequencyHz - channelizer.SampleRateHz / 2 + (step - bin) / 2, step, bin * HannSpectrum.NoiseBandwidthBins, mean, max, min);
    }

    private static float Dbfs(double power) => (float)(10 * Math.Log10(Math.Max(power, 1e-20)));

    private void Fill()
    {
        var scale = sum.Scale;
        var half = channelizer.Size / 2;
        for (var n = 0; n < line.Length; n++)
        {
            double power = 0;
            for (var k = n * binsEachStep; k < (n + 1) * binsEachStep; k++) power += sum.Sums[(k + half) & (channelizer.Size - 1)];
            line[n] = Dbfs(power * scale);
        }
    }
}
