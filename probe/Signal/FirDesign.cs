namespace SignalWatch.Signal;

/// <summary>Design of linear-phase FIR filters by Kaiser's window.</summary>
public static class FirDesign
{
    /// <summary>A low pass of gain 1 at 0 Hz.</summary>
    /// <param name="taps">Taps; odd, so that the delay is a whole number of samples.</param>
    /// <param name="cutoffHz">Middle of the transition (−6 dB), Hz.</param>
    /// <param name="sampleRateHz">Sample rate, Hz.</param>
    /// <param name="attenuationDb">Attenuation of the stop band, dB. With it and the taps the transition has the width <see cref="TransitionHz"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An even or negative number of taps, or a cutoff outside 0 to half the sample rate.</exception>
    public static float[] LowPass(int taps, double cutoffHz, double sampleRateHz, double attenuationDb = 70)
    {
        if (taps < 1 || taps % 2 == 0) throw new ArgumentOutOfRangeException(nameof(taps), taps, "odd and positive");
        if (!(cutoffHz > 0 && cutoffHz <= sampleRateHz / 2)) throw new ArgumentOutOfRangeException(nameof(cutoffHz), cutoffHz, "above 0 and at most half the sample rate");
        var window = Window.Kaiser(taps, Window.KaiserBeta(attenuationDb));
        var ideal = new double[taps];
        for (var n = 0; n < taps; n++) ideal[n] = window[n] * Sinc(2 * cutoffHz / sampleRateHz * (n - taps / 2));
        var sum = ideal.Sum();
        return Array.ConvertAll(ideal, h => (float)(h / sum));
    }

    /// <summary>Width of the transition from pass band to stop band, Hz (Kaiser 1974).</summary>
    public static double TransitionHz(int taps, double sampleRateHz, double attenuationDb = 70) => (attenuationDb - 7.95) / (14.36 * Math.Max(1, taps - 1)) * sampleRateHz;

    private static double Sinc(double x) => Math.Abs(x) < 1e-12 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
