using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Follows the 19 kHz pilot (BS.450-3 §2.2): complex samples around 19 kHz in, its phase, frequency and deviation out.</summary>
internal sealed class PilotLoop
{
    // Eight steps a block of samples hold the loop's phase error far below the symbol noise of RDS; each step costs one sine.
    private const int SamplesEachStep = 16;
    private const double BandwidthHz = 15;

    // BS.450-3 §2.2.2 allows ±2 Hz. A pirate's coder without a crystal is to be measured too, and a receiver's clock adds 1 Hz for 50 ppm.
    private const double MaxOffsetHz = 20;

    // A pilot is 8 to 10 % of 75 kHz. A line of 1.5 kHz that is steadier than noise is one that is set wrong, but is one. To stay, less is enough: a pilot at the limit must not come and go.
    private const double LocksAtHz = 1500;
    private const double UnlocksAtHz = 1000;
    private const double LocksAtCoherence = 0.6;
    private const double UnlocksAtCoherence = 0.4;

    // Until the loop has found a pilot that is some Hz off, it is not in phase with it.
    private const double SettlingSeconds = 0.3;

    private readonly PhaseLockedLoop loop;
    private readonly double[] phases;
    private readonly double averaging;
    private double meanRe, meanIm, meanPower;
    private double inPhaseSum, phaseAtStart;
    private long measuredSteps, lockedSteps;
    private bool filled;
    private bool started;
    private long steps;

    /// <summary>Prepares the loop.</summary>
    /// <param name="sampleRateHz">Rate of its input.</param>
    /// <param name="block">Samples in each block: a multiple of 16.</param>
    public PilotLoop(double sampleRateHz, int block)
    {
        var stepRate = sampleRateHz / SamplesEachStep;
        loop = new PhaseLockedLoop(BandwidthHz, stepRate, MaxOffsetHz);
        phases = new double[block / SamplesEachStep + 1];
        averaging = 1 / (0.1 * stepRate);
    }

    /// <summary>Whether there is a pilot.</summary>
    public bool Locked { get; private set; }

    /// <summary>Its peak deviation, Hz; meaningful where it is locked.</summary>
    public double DeviationHz => Math.Sqrt(meanRe * meanRe + meanIm * meanIm);

    /// <summary>Starts afresh.</summary>
    public void Reset()
    {
        (filled, started, Locked, steps, meanRe, meanIm, meanPower) = (false, false, false, 0, 0, 0, 0);
        (measuredSteps, lockedSteps) = (0, 0);
        loop.Reset(0);
    }

    /// <summary>Takes a block; its amplitude is the deviation in Hz.</summary>
    public void Process(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        // The first block begins with the filter's rise out of silence: from its phase the loop would take a tenth of a second to the right one.
        if (!filled)
        {
            filled = true;
            return;
        }
        phases[0] = loop.PhaseRad;
        for (var step = 0; step < phases.Length - 1; step++)
        {
            double sumRe = 0, sumIm = 0;
            for (var n = step * SamplesEachStep; n < (step + 1) * SamplesEachStep; n++) (sumRe, sumIm) = (sumRe + re[n], sumIm + im[n]);
            Follow(sumRe / SamplesEachStep, sumIm / SamplesEachStep);
            phases[step + 1] = loop.PhaseRad;
        }
        var coherent = meanRe * meanRe + meanIm * meanIm;
        var (least, share) = Locked ? (UnlocksAtHz, UnlocksAtCoherence) : (LocksAtHz, LocksAtCoherence);
        Locked = meanPower > 0 && coherent > share * meanPower && coherent > least * least;
        // A frequency is counted over a time without a slip.
        if (!Locked) (measuredSteps, lockedSteps) = (0, 0);
    }

    /// <summary>The pilot's phase at a sample of the last block, radians.</summary>
    public double PhaseAt(double sample)
    {
        // The phase before a step is that expected at the middle of its samples.
        var at = Math.Clamp((sample - (SamplesEachStep - 1) / 2.0) / SamplesEachStep, 0, phases.Length - 1.001);
        var whole = (int)at;
        return phases[whole] + (phases[whole + 1] - phases[whole]) * (at - whole);
    }

    /// <summary>Its mean frequency less 19 kHz, its mean deviation in phase (so that noise adds nothing), Hz, and over how many seconds, since the last call; null where it was not locked.</summary>
    public (double OffsetHz, double DeviationHz, double Seconds)? Take()
    {
        if (measuredSteps == 0) return null;
        var seconds = measuredSteps / loop.StepRateHz;
        var result = ((loop.PhaseRad - phaseAtStart) / (2 * Math.PI * seconds), inPhaseSum / measuredSteps, seconds);
        measuredSteps = 0;
        return result;
    }

    private void Follow(double re, double im)
    {
        if (!started)
        {
            loop.Reset(Math.Atan2(im, re));
            phases[0] = loop.PhaseRad;
            started = true;
        }
        var (sin, cos) = Math.SinCos(loop.PhaseRad);
        var (lockedRe, lockedIm) = (re * cos + im * sin, im * cos - re * sin);
        var weight = Math.Max(averaging, 1.0 / ++steps);
        meanRe += weight * (lockedRe - meanRe);
        meanIm += weight * (lockedIm - meanIm);
        meanPower += weight * (re * re + im * im - meanPower);
        if (Locked && ++lockedSteps > SettlingSeconds * loop.StepRateHz)
        {
            if (measuredSteps++ == 0) (inPhaseSum, phaseAtStart) = (0, loop.PhaseRad);
            inPhaseSum += lockedRe;
        }
        loop.Advance(Math.Atan2(lockedIm, lockedRe));
    }
}
