namespace SignalWatch.Fm.Identity;

/// <summary>Mean square of a carrier's deviation, look by look, over the last readings: what a product's modulation is compared with.
/// A receiver that hears the whole band looks once a reading; one that sweeps looks several times at each hop, and carriers of different hops are never heard at the same time.</summary>
internal sealed class ModulationTrail
{
    private const int Readings = 60;

    // Of a reading.
    private const int Looks = 3;

    /// <summary>Looks that it holds.</summary>
    public const int Length = Readings * Looks;

    // What a receiver that hears everything at once calls its only hop.
    private const int Whole = -1;

    private readonly double[] squares = new double[Length];
    private readonly long[] looks = new long[Length];
    private readonly int[] hops = new int[Length];

    public ModulationTrail() => Array.Fill(looks, -1);

    /// <summary>The newest look that readings up to a turn can have.</summary>
    public static long Newest(long turn) => (turn + 1) * Looks - 1;

    /// <summary>Keeps what a reading has of the carrier.</summary>
    public void Set(long turn, CarrierReading carrier)
    {
        if (carrier.Looks is { } swept)
            for (var n = 0; n < swept.MeanSquares.Count && n < Looks; n++) Set(turn * Looks + n, swept.MeanSquares[n], swept.Hop);
        else if (carrier.Station?.RmsDeviationHz.Justified is { } rms) Set(turn * Looks, rms * rms, Whole);
    }

    /// <summary>Mean square in a look, Hz², and the hop that it was heard in; NaN where there was none.</summary>
    public (double Square, int Hop) At(long look) => look >= 0 && looks[look % Length] == look ? (squares[look % Length], hops[look % Length]) : (double.NaN, Whole);

    private void Set(long look, double square, int hop) => (looks[look % Length], squares[look % Length], hops[look % Length]) = (look, square, hop);
}
