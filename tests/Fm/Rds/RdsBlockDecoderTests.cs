using SignalWatch.Fm.Rds;

namespace SignalWatch.Tests;

public sealed class RdsBlockDecoderTests
{
    private const uint OffsetB = 0x198;

    [Fact]
    public void Probabilities_are_those_of_all_possible_blocks_one_by_one()
    {
        var random = new Random(7);
        var decoder = new RdsBlockDecoder();
        for (var trial = 0; trial < 4; trial++)
        {
            var symbols = Noisy(random, (ushort)random.Next(65536), noise: 0.9);
            decoder.Load(symbols);
            var (errors, best, sum) = decoder.Likeliest(OffsetB);
            double expectedSum = 0, expectedBest = 0;
            uint expectedWord = 0;
            for (var data = 0; data <= ushort.MaxValue; data++)
            {
                var likelihood = Likelihood(symbols, RdsCode.Block((ushort)data, OffsetB));
                expectedSum += likelihood.Both;
                if (likelihood.Better > expectedBest) (expectedBest, expectedWord) = (likelihood.Better, (uint)data);
            }
            ((decoder.Word ^ RdsCode.Bits(errors)) >> 10).Should().Be(expectedWord);
            best.Should().BeApproximately(expectedBest, 1e-4 * expectedBest);
            sum.Should().BeApproximately(expectedSum, 1e-4 * expectedSum);
            decoder.Likelihood(RdsCode.Block(0x1234, OffsetB)).Likelihood.Should().BeApproximately(Likelihood(symbols, RdsCode.Block(0x1234, OffsetB)).Both, 1e-6);
        }
    }

    // By definition: the symbols of a block from its bits, for both signs of the first one.
    private static (double Both, double Better) Likelihood(ReadOnlySpan<float> symbols, uint block)
    {
        double one = 0, other = 0;
        var negative = false;
        for (var n = 0; n < 27; n++)
        {
            if (n > 0) negative ^= (block >> (26 - n) & 1) != 0;
            if (negative != symbols[n] < 0) one -= Math.Abs(symbols[n]);
            else other -= Math.Abs(symbols[n]);
        }
        return (Math.Exp(one) + Math.Exp(other), Math.Exp(Math.Max(one, other)));
    }

    [Fact]
    public void The_probability_told_is_the_share_that_is_right()
    {
        // 3000 blocks at 1.5 dB of Es/N0. Those that come with 50 to 98 % are right as often as they say.
        var random = new Random(11);
        var decoder = new RdsBlockDecoder();
        double expected = 0, right = 0;
        var count = 0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var data = (ushort)random.Next(65536);
            decoder.Load(Noisy(random, data, noise: 0.595));
            var (errors, best, sum) = decoder.Likeliest(OffsetB);
            if (best / sum is < 0.5 or > 0.98) continue;
            count++;
            expected += best / sum;
            if ((decoder.Word ^ RdsCode.Bits(errors)) >> 10 == data) right++;
        }
        count.Should().BeGreaterThan(150);
        right.Should().BeApproximately(expected, 3 * Math.Sqrt(count * 0.15));
    }

    [Fact]
    public void No_two_blocks_are_nearer_than_three_symbols()
    {
        // The fast way relies on it: with one or two symbols wrong the remainder can't be right.
        for (var one = 0; one < 27; one++)
        {
            RdsCode.OfSymbol[one].Should().NotBe(0);
            for (var two = 0; two < one; two++) RdsCode.OfSymbol[one].Should().NotBe(RdsCode.OfSymbol[two]);
        }
    }

    [Fact]
    public void Blocks_are_coded_as_the_transmitter_does()
    {
        foreach (var data in new ushort[] { 0, 0x8201, 0xFFFF, 0x5AA5 })
        {
            var sent = RdsBits.Block(data, OffsetB).Aggregate(0u, (word, bit) => word << 1 | (bit ? 1u : 0));
            RdsCode.Block(data, OffsetB).Should().Be(sent);
            RdsCode.Remainder(sent).Should().Be(OffsetB);
        }
    }

    // Log-likelihood ratios of a block's symbols of amplitude 1 in noise of this deviation.
    private static float[] Noisy(Random random, ushort data, double noise)
    {
        var symbols = RdsBits.Symbols(RdsBits.Block(data, OffsetB)).ToArray();
        for (var n = 0; n < symbols.Length; n++)
        {
            var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            symbols[n] = (float)(2 / (noise * noise) * (symbols[n] + noise * gauss));
        }
        return symbols;
    }
}
