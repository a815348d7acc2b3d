namespace SignalWatch.TransportStream;

/// <summary>A robust parabola through the PCRs of a window, and one of them beside it.</summary>
/// <param name="CourseNs">The course at the judged sample.</param>
/// <param name="CourseErrorNs">Standard error of it.</param>
/// <param name="SlopeNs">Slope of the course at the judged sample, for half a window.</param>
/// <param name="BendNs">How far the course leaves a straight line at the ends of the window.</param>
/// <param name="ScaleNs">Standard deviation of the samples about the course, outliers left out.</param>
/// <param name="OutlierShare">Samples that do not lie on the course, 0 to 1.</param>
internal readonly record struct LocalFit(double CourseNs, double CourseErrorNs, double SlopeNs, double BendNs, double ScaleNs, double OutlierShare)
{
    private const double QuietNs = 100;         // below it not even an outlier moves the course by a tenth of the limit of 500 ns
    private const double TukeyConstant = 4.685; // of the biweight:, 95 % efficient on Gaussian noise
    private const double ScaleOfMedian = 1.4826;
    private const double LeastScaleNs = 20;     // a PCR is quantised to ± 18.5 ns
    private const double ScaleOfWeighted = 1.1; // the weights take a tenth of Gaussian noise away
    private const double Settled = 0.03;
    private const int Rounds = 4;

    /// <summary>Fits.</summary>
    /// <param name="u">Positions, −1 to 1 over the window; at most 128.</param>
    /// <param name="y">Deviations, ns.</param>
    /// <param name="judged">Index of the sample at which the course is wanted.</param>
    /// <returns>Null where the samples leave the course open.</returns>
    public static LocalFit? Of(ReadOnlySpan<double> u, ReadOnlySpan<double> y, int judged)
    {
        var all = new Parabola();
        for (var i = 0; i < u.Length; i++)
            all.Add(u[i], y[i], 1);
        if (!all.Solve()) return null;
        var scale = Math.Sqrt(all.MeanSquare);
        return scale <= QuietNs ? Answer(all, u[judged], scale, 0) : Robust(all, u, y, judged);
    }

    private static LocalFit Answer(in Parabola course, double u, double scale, double outliers) =>
        new(course.At(u), scale * course.ErrorAt(u), course.B + 2 * course.C * u, Math.Abs(course.C), scale, outliers);

    private static LocalFit? Robust(Parabola course, ReadOnlySpan<double> u, ReadOnlySpan<double> y, int judged)
    {
        var scale = MedianScale(course, u, y); // the first course may have been drawn far off, and its mean square further
        var outliers = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var limit = TukeyConstant * Math.Max(scale, LeastScaleNs);
            var next = new Parabola();
            outliers = 0;
            for (var i = 0; i < u.Length; i++)
            {
                var part = (y[i] - course.At(u[i])) / limit;
                var inside = 1 - part * part;
                if (inside > 0) next.Add(u[i], y[i], inside * inside);
                else outliers++;
            }
            if (!next.Solve()) return null;
            var before = scale;
            (course, scale) = (next, Math.Sqrt(next.MeanSquare) * ScaleOfWeighted);
            if (round > 0 && Math.Abs(scale - before) < Settled * scale) break;
        }
        return Answer(course, u[judged], scale, (double)outliers / u.Length);
    }

    private static double MedianScale(in Parabola course, ReadOnlySpan<double> u, ReadOnlySpan<double> y)
    {
        Span<double> sizes = stackalloc double[u.Length];
        for (var i = 0; i < u.Length; i++) sizes[i] = Math.Abs(y[i] - course.At(u[i]));
        sizes.Sort();
        return ScaleOfMedian * sizes[u.Length / 2];
    }
}
