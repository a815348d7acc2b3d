using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SignalWatch.Signal;

/// <summary>A vector of neighbouring numbers as wide as the machine has it. A program for one width is a program for all:
/// each lane does the same operations in the same order, so that every width gives the same bits.</summary>
internal interface ILanes<T> where T : struct, ILanes<T>
{
    /// <summary>Numbers in a vector: a multiple of 4, at most 16.</summary>
    static abstract int Count { get; }

    static abstract T All(float x);

    static abstract T Load(ref float from, nuint at);

    static abstract void Store(T x, ref float to, nuint at);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    /// <summary>a b + c, rounded once where the machine can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>c − a b, likewise. A sign turned beforehand would cost an instruction more: the compiler does not fold it.</summary>
    static abstract T SubtractProduct(T c, T a, T b);

    /// <summary>Transposes a square of vectors.</summary>
    /// <param name="from">Vector r of it is at (r mod 8) × <paramref name="next"/> + (r / 8) × <paramref name="nextEight"/>.</param>
    /// <param name="next">Numbers from one vector to the next.</param>
    /// <param name="nextEight">Numbers from one vector to the eighth after it.</param>
    /// <param name="to">Where the vectors go.</param>
    /// <param name="toNext">Numbers from one vector that goes there to the next.</param>
    static abstract void Transpose(ref float from, nuint next, nuint nextEight, ref float to, nuint toNext);
}

/// <summary>AVX-512's width.</summary>
internal readonly struct Lanes16(Vector512<float> v) : ILanes<Lanes16>
{
    private readonly Vector512<float> v = v;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 All(float x) => new(Vector512.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load(ref float from, nuint at) => new(Vector512.LoadUnsafe(ref from, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes16 x, ref float to, nuint at) => x.v.StoreUnsafe(ref to, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 a, Lanes16 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator -(Lanes16 a, Lanes16 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 a, Lanes16 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) => new(Vector512.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 SubtractProduct(Lanes16 c, Lanes16 a, Lanes16 b) =>
        new(Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(a.v, b.v, c.v) : Vector512.MultiplyAddEstimate(-a.v, b.v, c.v));

    public static void Transpose(ref float from, nuint next, nuint nextEight, ref float to, nuint toNext)
    {
        if (!Avx512F.IsSupported)
        {
            Lanes4.TransposeOneByOne(Count, ref from, next, nextEight, ref to, toNext);
            return;
        }
        for (nuint column = 0; column < 16; column += 4)
        {
            ref var at = ref Unsafe.Add(ref from, column);
            var (a, b) = (Quads(ref at, 4 * next, nextEight), Quads(ref Unsafe.Add(ref at, next), 4 * next, nextEight));
            var (c, d) = (Quads(ref Unsafe.Add(ref at, 2 * next), 4 * next, nextEight), Quads(ref Unsafe.Add(ref at, 3 * next), 4 * next, nextEight));
            var (ab, abHigh) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
            var (cd, cdHigh) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
            Avx512F.UnpackLow(ab, cd).AsSingle().StoreUnsafe(ref to, column * toNext);
            Avx512F.UnpackHigh(ab, cd).AsSingle().StoreUnsafe(ref to, (column + 1) * toNext);
            Avx512F.UnpackLow(abHigh, cdHigh).AsSingle().StoreUnsafe(ref to, (column + 2) * toNext);
            Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle().StoreUnsafe(ref to, (column + 3) * toNext);
        }
    }

    // Four numbers each of vectors r, r + 4, r + 8 and r + 12: put together while they are loaded, only the steps within quads are left to the shuffling unit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quads(ref float from, nuint nextFour, nuint nextEight)
    {
        var two = Avx512F.InsertVector128(Vector128.LoadUnsafe(ref from).ToVector256Unsafe().ToVector512Unsafe(), Vector128.LoadUnsafe(ref from, nextFour), 1);
        return Avx512F.InsertVector128(Avx512F.InsertVector128(two, Vector128.LoadUnsafe(ref from, nextEight), 2), Vector128.LoadUnsafe(ref from, nextFour + nextEight), 3);
    }
}

/// <summary>AVX's width.</summary>
internal readonly struct Lanes8(Vector256<float> v) : ILanes<Lanes8>
{
    private readonly Vector256<float> v = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 All(float x) => new(Vector256.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(ref float from, nuint at) => new(Vector256.LoadUnsafe(ref from, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes8 x, ref float to, nuint at) => x.v.StoreUnsafe(ref to, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 SubtractProduct(Lanes8 c, Lanes8 a, Lanes8 b) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(a.v, b.v, c.v) : Vector256.MultiplyAddEstimate(-a.v, b.v, c.v));

    public static void Transpose(ref float from, nuint next, nuint nextEight, ref float to, nuint toNext)
    {
        if (!Avx.IsSupported)
        {
            Lanes4.TransposeOneByOne(Count, ref from, next, nextEight, ref to, toNext);
            return;
        }
        for (nuint column = 0; column < 8; column += 4)
        {
            ref var at = ref Unsafe.Add(ref from, column);
            var (a, b) = (Quads(ref at, 4 * next), Quads(ref Unsafe.Add(ref at, next), 4 * next));
            var (c, d) = (Quads(ref Unsafe.Add(ref at, 2 * next), 4 * next), Quads(ref Unsafe.Add(ref at, 3 * next), 4 * next));
            var (ab, abHigh) = (Avx.UnpackLow(a, b).AsDouble(), Avx.UnpackHigh(a, b).AsDouble());
            var (cd, cdHigh) = (Avx.UnpackLow(c, d).AsDouble(), Avx.UnpackHigh(c, d).AsDouble());
            Avx.UnpackLow(ab, cd).AsSingle().StoreUnsafe(ref to, column * toNext);
            Avx.UnpackHigh(ab, cd).AsSingle().StoreUnsafe(ref to, (column + 1) * toNext);
            Avx.UnpackLow(abHigh, cdHigh).AsSingle().StoreUnsafe(ref to, (column + 2) * toNext);
            Avx.UnpackHigh(abHigh, cdHigh).AsSingle().StoreUnsafe(ref to, (column + 3) * toNext);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Quads(ref float from, nuint nextFour) => Avx.InsertVector128(Vector128.LoadUnsafe(ref from).ToVector256Unsafe(), Vector128.LoadUnsafe(ref from, nextFour), 1);
}

/// <summary>The width that every processor has.</summary>
internal readonly struct Lanes4(Vector128<float> v) : ILanes<Lanes4>
{
    private readonly Vector128<float> v = v;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 All(float x) => new(Vector128.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Load(ref float from, nuint at) => new(Vector128.LoadUnsafe(ref from, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4 x, ref float to, nuint at) => x.v.StoreUnsafe(ref to, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator -(Lanes4 a, Lanes4 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 MultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector128.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 SubtractProduct(Lanes4 c, Lanes4 a, Lanes4 b) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(a.v, b.v, c.v) : Vector128.MultiplyAddEstimate(-a.v, b.v, c.v));

    public static void Transpose(ref float from, nuint next, nuint nextEight, ref float to, nuint toNext) => TransposeOneByOne(Count, ref from, next, nextEight, ref to, toNext);

    /// <summary><see cref="ILanes{T}.Transpose"/> of any width, on any processor.</summary>
    public static void TransposeOneByOne(int count, ref float from, nuint next, nuint nextEight, ref float to, nuint toNext)
    {
        for (nuint r = 0; r < (nuint)count; r++)
        {
            ref var vector = ref Unsafe.Add(ref from, r % 8 * next + r / 8 * nextEight);
            for (nuint column = 0; column < (nuint)count; column++) Unsafe.Add(ref to, column * toNext + r) = Unsafe.Add(ref vector, column);
        }
    }
}
