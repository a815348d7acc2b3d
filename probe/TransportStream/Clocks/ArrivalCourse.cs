namespace SignalWatch.TransportStream;

/// <summary>How a clock runs against the times at which its PCRs arrived: its frequency by those that had the least delay, its jitter by all.</summary>
internal sealed class ArrivalCourse
{
    private const int Buckets = 64;
    private const double BucketSeconds = 1.6; // 100 s in all: a line through them passes what is slower than 10 mHz (TR 101 290 annex I, MGF1)
    private const double LongestSurpriseNs = 1e9;

    private readonly ClockCourse course = new(CourseKeeps.Largest);
    private readonly Bucket[] buckets = new Bucket[Buckets];
    private long filled; // closed and open ones
    private long firstOfInterval;
    private double tilt;
    private bool begun;
    private long origin;
    private long last;
    private double ticks;

    /// <summary>The course of the PCRs with the least delay.</summary>
    public ClockCourse Course => course;

    /// <summary>Takes a PCR whose clock went on.</summary>
    /// <param name="delta">Ticks since the one before it.</param>
    /// <param name="arrivalNs">When it arrived.</param>
    public void Add(long delta, long arrivalNs)
    {
        if (!begun || arrivalNs < last || Math.Abs(delta * ProgramClock.NsPerTick - (arrivalNs - last)) > LongestSurpriseNs)
        {
            Restart(arrivalNs);
            return;
        }
        ticks += delta;
        last = arrivalNs;
        Take((arrivalNs - origin) / 1e9, ticks * ProgramClock.NsPerTick - (arrivalNs - origin));
    }

    /// <summary>The clock starts anew with a PCR that arrived now.</summary>
    public void Restart(long arrivalNs)
    {
        course.Break();
        (begun, origin, last, ticks, filled, firstOfInterval, tilt) = (true, arrivalNs, arrivalNs, 0, 0, 0, 0);
        Take(0, 0);
    }

    /// <summary>Jitter is that of the PCRs from now on.</summary>
    public void StartInterval() => firstOfInterval = filled;

    /// <summary>The largest deviation of the interval from a straight course over up to 100 s, ns, with the seconds that the course is known for; null where it has fewer than three points.</summary>
    public (double PeakNs, double Seconds)? Jitter()
    {
        var first = Math.Max(0, filled - Buckets);
        if (filled - first < 3) return null;
        double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
        var x0 = At(first).X / At(first).Count;
        for (var i = first; i < filled; i++)
        {
            ref readonly var b = ref At(i);
            var x = b.X / b.Count - x0;
            var y = b.Y / b.Count;
            (n, sx, sy, sxx, sxy) = (n + b.Count, sx + b.Count * x, sy + b.Count * y, sxx + b.Count * x * x, sxy + b.Count * x * y);
        }
        var slope = (sxy - sx * sy / n) / (sxx - sx * sx / n);
        var height = (sy - slope * sx) / n - slope * x0;
        double peak = 0;
        for (var i = Math.Max(first, Math.Min(firstOfInterval, filled - 1)); i < filled; i++)
        {
            ref readonly var b = ref At(i);
            peak = Math.Max(peak, Math.Max(Math.Abs(b.MostY - height - slope * b.MostX), Math.Abs(b.LeastY - height - slope * b.LeastX)));
        }
        return double.IsFinite(peak) ? (peak, At(filled - 1).X / At(filled - 1).Count - x0) : null;
    }

    private ref Bucket At(long index) => ref buckets[index % Buckets];

    private void Take(double x, double y)
    {
        course.Add(x, y);
        if (filled == 0 || x - At(filled - 1).Start >= BucketSeconds)
        {
            if (filled >= 2)
            {
                ref readonly var from = ref At(Math.Max(0, filled - Buckets));
                ref readonly var to = ref At(filled - 1);
                tilt = (to.Y / to.Count - from.Y / from.Count) / (to.X / to.Count - from.X / from.Count);
            }
            At(filled++) = new Bucket { Start = x, MostX = x, MostY = y, LeastX = x, LeastY = y };
        }
        ref var b = ref At(filled - 1);
        b.Count++;
        b.X += x;
        b.Y += y;
        // Extremes beside the clock's own slope, which moves more than its jitter does.
        if (y - tilt * x > b.MostY - tilt * b.MostX) (b.MostX, b.MostY) = (x, y);
        if (y - tilt * x < b.LeastY - tilt * b.LeastX) (b.LeastX, b.LeastY) = (x, y);
    }

    private struct Bucket
    {
        public double Start, X, Y, MostX, MostY, LeastX, LeastY;
        public int Count;
    }
}
