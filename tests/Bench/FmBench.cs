using SignalWatch.Fm;
using SignalWatch.Signal;

namespace SignalWatch.Bench;

/// <summary>The FM chain on one core: signals are synthetic, made before the clock starts. The clock is that of the processor's time, so that other programs on the machine count little.</summary>
internal static class FmBench
{
    public static IEnumerable<BenchLine> Run()
    {
        yield return new("fm.fft-4096", Fft(4096), "MS/s");
        yield return new("fm.fft-32768", Fft(32_768), "MS/s");
        var small = Band(2_400_000, 6, 360_000, seconds: 20);
        yield return new("fm.band-2.4MSps-6-carriers", small, "x real time");
        yield return new("fm.band-2.4MSps-6-carriers-load", 100 / small, "% of a core");
        yield return new("fm.band-20MSps-20-carriers", Band(20_000_000, 20, 800_000, seconds: 4), "x real time");
        yield return new("fm.station-250kSps", Band(250_000, 1, 0, seconds: 60), "x real time");
        yield return new("fm.mpx-to-rds-192kSps", Mpx(seconds: 60), "x real time");
    }

    private static double Fft(int size)
    {
        var fft = new Fft(size);
        var random = new Random(1);
        float[] re = new float[size], im = new float[size], a = new float[size], b = new float[size];
        for (var n = 0; n < size; n++) (re[n], im[n]) = (random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);
        var runs = 200_000_000 / size;
        for (var n = 0; n < 3000; n++) fft.Forward(re, im, a, b);
        var start = Environment.CpuUsage.TotalTime;
        for (var n = 0; n < runs; n++) fft.Forward(re, im, a, b);
        return runs * (double)size / (Environment.CpuUsage.TotalTime - start).TotalSeconds / 1e6;
    }

    // A fifth of a second of the band is played again and again: a loop of carriers whose frequencies close up in it, so that there is no break.
    private static double Band(double rate, int carriers, double distance, int seconds)
    {
        var samples = (int)(rate / 5);
        var iq = Noise(2 * samples, 1e-3f);
        for (var c = 0; c < carriers; c++) AddStation(iq, rate, (c - (carriers - 1) / 2.0) * distance);
        var found = 0;
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = rate, CenterFrequencyHz = 98_000_000 })
        {
            OnReading = reading => found = reading.Carriers.Count(carrier => carrier.OnAir),
        };
        // Two seconds until every carrier is demodulated.
        for (var n = 0; n < 10; n++) Feed();
        if (found != carriers) throw new InvalidOperationException($"{found} of {carriers} carriers found");
        var start = Environment.CpuUsage.TotalTime;
        for (var n = 0; n < 5 * seconds; n++) Feed();
        return seconds / (Environment.CpuUsage.TotalTime - start).TotalSeconds;

        void Feed()
        {
            var block = 2 * (int)(rate / 25);
            for (var at = 0; at < iq.Length; at += block) receiver.Process(iq.AsSpan(at, Math.Min(block, iq.Length - at)), discontinuity: false);
        }
    }

    private static double Mpx(int seconds)
    {
        var mpx = new float[192_000];
        for (var n = 0; n < mpx.Length; n++) mpx[n] = (float)Multiplex(n / 192_000.0);
        var decoder = new MpxDecoder(192_000, tap: null);
        for (var n = 0; n < 5; n++) decoder.Process(mpx);
        var start = Environment.CpuUsage.TotalTime;
        for (var n = 0; n < seconds; n++) decoder.Process(mpx);
        return seconds / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static void AddStation(float[] iq, double rate, double hz)
    {
        double phase = 0;
        for (var n = 0; n < iq.Length / 2; n++)
        {
            phase += 2 * Math.PI * (hz + Multiplex(n / rate)) / rate;
            var (sin, cos) = Math.SinCos(phase);
            iq[2 * n] += (float)(0.04 * cos);
            iq[2 * n + 1] += (float)(0.04 * sin);
        }
    }

    // A tone, the pilot, and a subcarrier as wide as that of RDS; all close up in a fifth of a second.
    private static double Multiplex(double t) =>
        30_000 * Math.Sin(2 * Math.PI * 1000 * t) + 6750 * Math.Sin(2 * Math.PI * 19_000 * t) + 2000 * Math.Sin(2 * Math.PI * 1190 * t) * Math.Sin(2 * Math.PI * 57_000 * t);

    private static float[] Noise(int count, float amplitude)
    {
        var random = new Random(2);
        var noise = new float[count];
        for (var n = 0; n < count; n++) noise[n] = amplitude * (random.NextSingle() - 0.5f);
        return noise;
    }
}
