using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>Rates of transport streams that the modulations of terrestrial and cable networks carry. Their clocks are the transmitter's: a stream off the air has exactly one of them.</summary>
internal static class DeliveryRates
{
    private const double ReedSolomon = 188.0 / 204; // EN 300 744 4.3.2, EN 300 429 7

    private static readonly (double Bps, string Name)[] Rates = [.. Terrestrial().Concat(Dtmb()).Concat(Cable()).OrderBy(r => r.Bps)];

    /// <summary>The one that is nearest.</summary>
    public static (double Bps, string Name)? Nearest(double bps) => Rates.MinBy(r => Math.Abs(r.Bps - bps));

    /// <summary>Of them in each b/s around a rate: how likely any rate is near one.</summary>
    public static double DensityNear(double bps) => Math.Max(1, Rates.Count(r => Math.Abs(r.Bps / bps - 1) < 0.1)) / (0.2 * bps);

    // EN 300 744 table 17: 6,048 data carriers in 896 µs of useful symbol (8K, 8 MHz; 2K gives the same rate), guard interval, convolutional rate.
    private static IEnumerable<(double Bps, string Name)> Terrestrial() =>
        from bandwidth in (int[])[8, 7, 6]
        from constellation in (int[])[2, 4, 6]
        from code in ((int K, int N)[])[(1, 2), (2, 3), (3, 4), (5, 6), (7, 8)]
        from guard in (int[])[4, 8, 16, 32]
        let symbol = 896e-6 * 8 / bandwidth * (1 + 1.0 / guard)
        select (6048 * constellation * (double)code.K / code.N * ReedSolomon / symbol, string.Create(CultureInfo.InvariantCulture, $"DVB-T {bandwidth} MHz, {1 << constellation}-QAM, {code.K}/{code.N}, 1/{guard}"));

    // GB 20600-2006: 7.56 Msym/s, frames of 3,780 symbols (36 of them system information) behind a head of 420, 595 or 945; LDPC 7,488 bits of 3,008, 4,512 or 6,016.
    private static IEnumerable<(double Bps, string Name)> Dtmb() =>
        from constellation in (int[])[2, 4, 5, 6]
        from information in (int[])[3008, 4512, 6016]
        from head in (int[])[420, 595, 945]
        select (7.56e6 * 3744 / (3780 + head) * constellation * information / 7488, string.Create(CultureInfo.InvariantCulture, $"DTMB {1 << constellation}-QAM, {information / 7488.0:0.0}, PN{head}"));

    // EN 300 429; the symbol rates of GY/T 170-2001 and of Europe's networks.
    private static IEnumerable<(double Bps, string Name)> Cable() =>
        from symbols in (double[])[6.875e6, 6.9e6, 6.952e6, 5.217e6]
        from constellation in (int[])[4, 5, 6, 7, 8]
        select (symbols * constellation * ReedSolomon, string.Create(CultureInfo.InvariantCulture, $"DVB-C {symbols / 1e6:0.000} Msym/s, {1 << constellation}-QAM"));
}
