namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Tells a carrier of constant amplitude, which FM is, from the noise in the same band, where no gap shows the noise alone:
/// with signal power S and Gaussian noise N the second moment of the amplitude is S + N and the fourth S² + 4 S N + 2 N².</summary>
internal sealed class ConstantEnvelope
{
    private double second;
    private double fourth;
    private double turned;
    private long samples;
    private float lastRe;
    private float lastIm;
    private bool settled;

    /// <summary>Mean power, full scale being 1.</summary>
    public double Power => samples > 0 ? second / samples : 0;

    /// <summary>Power of the carrier in it.</summary>
    public double Carrier => samples > 0 ? Math.Sqrt(Math.Max(0, 2 * Power * Power - fourth / samples)) : 0;

    /// <summary>Mean frequency, cycles a sample.</summary>
    public double Cycles => samples > 0 ? turned / samples / (2 * Math.PI) : 0;

    /// <summary>Adds samples, I, Q, I, Q …</summary>
    public void Add(ReadOnlySpan<float> interleaved)
    {
        for (var n = 0; n + 1 < interleaved.Length; n += 2)
        {
            float re = interleaved[n], im = interleaved[n + 1];
            double power = (double)re * re + (double)im * im;
            second += power;
            fourth += power * power;
            if (settled) turned += Math.Atan2((double)im * lastRe - (double)re * lastIm, (double)re * lastRe + (double)im * lastIm);
            (lastRe, lastIm, settled) = (re, im, true);
        }
        samples += interleaved.Length / 2;
    }

    /// <summary>Samples are missing before the next one.</summary>
    public void Break() => settled = false;

    /// <summary>Begins a new time.</summary>
    public void Clear() => (second, fourth, turned, samples) = (0, 0, 0, 0);
}
