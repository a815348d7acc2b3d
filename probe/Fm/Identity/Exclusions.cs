namespace SignalWatch.Fm.Identity;

/// <summary>Image and overload: what else a carrier could be, with the sums.</summary>
internal static class Exclusions
{
    public const string Image = "image";
    public const string Intermodulation = "intermodulation";
    public const string Overload = "overload";

    // The receiver's mirror is known to some hundred Hz; centroids of power wander by some kHz with the programme.
    private const double MirrorToleranceHz = 50_000;

    // An image is weaker by the receiver's rejection; no receiver is so bad that it is less than this.
    private const double RejectionDb = 10;

    // A hard limiter, the worst that overload can be, makes products 9.5 dB below the stronger parents.
    private const double LimiterDb = 9.5;

    /// <summary>A peak that the receiver itself recognised as an image: it follows the stronger carrier in phase.</summary>
    public static ExclusionCheck Masked(MaskedPeak peak, double? strongDbfs) => new(Image, true, ExclusionTexts.Image(peak, strongDbfs));

    /// <summary>Whether a carrier is an image. One at the mirror of a stronger carrier that does not follow it in phase, or else the receiver would have masked it, is none.</summary>
    public static ExclusionCheck Mirror(CarrierReading carrier, IEnumerable<CarrierReading> onAir, double? centreHz)
    {
        if (centreHz is not { } centre) return new ExclusionCheck(Image, null, ExclusionTexts.NoCentre);
        var frequency = carrier.NominalHz + carrier.OffsetHz;
        var mirror = 2 * centre - frequency;
        var strong = onAir.Where(c => Math.Abs(c.NominalHz + c.OffsetHz - mirror) < MirrorToleranceHz && c.LevelDbfs >= carrier.LevelDbfs + RejectionDb)
            .OrderByDescending(c => c.LevelDbfs).ThenBy(c => c.NominalHz).FirstOrDefault();
        return new ExclusionCheck(Image, false, strong is null ? ExclusionTexts.NoMirror(centre, frequency) : ExclusionTexts.NoImage(centre, frequency, strong));
    }

    /// <summary>Whether overload may have made a carrier.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="strongestDbfs">The strongest carrier of the band.</param>
    /// <param name="overload">The receiver is overloaded now.</param>
    /// <param name="seenBefore">The carrier was there when the receiver was not.</param>
    public static ExclusionCheck OfOverload(CarrierReading carrier, double strongestDbfs, bool overload, bool seenBefore) => new(Overload,
        !overload || seenBefore || carrier.LevelDbfs > strongestDbfs - LimiterDb ? false : null,
        !overload ? ExclusionTexts.NoOverload
        : seenBefore ? ExclusionTexts.BeforeOverload
        : carrier.LevelDbfs > strongestDbfs - LimiterDb ? ExclusionTexts.StrongerThanProducts(carrier.LevelDbfs, strongestDbfs, LimiterDb) : ExclusionTexts.UnderOverload);
}
