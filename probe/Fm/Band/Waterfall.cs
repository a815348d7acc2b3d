using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Averages the channelizer's spectra to lines of a waterfall, and the lines to the interval's spectrum.</summary>
internal sealed class Waterfall
{
    private readonly FmBandSettings settings;
    private readonly Channelizer channelizer;
    private readonly HannSpectrum sum;
    private readonly float[] line;
    private readonly int binsEachStep;
    private double due;

    public Waterfall(FmBandSettings settings, Channelizer channelizer)
    {
        (this.settings, this.channelizer) = (settings, channelizer);
        (sum, Interval) = (new HannSpectrum(channelizer.Size), new HannSpectrum(channelizer.Size));
        line = new float[Math.Min(settings.MaxSpectrumBins, channelizer.Size)];
        binsEachStep = channelizer.Size / line.Length;
    }

    /// <summary>The interval's sum. What a line is still made of is not in it before <see cref="Collect"/>.</summary>
    public HannSpectrum Interval { get; }

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

    private void Fill()
    {
        var scale = sum.Scale;
        var half = channelizer.Size / 2;
        for (var n = 0; n < line.Length; n++)
        {
            double power = 0;
            for (var k = n * binsEachStep; k < (n + 1) * binsEachStep; k++) power += sum.Sums[(k + half) & (channelizer.Size - 1)];
            line[n] = (float)(10 * Math.Log10(Math.Max(power * scale, 1e-20)));
        }
    }
}
