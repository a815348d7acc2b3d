using System.Numerics;

namespace SignalWatch.Probe.Evidence;

/// <summary>Partitioned Rice coding of a residual (RFC 9639 §9.2.7): into how many parts it is cut, and with which parameter each is coded.</summary>
internal sealed class Rice
{
    // The streamable subset permits 8 (RFC 9639 §7); finer parts than 64 of 4096 samples gain nothing.
    private const int MostPartitionOrder = 6;

    // With four bits a parameter of 15 is the escape code, so 14 is the highest; five bits are needed above.
    private const int HighestShortParameter = 14, HighestParameter = 30;

    private readonly ulong[] sums = new ulong[1 << MostPartitionOrder];
    private readonly byte[] trial = new byte[1 << MostPartitionOrder];
    private readonly byte[] parameters = new byte[1 << MostPartitionOrder];
    private int partitionOrder;
    private int parameterBits;

    /// <summary>Bits that the residual takes at most.</summary>
    public long Bits { get; private set; }

    /// <summary>0, −1, 1, −2 … as 0, 1, 2, 3 …</summary>
    public static uint Fold(int value) => (uint)(value << 1 ^ value >> 31);

    /// <summary>About how many bits a residual takes.</summary>
    /// <param name="sum">Sum of its folded values.</param>
    /// <param name="count">How many there are.</param>
    public static long Estimate(long sum, int count) => Parameter((ulong)sum, count).Cost;

    /// <summary>Finds the cheapest partition.</summary>
    /// <param name="residual">The residual of a block; its first samples are warm-up and not part of it.</param>
    /// <param name="warmUp">How many.</param>
    public void Fit(ReadOnlySpan<int> residual, int warmUp)
    {
        var order = FinestOrder(residual.Length, warmUp);
        Sum(residual, warmUp, order);
        Bits = long.MaxValue;
        for (; ; order--)
        {
            Try(residual.Length, warmUp, order);
            if (order == 0) return;
            for (var n = 0; n < 1 << (order - 1); n++) sums[n] = sums[2 * n] + sums[2 * n + 1];
        }
    }

    public void Write(FlacBits to, ReadOnlySpan<int> residual, int warmUp)
    {
        to.Write(parameterBits == 4 ? 0u : 1u, 2);
        to.Write((uint)partitionOrder, 4);
        var length = residual.Length >> partitionOrder;
        for (int part = 0, from = warmUp; part < 1 << partitionOrder; part++)
        {
            int parameter = parameters[part], end = (part + 1) * length;
            to.Write((uint)parameter, parameterBits);
            for (; from < end; from++) to.WriteRice(residual[from], parameter);
        }
    }

    private static int FinestOrder(int samples, int warmUp)
    {
        var order = Math.Min(MostPartitionOrder, BitOperations.TrailingZeroCount(samples));
        while (order > 0 && samples >> order <= warmUp) order--;
        return order;
    }

    private void Sum(ReadOnlySpan<int> residual, int warmUp, int order)
    {
        var length = residual.Length >> order;
        for (int part = 0, from = warmUp; part < 1 << order; part++, from = part * length)
        {
            ulong sum = 0;
            foreach (var value in residual[from..((part + 1) * length)]) sum += Fold(value);
            sums[part] = sum;
        }
    }

    private void Try(int samples, int warmUp, int order)
    {
        long bits = 0;
        var highest = 0;
        for (var part = 0; part < 1 << order; part++)
        {
            var count = (samples >> order) - (part == 0 ? warmUp : 0);
            var (parameter, cost) = Parameter(sums[part], count);
            trial[part] = (byte)parameter;
            highest = Math.Max(highest, parameter);
            bits += cost;
        }
        var width = highest > HighestShortParameter ? 5 : 4;
        bits += 6 + ((long)width << order);
        if (bits >= Bits) return;
        (Bits, partitionOrder, parameterBits) = (bits, order, width);
        trial.AsSpan(0, 1 << order).CopyTo(parameters);
    }

    // The sum shifted is never less than the sum of what is shifted, so the cost is a bound that holds.
    private static (int Parameter, long Cost) Parameter(ulong sum, int count)
    {
        if (count == 0) return (0, 0);
        var near = sum < (ulong)count ? 0 : BitOperations.Log2(sum / (ulong)count);
        (int, long Cost) best = (0, long.MaxValue);
        for (var k = Math.Max(0, near - 1); k <= Math.Min(HighestParameter, near + 1); k++)
        {
            var cost = (long)count * (k + 1) + (long)(sum >> k);
            if (cost < best.Cost) best = (k, cost);
        }
        return best;
    }
}
