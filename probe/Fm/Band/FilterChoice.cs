namespace SignalWatch.Fm;

/// <summary>Chooses the filter in front of a station's discriminator from what stands beside it. A wide one reads peaks right, a narrow one keeps neighbours out.</summary>
internal sealed class FilterChoice
{
    private const double WideHz = 150_000, MiddleHz = 120_000, NarrowHz = 80_000;

    // On the raster of 100 kHz, with 15 kHz of tolerance on both sides.
    private const double NextChannelHz = 130_000, SecondChannelHz = 230_000, ThirdChannelHz = 285_000;

    // BS.412-9 table 3, stereo, steady interference: what is 33 dB below at 100 kHz, or 7 dB at 200 kHz, does no harm. 300 kHz away a signal 20 dB stronger reaches in with its sidebands.
    private const double NextHarmlessDb = -33, SecondHarmlessDb = -7, HarmlessDb = -30;
    private const double FarNeighbourHz = 350_000, FarStrongDb = 20;

    // A neighbour in a pause, or one that fades, is still there: wider only after so long without.
    private const double WidensAfterSeconds = 10;

    private double clearSeconds;

    /// <summary>The filter now; null before the first choice.</summary>
    public ChannelFilter? Filter { get; private set; }

    /// <summary>The carrier went: the next one begins without what was known of its neighbours.</summary>
    public void Forget() => (Filter, clearSeconds) = (null, 0);

    /// <summary>Takes an interval's carriers.</summary>
    /// <param name="carrier">The one to choose for.</param>
    /// <param name="all">All that were found.</param>
    /// <param name="bandCentreHz">The middle of the band, Hz.</param>
    /// <param name="seconds">Length of the interval, s.</param>
    /// <returns>True where the filter is another one from now on.</returns>
    public bool Update(in FoundCarrier carrier, IReadOnlyList<FoundCarrier> all, double bandCentreHz, double seconds)
    {
        var chosen = Choose(carrier, all, bandCentreHz);
        if (Filter is not null && chosen.HalfWidthHz >= Filter.HalfWidthHz)
        {
            clearSeconds = chosen.HalfWidthHz > Filter.HalfWidthHz ? clearSeconds + seconds : 0;
            if (clearSeconds < WidensAfterSeconds) return false;
        }
        (Filter, clearSeconds) = (chosen, 0);
        return true;
    }

    private static ChannelFilter Choose(in FoundCarrier carrier, IReadOnlyList<FoundCarrier> all, double bandCentreHz)
    {
        var (width, cause, difference) = (WideHz, 0.0, 0.0);
        foreach (var other in all)
        {
            var distance = Math.Abs(other.BasebandHz - carrier.BasebandHz);
            if (distance == 0) continue;
            var db = 10 * Math.Log10(other.Power / carrier.Power);
            var needs = Needs(distance, db);
            // Of two that want the same, the stronger one is named.
            if (needs < width || (needs == width && width < WideHz && db > difference)) (width, cause, difference) = (needs, other.BasebandHz + bandCentreHz, db);
        }
        return new ChannelFilter(width, width == WideHz ? BandTexts.NoNeighbour() : BandTexts.Neighbour(width, cause, difference));
    }

    private static double Needs(double distanceHz, double db) => distanceHz switch
    {
        < NextChannelHz => db > NextHarmlessDb ? NarrowHz : WideHz,
        < SecondChannelHz => db > SecondHarmlessDb ? NarrowHz : db > HarmlessDb ? MiddleHz : WideHz,
        < ThirdChannelHz => db > HarmlessDb ? MiddleHz : WideHz,
        < FarNeighbourHz => db > FarStrongDb ? MiddleHz : WideHz,
        _ => WideHz,
    };
}
