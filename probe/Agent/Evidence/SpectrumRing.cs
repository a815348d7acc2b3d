using SignalWatch.Fm;

namespace SignalWatch.Probe.Evidence;

/// <summary>Where the bins of spectra stand.</summary>
/// <param name="StartHz">Centre of the first, Hz.</param>
/// <param name="StepHz">Distance, Hz.</param>
/// <param name="Bins">How many.</param>
internal readonly record struct SpectrumAxis(double StartHz, double StepHz, int Bins);

/// <summary>Lines of a band as bytes, one after the other, with their times.</summary>
internal sealed record SpectrumLines(SpectrumAxis Axis, long[] Ticks, byte[] Levels);

/// <summary>The last minutes of the band, a line a second: the mean power in each bin. A byte a bin, 0.5 dB a step.</summary>
internal sealed class SpectrumRing(TimeSpan length)
{
    /// <summary>Level of byte 0, dBFS, and of one step: from −130 to −2.5 dBFS.</summary>
    public const float FloorDb = -130, StepDb = 0.5f;

    // More than any line of a receiver has; what is beyond is not kept.
    private const int MostBins = 8192;

    private readonly int most = (int)length.TotalSeconds;
    private byte[] levels = [];
    private long[] ticks = [];
    private double[] sums = [];
    private byte[] line = [];
    private int next, count, summed;
    private long second = long.MinValue;

    public SpectrumAxis Axis { get; private set; }

    public int Count => count;

    /// <summary>The newest line; used again for the next.</summary>
    public ReadOnlySpan<byte> Line => line;

    /// <summary>Adds a line of the waterfall.</summary>
    /// <param name="spectrum">The line.</param>
    /// <param name="at">When it was measured.</param>
    /// <returns>When the second before it was, if this line begins another: <see cref="Line"/> is then its mean. Else null.</returns>
    public long? Add(in PowerSpectrum spectrum, DateTimeOffset at)
    {
        var axis = new SpectrumAxis(spectrum.StartHz, spectrum.StepHz, Math.Min(spectrum.Dbfs.Length, MostBins));
        if (axis.Bins == 0) return null;
        if (axis != Axis) Restart(axis);
        var now = at.UtcTicks / TimeSpan.TicksPerSecond;
        long? complete = null;
        if (now != second)
        {
            if (summed > 0)
            {
                complete = (second + 1) * TimeSpan.TicksPerSecond;
                Keep(complete.Value);
            }
            second = now;
        }
        var levelsNow = spectrum.Dbfs.Span;
        for (var n = 0; n < axis.Bins; n++) sums[n] += Math.Pow(10, levelsNow[n] / 10);
        summed++;
        return complete;
    }

    public SpectrumLines ToLines()
    {
        var (lines, times) = (new byte[count * Axis.Bins], new long[count]);
        for (var n = 0; n < count; n++)
        {
            var at = (next - count + n + most) % most;
            times[n] = ticks[at];
            levels.AsSpan(at * Axis.Bins, Axis.Bins).CopyTo(lines.AsSpan(n * Axis.Bins));
        }
        return new SpectrumLines(Axis, times, lines);
    }

    // The receiver was tuned elsewhere: lines of two axes are no picture.
    private void Restart(SpectrumAxis axis)
    {
        (Axis, next, count, summed) = (axis, 0, 0, 0);
        (levels, ticks, sums, line) = (new byte[most * axis.Bins], new long[most], new double[axis.Bins], new byte[axis.Bins]);
    }

    private void Keep(long at)
    {
        for (var n = 0; n < line.Length; n++)
        {
            var db = 10 * Math.Log10(sums[n] / summed);
            line[n] = (byte)(db > FloorDb ? Math.Min(255, (db - FloorDb) / StepDb + 0.5) : 0);
        }
        line.CopyTo(levels, next * line.Length);
        ticks[next] = at;
        next = (next + 1) % most;
        count = Math.Min(count + 1, most);
        Array.Clear(sums);
        summed = 0;
    }
}
