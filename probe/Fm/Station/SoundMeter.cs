namespace SignalWatch.Fm;

/// <summary>Levels of the sound, and for how long there has been none. 0 dBFS is a sine of 75 kHz deviation.</summary>
internal sealed class SoundMeter
{
    // Sound below −60 dBFS is none (the threshold of FFmpeg's silence detection, and of rule FM-13).
    private const double SilenceDbfs = -60;

    // What the noise is said to be may be wrong by so much.
    private const double NoiseUncertainty = 0.15;
    private const double DecisionSeconds = 0.25;
    private const double FullScaleHz = 75_000;
    private const double SoundHz = 15_000;

    private static readonly double SilentSquare = Math.Pow(10, SilenceDbfs / 10) / 2;

    private readonly double sumNoise, differenceNoise;
    private readonly Energy[] energies = new Energy[2];
    private double shortSum, shortDifference;
    private int shortSamples;

    /// <summary>Prepares the meter.</summary>
    /// <param name="deemphasisSeconds">The time constant that the sound went through.</param>
    public SoundMeter(double deemphasisSeconds)
    {
        // Noise of the density f² behind the discriminator, through the de-emphasis; that of the difference comes from both sides of 38 kHz.
        const int Steps = 1500;
        for (var step = 0; step < Steps; step++)
        {
            var f = (step + 0.5) * SoundHz / Steps;
            var gain = SoundHz / Steps / (1 + Math.Pow(2 * Math.PI * f * deemphasisSeconds, 2)) / (FullScaleHz * FullScaleHz);
            sumNoise += f * f * gain;
            differenceNoise += 2 * (38_000.0 * 38_000 + f * f) * gain;
        }
    }

    /// <summary>How long there has been no sound, s.</summary>
    public double SilentSeconds { get; private set; }

    /// <summary>Whether it can be told whether there is sound.</summary>
    public bool CanTell { get; private set; }

    /// <summary>Starts the silence afresh: samples are missing, sound could have been among them.</summary>
    public void Reset() => (SilentSeconds, CanTell, shortSum, shortDifference, shortSamples) = (0, false, 0, 0, 0);

    /// <summary>Takes a block's energy.</summary>
    /// <param name="energy">As the decoder gives it.</param>
    /// <param name="isStereo">Likewise.</param>
    /// <param name="noiseDensity">As <see cref="MpxNoise"/> gives it.</param>
    public void Add(in (double Sum, double Difference, double Cross, int Samples) energy, bool? isStereo, double noiseDensity)
    {
        if (!double.IsFinite(energy.Sum + energy.Difference)) return;
        // Until the pilot is found a stereo station sounds mono: mixed with that, its channels would seem to be less apart.
        if (isStereo is { } stereo) energies[stereo ? 1 : 0].Add(energy);
        (shortSum, shortDifference, shortSamples) = (shortSum + energy.Sum, shortDifference + energy.Difference, shortSamples + energy.Samples);
        if (shortSamples < DecisionSeconds * SoundResampler.RateHz) return;
        Decide(noiseDensity);
        (shortSum, shortDifference, shortSamples) = (0, 0, 0);
    }

    /// <summary>Levels since the last call, dBFS, and over how many seconds; null where nothing was heard. A part that the noise alone could be has no level.</summary>
    public (double? Left, double? Right, double Seconds)? Take(double noiseDensity)
    {
        var isStereo = 2 * energies[1].Samples > energies[0].Samples;
        var (sum, difference, cross, samples) = energies[isStereo ? 1 : 0];
        Array.Clear(energies);
        if (samples == 0) return null;
        var noise = (sumNoise + (isStereo ? differenceNoise : 0)) * noiseDensity;
        var left = (sum + difference + 2 * cross) / samples;
        var right = (sum + difference - 2 * cross) / samples;
        return (Level(left, noise), Level(right, noise), samples / SoundResampler.RateHz);
    }

    private static double? Level(double square, double noise) =>
        square - noise > 2 * NoiseUncertainty * noise || noise < SilentSquare ? 10 * Math.Log10(2 * Math.Max(square - noise, 1e-13)) : null;

    // The sum is heard first, it has far less noise; the difference can only prove sound, not silence.
    private void Decide(double noiseDensity)
    {
        var (noiseOfSum, noiseOfDifference) = (sumNoise * noiseDensity, differenceNoise * noiseDensity);
        var (sound, doubt) = (shortSum / shortSamples - noiseOfSum, NoiseUncertainty * noiseOfSum);
        var isSound = sound - doubt > SilentSquare || shortDifference / shortSamples > (1 + 2 * NoiseUncertainty) * noiseOfDifference + SilentSquare;
        var isSilent = !isSound && sound + doubt <= SilentSquare;
        CanTell = isSound || isSilent;
        if (isSound) SilentSeconds = 0;
        if (isSilent) SilentSeconds += shortSamples / SoundResampler.RateHz;
    }

    private record struct Energy(double Sum, double Difference, double Cross, long Samples)
    {
        public void Add(in (double Sum, double Difference, double Cross, int Samples) more) =>
            (Sum, Difference, Cross, Samples) = (Sum + more.Sum, Difference + more.Difference, Cross + more.Cross, Samples + more.Samples);
    }
}
