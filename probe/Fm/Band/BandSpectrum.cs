using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>The band's mean power spectrum over one interval, from the lowest frequency up: the noise under it, and the power of any stretch of it.</summary>
internal sealed class BandSpectrum
{
    // The receiver's own oscillator leaves a spike at 0 Hz: Hann's window spreads it over three bins, its drift over one more on each side.
    private const int SpikeBins = 2;

    // Of a line on a bin, Hann's window leaves two thirds of the power there and a sixth in each neighbour.
    private const double LeastSpikeShare = 0.2;
    private const double LineShare = 2 / 3.0, LineSideShare = 1 / 6.0;

    // SM.443-4 annex 1: half of 1 % of the power is outside on each side.
    private const double OutsideShare = 0.005;

    // SM.443-4 annex 2: the x of x dB; 26 dB is what its annex 3 estimates from.
    private const double XdB = 26;
    private const double PeakSmoothingHz = 3_000;

    private readonly double[] power;
    private readonly double[] cumulative;
    private readonly double[] noise;
    private readonly NoiseFloor floor;
    private readonly Func<double, double, double> powerBetween;

    public BandSpectrum(int bins, double sampleRateHz, double usableShare)
    {
        power = new double[bins];
        (cumulative, noise) = (new double[bins + 1], new double[bins + 1]);
        BinHz = sampleRateHz / bins;
        EdgeHz = sampleRateHz / 2 * usableShare;
        floor = new NoiseFloor(EdgeHz);
        powerBetween = Power;
    }

    /// <summary>Distance of bins, Hz.</summary>
    public double BinHz { get; }

    /// <summary>Equivalent noise bandwidth of a bin, Hz.</summary>
    public double ResolutionHz => BinHz * HannSpectrum.NoiseBandwidthBins;

    /// <summary>The band is used from −this to +this.</summary>
    public double EdgeHz { get; }

    /// <summary>The noise by frequency.</summary>
    public NoiseFloor Floor => floor;

    /// <summary>What was taken away at 0 Hz as the receiver's own, full scale being 1; 0 where nothing was.</summary>
    public double SpikePower { get; private set; }

    /// <summary>The receiver's gain or frequency is another one from now on.</summary>
    public void Reset() => floor.Reset();

    /// <summary>Takes an interval's spectrum.</summary>
    /// <param name="sums">Power sums, bin 0 at 0 Hz.</param>
    /// <param name="scale">Factor on them.</param>
    /// <param name="spike">What is known of 0 Hz; null: whatever is there is the receiver's.</param>
    public void Set(ReadOnlySpan<float> sums, double scale, DcSpike? spike)
    {
        var half = power.Length / 2;
        for (var k = 0; k < power.Length; k++) power[(k + half) & (power.Length - 1)] = sums[k] * scale;
        RemoveSpike(half, spike);
        for (var k = 0; k < power.Length; k++) cumulative[k + 1] = cumulative[k] + power[k];
        floor.Update(powerBetween);
        for (var k = 0; k < power.Length; k++) noise[k + 1] = noise[k] + floor.At(FrequencyOf(k)) * BinHz;
    }

    /// <summary>Power between two frequencies relative to the middle of the band, noise included.</summary>
    public double Power(double fromHz, double toHz) => Cumulative(cumulative, toHz) - Cumulative(cumulative, fromHz);

    /// <summary>Power of the noise between two frequencies.</summary>
    public double NoisePower(double fromHz, double toHz) => Cumulative(noise, toHz) - Cumulative(noise, fromHz);

    /// <summary>Power between two frequencies less the noise; may be below 0.</summary>
    public double PowerOverNoise(double fromHz, double toHz) => Power(fromHz, toHz) - NoisePower(fromHz, toHz);

    /// <summary>The middle of the power over the noise, Hz. For FM, whose amplitude is constant, it is the mean instantaneous frequency.</summary>
    public double Centroid(double fromHz, double toHz)
    {
        double sum = 0, moment = 0;
        for (var k = Index(fromHz); k <= Index(toHz); k++)
        {
            var excess = Excess(k);
            sum += excess;
            moment += excess * FrequencyOf(k);
        }
        return sum > 0 ? Math.Clamp(moment / sum, fromHz, toHz) : (fromHz + toHz) / 2;
    }

    /// <summary>What holds 99 % of the power over the noise between two frequencies (SM.443-4 annex 1), Hz.</summary>
    public double OccupiedBandwidth(double fromHz, double toHz)
    {
        int first = Index(fromHz), last = Index(toHz);
        double total = 0;
        for (var k = first; k <= last; k++) total += Excess(k);
        return Math.Max(BinHz, WhereSumReaches((1 - OutsideShare) * total, first, last) - WhereSumReaches(OutsideShare * total, first, last));
    }

    /// <summary>The distance of the outermost frequencies at which the density over the noise is not more than 26 dB below its peak (SM.443-4 annex 2), Hz;
    /// null where the noise is too near for that.</summary>
    public double? XdBBandwidth(double fromHz, double toHz)
    {
        int first = Index(fromHz), last = Index(toHz), reach = Math.Max(1, (int)(PeakSmoothingHz / BinHz / 2));
        double peak = 0;
        for (var k = first + reach; k <= last - reach; k++) peak = Math.Max(peak, Smooth(k, reach));
        var limit = peak * Math.Pow(10, -XdB / 10);
        // The limit has to stand 6 dB out of the noise: nearer, a bump of the noise would be the edge.
        if (!(limit > 3 * floor.At((fromHz + toHz) / 2) * BinHz)) return null;
        int low = first + reach, high = last - reach;
        while (low < high && Smooth(low, reach) < limit) low++;
        while (high > low && Smooth(high, reach) < limit) high--;
        return (high - low + 1) * BinHz;
    }

    private double Excess(int k) => power[k] - (noise[k + 1] - noise[k]);

    private double Smooth(int k, int reach) =>
        (cumulative[k + reach + 1] - cumulative[k - reach] - (noise[k + reach + 1] - noise[k - reach])) / (2 * reach + 1);

    // Within a bin the power is spread evenly: of a narrow signal the bandwidth would else come in steps of whole bins.
    private double WhereSumReaches(double target, int first, int last)
    {
        double sum = 0;
        for (var k = first; k <= last; k++)
        {
            var excess = Excess(k);
            if (sum + excess >= target) return FrequencyOf(k) + (excess > 0 ? (target - sum) / excess - 0.5 : 0) * BinHz;
            sum += excess;
        }
        return FrequencyOf(last);
    }

    private double FrequencyOf(int k) => (k - power.Length / 2) * BinHz;

    private int Index(double hz) => Math.Clamp((int)Math.Round(hz / BinHz) + power.Length / 2, 0, power.Length - 1);

    // Bins reach half a bin to both sides of their frequency; between, the cumulative power is interpolated.
    private double Cumulative(double[] sums, double hz)
    {
        var at = Math.Clamp(hz / BinHz + power.Length / 2 + 0.5, 0, power.Length);
        var whole = Math.Min((int)at, power.Length - 1);
        return sums[whole] + (at - whole) * (sums[whole + 1] - sums[whole]);
    }

    // What stands still at 0 Hz is the receiver's. Where that is most of what stands out there, all of it is: a leak that drifts. Where it isn't, a station is there too, and keeps its own.
    private void RemoveSpike(int middle, DcSpike? spike)
    {
        double around = 0, there = 0;
        for (var k = 1; k <= 4; k++) around += power[middle - SpikeBins - k] + power[middle + SpikeBins + k];
        for (var k = -SpikeBins; k <= SpikeBins; k++) there += power[middle + k];
        var excess = Math.Max(0, there - (2 * SpikeBins + 1) * around / 8);
        var standing = spike?.StandingPower ?? excess;
        SpikePower = standing >= LeastSpikeShare * excess ? standing : 0;
        var drifts = 2 * standing >= excess && spike?.LineTurns() != true;
        for (var k = -SpikeBins; k <= SpikeBins; k++)
        {
            var share = k switch { 0 => LineShare, 1 or -1 => LineSideShare, _ => 0 };
            power[middle + k] = drifts ? around / 8 : Math.Max(0, power[middle + k] - SpikePower * share);
        }
    }
}
