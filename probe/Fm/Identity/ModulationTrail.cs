namespace SignalWatch.Fm.Identity;

/// <summary>Mean square of a carrier's deviation, reading by reading, the last minute: what a product's modulation is compared with.</summary>
internal sealed class ModulationTrail
{
    /// <summary>Readings that it holds.</summary>
    public const int Length = 60;

    private readonly double[] squares = new double[Length];
    private readonly long[] turns = new long[Length];

    public ModulationTrail() => Array.Fill(turns, -1);

    public void Set(long turn, double rmsHz)
    {
        squares[turn % Length] = rmsHz * rmsHz;
        turns[turn % Length] = turn;
    }

    /// <summary>Mean square at a turn, Hz²; NaN where there was none.</summary>
    public double At(long turn) => turn >= 0 && turns[turn % Length] == turn ? squares[turn % Length] : double.NaN;
}
