namespace SignalWatch.TransportStream;

/// <summary>Weighted least squares: a + b·u + c·u².</summary>
internal struct Parabola
{
    private double n, u1, u2, u3, u4, y0, y1, y2, yy;

    /// <summary>Sum of the weights.</summary>
    public readonly double Weight => n;

    public double A { get; private set; }

    public double B { get; private set; }

    public double C { get; private set; }

    /// <summary>Weighted mean of the squared residuals; after <see cref="Solve"/>.</summary>
    public readonly double MeanSquare => Math.Max(0, (yy - A * y0 - B * y1 - C * y2) / n);

    public void Add(double u, double y, double weight)
    {
        var wu = weight * u;
        var wuu = wu * u;
        var wy = weight * y;
        n += weight;
        u1 += wu;
        u2 += wuu;
        u3 += wuu * u;
        u4 += wuu * u * u;
        y0 += wy;
        y1 += wy * u;
        y2 += wy * u * u;
        yy += wy * y;
    }

    /// <summary>Finds a, b and c.</summary>
    /// <returns>False where the points leave it open.</returns>
    public bool Solve()
    {
        // Elimination on the symmetric matrix [n u1 u2; u1 u2 u3; u2 u3 u4].
        if (n <= 0) return false;
        var p = u2 - u1 * u1 / n;
        var q = u3 - u1 * u2 / n;
        var r = u4 - u2 * u2 / n;
        var rest = r - q * q / p;
        if (!(p > 1e-9 * n) || !(rest > 1e-9 * n)) return false;
        var t1 = y1 - u1 * y0 / n;
        var t2 = y2 - u2 * y0 / n;
        C = (t2 - q * t1 / p) / rest;
        B = (t1 - q * C) / p;
        A = (y0 - u1 * B - u2 * C) / n;
        return double.IsFinite(A) && double.IsFinite(B) && double.IsFinite(C);
    }

    public readonly double At(double u) => A + (B + C * u) * u;

    /// <summary>Standard error of the value at a place, for samples of standard deviation 1.</summary>
    public readonly double ErrorAt(double u)
    {
        // Orthogonal parts: mean, line about it, and what the square has beyond both.
        var p = u2 - u1 * u1 / n;
        var q = u3 - u1 * u2 / n;
        var rest = u4 - u2 * u2 / n - q * q / p;
        var line = u - u1 / n;
        var square = u * u - u2 / n - q / p * line;
        return Math.Sqrt(1 / n + line * line / p + square * square / rest);
    }

    /// <summary>Standard error of <see cref="C"/> for samples of standard deviation 1; after <see cref="Solve"/>.</summary>
    public readonly double CurvatureError
    {
        get
        {
            var p = u2 - u1 * u1 / n;
            var q = u3 - u1 * u2 / n;
            return 1 / Math.Sqrt(u4 - u2 * u2 / n - q * q / p);
        }
    }
}
