using SignalWatch.Fm.Rds;

namespace SignalWatch.Fm;

/// <summary>How strongly RDS modulates, and in which phase to the pilot: from the mean square (not the mean power) of the subcarrier behind the matched filter.
/// Data of two phases have a square of one phase; noise has none in the mean, so that it adds nothing, and neither symbols nor groups need to be in step.</summary>
internal sealed class RdsLevel
{
    // Peak over RMS of the shaped biphase signal: RMS 2/t_d, two alternating neighbours reach 2.89/t_d (EN 50067 §1.7).
    private const double PeakOverRms = 1.445;
    private const int SamplesEachStep = 16;
    private const double Certainty = 5;

    // Below, EN 50067 §1.3 (1.0 to 7.5 kHz) knows no RDS.
    private const double LeastHz = 700;

    private readonly double gain;
    private readonly double noiseSamples;
    private readonly double phaseRad;
    private double squareRe, squareIm, lagRe, lagIm, power, lastRe, lastIm;
    private long samples, blocks;
    private int length;
    private bool referred;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="matched">The filter in front, as it is used.</param>
    /// <param name="sampleRateHz">The rate behind it.</param>
    /// <param name="phaseTurns">Phase of the subcarrier's oscillator less three times the pilot's, turns.</param>
    public RdsLevel(ReadOnlySpan<float> matched, double sampleRateHz, double phaseTurns)
    {
        phaseRad = 2 * Math.PI * phaseTurns;
        double sent = 0, received = 0, sum = 0, sumSquared = 0;
        const int Steps = 200;
        for (var step = 0; step < Steps; step++)
        {
            // EN 50067 §1.7: the spectrum of the shaped symbol.
            const double Band = 2 * RdsDemodulator.SymbolRateHz;
            var f = (step + 0.5) / Steps * Band;
            var symbol = Math.Pow(Math.Cos(Math.PI * f / (4 * RdsDemodulator.SymbolRateHz)) * Math.Sin(Math.PI * f / (2 * RdsDemodulator.SymbolRateHz)), 2);
            double re = 0, im = 0;
            for (var n = 0; n < matched.Length; n++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * f / sampleRateHz * n);
                (re, im) = (re + matched[n] * cos, im + matched[n] * sin);
            }
            var response = re * re + im * im;
            (sent, received, sum, sumSquared) = (sent + symbol, received + symbol * response, sum + response, sumSquared + response * response);
        }
        gain = PeakOverRms * PeakOverRms * sent / received;
        // Independent values of the filtered noise in a sample: its bandwidth by the rate.
        noiseSamples = 2 * (sum * sum / sumSquared) * (2 * RdsDemodulator.SymbolRateHz / Steps) / sampleRateHz;
    }

    /// <summary>Samples are missing: the next block has nothing to do with the last.</summary>
    public void Break()
    {
        (lastRe, lastIm) = (0, 0);
        if (!double.IsFinite(power)) Reset();
    }

    private void Reset() => (squareRe, squareIm, lagRe, lagIm, power, lastRe, lastIm, samples, blocks) = (0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Takes a block.</summary>
    /// <param name="re">Real parts behind the matched filter.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="pilot">The pilot, where there is one.</param>
    public void Process(ReadOnlySpan<float> re, ReadOnlySpan<float> im, PilotLoop? pilot)
    {
        if (referred != pilot is not null)
        {
            Reset();
            referred = pilot is not null;
        }
        length = re.Length;
        double blockRe = 0, blockIm = 0;
        for (var at = 0; at < re.Length; at += SamplesEachStep)
        {
            float real = 0, imaginary = 0, total = 0;
            for (var n = at; n < Math.Min(at + SamplesEachStep, re.Length); n++)
            {
                var (rr, ii) = (re[n] * re[n], im[n] * im[n]);
                (real, imaginary, total) = (real + (rr - ii), imaginary + 2 * re[n] * im[n], total + (rr + ii));
            }
            var (sin, cos) = pilot is null ? (0, 1) : Math.SinCos(-6 * pilot.PhaseAt(at + SamplesEachStep / 2.0));
            blockRe += real * cos - imaginary * sin;
            blockIm += real * sin + imaginary * cos;
            power += total;
        }
        (squareRe, squareIm, samples) = (squareRe + blockRe, squareIm + blockIm, samples + re.Length);
        // Without a pilot the subcarrier is off by some Hz and its square turns: neighbouring blocks still have nearly the same phase.
        if (blocks++ > 0) (lagRe, lagIm) = (lagRe + blockRe * lastRe + blockIm * lastIm, lagIm + blockIm * lastRe - blockRe * lastIm);
        (lastRe, lastIm) = (blockRe, blockIm);
    }

    /// <summary>What was measured since the last call; null where nothing was. 0 Hz: no RDS that noise could not have made.</summary>
    public (double DeviationHz, double? PhaseDegrees, double Seconds)? Take(double sampleRateHz, bool inStep)
    {
        if (!double.IsFinite(power)) Reset();
        if (blocks < 4) return null;
        var seconds = samples / sampleRateHz;
        var mean = power / samples;
        var signal = referred ? Math.Sqrt(squareRe * squareRe + squareIm * squareIm) / samples : Math.Sqrt(Math.Sqrt(lagRe * lagRe + lagIm * lagIm) / (blocks - 1)) / length;
        // The mean of so many values of noise alone; over a block only, the fourth root's worth of blocks steadier, where blocks are multiplied.
        var chance = referred ? (mean - Math.Min(signal, mean)) / Math.Sqrt(noiseSamples * samples) : (mean - Math.Min(signal, mean)) / Math.Sqrt(noiseSamples * length) / Math.Pow(blocks - 1, 0.25);
        var phase = Math.Atan2(squareIm, squareRe) / 2 + phaseRad;
        var isThere = signal > Certainty * chance / (referred ? 1 : 2);
        var deviation = Math.Sqrt(gain * signal);
        var hasPhase = referred;
        Reset();
        // Without a pilot to compare with, distortion of a loud mono station at 57 kHz could be taken for RDS: there its blocks have to be received.
        if (!isThere || (!hasPhase && !inStep) || deviation < LeastHz) return (0, null, seconds);
        var degrees = phase * 180 / Math.PI;
        return (deviation, hasPhase ? degrees - 180 * Math.Round(degrees / 180) : null, seconds);
    }
}
