using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>The noise behind the discriminator, from the gaps of the multiplex, where a station sends nothing. It grows with f² (its density is f² N0 / C on each side of 0 Hz),
/// so that one figure says it all. Programme that leaks into a gap only adds: the gap with least counts.</summary>
internal sealed class MpxNoise
{
    // Gaps of the multiplex of BS.450-3 §2.2 and EN 50067: between sound and pilot, pilot and L−R, L−R and RDS, and above RDS.
    private static readonly (double From, double To)[] Gaps = [(16_200, 18_300), (19_700, 21_800), (53_600, 54_300), (60_200, 63_500), (68_800, 72_000)];

    private const int EveryBlock = 2;
    private const double AveragingSeconds = 3;

    private readonly Channelizer source;
    private readonly (int From, int To)[] bins;
    private readonly double[] weights;
    private readonly double[] means;
    private readonly double averaging;
    private int blocks;
    private long spectra;

    /// <summary>Prepares the measurement.</summary>
    public MpxNoise(Channelizer source, Func<double, double> factor)
    {
        this.source = source;
        var binHz = source.SampleRateHz / source.Size;
        var gaps = Array.FindAll(Gaps, gap => gap.To + 2_000 < source.SampleRateHz / 2);
        bins = Array.ConvertAll(gaps, gap => ((int)Math.Ceiling(gap.From / binHz), (int)Math.Floor(gap.To / binHz)));
        means = new double[bins.Length];
        // Hann's window has the power 3/8; the density of both sides together is wanted, of each bin a share by its f².
        weights = Array.ConvertAll(bins, gap =>
        {
            double squares = 0;
            for (var k = gap.From; k <= gap.To; k++) squares += Math.Pow(k * binHz / factor(k * binHz), 2);
            return 2 / (0.375 * source.Size * source.SampleRateHz * squares);
        });
        averaging = EveryBlock * source.Hop / (AveragingSeconds * source.SampleRateHz);
    }

    /// <summary>Density over f², both sides together, Hz²/Hz/Hz²: N0 / C. Null before it was measured.</summary>
    public double? Density { get; private set; }

    /// <summary>Mean square of the noise from 0 up to a frequency, Hz².</summary>
    public double MeanSquare(double upToHz = MpxDecoder.BandwidthHz) => (Density ?? 0) * Math.Pow(upToHz, 3) / 3;

    /// <summary>The reception begins afresh, perhaps of another quality.</summary>
    public void Reset()
    {
        Array.Clear(means);
        (spectra, blocks) = (0, 0);
    }

    /// <summary>Takes the present block.</summary>
    public void Add()
    {
        if (blocks++ % EveryBlock != 0) return;
        ReadOnlySpan<float> re = source.SpectrumRe, im = source.SpectrumIm;
        var weight = Math.Max(averaging, 1.0 / ++spectra);
        var least = double.PositiveInfinity;
        for (var gap = 0; gap < bins.Length; gap++)
        {
            double power = 0;
            // Without a window the loudest sound, kHz away, would leak into the gap: Hann's, as a convolution of bins.
            for (var k = bins[gap].From; k <= bins[gap].To; k++)
            {
                var (windowedRe, windowedIm) = (0.5f * re[k] - 0.25f * (re[k - 1] + re[k + 1]), 0.5f * im[k] - 0.25f * (im[k - 1] + im[k + 1]));
                power += windowedRe * windowedRe + windowedIm * windowedIm;
            }
            means[gap] += weight * (weights[gap] * power - means[gap]);
            least = Math.Min(least, means[gap]);
        }
        Density = double.IsFinite(least) ? least : null;
    }
}
