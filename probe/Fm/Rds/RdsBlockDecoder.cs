using System.Runtime.Intrinsics;

namespace SignalWatch.Fm.Rds;

/// <summary>The likeliest block, and how sure it is. The 27 symbols of a block lead through a trellis of the code's 1024 remainders (Wolf 1978): one pass adds up the
/// likelihood of every possible block and keeps the best, so that what is accepted is accepted by its probability, not by the number of errors.</summary>
internal sealed class RdsBlockDecoder
{
    private const int States = RdsCode.Remainders;
    private const int Lanes = 8;

    // A symbol is never surer than this, whatever its strength: what isn't noise (a click, a neighbour) knows no strength.
    private const float MostReliable = 12;

    private readonly float[] sums = new float[States];
    private readonly float[] nextSums = new float[States];
    private readonly float[] bests = new float[States];
    private readonly float[] nextBests = new float[States];
    private readonly byte[] turned = new byte[RdsCode.BlockSymbols * States / Lanes];
    private readonly float[] odds = new float[RdsCode.BlockSymbols];
    private bool passed;

    /// <summary>The block as its symbols' signs give it.</summary>
    public uint Word { get; private set; }

    /// <summary>Remainder of <see cref="Word"/>.</summary>
    public uint Remainder { get; private set; }

    /// <summary>Likelihood of all 2^27 sequences of symbols together, that of the received signs being 1.</summary>
    public double All { get; private set; }

    /// <summary>The three least reliable symbols together: no other block is nearer (the symbol code's distance is 3).</summary>
    public float Margin { get; private set; }

    /// <summary>Takes the symbols of a block.</summary>
    /// <param name="symbols">27 log-likelihood ratios, positive for a positive symbol; the first is the last symbol of the block before.</param>
    public void Load(ReadOnlySpan<float> symbols)
    {
        uint negative = 0;
        float first = float.MaxValue, second = first, third = first;
        All = 1;
        for (var n = 0; n < RdsCode.BlockSymbols; n++)
        {
            negative = negative << 1 | (symbols[n] < 0 ? 1u : 0);
            var strength = Math.Min(Math.Abs(symbols[n]), MostReliable);
            odds[n] = MathF.Exp(-strength);
            All *= 1 + odds[n];
            if (strength < third) third = strength;
            if (third < second) (second, third) = (third, second);
            if (second < first) (first, second) = (second, first);
        }
        Margin = first + second + third;
        Word = RdsCode.Bits(negative);
        Remainder = RdsCode.Remainder(Word);
        passed = false;
    }

    /// <summary>The likeliest block with an offset word: its wrong symbols (bit 0 the last one), its likelihood, and that of all blocks with this offset word.</summary>
    public (uint Errors, double Best, double Sum) Likeliest(uint offset)
    {
        if (!passed) Pass();
        passed = true;
        var target = (int)(Remainder ^ offset);
        uint errors = 0;
        var state = target;
        for (var n = RdsCode.BlockSymbols - 1; n >= 0; n--)
        {
            if ((turned[n * (States / Lanes) + state / Lanes] >> (state % Lanes) & 1) == 0) continue;
            errors |= 1u << (RdsCode.BlockSymbols - 1 - n);
            state ^= (int)RdsCode.OfSymbol[n];
        }
        return (errors, bests[target], sums[target]);
    }

    /// <summary>One block: its wrong symbols in the likelier of its two polarities, and the likelihood of both together.</summary>
    public (uint Errors, double Likelihood) Likelihood(uint block)
    {
        const uint All27 = (1u << RdsCode.BlockSymbols) - 1;
        uint errors = 0;
        // From the bits' errors to the symbols', the first symbol being right.
        for (var n = 1; n < RdsCode.BlockSymbols; n++)
            errors |= (errors >> 1 ^ (block ^ Word)) & 1u << (RdsCode.BlockBits - n);
        var (one, other) = (Product(errors), Product(errors ^ All27));
        return (one > other ? errors : errors ^ All27, one + other);
    }

    private double Product(uint errors)
    {
        double product = 1;
        for (var n = 0; n < RdsCode.BlockSymbols; n++)
            if ((errors >> (RdsCode.BlockBits - n) & 1) != 0) product *= odds[n];
        return product;
    }

    private void Pass()
    {
        Array.Clear(sums);
        Array.Clear(bests);
        (sums[0], bests[0]) = (1, 1);
        for (var n = 0; n < RdsCode.BlockSymbols; n++)
        {
            Step((int)RdsCode.OfSymbol[n], odds[n], turned.AsSpan(n * (States / Lanes), States / Lanes));
            nextSums.CopyTo(sums, 0);
            nextBests.CopyTo(bests, 0);
        }
    }

    // From each remainder to itself where the symbol is right, and to the one that the wrong symbol makes of it.
    private void Step(int symbol, float wrong, Span<byte> turnedHere)
    {
        var factor = Vector256.Create(wrong);
        var lanes = Vector256<int>.Indices ^ Vector256.Create(symbol % Lanes);
        var blocks = symbol / Lanes;
        for (var v = 0; v < States / Lanes; v++)
        {
            var (at, from) = ((nuint)(v * Lanes), (nuint)((v ^ blocks) * Lanes));
            var best = Vector256.LoadUnsafe(ref bests[0], at);
            var sum = Vector256.LoadUnsafe(ref sums[0], at);
            var otherBest = Vector256.ShuffleNative(Vector256.LoadUnsafe(ref bests[0], from), lanes) * factor;
            var otherSum = Vector256.ShuffleNative(Vector256.LoadUnsafe(ref sums[0], from), lanes);
            (sum + otherSum * factor).StoreUnsafe(ref nextSums[0], at);
            Vector256.Max(best, otherBest).StoreUnsafe(ref nextBests[0], at);
            turnedHere[v] = (byte)Vector256.GreaterThan(otherBest, best).ExtractMostSignificantBits();
        }
    }
}
