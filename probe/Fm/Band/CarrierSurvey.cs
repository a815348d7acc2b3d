namespace SignalWatch.Fm;

/// <summary>A carrier found in a spectrum.</summary>
/// <param name="BasebandHz">Middle of its power relative to the middle of the band, Hz.</param>
/// <param name="Power">Power in 200 kHz less the noise, full scale being 1.</param>
/// <param name="SnrDb">That over the noise in 200 kHz, dB.</param>
internal readonly record struct FoundCarrier(double BasebandHz, double Power, double SnrDb);

/// <summary>Finds carriers in a spectrum, the strongest first: each takes its surroundings, and what is left must stand out of its skirts.</summary>
internal sealed class CarrierSurvey(BandSpectrum spectrum, ImageCoherence images, FmBandSettings settings)
{
    /// <summary>Half of the bandwidth that levels are measured in, Hz.</summary>
    public const double HalfChannelHz = 100_000;

    private const double StepHz = 10_000;
    private const double HalfCoreHz = 75_000;
    private const double HalfPeakHz = 40_000;

    // Two carriers nearer than this share most of their bandwidth: a survey can't tell them apart.
    private const double InseparableHz = 150_000;

    // A mirror image is the weaker one of the pair by the receiver's image rejection, never less than 10 dB.
    private const double ImageIsWeakerBy = 10;
    private const double MinImageShare = 0.5;

    private readonly List<FoundCarrier> found = [];
    private readonly List<MaskedPeak> masked = [];
    private readonly bool[] taken = new bool[(int)(2 * spectrum.EdgeHz / StepHz) + 1];

    /// <summary>The carriers, the strongest first.</summary>
    public IReadOnlyList<FoundCarrier> Found => found;

    /// <summary>What looked like one.</summary>
    public IReadOnlyList<MaskedPeak> Masked => masked;

    /// <summary>Surveys the spectrum as it is now.</summary>
    /// <param name="isKnown">Whether a carrier was on the air at that baseband frequency so far: it stays until it is weaker than a new one has to be.</param>
    public void Run(Func<double, bool> isKnown)
    {
        found.Clear();
        masked.Clear();
        Array.Clear(taken);
        while (Strongest() is { } start)
        {
            var centre = Refine(start);
            if (!Consider(centre, isKnown)) Take(start, 3 * StepHz);
        }
    }

    private double FrequencyOf(int n) => -spectrum.EdgeHz + n * StepHz;

    private double? Strongest()
    {
        var best = -1;
        double most = 0;
        for (var n = 0; n < taken.Length; n++)
        {
            var f = FrequencyOf(n);
            if (taken[n] || Math.Abs(f) + HalfChannelHz > spectrum.EdgeHz) continue;
            var power = spectrum.PowerOverNoise(f - HalfCoreHz, f + HalfCoreHz);
            if (power > most) (best, most) = (n, power);
        }
        // Half of the weakest carrier that counts: the rest may lie outside of the core.
        var least = spectrum.NoiseEachHz * 2 * HalfChannelHz * Math.Pow(10, settings.VanishesAtSnrDb / 10) / 2;
        return best >= 0 && most > least ? FrequencyOf(best) : null;
    }

    private double Refine(double f)
    {
        // The window follows the centre, so that a neighbour's power on one side drops out.
        for (var turn = 0; turn < 4; turn++) f = spectrum.Centroid(f - HalfChannelHz, f + HalfChannelHz);
        return f;
    }

    private bool Consider(double centre, Func<double, bool> isKnown)
    {
        var power = spectrum.PowerOverNoise(centre - HalfChannelHz, centre + HalfChannelHz);
        var snr = 10 * Math.Log10(Math.Max(power, 1e-30) / (spectrum.NoiseEachHz * 2 * HalfChannelHz));
        var known = isKnown(centre);
        if (Math.Abs(centre) + HalfChannelHz > spectrum.EdgeHz || snr < (known ? settings.VanishesAtSnrDb : settings.AppearsAtSnrDb)) return false;
        var peakDb = Decibels(spectrum.PowerOverNoise(centre - HalfPeakHz, centre + HalfPeakHz));
        foreach (var stronger in found)
        {
            var distance = Math.Abs(centre - stronger.BasebandHz);
            if (distance >= InseparableHz && peakDb >= Decibels(stronger.Power) + SkirtDb(distance) - (known ? 3 : 0)) continue;
            // The foot of the same carrier, found once more from its side, is no news.
            if (distance >= InseparableHz) Mask(centre, peakDb, MaskReason.Skirt, stronger);
            return false;
        }
        if (IsImage(centre, power, out var cause))
        {
            Mask(centre, peakDb, MaskReason.Image, cause);
            return false;
        }
        found.Add(new FoundCarrier(centre, power, snr));
        Take(centre, InseparableHz);
        return true;
    }

    // The sidebands of ±75 kHz deviation are 40 dB down at 152.5 kHz (SM.1268-5 annex 1); over-deviation brings them up, so the mask is set 20 dB higher near by.
    // Far away the phase noise of a simple receiver is left.
    private static double SkirtDb(double distanceHz) => distanceHz switch
    {
        < 250_000 => -20,
        < 350_000 => -45,
        _ => -60,
    };

    private bool IsImage(double centre, double power, out FoundCarrier cause)
    {
        foreach (var stronger in found)
        {
            cause = stronger;
            if (Math.Abs(stronger.BasebandHz + centre) > StepHz + HalfPeakHz || Decibels(stronger.Power) < Decibels(power) + ImageIsWeakerBy) continue;
            return images.Share((int)Math.Round(stronger.BasebandHz / spectrum.BinHz), (int)(HalfCoreHz / spectrum.BinHz)) >= MinImageShare;
        }
        cause = default;
        return false;
    }

    private void Mask(double centre, double levelDb, MaskReason reason, in FoundCarrier cause) =>
        masked.Add(new MaskedPeak(settings.CenterFrequencyHz + centre, levelDb, reason, settings.CenterFrequencyHz + cause.BasebandHz));

    private void Take(double centre, double around)
    {
        for (var n = 0; n < taken.Length; n++)
            if (Math.Abs(FrequencyOf(n) - centre) < around) taken[n] = true;
    }

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, 1e-30));
}
