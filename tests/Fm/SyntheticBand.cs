namespace SignalWatch.Tests;

/// <summary>A band made by formula: stations, bare carriers, the faults of a receiver, noise. Exact and the same each time.</summary>
internal sealed class SyntheticBand(double rate, double seconds, int seed = 1)
{
    private readonly Random random = new(seed);

    public float[] Iq { get; } = new float[2 * (int)(rate * seconds)];

    public SyntheticBand Noise(double dbfsEachHz)
    {
        var sigma = Math.Sqrt(Math.Pow(10, dbfsEachHz / 10) * rate / 2);
        for (var n = 0; n < Iq.Length; n++) Iq[n] += (float)(sigma * Gauss());
        return this;
    }

    /// <summary>An FM station: tones of 60 kHz peak deviation in all, and what of pilot and RDS is asked for.</summary>
    public SyntheticBand Station(double hz, double dbfs, bool pilot = true, IReadOnlyList<bool>? rds = null, double rdsHz = 2000, double deviationHz = 45_000, double fromSecond = 0, double toSecond = 1e9)
    {
        var amplitude = Math.Pow(10, dbfs / 20);
        double phase = 0;
        var shape = rds is null ? null : new RdsWaveform(rds);
        for (var n = (int)(fromSecond * rate); n < Math.Min(Iq.Length / 2, toSecond * rate); n++)
        {
            var t = n / rate;
            var mpx = deviationHz * (0.6 * Math.Sin(2 * Math.PI * 437 * t + hz) + 0.4 * Math.Sin(2 * Math.PI * 3211 * t));
            if (pilot) mpx += 6750 * Math.Sin(2 * Math.PI * 19_000 * t);
            if (shape is not null) mpx += rdsHz * shape.At(t) * Math.Sin(2 * Math.PI * 57_000 * t);
            phase += 2 * Math.PI * (hz + mpx) / rate;
            phase -= 2 * Math.PI * Math.Floor(phase / (2 * Math.PI));
            var (sin, cos) = Math.SinCos(phase);
            Iq[2 * n] += (float)(amplitude * cos);
            Iq[2 * n + 1] += (float)(amplitude * sin);
        }
        return this;
    }

    /// <summary>A programme: music (noise of many tones, louder and softer) or speech (syllables with pauses, crooked about zero), clipped at its peak as a processor does; its own seed, its own sound.</summary>
    public SyntheticBand Programme(double hz, double dbfs, double peakHz = 75_000, int sound = 1, bool speech = false, bool pilot = true, double loudness = 0.4, double fromSecond = 0, double toSecond = 1e9)
    {
        var noise = new Random(1000 + sound);
        var amplitude = Math.Pow(10, dbfs / 20);
        // Two poles at 4 kHz; the second factor brings the filtered noise back to an RMS of 1.
        var pole = 1 - Math.Exp(-2 * Math.PI * 4000 / rate);
        var gain = 1 / Math.Sqrt(pole / 4);
        double first = 0, second = 0, phase = 0;
        for (var n = (int)(fromSecond * rate); n < Math.Min(Iq.Length / 2, toSecond * rate); n++)
        {
            var t = n / rate;
            // Uniform noise will do: two poles make it Gaussian.
            first += pole * (Math.Sqrt(12) * (noise.NextDouble() - 0.5) - first);
            second += pole * (first - second);
            var syllable = Math.Sin(2 * Math.PI * 2.7 * t + sound);
            var audio = gain * second * (speech ? (syllable > 0 ? syllable : 0) : 0.7 + 0.3 * syllable) * loudness;
            if (speech) audio += 0.5 * audio * audio;
            var mpx = (peakHz - (pilot ? 6750 : 0)) * Math.Clamp(audio, -1, 1);
            if (pilot) mpx += 6750 * Math.Sin(2 * Math.PI * 19_000 * t);
            phase += 2 * Math.PI * (hz + mpx) / rate;
            phase -= 2 * Math.PI * Math.Floor(phase / (2 * Math.PI));
            var (sin, cos) = Math.SinCos(phase);
            Iq[2 * n] += (float)(amplitude * cos);
            Iq[2 * n + 1] += (float)(amplitude * sin);
        }
        return this;
    }

    /// <summary>Another gain from a moment on.</summary>
    public SyntheticBand GainStep(double db, double atSecond)
    {
        var factor = (float)Math.Pow(10, db / 20);
        for (var n = 2 * (int)(atSecond * rate); n < Iq.Length; n++) Iq[n] *= factor;
        return this;
    }

    public SyntheticBand BareCarrier(double hz, double dbfs, double fromSecond = 0) => Station(hz, dbfs, pilot: false, deviationHz: 0, fromSecond: fromSecond);

    /// <summary>The receiver's own oscillator at the middle of the band.</summary>
    public SyntheticBand Spike(double amplitude)
    {
        for (var n = 0; n < Iq.Length; n++) Iq[n] += (float)amplitude;
        return this;
    }

    /// <summary>Unequal branches: the mirror image of everything, so many dB below.</summary>
    public SyntheticBand Imbalance(double imageDb)
    {
        var g = Math.Pow(10, -imageDb / 20);
        for (var n = 0; n < Iq.Length; n += 2)
        {
            double i = Iq[n], q = Iq[n + 1];
            (Iq[n], Iq[n + 1]) = ((float)(i + g * i * 0.8 - g * q * 0.6), (float)(q - g * q * 0.8 - g * i * 0.6));
        }
        return this;
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
