namespace SignalWatch.Fm;

/// <summary>Looks for stations in the sidebands of a stronger carrier, 60 to 220 kHz from it.</summary>
internal sealed class SidebandSearch(BandSpectrum spectrum, CarrierResidue residue, FmBandSettings settings)
{
    private const double HalfChannelHz = CarrierSurvey.HalfChannelHz;
    private const double WidestHz = 250_000;

    // Narrower, the carrier's own sidebands are cut, and a cut makes the amplitude beat as another station would.
    private const double NarrowestHz = 150_000;
    private const double StrongerReachesHz = 110_000;

    // Below, the discriminator's threshold in twice the usual bandwidth: the carrier can't be followed.
    private const double LeastSnrDb = 14;
    private const double NearestHz = 60_000;
    private const double StepHz = 5_000;
    private const double HalfPeakHz = 25_000;
    private const double MarginHz = 30_000;
    private const int MostLooks = 6;
    private readonly List<double> looked = [];

    // What following leaves of a single carrier was -43 dB at most (music and speech of 75 to 110 kHz, tones to 130 kHz); half of it is kept as a margin on the noise of multipath.
    private const double NearRatioDb = -26, FarRatioDb = -33, FarHz = 130_000;
    private const double ContrastDb = 6;
    private const double HysteresisDb = 3;

    // The other sideband shows a mirror of what is in the one, more than 14 dB weaker.
    private const double MirrorDb = -14;
    private const double BeatingTells = 0.004;
    private const double BeatingOfEquals = 0.25;
    private const double HalfPairHz = 50_000, NarrowLookHz = 60_000;
    private const double LeastCoreShare = 0.4;

    /// <summary>Searches.</summary>
    /// <param name="carrier">The carrier: its middle and power are corrected for what stands beside it.</param>
    /// <param name="stronger">The carriers found before.</param>
    /// <param name="isKnown">Whether a carrier was on the air at that baseband frequency so far.</param>
    /// <param name="beside">Takes the stations.</param>
    /// <returns>How far to both sides it could look, Hz; 0 where it could not.</returns>
    public double Run(ref FoundCarrier carrier, IReadOnlyList<FoundCarrier> stronger, Func<double, bool> isKnown, List<FoundCarrier> beside)
    {
        if (carrier.SnrDb < LeastSnrDb) return 0;
        var centre = carrier.BasebandHz;
        if (!Examine(centre, stronger, out var half)) return 0;
        var reach = half - MarginHz;
        var beating = residue.Beating - NoiseBeating(centre, half);
        if (beating <= BeatingTells)
        {
            // One station: all that is in the stretch is its own, and the middle of all of it is its frequency, however far it deviates.
            var whole = OwnMiddle(centre, half);
            var power = spectrum.PowerOverNoise(whole - HalfChannelHz, whole + HalfChannelHz);
            if (Math.Abs(whole - centre) < HalfPairHz) carrier = carrier with { BasebandHz = whole, Power = power, SnrDb = Decibels(power / Noise(whole)) };
        }
        if (beating > BeatingTells && OwnMiddle(centre, half) is var middle && Math.Abs(middle - centre) > StepHz)
        {
            // Of two stations of much the same strength, the first look was between them.
            centre = middle;
            if (!Examine(centre, stronger, out half)) return 0;
        }
        var own = Own(centre);
        Collect(centre, half, own, isKnown, beside);
        if (beating > BeatingOfEquals && (beside.Count == 0 || AreOnBothSides(beside, centre)) && Split(carrier, beating) is var (first, second))
        {
            beside.Clear();
            beside.Add(second);
            carrier = first;
        }
        else if (beside.Count > 0) carrier = new FoundCarrier(centre, own, Decibels(own / Noise(centre)), carrier.BesideStronger);
        return reach;
    }

    private void Collect(double centre, double half, double own, Func<double, bool> isKnown, List<FoundCarrier> beside)
    {
        double most = 0;
        looked.Clear();
        while (looked.Count < MostLooks && Peak(centre, half) is { } peak)
        {
            looked.Add(peak);
            var f = Middle(peak, centre, half);
            if (Math.Abs(f - peak) > HalfPeakHz || Math.Abs(f - centre) > half - MarginHz || Math.Abs(f - centre) < NearestHz) continue;
            if (Station(f, peak, centre, half, own, isKnown(f)) is not { } station || station.Power < most * Ratio(MirrorDb)) continue;
            most = Math.Max(most, station.Power);
            beside.Add(station);
        }
    }

    // Two of the same strength capture the discriminator by turns, and each leaves the other. A narrow look at either side then hears one of them alone.
    private (FoundCarrier First, FoundCarrier Second)? Split(in FoundCarrier carrier, double beating)
    {
        var (low, high) = (SideMiddle(carrier.BasebandHz - HalfPairHz), SideMiddle(carrier.BasebandHz + HalfPairHz));
        if (high - low < NearestHz) return null;
        var boundary = (low + high) / 2;
        var (a, b) = (spectrum.PowerOverNoise(low - HalfChannelHz, boundary), spectrum.PowerOverNoise(boundary, high + HalfChannelHz));
        var r = Math.Min(a, b) / Math.Max(a, b);
        var expected = 2 * r / ((1 + r) * (1 + r));
        // The halves have to be as strong as the beating says, and each by itself has to beat less: of one station with an echo, each part beats as the whole does.
        if (!(beating > 0.6 * expected) || NarrowBeating(low) > 0.6 * beating || NarrowBeating(high) > 0.6 * beating) return null;
        var (lower, upper) = (new FoundCarrier(low, a, Decibels(a / Noise(low)), true), new FoundCarrier(high, b, Decibels(b / Noise(high)), true));
        return a > b ? (lower, upper) : (upper, lower);
    }

    private double SideMiddle(double f)
    {
        for (var turn = 0; turn < 3; turn++) f = spectrum.Centroid(f - HalfPairHz, f + HalfPairHz);
        return f;
    }

    private double NarrowBeating(double f) => residue.Examine(f, NarrowLookHz) ? residue.Beating - NoiseBeating(f, NarrowLookHz) : double.MaxValue;

    private static bool AreOnBothSides(List<FoundCarrier> beside, double centre) =>
        beside.Exists(b => b.BasebandHz < centre) && beside.Exists(b => b.BasebandHz > centre);

    private double Own(double centre) =>
        Math.Max(0, spectrum.PowerOverNoise(centre - HalfChannelHz, centre + HalfChannelHz) - Math.Max(0, Left(centre - HalfChannelHz, centre + HalfChannelHz)));

    private bool Examine(double centre, IReadOnlyList<FoundCarrier> stronger, out double half)
    {
        half = Math.Min(WidestHz, residue.MaxHalfWidthHz);
        half = Math.Min(half, spectrum.EdgeHz - Math.Abs(centre));
        foreach (var other in stronger) half = Math.Min(half, Math.Abs(other.BasebandHz - centre) - StrongerReachesHz);
        return half >= NarrowestHz && residue.Examine(centre, half);
    }

    // Noise on one carrier makes its power vary by 2/γ + 1/γ² of the square, γ being the ratio in the whole stretch.
    private double NoiseBeating(double centre, double half)
    {
        var noise = spectrum.NoisePower(centre - half, centre + half);
        var gamma = Math.Max(1, (residue.TotalPower - noise) / noise);
        return 2 / gamma + 1 / (gamma * gamma);
    }

    // The strongest carrier's own middle: that of what was taken out.
    private double OwnMiddle(double centre, double half)
    {
        double sum = 0, moment = 0;
        for (var f = centre - half + MarginHz; f < centre + half - MarginHz; f += StepHz)
        {
            var power = spectrum.Power(f, f + StepHz) - residue.Power(f, f + StepHz);
            (sum, moment) = (sum + power, moment + power * (f + StepHz / 2));
        }
        return sum > 0 ? Math.Clamp(moment / sum, centre - HalfChannelHz, centre + HalfChannelHz) : centre;
    }

    private double? Peak(double centre, double half)
    {
        double? at = null;
        double most = 0;
        for (var d = -half + MarginHz; d <= half - MarginHz; d += StepHz)
        {
            var f = centre + d;
            if (Math.Abs(d) < NearestHz || Math.Abs(f) + HalfChannelHz > spectrum.EdgeHz || IsLookedAt(f)) continue;
            var power = Left(f - HalfPeakHz, f + HalfPeakHz);
            if (power > most) (at, most) = (f, power);
        }
        return at;
    }

    private bool IsLookedAt(double f)
    {
        foreach (var peak in looked)
            if (Math.Abs(peak - f) < HalfChannelHz - StepHz) return true;
        return false;
    }

    private double Middle(double f, double centre, double half)
    {
        for (var turn = 0; turn < 3; turn++)
        {
            double sum = 0, moment = 0;
            for (var g = f - 2 * HalfPeakHz; g < f + 2 * HalfPeakHz - 1; g += StepHz)
            {
                var power = Mixed(g, g + StepHz, centre, half);
                (sum, moment) = (sum + power, moment + power * (g + StepHz / 2));
            }
            if (sum > 0) f = Math.Clamp(moment / sum, f - HalfPeakHz, f + HalfPeakHz);
        }
        return f;
    }

    private FoundCarrier? Station(double f, double peak, double centre, double half, double own, bool known)
    {
        var ease = known ? HysteresisDb : 0;
        double power = 0;
        for (var g = f - HalfChannelHz; g < f + HalfChannelHz - 1; g += StepHz) power += Mixed(g, g + StepHz, centre, half);
        var snr = Decibels(power / Noise(f));
        var ratio = Decibels(power / own);
        if (Math.Abs(f) + HalfChannelHz > spectrum.EdgeHz || snr < (known ? settings.VanishesAtSnrDb : settings.AppearsAtSnrDb)) return null;
        if (ratio < (Math.Abs(f - centre) < FarHz ? NearRatioDb : FarRatioDb) - ease) return null;
        var contrast = Decibels(Left(peak - HalfPeakHz, peak + HalfPeakHz) / Math.Max(Left(centre - HalfPeakHz, centre + HalfPeakHz), 1e-30));
        if (contrast < ContrastDb - ease) return null;
        // Most of a station is near its middle: what isn't is the foot of another one further out.
        if (Left(f - 2 * HalfPeakHz, Math.Min(f + 2 * HalfPeakHz, centre + half)) < LeastCoreShare * power) return null;
        // Where the ratio is plain, the amplitude has to beat by it: what is in the residue and doesn't beat is the carrier's own.
        var r = Math.Min(1, Math.Max(0, residue.Power(f - 2 * HalfPeakHz, f + 2 * HalfPeakHz)) / own);
        var expected = 2 * r / ((1 + r) * (1 + r));
        if (expected > 4 * BeatingTells && residue.Beating - NoiseBeating(centre, half) < expected / 3) return null;
        return new FoundCarrier(f, power, snr, true);
    }

    private double Left(double from, double to) => residue.Power(from, to) - spectrum.NoisePower(from, to);

    // Beyond the stretch that was looked at there is none of the carrier: the spectrum itself.
    private double Mixed(double from, double to, double centre, double half) =>
        Math.Abs((from + to) / 2 - centre) < half - MarginHz / 2 ? Left(from, to) : spectrum.PowerOverNoise(from, to);

    private double Noise(double hz) => spectrum.Floor.At(hz) * 2 * HalfChannelHz;

    private static double Ratio(double db) => Math.Pow(10, db / 10);

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, 1e-30));
}
