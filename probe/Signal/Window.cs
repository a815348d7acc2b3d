namespace SignalWatch.Signal;

/// <summary>Window functions, symmetric about their middle, peak 1.</summary>
public static class Window
{
    /// <summary>Kaiser's window: a close approximation of the window with the most energy in its main lobe.</summary>
    /// <param name="length">Points, at least 1.</param>
    /// <param name="beta">Shape: 0 is rectangular; see <see cref="KaiserBeta"/>.</param>
    public static double[] Kaiser(int length, double beta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var window = new double[length];
        var middle = (length - 1) / 2.0;
        for (var n = 0; n < length; n++)
        {
            var x = middle > 0 ? (n - middle) / middle : 0;
            window[n] = BesselI0(beta * Math.Sqrt(Math.Max(0, 1 - x * x))) / BesselI0(beta);
        }
        return window;
    }

    /// <summary>The shape that reaches a stop-band attenuation in a filter design (Kaiser 1974).</summary>
    /// <param name="attenuationDb">Attenuation of the stop band, dB, positive.</param>
    public static double KaiserBeta(double attenuationDb) => attenuationDb switch
    {
        > 50 => 0.1102 * (attenuationDb - 8.7),
        >= 21 => 0.5842 * Math.Pow(attenuationDb - 21, 0.4) + 0.07886 * (attenuationDb - 21),
        _ => 0,
    };

    // The power series converges for every argument; 40 terms reach double precision up to 30, more than any window uses.
    private static double BesselI0(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; k <= 40; k++)
        {
            term *= x / 2 / k * (x / 2 / k);
            sum += term;
        }
        return sum;
    }
}
