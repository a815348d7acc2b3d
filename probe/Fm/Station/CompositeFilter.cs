using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>The linear-phase low pass behind the discriminator (SM.1268-5 annex 2): the multiplex up to 60 kHz at its full rate.
/// The sound, the pilot and RDS end there; what is above is noise, and the distortion of a channel filter that cuts sidebands off, which makes peaks too low.
/// Real blocks go back to time in pairs, one as the real and one as the imaginary part of a single transform.</summary>
internal sealed class CompositeFilter
{
    private const double TransitionHz = 4_000;
    private const double StopBandDb = 70;

    private readonly Channelizer source;
    private readonly Fft inverse;
    private readonly float[] responseRe, responseIm, firstRe, firstIm, pairRe, pairIm, outRe, outIm;
    private bool hasFirst;

    /// <summary>Prepares the filter.</summary>
    /// <param name="source">Whose blocks it takes.</param>
    /// <param name="factor">The gain wanted at a frequency.</param>
    public CompositeFilter(Channelizer source, Func<double, double> factor)
    {
        this.source = source;
        var size = source.Size;
        inverse = new Fft(size);
        (pairRe, pairIm, outRe, outIm) = (new float[size], new float[size], new float[size], new float[size]);
        var rate = source.SampleRateHz;
        var binHz = rate / size;
        // The middle of the transition must lie inside the band that there is: at 125 kHz, just so.
        var cutoff = Math.Min(MpxDecoder.BandwidthHz + TransitionHz / 2, rate / 2 - TransitionHz / 2);
        var length = Math.Min(size / 4 - 63, (int)((StopBandDb - 7.95) / 14.36 * rate / TransitionHz)) | 1;
        var (taps, zero) = (new float[size], new float[size]);
        FirDesign.LowPass(length, cutoff, rate, StopBandDb).CopyTo(taps, 0);
        var (re, im) = (new float[size], new float[size]);
        inverse.Forward(taps, zero, re, im);
        var bins = Math.Min(size / 2, (int)((cutoff + TransitionHz) / binHz));
        (responseRe, responseIm) = (new float[bins], new float[bins]);
        for (var k = 0; k < bins; k++)
        {
            var scale = (float)(factor(k * binHz) / size);
            (responseRe[k], responseIm[k]) = (re[k] * scale, im[k] * scale);
        }
        (firstRe, firstIm) = (new float[bins], new float[bins]);
    }

    /// <summary>The earlier block of the pair.</summary>
    public ReadOnlySpan<float> Earlier => outRe.AsSpan(source.Size - source.Hop);

    /// <summary>The later one.</summary>
    public ReadOnlySpan<float> Later => outIm.AsSpan(source.Size - source.Hop);

    /// <summary>Samples are missing: a block that waits for its pair is dropped.</summary>
    public void Reset() => hasFirst = false;

    /// <summary>Takes the present block; true where a pair is complete.</summary>
    public bool Add()
    {
        ReadOnlySpan<float> re = source.SpectrumRe[..responseRe.Length], im = source.SpectrumIm[..responseRe.Length];
        hasFirst = !hasFirst;
        if (hasFirst)
        {
            for (var k = 0; k < re.Length; k++)
                (firstRe[k], firstIm[k]) = (re[k] * responseRe[k] - im[k] * responseIm[k], re[k] * responseIm[k] + im[k] * responseRe[k]);
            return false;
        }
        // Z = A + jB; a real signal's spectrum at −f is the conjugate of that at f.
        (pairRe[0], pairIm[0]) = (firstRe[0], re[0] * responseRe[0]);
        for (var k = 1; k < re.Length; k++)
        {
            var (bRe, bIm) = (re[k] * responseRe[k] - im[k] * responseIm[k], re[k] * responseIm[k] + im[k] * responseRe[k]);
            var (aRe, aIm) = (firstRe[k], firstIm[k]);
            (pairRe[k], pairIm[k]) = (aRe - bIm, aIm + bRe);
            (pairRe[^k], pairIm[^k]) = (aRe + bIm, bRe - aIm);
        }
        inverse.Inverse(pairRe, pairIm, outRe, outIm);
        return true;
    }
}
