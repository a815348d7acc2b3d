namespace SignalWatch.Content.Tests.Sound;

/// <summary>Sound like a programme, made by formula, 32 kHz mono. A seed gives the same sound each time; two seeds, or two stretches of one, are never alike.</summary>
internal static class ProgrammeLike
{
    public const int Rate = 32_000;

    /// <summary>Someone speaks: voiced syllables with moving pitch through three formants, hissing consonants, pauses between phrases.</summary>
    public static float[] Speech(int seed, double seconds)
    {
        var random = new Random(seed);
        var sound = new float[(int)(seconds * Rate)];
        var voice = 90 + 130 * random.NextDouble();
        for (var at = 0; at < sound.Length;)
        {
            for (var syllables = random.Next(4, 14); syllables > 0 && at < sound.Length; syllables--)
            {
                if (random.NextDouble() < 0.5) at = Hiss(sound, at, random, 0.03 + 0.06 * random.NextDouble());
                at = Vowel(sound, at, random, voice * (0.8 + 0.5 * random.NextDouble()), 0.08 + 0.17 * random.NextDouble());
            }
            at += (int)((0.15 + 0.6 * random.NextDouble()) * Rate);
        }
        return sound;
    }

    /// <summary>A band plays: chords of a key in a random order, a melody over them, drums; a tempo of its own.</summary>
    public static float[] Music(int seed, double seconds)
    {
        var random = new Random(seed);
        var sound = new float[(int)(seconds * Rate)];
        var key = 110 * Math.Pow(2, random.Next(12) / 12.0);
        var beat = (int)(Rate * (0.3 + 0.3 * random.NextDouble()));
        for (int at = 0, n = 0; at < sound.Length; at += beat, n++)
        {
            if (n % 4 == 0)
            {
                var root = Scale[random.Next(7)];
                foreach (var third in (int[])[0, 4, 7]) Note(sound, at, 4 * beat, key * Math.Pow(2, (root + third) / 12.0), 0.12, random);
            }
            if (random.Next(4) > 0) Note(sound, at, beat * random.Next(1, 3), 2 * key * Math.Pow(2, Scale[random.Next(7)] / 12.0 + random.Next(2)), 0.2, random);
            if (random.Next(2) > 0) Note(sound, at + beat / 2, beat / 2, 4 * key * Math.Pow(2, Scale[random.Next(7)] / 12.0), 0.1, random);
            Hiss(sound, at, random, 0.04);
        }
        return sound;
    }

    /// <summary>The poorest programme there is: on each beat one of eight chords, or one of four pitches of the same vowel with pauses; as the simulated city sends it.</summary>
    public static float[] FewNotes(int seed, double seconds, bool music)
    {
        var sound = new float[(int)(seconds * Rate)];
        var beat = music ? Rate / 4 : Rate / 6;
        var decay = music ? 0.99992 : 0.99977;
        double[] harmonics = music ? [1, 0.5, 0.3, 0.15, 0.08] : [0.6, 0.8, 1, 0.9, 0.7, 0.8, 0.5, 0.3, 0.2, 0.25, 0.3, 0.2];
        var random = new Random(seed);
        for (var at = 0; at < sound.Length; at += beat)
        {
            var level = music || random.Next(100) >= 15 ? 0.75 + 0.25 * random.NextDouble() : 0.02;
            var semitone = music ? Pentatonic[random.Next(8)] : random.Next(4);
            var root = (music ? 220 : 110) * Math.Pow(2, semitone / 12.0);
            for (var h = 0; h < harmonics.Length; h++)
            {
                AddTone(sound, at, beat, root * (h + 1), 0.2 * level * harmonics[h], decay, h * h);
                if (!music) continue;
                AddTone(sound, at, beat, 1.4983 * root * (h + 1), 0.07 * level * harmonics[h], decay, h);
                AddTone(sound, at, beat, 2 * root * (h + 1), 0.07 * level * harmonics[h], decay, h);
            }
        }
        return sound;
    }

    /// <summary>Turns of speech and music of half a minute to four minutes.</summary>
    public static float[] Mixed(int seed, double seconds)
    {
        var random = new Random(seed);
        var sound = new float[(int)(seconds * Rate)];
        for (var at = 0; at < sound.Length;)
        {
            var part = Math.Min(30 + 210 * random.NextDouble(), (sound.Length - at) / (double)Rate);
            var turn = random.Next(2) == 0 ? Speech(random.Next(), part) : Music(random.Next(), part);
            turn.CopyTo(sound, at);
            at += Math.Max(turn.Length, 1);
        }
        return sound;
    }

    public static float[] Join(params float[][] parts) => [.. parts.SelectMany(p => p)];

    private static ReadOnlySpan<int> Scale => [0, 2, 4, 5, 7, 9, 11];

    private static ReadOnlySpan<int> Pentatonic => [0, 2, 4, 7, 9, 12, 14, 16];

    private static int Vowel(float[] sound, int at, Random random, double pitch, double seconds)
    {
        var length = Math.Min((int)(seconds * Rate), sound.Length - at);
        var bend = 1 + 0.3 * (random.NextDouble() - 0.5);
        var formants = new Resonator[3];
        formants[0] = new Resonator(280 + 520 * random.NextDouble(), 80);
        formants[1] = new Resonator(800 + 1500 * random.NextDouble(), 120);
        formants[2] = new Resonator(2300 + 900 * random.NextDouble(), 180);
        var phase = 0.0;
        for (var n = 0; n < length; n++)
        {
            phase += pitch * (1 + (bend - 1) * n / length) / Rate;
            var pulse = 0.0;
            if (phase >= 1)
            {
                phase -= 1;
                pulse = 1;
            }
            var shape = Math.Min(1, Math.Min(n, length - n) / (0.02 * Rate));
            sound[at + n] += (float)(shape * (1.4 * formants[0].Next(pulse) + formants[1].Next(pulse) + 0.5 * formants[2].Next(pulse)));
        }
        return at + Math.Max(length, 1);
    }

    private static int Hiss(float[] sound, int at, Random random, double seconds)
    {
        var length = Math.Min((int)(seconds * Rate), sound.Length - at);
        var colour = new Resonator(1500 + 4000 * random.NextDouble(), 1200);
        for (var n = 0; n < length; n++) sound[at + n] += (float)(0.06 * colour.Next(2 * random.NextDouble() - 1));
        return at + Math.Max(length, 1);
    }

    private static void Note(float[] sound, int at, int length, double hz, double level, Random random)
    {
        var decay = Math.Exp(-1.0 / (Rate * (0.2 + 0.6 * random.NextDouble())));
        for (var h = 1; h <= 4; h++) AddTone(sound, at, length, hz * h, level / h * (0.3 + 0.7 * random.NextDouble()), decay, random.NextDouble() * 6);
    }

    // A turning phasor: a sine by the library at each sample would take most of a test's time.
    private static void AddTone(float[] sound, int at, int length, double hz, double level, double decay, double phase)
    {
        if (hz > 15_000) return;
        var (stepIm, stepRe) = Math.SinCos(2 * Math.PI * hz / Rate);
        var (im, re) = Math.SinCos(phase);
        (re, im) = (re * level, im * level);
        (stepRe, stepIm) = (stepRe * decay, stepIm * decay);
        var to = Math.Min(at + length, sound.Length);
        for (var n = at; n < to; n++)
        {
            sound[n] += (float)im * Math.Min(1, (n - at) / 160f);
            (re, im) = (re * stepRe - im * stepIm, re * stepIm + im * stepRe);
        }
    }

    private struct Resonator
    {
        private readonly double a1, a2, gain;
        private double y1, y2;

        public Resonator(double hz, double widthHz)
        {
            var r = Math.Exp(-Math.PI * widthHz / Rate);
            (a1, a2) = (2 * r * Math.Cos(2 * Math.PI * hz / Rate), -r * r);
            gain = 0.15;
        }

        public double Next(double x)
        {
            var y = gain * x + a1 * y1 + a2 * y2;
            (y2, y1) = (y1, y);
            return y;
        }
    }
}

/// <summary>What a transmitter, the air and a receiver do to sound.</summary>
internal sealed record Reception
{
    public double SnrDb { get; init; } = 30;

    public double Gain { get; init; } = 1;

    public double Ppm { get; init; }

    public int ClicksAMinute { get; init; }

    /// <summary>Time constant that is wrong: 0 none; 25 µs is 75 for 50.</summary>
    public double DeemphasisMicroseconds { get; init; }

    /// <summary>A step of level each so many seconds, 6 dB down and up.</summary>
    public double GainStepSeconds { get; init; }

    public int Seed { get; init; } = 1;

    public float[] Of(float[] sound)
    {
        var random = new Random(Seed);
        var received = Resampled(sound);
        var square = 0.0;
        foreach (var x in received) square += x * x;
        var noise = Math.Sqrt(3 * square / Math.Max(1, received.Length)) * Math.Pow(10, -SnrDb / 20);
        var pole = DeemphasisMicroseconds > 0 ? Math.Exp(-1e6 / (DeemphasisMicroseconds * ProgrammeLike.Rate)) : 0;
        var low = 0.0;
        for (var n = 0; n < received.Length; n++)
        {
            low = (1 - pole) * received[n] + pole * low;
            var step = GainStepSeconds > 0 && (int)(n / (GainStepSeconds * ProgrammeLike.Rate)) % 2 == 1 ? 0.5 : 1;
            received[n] = (float)(Gain * (step * low + noise * (2 * random.NextDouble() - 1)));
        }
        for (var clicks = (int)(ClicksAMinute * received.Length / (60.0 * ProgrammeLike.Rate)); clicks > 0; clicks--)
        {
            var at = random.Next(received.Length);
            var height = (random.Next(2) - 0.5) * 2 * Gain;
            for (var n = 0; n < 20 && at + n < received.Length; n++) received[at + n] += (float)(height * Math.Exp(-n / 5.0));
        }
        return received;
    }

    private float[] Resampled(float[] sound)
    {
        if (Ppm == 0) return (float[])sound.Clone();
        var step = 1 + Ppm * 1e-6;
        var to = new float[(int)((sound.Length - 2) / step)];
        for (var n = 0; n < to.Length; n++)
        {
            var at = n * step;
            var i = (int)at;
            to[n] = (float)(sound[i] + (at - i) * (sound[i + 1] - sound[i]));
        }
        return to;
    }
}
