using SignalWatch.Fm;
using SignalWatch.Signal;
using SignalWatch.Tests;

namespace SignalWatch.Bench;

/// <summary>The FM chain: signals are synthetic, made before the clock starts, with real stereo, pilot and RDS. On one core the clock is that of the processor's time,
/// so that other programs on the machine count little; where two cores work together it is the wall's.</summary>
internal static class FmBench
{
    public static IEnumerable<BenchLine> Run()
    {
        yield return new("fm.fft-4096", Fft(4096), "MS/s");
        yield return new("fm.fft-32768", Fft(32_768), "MS/s");
        yield return new("fm.spectrum-4096-hann", Spectrum(4096), "MS/s", Fftw.Peer(4096));
        var small = Band(2_400_000, 8, 260_000, seconds: 20, workers: 1);
        yield return new("fm.band-2.4MSps-8-stations-1-core", small.OfProcessor, "x real time");
        yield return new("fm.band-2.4MSps-8-stations-load", 100 / small.OfProcessor, "% of a core");
        yield return new("fm.band-20.48MSps-40-stations-2-cores", Band(20_480_000, 40, 440_000, seconds: 10, workers: 2).OfWall, "x real time");
        yield return new("fm.station-250kSps-everything", Station(seconds: 120), "x real time");
        yield return new("fm.mpx-192kSps-everything", Mpx(seconds: 120), "x real time", RedseaPeer.RealTime());
        foreach (var cnr in (double[])[14, 16, 18, 20])
        {
            var result = RdsSensitivity.Run(BenchSignal.Groups, cnr, seconds: 20, seed: 1);
            yield return new($"fm.rds-2kHz-cnr-{cnr:0}dB", result.Whole, $"of {result.Sent} groups");
        }
    }

    private static double Fft(int size)
    {
        var fft = new Fft(size);
        var (re, im) = Random(size);
        float[] a = new float[size], b = new float[size];
        return MillionsASecond(size, () => fft.Forward(re, im, a, b));
    }

    private static double Spectrum(int size)
    {
        var fft = new Fft(size);
        var hann = new HannSpectrum(size);
        var (re, im) = Random(size);
        float[] a = new float[size], b = new float[size];
        return MillionsASecond(size, () =>
        {
            fft.Forward(re, im, a, b);
            hann.Add(a, b);
        });
    }

    private static (float[] Re, float[] Im) Random(int size)
    {
        var random = new Random(1);
        return ([.. Enumerable.Range(0, size).Select(_ => random.NextSingle() - 0.5f)], [.. Enumerable.Range(0, size).Select(_ => random.NextSingle() - 0.5f)]);
    }

    private static double MillionsASecond(int size, Action run)
    {
        var runs = 200_000_000 / size;
        for (var n = 0; n < 5000; n++) run();
        var start = Environment.CpuUsage.TotalTime;
        for (var n = 0; n < runs; n++) run();
        return runs * (double)size / (Environment.CpuUsage.TotalTime - start).TotalSeconds / 1e6;
    }

    private static (double OfProcessor, double OfWall) Band(double rate, int carriers, double distance, int seconds, int workers)
    {
        var iq = BenchSignal.Band(rate, carriers, distance);
        FmBandReading? last = null;
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = rate, CenterFrequencyHz = 98_000_000, Workers = workers }) { OnReading = reading => last = reading };
        var fed = 0;
        var until = (long)(8 * rate); // until every station is demodulated, named and measured
        Feed();
        var named = last!.Carriers.Count(c => c is { OnAir: true, Rds.Pi: 0xA203, Station.Stereo: true });
        if (named != carriers) throw new InvalidOperationException($"{named} of {carriers} stations are named");
        (fed, until) = (0, (long)(seconds * rate));
        var (processor, wall) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        Feed();
        return (seconds / (Environment.CpuUsage.TotalTime - processor).TotalSeconds, seconds / TimeProvider.System.GetElapsedTime(wall).TotalSeconds);

        void Feed()
        {
            var block = (int)(rate / 20);
            for (long done = 0; done < until; done += block, fed = (fed + block) % (iq.Length / 2))
            {
                var whole = Math.Min(block, iq.Length / 2 - fed);
                receiver.Process(iq.AsSpan(2 * fed, 2 * whole), discontinuity: false);
                if (whole < block) receiver.Process(iq.AsSpan(0, 2 * (block - whole)), discontinuity: false);
            }
        }
    }

    private static double Station(int seconds)
    {
        var iq = BenchSignal.Band(250_000, 1, 0);
        var station = StationReceiver.ForIq(250_000, 0, new StationTap { OnSound = (_, _) => { } });
        return RealTime(iq, 2 * 250_000, station, seconds);
    }

    private static double Mpx(int seconds)
    {
        var station = StationReceiver.ForMpx(192_000, new StationTap { OnSound = (_, _) => { } });
        return RealTime(BenchSignal.Multiplex(192_000), 192_000, station, seconds);
    }

    // A second at a time, and then its reading.
    private static double RealTime(float[] signal, int aSecond, StationReceiver station, int seconds)
    {
        var at = 0;
        TimeSpan start = default;
        for (var second = -10; second < seconds; second++)
        {
            if (second == 0) start = Environment.CpuUsage.TotalTime;
            for (var left = aSecond; left > 0;)
            {
                var part = Math.Min(left, signal.Length - at);
                station.Process(signal.AsSpan(at, part));
                (left, at) = (left - part, (at + part) % signal.Length);
            }
            station.Read(new Reception(40, Overload: false, Torn: false, 1));
        }
        if (station.ReadRds()?.Pi != 0xA203) throw new InvalidOperationException("the station is not named");
        return seconds / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }
}
