namespace SignalWatch.Fm;

/// <summary>How far Gaussian noise has moved the outermost values of a distribution. Of a value x that was observed, the signal was on average x + σ² (ln f(x))′ (Tweedie's formula), f being the density observed:
/// a tail that falls like exp(−λx) moves by λσ², and where the signal ends at once, f is the noise's own tail and the formula gives the end.
/// What is wanted is the highest value of the signal, not the signal at the highest value observed: in a long tail others, with less noise on them, were half of the way higher.</summary>
internal readonly struct NoiseShift
{
    // Ranks from the top between which the slope is taken: enough samples that chance moves it little, few enough that it is the tail's.
    private const double Outer = 100;
    private const double Between = 1000;
    private const double Inner = 10_000;
    private const double LeastDistanceHz = 25;

    private readonly double square, slope, at, bend, outerHz;

    /// <summary>Fits the tail.</summary>
    /// <param name="histogram">The distribution.</param>
    /// <param name="noiseSquare">Mean square of the noise, Hz².</param>
    public NoiseShift(DeviationHistogram histogram, double noiseSquare)
    {
        if (histogram.Samples < 5 * Inner || !(noiseSquare > 0)) return;
        square = noiseSquare;
        var (outer, between, inner) = (histogram.Exceeded(Outer / histogram.Samples), histogram.Exceeded(Between / histogram.Samples), histogram.Exceeded(Inner / histogram.Samples));
        outerHz = outer;
        slope = Math.Log(Between / Outer) / Math.Max(outer - between, LeastDistanceHz);
        at = (outer + between) / 2;
        var innerSlope = Math.Log(Inner / Between) / Math.Max(between - inner, LeastDistanceHz);
        // Between a straight tail and the noise's own, which is the steepest that there can be.
        bend = Math.Clamp((slope - innerSlope) / Math.Max(at - (between + inner) / 2, LeastDistanceHz), 0, 1 / square);
    }

    /// <summary>What is to be taken off a value, Hz.</summary>
    /// <param name="hz">The value.</param>
    /// <param name="rank">Its rank from the top: 1 is the highest.</param>
    public double Of(double hz, double rank)
    {
        if (!(square > 0)) return 0;
        var steepness = Math.Max(0, slope + bend * (hz - at));
        if (rank < Outer / 2)
        {
            // Where the values thin out more slowly than the bend foretells, they are rare peaks of the signal itself, and no bend is to be believed.
            var thinning = Math.Log(Outer / rank) / Math.Max(hz - outerHz, LeastDistanceHz);
            if (steepness > 1.6 * thinning) return square * thinning / 2;
        }
        return square * steepness * (1 - (1 - square * bend) / 2);
    }
}
