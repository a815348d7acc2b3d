using System.Numerics;

namespace SignalWatch.Hardware;

/// <summary>
/// Times between one datagram and the next, from 1 µs to 10 s and beyond, in bins that are an eighth of an octave wide (9 %). For RTP and for plain UDP. No allocation a datagram.
/// </summary>
public sealed class InterArrivalHistogram
{
    private const int BinsPerOctave = 8;
    private const int BinBits = 3;
    private const int FirstOctave = 10;  // 1,024 ns: what is below shares one bin
    private const int Octaves = 24;      // up to 17.2 s: what is above shares one bin
    private const int BinCount = 2 + Octaves * BinsPerOctave;

    private readonly long[] bins = new long[BinCount];
    private long lastNs = long.MinValue;
    private double sumNs;

    /// <summary>Intervals counted.</summary>
    public long Count { get; private set; }

    /// <summary>The shortest, in nanoseconds. Null before the second datagram.</summary>
    public long? MinNs { get; private set; }

    /// <summary>The longest, in nanoseconds. Null before the second datagram.</summary>
    public long? MaxNs { get; private set; }

    /// <summary>When the datagram came that ended the longest, on the clock of the pushed times. Null before the second datagram.</summary>
    public long? MaxEndedNs { get; private set; }

    /// <summary>Mean, in nanoseconds. Null before the second datagram.</summary>
    public double? MeanNs => Count == 0 ? null : sumNs / Count;

    /// <summary>Bins that are not empty: lower edge and upper edge in nanoseconds (the last has none), and intervals. Takes memory.</summary>
    public IReadOnlyList<InterArrivalBin> Bins
    {
        get
        {
            List<InterArrivalBin> used = [];
            for (var i = 0; i < BinCount; i++)
                if (bins[i] > 0) used.Add(new InterArrivalBin(Edge(i), i == BinCount - 1 ? null : Edge(i + 1), bins[i]));
            return used;
        }
    }

    /// <summary>A datagram arrived.</summary>
    /// <param name="timeNs">When. A clock that was set back gives no interval.</param>
    public void Push(long timeNs)
    {
        var interval = timeNs - lastNs;
        var isFirst = lastNs == long.MinValue;
        lastNs = timeNs;
        if (isFirst || interval < 0) return;
        Count++;
        sumNs += interval;
        bins[Bin(interval)]++;
        if (!(MinNs <= interval)) MinNs = interval;
        if (MaxNs >= interval) return;
        (MaxNs, MaxEndedNs) = (interval, timeNs);
    }

    /// <summary>The interval that this share of them does not exceed, to the width of a bin, and never beyond the longest.</summary>
    /// <param name="share">0 to 1: 0.99 for the 99th percentile.</param>
    /// <returns>Nanoseconds; null before the second datagram.</returns>
    public long? PercentileNs(double share)
    {
        if (Count == 0) return null;
        var rank = Math.Max(1, (long)Math.Ceiling(Math.Clamp(share, 0, 1) * Count));
        long below = 0;
        for (var i = 0; i < BinCount - 1; i++)
        {
            below += bins[i];
            if (below >= rank) return Math.Max(MinNs!.Value, Math.Min(Edge(i + 1), MaxNs!.Value));
        }
        return MaxNs;
    }

    private static int Bin(long intervalNs)
    {
        var octave = BitOperations.Log2((ulong)intervalNs | 1) - FirstOctave;
        if (octave < 0) return 0;
        if (octave >= Octaves) return BinCount - 1;
        return 1 + octave * BinsPerOctave + (int)(intervalNs >> (octave + FirstOctave - BinBits) & (BinsPerOctave - 1));
    }

    // The lower edge.
    private static long Edge(int bin)
    {
        if (bin == 0) return 0;
        var (octave, part) = Math.DivRem(bin - 1, BinsPerOctave);
        return (long)(BinsPerOctave + part) << (octave + FirstOctave - BinBits);
    }
}

/// <summary>One bin of an <see cref="InterArrivalHistogram"/>.</summary>
/// <param name="FromNs">Its lower edge, in nanoseconds, included.</param>
/// <param name="ToNs">Its upper edge, excluded. Null for the last, which has none.</param>
/// <param name="Count">Intervals in it.</param>
public readonly record struct InterArrivalBin(long FromNs, long? ToNs, long Count);
