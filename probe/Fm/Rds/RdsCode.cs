using System.Collections.Immutable;
using System.Numerics;

namespace SignalWatch.Fm.Rds;

/// <summary>The block code of RDS: 16 information bits and a 10-bit check word (EN 50067 §2.3, annexes B and C), and the same code seen from the channel:
/// a block of 26 differentially coded bits is 27 symbols of ±1, and these too are a linear code with 1024 remainders.</summary>
internal static class RdsCode
{
    public const int BlockBits = 26;
    public const int BlockSymbols = BlockBits + 1;
    public const int GroupBits = 4 * BlockBits;
    public const int Remainders = 1024;

    // EN 50067 annex A, table A.1: offset words of blocks A, B, C, D, and C' of version B groups.
    public static readonly ImmutableArray<uint> OffsetWords = [0x0FC, 0x198, 0x168, 0x1B4];
    public const uint OffsetCPrime = 0x350;

    // g(x) = x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1 (EN 50067 §2.3).
    private const uint Generator = 0x5B9;

    private static readonly ImmutableArray<uint> OfBit = [.. Enumerable.Range(0, BlockBits).Select(bit => Divide(1u << bit))];

    /// <summary>What a wrong symbol does to the remainder; the first symbol is the one before the block. It turns over the bit that ends with it and the one that
    /// begins with it (EN 50067 §1.6).</summary>
    public static readonly ImmutableArray<uint> OfSymbol =
        [.. Enumerable.Range(0, BlockSymbols).Select(s => (s > 0 ? OfBit[BlockBits - s] : 0) ^ (s < BlockBits ? OfBit[BlockBits - 1 - s] : 0))];

    /// <summary>The least number of wrong symbols that leaves a remainder, by remainder.</summary>
    public static readonly ImmutableArray<byte> LeastErrors = MakeLeastErrors();

    /// <summary>Remainder of a received block: the offset word where there is no error.</summary>
    public static uint Remainder(uint block)
    {
        uint remainder = 0;
        for (var rest = block; rest != 0; rest &= rest - 1) remainder ^= OfBit[BitOperations.TrailingZeroCount(rest)];
        return remainder;
    }

    /// <summary>The block that carries a word.</summary>
    public static uint Block(ushort data, uint offset) => (uint)data << 10 | (Divide((uint)data << 10) ^ offset);

    /// <summary>The bits that wrong symbols turn over.</summary>
    /// <param name="symbols">Bit 0 is the block's last symbol, bit 26 the one before the block.</param>
    public static uint Bits(uint symbols) => (symbols ^ symbols >> 1) & ((1u << BlockBits) - 1);

    private static uint Divide(uint word)
    {
        for (var bit = BlockBits - 1; bit >= 10; bit--)
            if ((word >> bit & 1) != 0) word ^= Generator << (bit - 10);
        return word;
    }

    private static ImmutableArray<byte> MakeLeastErrors()
    {
        var least = new byte[Remainders];
        Array.Fill(least, byte.MaxValue);
        least[0] = 0;
        for (byte errors = 0; errors < BlockSymbols; errors++)
            for (var remainder = 0; remainder < Remainders; remainder++)
                if (least[remainder] == errors)
                    foreach (var symbol in OfSymbol) least[remainder ^ symbol] = Math.Min(least[remainder ^ symbol], (byte)(errors + 1));
        return [.. least];
    }
}
