namespace SignalWatch.Hardware;

/// <summary>
/// The points (time, bytes so far) of a second that can be the fullest or the emptiest moment of a buffer, whatever the rate at which it drains: their convex hull.
/// It makes the rate a question of the second's end, with a few points instead of all arrivals.
/// </summary>
internal sealed class ArrivalHull(bool isUpper)
{
    private const int Most = 512; // of 10,000 random arrivals some 30 stay; an artful sender makes every point one of the hull

    private readonly long[] times = new long[Most];
    private readonly long[] bytes = new long[Most];
    private int count;

    public void Clear() => count = 0;

    /// <summary>Adds a point. Times do not go back; they are below 2³¹ ns and bytes below 2³², so that products fit 64 bits.</summary>
    public void Add(long timeNs, long byteCount)
    {
        while (count >= 2 && IsWithin(timeNs, byteCount)) count--;
        if (count == Most) Thin();
        (times[count], bytes[count]) = (timeNs, byteCount);
        count++;
    }

    /// <summary>The largest (upper hull) or smallest (lower hull) of bytes − rate × time.</summary>
    public double Extreme(double bytesPerNs)
    {
        var extreme = isUpper ? double.NegativeInfinity : double.PositiveInfinity;
        for (var i = 0; i < count; i++)
        {
            var fill = bytes[i] - bytesPerNs * times[i];
            extreme = isUpper ? Math.Max(extreme, fill) : Math.Min(extreme, fill);
        }
        return extreme;
    }

    // Whether the last point lies on the inner side of the line from the one before it to the new one.
    private bool IsWithin(long timeNs, long byteCount)
    {
        var (t0, b0, t1, b1) = (times[count - 2], bytes[count - 2], times[count - 1], bytes[count - 1]);
        var turn = (t1 - t0) * (byteCount - b0) - (timeNs - t0) * (b1 - b0);
        return isUpper ? turn >= 0 : turn <= 0;
    }

    // The corner that sticks out least is the one whose loss changes least.
    private void Thin()
    {
        var (least, flattest) = (long.MaxValue, 1);
        for (var i = 1; i < count - 1; i++)
        {
            var area = Math.Abs((times[i] - times[i - 1]) * (bytes[i + 1] - bytes[i - 1]) - (times[i + 1] - times[i - 1]) * (bytes[i] - bytes[i - 1]));
            if (area < least) (least, flattest) = (area, i);
        }
        times.AsSpan(flattest + 1, count - flattest - 1).CopyTo(times.AsSpan(flattest));
        bytes.AsSpan(flattest + 1, count - flattest - 1).CopyTo(bytes.AsSpan(flattest));
        count--;
    }
}
