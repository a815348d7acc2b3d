using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>A carrier that others can be products of, or that can be a product.</summary>
/// <param name="NominalHz">Nominal frequency, Hz.</param>
/// <param name="FrequencyHz">Measured frequency, Hz.</param>
/// <param name="LevelDbfs">Level, dB of full scale.</param>
/// <param name="SnrDb">Signal over noise in 200 kHz, dB.</param>
/// <param name="Pi">PI, or null.</param>
/// <param name="Trail">Its modulation over the last minute.</param>
internal readonly record struct Emission(long NominalHz, double FrequencyHz, double LevelDbfs, double SnrDb, ushort? Pi, ModulationTrail Trail);

/// <summary>A third-order product, 2·A − B (C is absent) or A + B − C.</summary>
internal readonly record struct Product(double FrequencyHz, int A, int B, int? C);

/// <summary>Third-order intermodulation of the carriers on the air: a³ makes 2·f1 − f2 and f1 + f2 − f3, with the deviations of the parents added.
/// With twenty stations nearly every frequency of the raster is some product, so a fitting frequency explains nothing: evidence does.</summary>
internal sealed class IntermodulationCheck(OnOffHistory history)
{
    private const int MostParents = 20;
    private const double ParentSnrDb = 20;

    // Offsets are good to 150 Hz each (the programme's own mean), and a product adds up to three of them: 4 × 150.
    private const double ToleranceHz = 600;

    // Products of receivers that are not driven to their limits, and of transmitters that hear one another, are further below.
    private const double BelowParentsDb = 20;

    // A hard limiter is the worst: of two equal tones it makes products 9.5 dB below (one third of the amplitude).
    private const double LimiterDb = 9.5;

    // Deviations add, so a product of two stations has √5 or √3 times the deviation of either. The channel's filter takes some of it, never half.
    private const double LeastModulationRatio = 0.6;
    private const double MostModulationRatio = 1.4;

    // What is suspected at all has 12 dB. There the discriminator's noise (4.8 kHz RMS, taken off) is still small beside the tens of kHz of a product; its clicks only make the ratio larger.
    private const double ClearSnrDb = 12;

    // What makes 2·f1 − f2 makes 2·f2 − f1 as well, and the difference of their levels is that of the parents. Both are measured to 1 dB.
    private const double TwinDb = 2;

    private static readonly TimeSpan Together = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(12);
    private const int LeastCommonEdges = 2;
    private const int RecentEdges = 32;

    private readonly List<Emission> all = [];
    private readonly List<Emission> parents = [];
    private readonly List<Product> products = [];
    private readonly double[] own = new double[ModulationTrail.Length];
    private readonly double[] due = new double[ModulationTrail.Length];

    /// <summary>Takes the carriers on the air; those that are strong enough become parents.</summary>
    public void Begin(IEnumerable<Emission> emissions)
    {
        all.Clear();
        parents.Clear();
        products.Clear();
        all.AddRange(emissions);
        parents.AddRange(all.Where(e => e.SnrDb >= ParentSnrDb && double.IsFinite(e.LevelDbfs)).OrderByDescending(e => e.LevelDbfs).ThenBy(e => e.NominalHz).Take(MostParents));
        for (var a = 0; a < parents.Count; a++)
            for (var b = 0; b < parents.Count; b++)
            {
                if (a == b) continue;
                products.Add(new Product(2 * parents[a].FrequencyHz - parents[b].FrequencyHz, a, b, null));
                for (var c = 0; a < b && c < parents.Count; c++)
                    if (c != a && c != b) products.Add(new Product(parents[a].FrequencyHz + parents[b].FrequencyHz - parents[c].FrequencyHz, a, b, c));
            }
        products.Sort((x, y) => x.FrequencyHz.CompareTo(y.FrequencyHz));
    }

    /// <summary>Whether a carrier is a product of them.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="sameSoundHz">Frequencies that its sound is on too.</param>
    /// <param name="overload">The receiver is overloaded: products are as strong as a limiter makes them.</param>
    /// <param name="turn">The present turn of the trails.</param>
    /// <param name="at">Now.</param>
    /// <returns>The answer with its sums, and the parents of the product that it is about; none where no product lies there at all.</returns>
    public (ExclusionCheck Check, IReadOnlyList<long> ParentsHz) Check(in Emission carrier, IReadOnlyList<long> sameSoundHz, bool overload, long turn, DateTimeOffset at)
    {
        (Product Product, bool? Explains, Text Why, double Miss)? best = null;
        var matches = 0;
        for (var n = FirstFrom(carrier.FrequencyHz - ToleranceHz); n < products.Count && products[n].FrequencyHz <= carrier.FrequencyHz + ToleranceHz; n++)
        {
            var product = products[n];
            if (Involves(product, carrier.NominalHz)) continue;
            matches++;
            var (explains, why) = Weigh(carrier, product, sameSoundHz, overload, turn, at);
            var miss = Math.Abs(product.FrequencyHz - carrier.FrequencyHz);
            if (best is not { } b || Rank(explains) > Rank(b.Explains) || (explains == b.Explains && miss < b.Miss)) best = (product, explains, why, miss);
        }
        if (best is not { } found) return (new ExclusionCheck(Exclusions.Intermodulation, false, ExclusionTexts.NoProduct(carrier.FrequencyHz, parents.Count, ToleranceHz)), []);
        return (new ExclusionCheck(Exclusions.Intermodulation, found.Explains, ExclusionTexts.Product(carrier, found.Product, parents, matches, found.Why)), [.. ParentsOf(found.Product).Select(p => p.NominalHz)]);
    }

    private static int Rank(bool? explains) => explains switch { true => 2, null => 1, false => 0 };

    private bool Involves(in Product p, long nominalHz) => parents[p.A].NominalHz == nominalHz || parents[p.B].NominalHz == nominalHz || (p.C is { } c && parents[c].NominalHz == nominalHz);

    private IEnumerable<Emission> ParentsOf(Product p) => p.C is { } c ? [parents[p.A], parents[p.B], parents[c]] : [parents[p.A], parents[p.B]];

    // Evidence against comes first: one such fact is enough, whatever speaks for it.
    private (bool? Explains, Text Why) Weigh(Emission carrier, Product product, IReadOnlyList<long> sameSoundHz, bool overload, long turn, DateTimeOffset at)
    {
        var involved = ParentsOf(product).ToList();
        var limit = overload ? involved.Max(p => p.LevelDbfs) - LimiterDb : involved.Min(p => p.LevelDbfs) - BelowParentsDb;
        if (carrier.LevelDbfs > limit) return (false, ExclusionTexts.TooStrong(carrier.LevelDbfs, limit, overload));
        // A parent whose PI is not known yet may have that one: a sweep can hear the product's hop before the parent's.
        if (carrier.Pi is { } pi && involved.TrueForAll(p => p.Pi is { } other && other != pi)) return (false, ExclusionTexts.OwnPi(pi));
        var modulation = CompareModulation(carrier, product, turn);
        var ratio = modulation.Ratio;
        if (ratio < LeastModulationRatio) return (false, ExclusionTexts.OwnModulation(ratio.Value));
        var edges = CompareEdges(carrier.NominalHz, involved, at);
        if (edges.Stayed is { } stayed) return (false, ExclusionTexts.Stayed(stayed));
        if (edges.Common >= LeastCommonEdges) return (true, ExclusionTexts.Together(edges.Common));
        if (modulation.Follows == true && ratio <= MostModulationRatio) return (true, ExclusionTexts.Modulation(modulation));
        if (modulation.Follows == false) return (false, ExclusionTexts.OtherModulation(modulation));
        if (ratio is null) return (null, ExclusionTexts.OnlyFits);
        if (ratio <= MostModulationRatio && Twin(carrier, product, turn) is { } twin) return (true, ExclusionTexts.Twin(twin, ratio.Value));
        if (carrier.Pi is { } parentsPi && involved.Exists(p => p.Pi == parentsPi)) return (true, ExclusionTexts.ParentsPi(parentsPi));
        if (involved.Exists(p => sameSoundHz.Contains(p.NominalHz))) return (true, ExclusionTexts.ParentsSound(involved.First(p => sameSoundHz.Contains(p.NominalHz)).NominalHz));
        return (null, ExclusionTexts.OnlyFits);
    }

    // Over the last readings, so that one pause decides nothing.
    private ModulationComparison CompareModulation(in Emission carrier, in Product product, long turn)
    {
        if (carrier.SnrDb < ClearSnrDb) return default;
        var (looks, apart) = (0, (Looks: 0, Own: 0.0, Due: 0.0));
        var newest = ModulationTrail.Newest(turn);
        for (var look = newest; look > newest - ModulationTrail.Length; look--)
        {
            var (square, hop) = carrier.Trail.At(look);
            if (double.IsNaN(square)) continue;
            // Independent programmes: their powers add, the doubled one's four times.
            var (a, b) = (parents[product.A].Trail.At(look), parents[product.B].Trail.At(look));
            var c = product.C is { } third ? parents[third].Trail.At(look) : (Square: 0, Hop: hop);
            var sum = (product.C is null ? 4 : 1) * a.Square + b.Square + c.Square;
            if (!double.IsFinite(square + sum)) continue;
            if (a.Hop == hop && b.Hop == hop && c.Hop == hop) (own[looks], due[looks++]) = (square, sum);
            else apart = (apart.Looks + 1, apart.Own + square, apart.Due + sum);
        }
        return ModulationComparison.Of(own.AsSpan(0, looks), due.AsSpan(0, looks), apart);
    }

    // The product on the other side of the parents, where it is as strong and as loud as this one makes it.
    private Emission? Twin(in Emission carrier, in Product product, long turn)
    {
        if (product.C is not null) return null;
        var (a, b) = (parents[product.A], parents[product.B]);
        var mirrored = new Product(2 * b.FrequencyHz - a.FrequencyHz, product.B, product.A, null);
        foreach (var other in all)
        {
            if (Math.Abs(other.FrequencyHz - mirrored.FrequencyHz) > ToleranceHz || other.Pi is { } pi && pi != a.Pi && pi != b.Pi) continue;
            if (Math.Abs(carrier.LevelDbfs - other.LevelDbfs - (a.LevelDbfs - b.LevelDbfs)) > TwinDb) continue;
            if (CompareModulation(other, mirrored, turn).Ratio is >= LeastModulationRatio and <= MostModulationRatio) return other;
        }
        return null;
    }

    // A product comes and goes with its parents, and can't stay when one of them goes.
    private (int Common, long? Stayed) CompareEdges(long nominalHz, List<Emission> involved, DateTimeOffset at)
    {
        var edges = history.Edges(nominalHz).TakeLast(RecentEdges).ToList();
        var common = 0;
        foreach (var parent in involved)
            foreach (var edge in history.Edges(parent.NominalHz).TakeLast(RecentEdges))
            {
                if (edge.AfterGap) continue;
                if (edges.Exists(e => !e.AfterGap && e.OnAir == edge.OnAir && (e.At - edge.At).Duration() <= Together)) common++;
                else if (!edge.OnAir && at - edge.At > After && history.IsOn(nominalHz, edge.At) == true && history.IsOn(nominalHz, edge.At + After) == true) return (common, parent.NominalHz);
            }
        return (common, null);
    }

    private int FirstFrom(double hz)
    {
        int low = 0, high = products.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (products[middle].FrequencyHz < hz) low = middle + 1; else high = middle;
        }
        return low;
    }
}
