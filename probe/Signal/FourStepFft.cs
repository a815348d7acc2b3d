using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SignalWatch.Signal;

/// <summary>A long transform in four steps (Bailey, "FFTs in external or hierarchical memory", 1990): the N points are 64 rows of N / 64; every column is transformed,
/// multiplied by its twiddle factors, the table transposed, and every column of that transformed. Whole vectors of columns go through at a time, in a working set of a few KB,
/// so that memory beyond the first cache is read and written twice only, however many passes there are. Tables only: any number of threads may use one.</summary>
internal abstract class FourStepFft
{
    /// <summary>Fewest points.</summary>
    public const int LeastSize = 2048;

    /// <summary>Prepares a transform with the widest vectors that the machine has.</summary>
    public static FourStepFft Create(int size) =>
        Vector512.IsHardwareAccelerated ? new FourStepFft<Lanes16>(size) : Vector256.IsHardwareAccelerated ? new FourStepFft<Lanes8>(size) : new FourStepFft<Lanes4>(size);

    /// <summary>Numbers of scratch memory that <see cref="Forward"/> wants, to be had from <see cref="CacheLines"/>.</summary>
    public abstract int ScratchLength { get; }

    /// <summary>X[k] = Σ x[n] e^(−j2πkn/N); all four spans hold N points.</summary>
    public abstract void Forward(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm, Span<float> scratch);

    /// <summary>Memory that begins on a cache line and stays there: a vector across two lines costs two accesses.</summary>
    public static Memory<float> CacheLines(int length)
    {
        const int Line = 64;
        var array = GC.AllocateArray<float>(length + Line / sizeof(float), pinned: true);
        var beyond = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Line);
        return array.AsMemory((Line - beyond) % Line / sizeof(float), length);
    }
}

/// <inheritdoc/>
internal sealed class FourStepFft<TLanes> : FourStepFft where TLanes : struct, ILanes<TLanes>
{
    private const int Rows = 64;
    private const int Twiddles8 = FftButterflies<TLanes, NoTwiddle<TLanes>>.Twiddles8;
    private const int Twiddles4 = FftButterflies<TLanes, NoTwiddle<TLanes>>.Twiddles4;

    private readonly int columns;

    // For each vector of columns, the factors of the two passes over its rows: eight butterflies with factors of their own, and eight that share theirs, the twiddle factors proper among them.
    private readonly Memory<float> firstTwiddles;
    private readonly Memory<float> secondTwiddles;

    // The passes over the transposed table, except the last, which is radix 8 and needs no factors.
    private readonly Pass[] passes;

    // Where the last pass's butterflies put their first result: a decimation in frequency leaves the digits of the index in reverse order.
    private readonly int[] order;

    /// <summary>Prepares a transform.</summary>
    /// <param name="size">Points: a power of two, 2,048 to 65,536.</param>
    public FourStepFft(int size)
    {
        columns = size / Rows;
        firstTwiddles = CacheLines(size / 8 * Twiddles8);
        secondTwiddles = CacheLines(columns * Twiddles8);
        for (var column = 0; column < columns; column++)
        {
            var (vector, lane) = Math.DivRem(column, Lanes);
            for (var k = 1; k < 8; k++)
            {
                for (var b = 0; b < 8; b++) SetTwiddle(firstTwiddles.Span[(((vector * 8 + b) * Twiddles8 + 2 * k - 2) * Lanes + lane)..], Lanes, (column + columns * b) * k, size);
                SetTwiddle(secondTwiddles.Span[((vector * Twiddles8 + 2 * k - 2) * Lanes + lane)..], Lanes, column * k, size / 8);
            }
        }
        var list = new List<Pass>();
        var weight = 1;
        order = [0];
        for (var length = columns; length > 8;)
        {
            var pass = new Pass(int.Log2(length) % 3 == 0 ? 8 : 4, length);
            list.Add(pass);
            order = [.. order.SelectMany(k => Enumerable.Range(0, pass.Radix).Select(digit => k + digit * weight))];
            (length, weight) = (length / pass.Radix, weight * pass.Radix);
        }
        passes = [.. list];
    }

    public override int ScratchLength => 2 * Rows * (columns + Lanes);

    private static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Count;
    }

    // Scratch holds the transposed table, by vectors of its columns: real parts of a vector, then imaginary parts; behind it a vector of columns on its way there.
    public override void Forward(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm, Span<float> scratch)
    {
        ref var table = ref scratch[0];
        ref var tile = ref scratch[2 * Rows * columns];
        for (var column = 0; column < columns; column += Lanes)
        {
            TransformRows(column, ref Unsafe.AsRef(in re[column]), ref Unsafe.AsRef(in im[column]), ref tile);
            Transpose(ref tile, ref Unsafe.Add(ref table, 2 * Lanes * column));
        }
        for (var k = 0; k < Rows; k += Lanes) TransformColumns(ref Unsafe.Add(ref table, 2 * k * columns), ref outRe[k], ref outIm[k]);
    }

    private static void SetTwiddle(Span<float> to, int imaginaryAt, int power, int length)
    {
        var (sin, cos) = Math.SinCos(-2 * Math.PI * (power % length) / length);
        (to[0], to[imaginaryAt]) = ((float)cos, (float)sin);
    }

    /// <summary>The transform of 64 rows, 8 × 8, in a vector of columns; result k comes to element 8 (k mod 8) + k / 8 of the tile.</summary>
    private void TransformRows(int column, ref float re, ref float im, ref float tile)
    {
        nuint lanes = (nuint)Lanes, row = (nuint)columns;
        ref var tileIm = ref Unsafe.Add(ref tile, lanes);
        ref var first = ref firstTwiddles.Span[column * 8 * Twiddles8];
        ref var second = ref secondTwiddles.Span[column * Twiddles8];
        FftButterflies<TLanes, LaneTwiddle<TLanes>>.Radix8(8, new(ref re, ref im, 8 * row, row), new(ref tile, ref tileIm, 16 * lanes, 2 * lanes), ref first, Twiddles8 * Lanes);
        var points = new FftPoints(ref tile, ref tileIm, 2 * lanes, 16 * lanes);
        FftButterflies<TLanes, LaneTwiddle<TLanes>>.Radix8(8, points, points, ref second, 0);
    }

    private void Transpose(ref float tile, ref float to)
    {
        nuint lanes = (nuint)Lanes, block = 2 * lanes * (nuint)columns;
        for (nuint k = 0; k < Rows; k += lanes)
        {
            ref var from = ref Unsafe.Add(ref tile, k % 8 * 16 * lanes + k / 8 * 2 * lanes);
            TLanes.Transpose(ref from, 16 * lanes, 2 * lanes, ref to, 2 * lanes);
            TLanes.Transpose(ref Unsafe.Add(ref from, lanes), 16 * lanes, 2 * lanes, ref Unsafe.Add(ref to, lanes), 2 * lanes);
            to = ref Unsafe.Add(ref to, block);
        }
    }

    private void TransformColumns(ref float block, ref float outRe, ref float outIm)
    {
        var lanes = (nuint)Lanes;
        foreach (var pass in passes)
        {
            var part = pass.Length / pass.Radix;
            for (var start = 0; start < columns; start += pass.Length)
            {
                ref var re = ref Unsafe.Add(ref block, 2 * Lanes * start);
                var points = new FftPoints(ref re, ref Unsafe.Add(ref re, lanes), 2 * lanes * (nuint)part, 2 * lanes);
                if (pass.Radix == 8) FftButterflies<TLanes, CommonTwiddle<TLanes>>.Radix8(part, points, points, ref pass.Twiddles[0], Twiddles8);
                else FftButterflies<TLanes, CommonTwiddle<TLanes>>.Radix4(part, points, points, ref pass.Twiddles[0], Twiddles4);
            }
        }
        // Butterflies that differ in the last digit only lie evenly.
        var (count, next) = (passes[^1].Radix, (nuint)(Rows * order[1]));
        var step = (nuint)(Rows * columns / 8);
        for (var n = 0; n < order.Length; n += count)
        {
            ref var re = ref Unsafe.Add(ref block, 16 * Lanes * n);
            var to = Rows * order[n];
            FftButterflies<TLanes, NoTwiddle<TLanes>>.Radix8(count, new(ref re, ref Unsafe.Add(ref re, lanes), 2 * lanes, 16 * lanes),
                new(ref Unsafe.Add(ref outRe, to), ref Unsafe.Add(ref outIm, to), step, next), ref re, 0);
        }
    }

    /// <summary>A pass in place over transforms of <c>Length</c> points, that leaves <c>Radix</c> times as many of a part of the length.</summary>
    private sealed class Pass
    {
        public Pass(int radix, int length)
        {
            (Radix, Length) = (radix, length);
            var each = 2 * radix - 2;
            Twiddles = new float[length / radix * each];
            for (var p = 0; p < length / radix; p++)
                for (var k = 1; k < radix; k++) SetTwiddle(Twiddles.AsSpan(p * each + 2 * k - 2), 1, p * k, length);
        }

        public int Radix { get; }

        public int Length { get; }

        public float[] Twiddles { get; }
    }
}
