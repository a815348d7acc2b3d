using SignalWatch.Fm;
using SignalWatch.Tests;

namespace SignalWatch.Bench;

/// <summary>A station's signal that closes up: 19 groups of RDS last 1.664 s, in which pilot, tones and carriers on the raster come round as well, so that it is played again and again without a break.</summary>
internal static class BenchSignal
{
    private const double Seconds = 19 * 104 / 1187.5;

    /// <summary>Groups 0A of a station A203 "BENCH FM".</summary>
    public static IReadOnlyList<RdsGroup> Groups { get; } = MakeGroups();

    /// <summary>The multiplex signal, Hz of deviation: two tones in stereo, pilot, RDS.</summary>
    public static float[] Multiplex(double rate)
    {
        var shape = new RdsWaveform([.. Groups.SelectMany(RdsBits.Of)]);
        var multiplex = new float[(int)Math.Round(Seconds * rate)];
        for (var n = 0; n < multiplex.Length; n++)
        {
            var t = n / rate;
            // One round later, so that the pulses of the round before reach into it.
            multiplex[n] = (float)(25_000 * Sine(1000, t) + 20_000 * Sine(625, t) * Sine(38_000, t) + 6750 * Sine(19_000, t) + 2500 * shape.At(t + Seconds * 2) * Sine(57_000, t));
        }
        return multiplex;
    }

    /// <summary>Complex samples of so many such stations, with a little noise.</summary>
    public static float[] Band(double rate, int carriers, double distance)
    {
        var step = (int)Math.Max(1, rate / 320_000);
        var multiplex = Multiplex(rate / step);
        var iq = new float[2 * multiplex.Length * step];
        var amplitude = 0.5f / carriers;
        Parallel.For(0, 2, half =>
        {
            // Each half of the time has a thread: the phase at its beginning is that of the carrier alone, since the multiplex has no mean.
            var (from, to) = (half * multiplex.Length / 2, (half + 1) * multiplex.Length / 2);
            var random = new Random(half);
            for (var n = 2 * from * step; n < 2 * to * step; n++) iq[n] = 1e-4f * (random.NextSingle() - 0.5f);
            for (var c = 0; c < carriers; c++)
            {
                var hz = Math.Round((c - (carriers - 1) / 2.0) * distance / 20_000) * 20_000;
                var phase = from * step * (hz / rate % 1);
                for (var n = 0; n < from; n++) phase += multiplex[n] * step / rate;
                for (var n = from; n < to; n++)
                for (var k = 0; k < step; k++)
                {
                    phase += (hz + multiplex[n]) / rate;
                    phase -= Math.Floor(phase);
                    var (sin, cos) = MathF.SinCos((float)(2 * Math.PI * phase));
                    iq[2 * (n * step + k)] += amplitude * cos;
                    iq[2 * (n * step + k) + 1] += amplitude * sin;
                }
            }
        });
        return iq;
    }

    private static double Sine(double hz, double t) => Math.Sin(2 * Math.PI * hz * t);

    private static List<RdsGroup> MakeGroups()
    {
        const string Name = "BENCH FM";
        var groups = Enumerable.Range(0, 18).Select(n => new RdsGroup(0xA203, (ushort)(n % 4), 0xE0E0, (ushort)(Name[2 * (n % 4)] << 8 | Name[2 * (n % 4) + 1]))).ToList();
        // After an odd number of ones the second round would begin with the other symbol: one bit of the last group evens it out.
        var last = new RdsGroup(0xA203, 0x2000, 0x4142, 0x4344);
        var odd = groups.Append(last).SelectMany(RdsBits.Of).Count(bit => bit) % 2 == 1;
        groups.Add(odd ? last with { D = 0x4345 } : last);
        if (groups.SelectMany(RdsBits.Of).Count(bit => bit) % 2 == 1) groups[^1] = last with { D = 0x4346 };
        return groups;
    }
}
