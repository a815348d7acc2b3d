using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>A station made by formula: its multiplex in Hz of deviation as a function of time, and the IQ of its carrier. The phase is summed six times finer than the samples:
/// a phase summed from sample to sample would be another station, with more of the high frequencies.</summary>
internal static class SyntheticStation
{
    public const double PilotHz = 19_000;

    public static double Sine(double amplitude, double hz, double t) => amplitude * Math.Sin(2 * Math.PI * hz * t);

    public static float[] Mpx(double rate, double seconds, Func<double, double> multiplex)
    {
        var samples = new float[(int)(rate * seconds)];
        for (var n = 0; n < samples.Length; n++) samples[n] = (float)multiplex(n / rate);
        return samples;
    }

    /// <summary>IQ of amplitude 0.1, and noise.</summary>
    public static float[] Iq(double rate, double seconds, double snrDb, Func<double, double> multiplex, Func<double, double>? amplitude = null, int seed = 1)
    {
        const int Finer = 6;
        var random = new Random(seed);
        var sigma = 0.1 * Math.Sqrt(Math.Pow(10, -snrDb / 10) * rate / 200_000 / 2);
        var iq = new float[2 * (int)(rate * seconds)];
        double phase = 0, last = multiplex(0);
        for (var n = 0; n < iq.Length / 2; n++)
        {
            var (sin, cos) = Math.SinCos(phase);
            var size = 0.1 * (amplitude?.Invoke(n / rate) ?? 1);
            iq[2 * n] = (float)(size * cos + sigma * Gauss(random));
            iq[2 * n + 1] = (float)(size * sin + sigma * Gauss(random));
            for (var k = 1; k <= Finer; k++)
            {
                var next = multiplex((n + k / (double)Finer) / rate);
                phase += Math.PI * (next + last) / rate / Finer;
                last = next;
            }
            phase -= 2 * Math.PI * Math.Floor(phase / (2 * Math.PI));
        }
        return iq;
    }

    /// <summary>Tones on the left and on the right, as sum and difference, with the pilot.</summary>
    public static double Stereo(double left, double right, double t, double pilotHz = PilotHz, double pilot = 6750) =>
        (left + right) / 2 + (left - right) / 2 * Math.Sin(4 * Math.PI * pilotHz * t) + Sine(pilot, pilotHz, t);

    /// <summary>Something like a programme: tones that have nothing to do with each other, with pilot and RDS: some 65 kHz in all.</summary>
    public static double Programme(double t)
    {
        double left = 0, right = 0;
        for (var k = 1; k <= 7; k++)
        {
            left += Sine(30_000.0 / k, 131.7 * k * k, t);
            right += Sine(26_000.0 / k, 151.3 * k * k, t);
        }
        return Stereo(left, right, t) + Sine(Sine(2000, 1187.5, t), 57_000, t);
    }

    public static RdsWaveform Rds(int seed = 5)
    {
        var random = new Random(seed);
        return new RdsWaveform([.. Enumerable.Range(0, 4000).Select(_ => random.Next(2) == 1)]);
    }

    public static StationReading Read(StationReceiver station, ReadOnlySpan<float> samples, double snrDb = double.NaN)
    {
        for (; samples.Length > 0; samples = samples[Math.Min(20_000, samples.Length)..]) station.Process(samples[..Math.Min(20_000, samples.Length)]);
        return station.Read(new Reception(snrDb, Overload: false, Torn: false, 1))!;
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
