namespace SignalWatch.TransportStream;

/// <summary>Whether a bucket keeps the mean of its points or the earliest one.</summary>
internal enum CourseKeeps
{
    /// <summary>Mean: errors are as likely early as late.</summary>
    Mean,

    /// <summary>The largest deviation: delay on the way only ever makes the deviation smaller, so the largest has the least delay in it.</summary>
    Largest,
}

/// <summary>A line through the deviation of a clock, with its standard error.</summary>
/// <param name="Slope">ns each second, which is 10⁻³ ppm.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Seconds">Time that was observed, gaps left out.</param>
internal readonly record struct CourseSlope(double Slope, double Error, double Seconds);

/// <summary>How a clock deviates from its reference over a long time, in a fixed number of buckets. Where they run out, two become one and the next ones are twice as long; from
/// <see cref="LongestBucket"/> on the older half is forgotten instead. Stretches with a break between them have the same slope, but each its own height.</summary>
internal sealed class ClockCourse(CourseKeeps keeps)
{
    private const int Capacity = 128;
    private const double FirstBucket = 0.125;
    private const double LongestBucket = 32; // an hour in all: what was longer ago says nothing of the frequency now
    private const int RobustRounds = 5;

    private readonly double[] xs = new double[Capacity];
    private readonly double[] ys = new double[Capacity];
    private readonly ushort[] stretches = new ushort[Capacity];
    private int count;
    private double bucket = FirstBucket;
    private ushort stretch;
    private double openStart = double.NaN;
    private double openX, openY;
    private int openCount;
    private double tilt;

    /// <summary>The reference or the clock starts anew: what follows has another height.</summary>
    public void Break()
    {
        Close();
        if (count > 0 && stretches[count - 1] == stretch) stretch++;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => (count, bucket, stretch, openStart, openCount, tilt) = (0, FirstBucket, 0, double.NaN, 0, 0);

    /// <summary>Takes a point.</summary>
    /// <param name="seconds">Time by the reference since the break.</param>
    /// <param name="deviationNs">The clock less the reference.</param>
    public void Add(double seconds, double deviationNs)
    {
        if (!(seconds - openStart < bucket)) Close();
        if (openCount == 0) (openStart, openX, openY) = (seconds, 0, double.NegativeInfinity);
        openCount++;
        if (keeps == CourseKeeps.Mean)
        {
            if (openCount == 1) openY = 0;
            openX += seconds;
            openY += deviationNs;
        }
        else if (deviationNs - tilt * seconds > openY - tilt * openX) (openX, openY) = (seconds, deviationNs);
    }

    /// <summary>The slope that all stretches share, or null with fewer than three buckets. A bucket that lies far off counts little.</summary>
    public CourseSlope? Slope()
    {
        Span<double> weights = stackalloc double[Capacity];
        weights.Fill(1);
        CourseSlope? found = null;
        for (var round = 0; round < RobustRounds; round++)
        {
            if (Line(weights, out var slope, out var error, out var scale) == 0) return null;
            found = new CourseSlope(slope, error, Seconds());
            if (scale <= 0) break;
            Reweigh(weights, slope, scale);
        }
        return found;
    }

    /// <summary>How the slope changes, ns/s each second, with its standard error; by the longest stretch alone. Null where it has fewer than eight buckets.</summary>
    public CourseSlope? Bend()
    {
        var (first, end) = LongestStretch();
        if (end - first < 8) return null;
        var middle = (xs[first] + xs[end - 1]) / 2;
        var half = (xs[end - 1] - xs[first]) / 2;
        var parabola = new Parabola();
        for (var i = first; i < end; i++) parabola.Add((xs[i] - middle) / half, ys[i] - ys[first], 1);
        if (!parabola.Solve()) return null;
        var scale = Math.Sqrt(parabola.MeanSquare * parabola.Weight / (parabola.Weight - 3));
        return new CourseSlope(2 * parabola.C / (half * half), 2 * scale * parabola.CurvatureError / (half * half), 2 * half);
    }

    private void Close()
    {
        if (openCount == 0) return;
        if (count == Capacity) MakeRoom();
        var mean = keeps == CourseKeeps.Mean ? 1.0 / openCount : 1;
        (xs[count], ys[count], stretches[count]) = (openX * mean, openY * mean, stretch);
        count++;
        openCount = 0;
        openStart = double.NaN;
    }

    private void MakeRoom()
    {
        if (keeps == CourseKeeps.Largest && Slope() is { } slope) tilt = slope.Slope;
        var kept = 0;
        if (bucket >= LongestBucket)
        {
            for (var i = Capacity / 2; i < Capacity; i++) Move(i, kept++);
            count = kept;
            return;
        }
        bucket *= 2;
        for (var i = 0; i < count; i++)
        {
            if (i + 1 < count && stretches[i] == stretches[i + 1]) Merge(i, ++i, kept++);
            else Move(i, kept++);
        }
        if (kept == Capacity) // nothing but breaks: the oldest go
        {
            for (kept = 0; kept < Capacity / 2; kept++) Move(Capacity / 2 + kept, kept);
        }
        count = kept;
    }

    private void Move(int from, int to) => (xs[to], ys[to], stretches[to]) = (xs[from], ys[from], stretches[from]);

    private void Merge(int first, int second, int to)
    {
        if (keeps == CourseKeeps.Mean) (xs[to], ys[to], stretches[to]) = ((xs[first] + xs[second]) / 2, (ys[first] + ys[second]) / 2, stretches[first]);
        else Move(ys[first] - tilt * xs[first] > ys[second] - tilt * xs[second] ? first : second, to);
    }

    // Pooled within the stretches: sums of products about each stretch's own weighted mean.
    private int Line(ReadOnlySpan<double> weights, out double slope, out double error, out double scale)
    {
        double sxx = 0, sxy = 0, syy = 0, total = 0;
        var free = -1;
        for (int i = 0, end; i < count; i = end)
        {
            double w = 0, x = 0, y = 0;
            for (end = i; end < count && stretches[end] == stretches[i]; end++)
            {
                w += weights[end];
                x += weights[end] * xs[end];
                y += weights[end] * ys[end];
            }
            free += end - i - 1;
            total += w;
            (x, y) = (x / w, y / w);
            for (var k = i; k < end; k++)
            {
                sxx += weights[k] * (xs[k] - x) * (xs[k] - x);
                sxy += weights[k] * (xs[k] - x) * (ys[k] - y);
                syy += weights[k] * (ys[k] - y) * (ys[k] - y);
            }
        }
        (slope, error, scale) = (0, 0, 0);
        if (free < 1 || !(sxx > 0)) return 0;
        slope = sxy / sxx;
        scale = Math.Sqrt(Math.Max(0, syy - slope * sxy) / total * count / free);
        error = Math.Max(scale, LeastError) / Math.Sqrt(sxx);
        return free;
    }

    // A bucket holds some PCRs, each rounded to a tick: 10.7 ns rms.
    private const double LeastError = 5;

    private void Reweigh(Span<double> weights, double slope, double scale)
    {
        for (int i = 0, end; i < count; i = end)
        {
            double w = 0, x = 0, y = 0;
            for (end = i; end < count && stretches[end] == stretches[i]; end++)
            {
                w += weights[end];
                x += weights[end] * xs[end];
                y += weights[end] * ys[end];
            }
            var height = (y - slope * x) / w;
            for (var k = i; k < end; k++) weights[k] = 1 / Math.Max(1, Math.Abs(ys[k] - height - slope * xs[k]) / (1.345 * scale)); // Huber
        }
    }

    private double Seconds()
    {
        double sum = 0;
        for (var i = 1; i < count; i++)
            if (stretches[i] == stretches[i - 1]) sum += xs[i] - xs[i - 1];
        return sum;
    }

    private (int First, int End) LongestStretch()
    {
        (int First, int End) longest = (0, 0);
        for (int i = 0, end; i < count; i = end)
        {
            for (end = i; end < count && stretches[end] == stretches[i]; end++) { }
            if (end - i > 1 && xs[end - 1] - xs[i] > (longest.End == 0 ? 0 : xs[longest.End - 1] - xs[longest.First])) longest = (i, end);
        }
        return longest;
    }
}
