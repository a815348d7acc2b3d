using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SignalWatch.Contracts.Cryptography;

/// <summary>The compression function of GB/T 32905-2016 5.3. One round waits for the one before (seven operations in a row), so that nothing makes a single message faster than that;
/// the message expansion, four words at a time, is done in its shadow.</summary>
internal static class Sm3Blocks
{
    public const int BlockBytes = 64;

    /// <summary>GB/T 32905-2016 4.1.</summary>
    public static ReadOnlySpan<uint> InitialValue => [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];

    /// <summary>GB/T 32905-2016 4.2, each already turned by the number of its round as 5.3.3 asks.</summary>
    private static ReadOnlySpan<uint> Turned =>
    [
        0x79cc4519, 0xf3988a32, 0xe7311465, 0xce6228cb, 0x9cc45197, 0x3988a32f, 0x7311465e, 0xe6228cbc, 0xcc451979, 0x988a32f3, 0x311465e7, 0x6228cbce, 0xc451979c, 0x88a32f39, 0x11465e73, 0x228cbce6,
        0x9d8a7a87, 0x3b14f50f, 0x7629ea1e, 0xec53d43c, 0xd8a7a879, 0xb14f50f3, 0x629ea1e7, 0xc53d43ce, 0x8a7a879d, 0x14f50f3b, 0x29ea1e76, 0x53d43cec, 0xa7a879d8, 0x4f50f3b1, 0x9ea1e762, 0x3d43cec5,
        0x7a879d8a, 0xf50f3b14, 0xea1e7629, 0xd43cec53, 0xa879d8a7, 0x50f3b14f, 0xa1e7629e, 0x43cec53d, 0x879d8a7a, 0x0f3b14f5, 0x1e7629ea, 0x3cec53d4, 0x79d8a7a8, 0xf3b14f50, 0xe7629ea1, 0xcec53d43,
        0x9d8a7a87, 0x3b14f50f, 0x7629ea1e, 0xec53d43c, 0xd8a7a879, 0xb14f50f3, 0x629ea1e7, 0xc53d43ce, 0x8a7a879d, 0x14f50f3b, 0x29ea1e76, 0x53d43cec, 0xa7a879d8, 0x4f50f3b1, 0x9ea1e762, 0x3d43cec5,
    ];

    /// <summary>Takes whole blocks into the chaining value.</summary>
    /// <param name="state">The eight words A to H.</param>
    /// <param name="blocks">A multiple of 64 bytes.</param>
    [SkipLocalsInit]
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        ref var turned = ref MemoryMarshal.GetReference(Turned);
        Span<uint> words = stackalloc uint[8]; // four of W, four of W'
        ref var w = ref MemoryMarshal.GetReference(words);
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (; blocks.Length >= BlockBytes; blocks = blocks[BlockBytes..])
        {
            var (a0, b0, c0, d0, e0, f0, g0, h0) = (a, b, c, d, e, f, g, h);
            var (v0, v1, v2, v3) = (Load(blocks, 0), Load(blocks, 16), Load(blocks, 32), Load(blocks, 48));
            for (nint j = 0; j < 16; j += 4)
            {
                v0.StoreUnsafe(ref w);
                (v0 ^ v1).StoreUnsafe(ref w, 4);
                ref var t = ref Unsafe.Add(ref turned, j);
                First(a, ref b, c, ref d, e, ref f, g, ref h, ref t, ref w, 0);
                First(d, ref a, b, ref c, h, ref e, f, ref g, ref t, ref w, 1);
                First(c, ref d, a, ref b, g, ref h, e, ref f, ref t, ref w, 2);
                First(b, ref c, d, ref a, f, ref g, h, ref e, ref t, ref w, 3);
                (v0, v1, v2, v3) = (v1, v2, v3, Expand(v0, v1, v2, v3));
            }
            for (nint j = 16; j < 64; j += 4)
            {
                v0.StoreUnsafe(ref w);
                (v0 ^ v1).StoreUnsafe(ref w, 4);
                ref var t = ref Unsafe.Add(ref turned, j);
                Later(a, ref b, c, ref d, e, ref f, g, ref h, ref t, ref w, 0);
                Later(d, ref a, b, ref c, h, ref e, f, ref g, ref t, ref w, 1);
                Later(c, ref d, a, ref b, g, ref h, e, ref f, ref t, ref w, 2);
                Later(b, ref c, d, ref a, f, ref g, h, ref e, ref t, ref w, 3);
                (v0, v1, v2, v3) = (v1, v2, v3, Expand(v0, v1, v2, v3));
            }
            (a, b, c, d, e, f, g, h) = (a ^ a0, b ^ b0, c ^ c0, d ^ d0, e ^ e0, f ^ f0, g ^ g0, h ^ h0);
        }
        (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]) = (a, b, c, d, e, f, g, h);
    }

    // 5.3.3, j below 16. What was D becomes A of the next round, and H its E: the callers turn the names round instead of moving the values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void First(uint a, ref uint b, uint c, ref uint d, uint e, ref uint f, uint g, ref uint h, ref uint turned, ref uint w, [ConstantExpected] int j)
    {
        d += (a ^ b ^ c) + Unsafe.Add(ref w, j + 4);
        h += (e ^ f ^ g) + Unsafe.Add(ref w, j);
        var a12 = BitOperations.RotateLeft(a, 12);
        var ss1 = BitOperations.RotateLeft(a12 + Unsafe.Add(ref turned, j) + e, 7);
        d += ss1 ^ a12;
        h += ss1;
        b = BitOperations.RotateLeft(b, 9);
        f = BitOperations.RotateLeft(f, 19);
        h = h ^ BitOperations.RotateLeft(h, 9) ^ BitOperations.RotateLeft(h, 17);
    }

    // 5.3.3, j from 16: majority and choice in place of exclusive or.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Later(uint a, ref uint b, uint c, ref uint d, uint e, ref uint f, uint g, ref uint h, ref uint turned, ref uint w, [ConstantExpected] int j)
    {
        d += ((a & (b | c)) | (b & c)) + Unsafe.Add(ref w, j + 4);
        h += (((f ^ g) & e) ^ g) + Unsafe.Add(ref w, j);
        var a12 = BitOperations.RotateLeft(a, 12);
        var ss1 = BitOperations.RotateLeft(a12 + Unsafe.Add(ref turned, j) + e, 7);
        d += ss1 ^ a12;
        h += ss1;
        b = BitOperations.RotateLeft(b, 9);
        f = BitOperations.RotateLeft(f, 19);
        h = h ^ BitOperations.RotateLeft(h, 9) ^ BitOperations.RotateLeft(h, 17);
    }

    // 5.3.2 for the four words behind the sixteen. The last of them needs the first: P1 is linear, so its share is added afterwards.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Expand(Vector128<uint> v0, Vector128<uint> v1, Vector128<uint> v2, Vector128<uint> v3)
    {
        var minus3 = Join(v3, Vector128<uint>.Zero, 4);
        var x = P1(Xor(v0, Join(v1, v2, 12), RotateLeft(minus3, 15, 17)));
        var four = Xor(x, RotateLeft(Join(v0, v1, 12), 7, 25), Join(v2, v3, 8));
        return four ^ P1(RotateLeft(Join(Vector128<uint>.Zero, four, 4), 15, 17));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> P1(Vector128<uint> x) => Xor(x, RotateLeft(x, 15, 17), RotateLeft(x, 23, 9));

    /// <summary>Four words from the eight of both, from the given byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Join(Vector128<uint> low, Vector128<uint> high, [ConstantExpected] byte from)
    {
        if (Ssse3.IsSupported) return Ssse3.AlignRight(high.AsByte(), low.AsByte(), from).AsUInt32();
        return from switch
        {
            4 => Vector128.Create(low[1], low[2], low[3], high[0]),
            8 => Vector128.Create(low[2], low[3], high[0], high[1]),
            _ => Vector128.Create(low[3], high[0], high[1], high[2]),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Xor(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(x, y, z, 0x96) : x ^ y ^ z;

    // by and back are 32 together, and both constants: each is an instruction's own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateLeft(Vector128<uint> x, [ConstantExpected] byte by, [ConstantExpected] byte back) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, by) : (x << by) | (x >>> back);

    // Words are big-endian (3.2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Load(ReadOnlySpan<byte> blocks, int at) =>
        Vector128.Shuffle(Vector128.Create(blocks.Slice(at, 16)), Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).AsUInt32();
}
