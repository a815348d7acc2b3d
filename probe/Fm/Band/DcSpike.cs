using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Tells the receiver's own spike at 0 Hz from a carrier there. A receiver that mixes to 0 Hz leaks its oscillator into itself: what that leaves stands still.
/// A transmitter's carrier turns against the receiver's oscillator, by 1 Hz for each 0.01 ppm at 100 MHz: a line that turns steadily is somebody's.</summary>
internal sealed class DcSpike(double sampleRateHz, int hop)
{
    private const int PiecesEachHop = 4;

    // Slower than this over one second, a leak that warms up and a carrier look alike.
    private const double SlowestTurnHz = 10;
    private const double MinSteadiness = 0.8;

    private readonly double pieceRateHz = sampleRateHz * PiecesEachHop / hop;
    private double sumRe, sumIm, power, lagRe, lagIm, lastRe, lastIm;
    private int pieces, lags;
    private bool follows;

    /// <summary>What stands still, as a complex number.</summary>
    public (double Re, double Im) Standing => pieces == 0 ? (0, 0) : (sumRe / pieces, sumIm / pieces);

    /// <summary>Power of what stands still: the spike.</summary>
    public double StandingPower => pieces == 0 ? 0 : (sumRe * sumRe + sumIm * sumIm) / ((double)pieces * pieces);

    /// <summary>What turns near 0 Hz is one steady line: a carrier, not the spike.</summary>
    public bool LineTurns()
    {
        if (lags == 0) return false;
        var still = StandingPower;
        var (re, im) = (lagRe / lags - still, lagIm / lags);
        var turning = power / pieces - still;
        return turning > 0 && Math.Sqrt(re * re + im * im) > MinSteadiness * turning && Math.Abs(Math.Atan2(im, re)) / (2 * Math.PI) * pieceRateHz > SlowestTurnHz;
    }

    /// <summary>Samples are missing.</summary>
    public void Break() => follows = false;

    public void Clear() => (sumRe, sumIm, power, lagRe, lagIm, pieces, lags) = (0, 0, 0, 0, 0, 0, 0);

    /// <summary>Takes a hop of samples.</summary>
    public void Add(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        var length = hop / PiecesEachHop;
        for (var p = 0; p < PiecesEachHop; p++)
        {
            var (r, i) = (Sums.Of(re.Slice(p * length, length)) / length, Sums.Of(im.Slice(p * length, length)) / length);
            (sumRe, sumIm, power) = (sumRe + r, sumIm + i, power + r * r + i * i);
            if (follows) (lagRe, lagIm, lags) = (lagRe + r * lastRe + i * lastIm, lagIm + i * lastRe - r * lastIm, lags + 1);
            (lastRe, lastIm, follows) = (r, i, true);
            pieces++;
        }
    }
}
