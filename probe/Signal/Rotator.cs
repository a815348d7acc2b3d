using System.Runtime.Intrinsics;

namespace SignalWatch.Signal;

/// <summary>Shifts a stream of complex samples in frequency, in blocks of one size, its phase going on from block to block.
/// The oscillation within a block is tabulated once; only the block's phase is computed anew, in double precision, so that no error grows.</summary>
public sealed class Rotator
{
    private readonly float[] cos;
    private readonly float[] sin;
    private readonly double turnsEachBlock;
    private double turns;

    /// <summary>Prepares the shift.</summary>
    /// <param name="turnsEachSample">Shift as a share of the sample rate; positive shifts up.</param>
    /// <param name="block">Samples in each block.</param>
    public Rotator(double turnsEachSample, int block)
    {
        (cos, sin) = (new float[block], new float[block]);
        for (var n = 0; n < block; n++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * turnsEachSample * n);
            (cos[n], sin[n]) = ((float)c, (float)s);
        }
        turnsEachBlock = turnsEachSample * block;
    }

    /// <summary>Starts afresh at phase 0.</summary>
    public void Reset() => turns = 0;

    /// <summary>Shifts the next block in place.</summary>
    /// <param name="re">Real parts.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="extraTurns">A turn of this block alone, in parts of a full one.</param>
    public void Rotate(Span<float> re, Span<float> im, double extraTurns)
    {
        if (re.Length != cos.Length || im.Length != cos.Length) throw new ArgumentException($"a block has {cos.Length} samples");
        var (s, c) = Math.SinCos(2 * Math.PI * (turns + extraTurns));
        var (blockSin, blockCos) = ((float)s, (float)c);
        var n = 0;
        var (vs, vc) = (Vector256.Create(blockSin), Vector256.Create(blockCos));
        for (; n <= re.Length - 8; n += 8)
        {
            var (tc, ts) = (Vector256.LoadUnsafe(ref cos[0], (nuint)n), Vector256.LoadUnsafe(ref sin[0], (nuint)n));
            var (wr, wi) = (tc * vc - ts * vs, tc * vs + ts * vc);
            var (xr, xi) = (Vector256.LoadUnsafe(ref re[0], (nuint)n), Vector256.LoadUnsafe(ref im[0], (nuint)n));
            (xr * wr - xi * wi).StoreUnsafe(ref re[0], (nuint)n);
            (xr * wi + xi * wr).StoreUnsafe(ref im[0], (nuint)n);
        }
        for (; n < re.Length; n++)
        {
            float wr = cos[n] * blockCos - sin[n] * blockSin, wi = cos[n] * blockSin + sin[n] * blockCos;
            (re[n], im[n]) = (re[n] * wr - im[n] * wi, re[n] * wi + im[n] * wr);
        }
        turns += turnsEachBlock;
        turns -= Math.Floor(turns);
    }
}
