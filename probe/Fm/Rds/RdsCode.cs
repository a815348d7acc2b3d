using System.Collections.Immutable;
using System.Numerics;

namespace SignalWatch.Fm.Rds;

/// <summary>The block code of RDS: 16 information bits and a 10-bit check word (EN 50067 §2.3, annexes B and C).</summary>
internal static class RdsCode
{
    public const int BlockBits = 26;
    public const int GroupBits = 4 * BlockBits;

    // EN 50067 annex A, table A.1: offset words of blocks A, B, C, D, and C' of version B groups.
    public static readonly ImmutableArray<uint> OffsetWords = [0x0FC, 0x198, 0x168, 0x1B4];
    public const uint OffsetCPrime = 0x350;

    // g(x) = x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1 (EN 50067 §2.3).
    private const uint Generator = 0x5B9;

    private static readonly ImmutableArray<uint> Remainders = [.. Enumerable.Range(0, BlockBits).Select(bit => Divide(1u << bit))];

    // Error patterns of one bit or two neighbouring ones by their remainder; 0 where there is none. The code could correct five,
    // but Kopitz and Marks (RDS: The Radio Data System, 1999) advise no more than two: beyond, wrong text is likelier than right.
    private static readonly ImmutableArray<uint> Bursts = MakeBursts();

    /// <summary>Remainder of a received block: the offset word where there is no error.</summary>
    public static uint Remainder(uint block)
    {
        uint remainder = 0;
        for (var rest = block; rest != 0; rest &= rest - 1) remainder ^= Remainders[BitOperations.TrailingZeroCount(rest)];
        return remainder;
    }

    /// <summary>The error of at most two neighbouring bits that leaves this remainder (the offset word already taken off), or 0.</summary>
    public static uint Burst(uint remainder) => Bursts[(int)remainder];

    private static uint Divide(uint word)
    {
        for (var bit = BlockBits - 1; bit >= 10; bit--)
            if ((word >> bit & 1) != 0) word ^= Generator << (bit - 10);
        return word;
    }

    private static ImmutableArray<uint> MakeBursts()
    {
        var bursts = new uint[1024];
        for (var bit = 0; bit < BlockBits; bit++) bursts[Divide(1u << bit)] = 1u << bit;
        for (var bit = 0; bit < BlockBits - 1; bit++) bursts[Divide(3u << bit)] = 3u << bit;
        return [.. bursts];
    }
}
