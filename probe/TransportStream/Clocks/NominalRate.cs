namespace SignalWatch.TransportStream;

/// <summary>A rate that somebody chose, found behind one that was measured.</summary>
/// <param name="Bps">The rate, b/s.</param>
/// <param name="Chance">How likely a rate that nobody chose lies so near to one.</param>
/// <param name="Modulation">What gives that rate, or null for a round number.</param>
internal readonly record struct NominalRate(double Bps, double Chance, string? Modulation)
{
    private const double MostChance = 1e-3;
    private const double Certainty = 3; // standard errors
    private const double LeastError = 0.5e-9; // of the rate: reading of positions and rounding to ticks
    private const double PacketBits = 1504;

    // Rates are set in these steps; generators also count whole packets a second.
    private static readonly double[] Steps = [1e6, 1e5, 1e4, 1e3, 100, 1e3 * PacketBits, 100 * PacketBits, 10 * PacketBits, PacketBits];

    /// <summary>The chosen rate that explains a measured one beyond chance; null where none does.</summary>
    public static NominalRate? Of(ClockRate rate)
    {
        var width = Certainty * Math.Max(rate.Error, rate.Bps * LeastError);
        if (!double.IsFinite(width) || !(rate.Bps > 0)) return null;
        NominalRate? best = null;
        foreach (var step in Steps)
        {
            var near = Math.Round(rate.Bps / step) * step;
            var chance = 2 * width / step;
            if (near > 0 && Math.Abs(rate.Bps - near) <= width && chance <= MostChance && chance < (best?.Chance ?? 1)) best = new NominalRate(near, chance, null);
        }
        if (DeliveryRates.Nearest(rate.Bps) is { } delivery && Math.Abs(rate.Bps - delivery.Bps) <= width)
        {
            var chance = 2 * width * DeliveryRates.DensityNear(rate.Bps);
            if (chance <= MostChance && chance < (best?.Chance ?? 1)) best = new NominalRate(delivery.Bps, chance, delivery.Name);
        }
        return best;
    }
}
