namespace SignalWatch.Fm;

/// <summary>The band's mean power spectrum over one interval, from the lowest frequency up: the noise under it, and the power of any stretch of it.</summary>
internal sealed class BandSpectrum
{
    // The receiver's own oscillator leaves a spike at 0 Hz: Hann's window spreads it over three bins, its drift over one more on each side.
    private const int SpikeBins = 2;

    // The share of the band that is surely free of stations; the noise floor is read there.
    private const double FreeShare = 0.2;
    private const double NoiseStretchHz = 20_000;

    private readonly double[] power;
    private readonly double[] cumulative;
    private readonly double[] stretches;

    public BandSpectrum(int bins, double sampleRateHz, double usableShare)
    {
        power = new double[bins];
        cumulative = new double[bins + 1];
        BinHz = sampleRateHz / bins;
        EdgeHz = sampleRateHz / 2 * usableShare;
        stretches = new double[(int)(2 * EdgeHz / NoiseStretchHz)];
    }

    /// <summary>Distance of bins, Hz.</summary>
    public double BinHz { get; }

    /// <summary>The band is used from −this to +this.</summary>
    public double EdgeHz { get; }

    /// <summary>Noise density, power in 1 Hz, full scale being 1.</summary>
    public double NoiseEachHz { get; private set; }

    /// <summary>Takes an interval's spectrum.</summary>
    /// <param name="sums">Power sums, bin 0 at 0 Hz.</param>
    /// <param name="scale">Factor on them.</param>
    public void Set(ReadOnlySpan<float> sums, double scale)
    {
        var half = power.Length / 2;
        for (var k = 0; k < power.Length; k++) power[(k + half) & (power.Length - 1)] = sums[k] * scale;
        RemoveSpike(half);
        for (var k = 0; k < power.Length; k++) cumulative[k + 1] = cumulative[k] + power[k];
        for (var n = 0; n < stretches.Length; n++)
        {
            var from = -EdgeHz + n * NoiseStretchHz;
            stretches[n] = Power(from, from + NoiseStretchHz) / NoiseStretchHz;
        }
        Array.Sort(stretches);
        NoiseEachHz = stretches[(int)(FreeShare * stretches.Length)];
    }

    /// <summary>Power between two frequencies relative to the middle of the band, noise included.</summary>
    public double Power(double fromHz, double toHz) => Cumulative(toHz) - Cumulative(fromHz);

    /// <summary>Power between two frequencies less the noise; may be below 0.</summary>
    public double PowerOverNoise(double fromHz, double toHz) => Power(fromHz, toHz) - NoiseEachHz * (toHz - fromHz);

    /// <summary>The middle of the power over the noise, Hz. For FM, whose amplitude is constant, it is the mean instantaneous frequency.</summary>
    public double Centroid(double fromHz, double toHz)
    {
        double sum = 0, moment = 0;
        for (var k = Index(fromHz); k <= Index(toHz); k++)
        {
            var excess = power[k] - NoiseEachHz * BinHz;
            sum += excess;
            moment += excess * FrequencyOf(k);
        }
        return sum > 0 ? Math.Clamp(moment / sum, fromHz, toHz) : (fromHz + toHz) / 2;
    }

    /// <summary>What holds 99 % of the power over the noise between two frequencies (SM.443-4 annex 1), Hz.</summary>
    public double OccupiedBandwidth(double fromHz, double toHz)
    {
        var total = PowerOverNoise(fromHz, toHz);
        double low = fromHz, high = toHz, sum = 0;
        var k = Index(fromHz);
        for (; k <= Index(toHz) && sum < 0.005 * total; k++) sum += power[k] - NoiseEachHz * BinHz;
        low = FrequencyOf(k - 1);
        for (; k <= Index(toHz) && sum < 0.995 * total; k++) sum += power[k] - NoiseEachHz * BinHz;
        high = FrequencyOf(k - 1);
        return Math.Max(BinHz, high - low);
    }

    private double FrequencyOf(int k) => (k - power.Length / 2) * BinHz;

    private int Index(double hz) => Math.Clamp((int)Math.Round(hz / BinHz) + power.Length / 2, 0, power.Length - 1);

    // Bins reach half a bin to both sides of their frequency; between, the cumulative power is interpolated.
    private double Cumulative(double hz)
    {
        var at = Math.Clamp(hz / BinHz + power.Length / 2 + 0.5, 0, power.Length);
        var whole = Math.Min((int)at, power.Length - 1);
        return cumulative[whole] + (at - whole) * power[whole];
    }

    private void RemoveSpike(int middle)
    {
        double around = 0;
        for (var k = 1; k <= 4; k++) around += power[middle - SpikeBins - k] + power[middle + SpikeBins + k];
        for (var k = -SpikeBins; k <= SpikeBins; k++) power[middle + k] = around / 8;
    }
}
