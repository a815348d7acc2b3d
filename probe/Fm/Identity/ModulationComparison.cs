namespace SignalWatch.Fm.Identity;

/// <summary>How a carrier's modulation compares with the sum of its supposed parents'.</summary>
/// <param name="Looks">Looks that carrier and parents were heard in at the same time.</param>
/// <param name="Ratio">Its RMS over what the parents' sum makes; null where too little was heard.</param>
/// <param name="Correlation">How well it follows them; null where nothing was heard at the same time, or the sounds are steady.</param>
/// <param name="OfHalves">The lesser correlation of the older and the newer half of the looks; null where one of them is steady.</param>
internal readonly record struct ModulationComparison(int Looks, double? Ratio, double? Correlation, double? OfHalves)
{
    // The modulation of a product follows the parents' look by look: the correlation is this or more from 12 dB of SNR on, as the sound's noise is taken off.
    private const double LeastCorrelation = 0.85;

    // Less is none's: filters and noise never take that much of a product's.
    private const double HighestForeign = 0.7;

    // One click in both, or one step of both, makes any correlation: it is in one half only.
    private const double LeastOfHalves = 0.6;

    // Fisher's z of a correlation is normal with the variance 1/(m − 3), m independent pairs. Loudness lasts for about two looks, so n looks are n/2 pairs.
    private const double LooksOfPair = 2;

    // Among up to a hundred combinations that fit, 5 σ (3·10⁻⁷) by chance is once in 30,000 carriers; a product is taken for none at 3.1 σ (10⁻³).
    private const double SigmasToExplain = 5;
    private const double SigmasToRefute = 3.1;

    // Of times that are not the same only means can be compared: over this many looks they are good to some 15 %.
    private const int LeastApart = 20;

    // A sound whose loudness changes less than this is steady (tones, noise): alike without being related.
    private const double LeastVariation = 0.0025;

    /// <summary>True: it follows the parents, as one in three million does by chance; false: it does not, as one product in a thousand seems not to; null: not decided.</summary>
    public bool? Follows
    {
        get
        {
            if (Correlation is not { } r || Pairs <= 0) return null;
            var (z, sigma) = (Math.Atanh(Math.Clamp(r, -0.9999, 0.9999)), 1 / Math.Sqrt(Pairs));
            if (r >= LeastCorrelation && OfHalves >= LeastOfHalves && z >= SigmasToExplain * sigma) return true;
            return z + SigmasToRefute * sigma < Math.Atanh(HighestForeign) ? false : null;
        }
    }

    private double Pairs => Looks / LooksOfPair - 3;

    /// <summary>Compares mean squares of the deviation, Hz².</summary>
    /// <param name="own">The carrier's, of looks in which all were heard at the same time.</param>
    /// <param name="due">What the parents' sum makes in the same looks.</param>
    /// <param name="apart">Sums of both over looks in which they were heard one after the other, and how many those are.</param>
    public static ModulationComparison Of(ReadOnlySpan<double> own, ReadOnlySpan<double> due, (int Looks, double Own, double Due) apart)
    {
        var (x, y) = own.Length > 0 ? (Sum(own), Sum(due)) : apart.Looks >= LeastApart ? (apart.Own, apart.Due) : (0, 0);
        var half = own.Length / 2;
        var (newer, older) = (CorrelationOf(own[..half], due[..half]), CorrelationOf(own[half..], due[half..]));
        return new ModulationComparison(own.Length, y > 0 ? Math.Sqrt(x / y) : null, CorrelationOf(own, due), newer is { } a && older is { } b ? Math.Min(a, b) : null);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        return sum;
    }

    private static double? CorrelationOf(ReadOnlySpan<double> own, ReadOnlySpan<double> due)
    {
        if (own.Length < 2) return null;
        var (mx, my) = (Sum(own) / own.Length, Sum(due) / due.Length);
        double xx = 0, yy = 0, xy = 0;
        for (var n = 0; n < own.Length; n++)
        {
            var (dx, dy) = (own[n] - mx, due[n] - my);
            (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy);
        }
        return xx <= 0 || yy < LeastVariation * my * my * own.Length ? null : xy / Math.Sqrt(xx * yy);
    }
}
