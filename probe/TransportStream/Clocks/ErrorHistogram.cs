namespace SignalWatch.TransportStream;

/// <summary>Sizes of errors, in sixteenths of an octave: a share of them is known to 4 %, the largest exactly.</summary>
internal sealed class ErrorHistogram
{
    private const int PartsOfOctave = 16;
    private const int Octaves = 24; // 1 ns to 17 ms

    private readonly int[] counts = new int[PartsOfOctave * Octaves];

    public long Count { get; private set; }

    public double Max { get; private set; }

    public void Add(double size)
    {
        counts[Math.Clamp((int)(Math.Log2(Math.Max(size, 1)) * PartsOfOctave), 0, counts.Length - 1)]++;
        Count++;
        Max = Math.Max(Max, size);
    }

    /// <summary>The size that <paramref name="share"/> of the errors stay within.</summary>
    public double Within(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= wanted) return Math.Min(Max, Math.Pow(2, (i + 1.0) / PartsOfOctave));
        }
        return Max;
    }

    public void Clear()
    {
        Array.Clear(counts);
        (Count, Max) = (0, 0);
    }
}
