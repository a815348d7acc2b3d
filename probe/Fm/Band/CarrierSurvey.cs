namespace SignalWatch.Fm;

/// <summary>A carrier found in a spectrum.</summary>
/// <param name="BasebandHz">Middle of its power relative to the middle of the band, Hz.</param>
/// <param name="Power">Power in 200 kHz less the noise, full scale being 1.</param>
/// <param name="SnrDb">That over the noise in 200 kHz, dB.</param>
/// <param name="BesideStronger">It stands in the sidebands of a stronger carrier: its middle is known to ±30 kHz only.</param>
internal readonly record struct FoundCarrier(double BasebandHz, double Power, double SnrDb, bool BesideStronger);

/// <summary>Finds carriers in a spectrum, the strongest first. Each takes its surroundings; what stands in its sidebands is looked for in what is left when the carrier itself is taken out.</summary>
internal sealed class CarrierSurvey(BandSpectrum spectrum, ImageCoherence images, CarrierResidue residue, FmBandSettings settings)
{
    /// <summary>Half of the bandwidth that levels are measured in, Hz.</summary>
    public const double HalfChannelHz = 100_000;

    private const double StepHz = 10_000;
    private const double HalfCoreHz = 75_000;
    private const double HalfPeakHz = 40_000;

    // Two carriers nearer than this share most of their bandwidth: a spectrum alone can't tell them apart.
    private const double InseparableHz = 150_000;

    // A mirror image is the weaker one of the pair by the receiver's image rejection, never less than 10 dB.
    private const double ImageIsWeakerBy = 10;
    private const double MinImageShare = 0.5;

    private readonly List<FoundCarrier> found = [];
    private readonly List<MaskedPeak> masked = [];
    private readonly List<FoundCarrier> heard = [];
    private readonly List<FoundCarrier> beside = [];
    private readonly SidebandSearch search = new(spectrum, residue, settings);
    private readonly bool[] taken = new bool[(int)(2 * spectrum.EdgeHz / StepHz) + 1];

    /// <summary>The carriers, the strongest first.</summary>
    public IReadOnlyList<FoundCarrier> Found => found;

    /// <summary>What a discriminator's filter has to keep out: the carriers, and the receiver's spike.</summary>
    public IReadOnlyList<FoundCarrier> Heard => heard;

    /// <summary>What looked like one.</summary>
    public IReadOnlyList<MaskedPeak> Masked => masked;

    /// <summary>Surveys the spectrum as it is now.</summary>
    /// <param name="isKnown">Whether a carrier was on the air at that baseband frequency so far: it stays until it is weaker than a new one has to be.</param>
    public void Run(Func<double, bool> isKnown)
    {
        found.Clear();
        masked.Clear();
        Array.Clear(taken);
        MaskSpike();
        while (Strongest() is { } start)
        {
            var centre = Refine(start);
            if (!Consider(centre, isKnown)) Take(start, 3 * StepHz);
        }
        heard.AddRange(found);
        MaskEdge(-spectrum.EdgeHz, -spectrum.EdgeHz + HalfChannelHz);
        MaskEdge(spectrum.EdgeHz - HalfChannelHz, spectrum.EdgeHz);
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
            // Half of the weakest carrier that counts: the rest may lie outside of the core.
            if (power > most && power > Noise(f) * Ratio(settings.VanishesAtSnrDb) / 2) (best, most) = (n, power);
        }
        return best >= 0 ? FrequencyOf(best) : null;
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
        var snr = Decibels(power / Noise(centre));
        var known = isKnown(centre);
        if (Math.Abs(centre) + HalfChannelHz > spectrum.EdgeHz || snr < (known ? settings.VanishesAtSnrDb : settings.AppearsAtSnrDb)) return false;
        var peakDb = Decibels(spectrum.PowerOverNoise(centre - HalfPeakHz, centre + HalfPeakHz));
        // The foot of the same carrier, found once more from its side, is no news.
        foreach (var other in found)
            if (Math.Abs(centre - other.BasebandHz) < InseparableHz) return false;
        foreach (var stronger in found)
        {
            var distance = Math.Abs(centre - stronger.BasebandHz);
            if (peakDb >= Decibels(stronger.Power) + SkirtDb(distance) - (known ? 3 : 0)) continue;
            Mask(centre, peakDb, MaskReason.Skirt, stronger);
            return false;
        }
        if (IsImage(centre, power, out var cause))
        {
            Mask(centre, peakDb, MaskReason.Image, cause);
            return false;
        }
        Accept(new FoundCarrier(centre, power, snr, false), isKnown);
        return true;
    }

    private void Accept(FoundCarrier carrier, Func<double, bool> isKnown)
    {
        beside.Clear();
        var reach = search.Run(ref carrier, found, isKnown, beside);
        found.Add(carrier);
        Take(carrier.BasebandHz, Math.Max(InseparableHz, reach));
        foreach (var other in beside)
        {
            if (IsImage(other.BasebandHz, other.Power, out var cause)) Mask(other.BasebandHz, Decibels(other.Power), MaskReason.Image, cause);
            else found.Add(other);
            Take(other.BasebandHz, HalfChannelHz);
        }
    }

    // The sidebands of ±75 kHz deviation are 40 dB down at 152.5 kHz (SM.1268-5 annex 1); over-deviation brings them up, so the mask is set 20 dB higher near by.
    // Far away the phase noise of a simple receiver is left.
    private static double SkirtDb(double distanceHz) => distanceHz switch
    {
        < 250_000 => -20,
        < 350_000 => -45,
        _ => -60,
    };

    // What follows the mirror frequency in phase is measured as a power: beside a station it is only a part of what is there.
    private bool IsImage(double centre, double power, out FoundCarrier cause)
    {
        foreach (var stronger in found)
        {
            cause = stronger;
            if (Math.Abs(stronger.BasebandHz + centre) > StepHz + HalfPeakHz || Decibels(stronger.Power) < Decibels(power) + ImageIsWeakerBy) continue;
            return images.FollowingPower((int)Math.Round(stronger.BasebandHz / spectrum.BinHz), (int)(HalfCoreHz / spectrum.BinHz)) >= MinImageShare * power;
        }
        cause = default;
        return false;
    }

    private void MaskSpike()
    {
        heard.Clear();
        if (spectrum.SpikePower < Noise(0) * Ratio(settings.AppearsAtSnrDb)) return;
        heard.Add(new FoundCarrier(0, spectrum.SpikePower, Decibels(spectrum.SpikePower / Noise(0)), false));
        masked.Add(new MaskedPeak(settings.CenterFrequencyHz, Decibels(spectrum.SpikePower), MaskReason.DcSpike, settings.CenterFrequencyHz));
    }

    // What has its middle in the last 100 kHz is only heard in part: neither its level nor its frequency can be said.
    private void MaskEdge(double from, double to)
    {
        var power = spectrum.PowerOverNoise(from, to);
        if (power < spectrum.NoisePower(from, to) * Ratio(settings.AppearsAtSnrDb)) return;
        var middle = spectrum.Centroid(from, to);
        foreach (var other in found)
        {
            var distance = Math.Abs(other.BasebandHz - middle);
            if (distance < InseparableHz || Decibels(power) < Decibels(other.Power) + SkirtDb(distance)) return;
        }
        masked.Add(new MaskedPeak(settings.CenterFrequencyHz + middle, Decibels(power), MaskReason.HopEdge, settings.CenterFrequencyHz + middle));
    }

    // One entry for each peak: its flanks are found one after the other.
    private void Mask(double centre, double levelDb, MaskReason reason, in FoundCarrier cause)
    {
        var peak = new MaskedPeak(settings.CenterFrequencyHz + centre, levelDb, reason, settings.CenterFrequencyHz + cause.BasebandHz);
        var same = masked.FindIndex(m => m.Reason == reason && Math.Abs(m.FrequencyHz - peak.FrequencyHz) < HalfChannelHz);
        if (same < 0) masked.Add(peak);
        else if (levelDb > masked[same].LevelDbfs) masked[same] = peak;
    }

    private double Noise(double hz) => spectrum.Floor.At(hz) * 2 * HalfChannelHz;

    private void Take(double centre, double around)
    {
        for (var n = 0; n < taken.Length; n++)
            if (Math.Abs(FrequencyOf(n) - centre) < around) taken[n] = true;
    }

    private static double Ratio(double db) => Math.Pow(10, db / 10);

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, 1e-30));
}
