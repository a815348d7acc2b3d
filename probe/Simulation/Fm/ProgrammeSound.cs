namespace SignalWatch.Simulation.Fm;

/// <summary>Something like a programme: notes or syllables that begin anew on each beat, left and right, 37.5 kS/s, within ±1, without DC (a DC would shift the carrier).
/// The same seed gives the same programme; a loop repeats it.</summary>
internal sealed class ProgrammeSound
{
    public const int SampleRateHz = 37_500;
    private const int TableBits = 11;
    private const float TableScale = 1 << TableBits;
    private static readonly float[] MusicTable = CreateTable([1, 0.5, 0.3, 0.15, 0.08]);
    private static readonly float[] SpeechTable = CreateTable([0.6, 0.8, 1, 0.9, 0.7, 0.8, 0.5, 0.3, 0.2, 0.25, 0.3, 0.2]);
    private readonly float[] table;
    private readonly ProgrammeStyle style;
    private readonly int beatSamples;
    private readonly int? loopBeats;
    private readonly uint seed;
    private readonly float decay;
    private uint beat;
    private int left;
    private float envelope, phase1, phase2, phase3, step1, step2, step3;

    public ProgrammeSound(ProgrammeScene programme)
    {
        (style, seed) = (programme.Style, (uint)programme.Seed);
        var music = style == ProgrammeStyle.Music;
        table = music ? MusicTable : SpeechTable;
        beatSamples = music ? SampleRateHz / 4 : SampleRateHz / 6;
        decay = music ? 0.99993f : 0.9998f;
        loopBeats = programme.LoopS is { } loop ? Math.Max(1, (int)(loop * SampleRateHz / beatSamples)) : null;
    }

    public void Next(out float leftSound, out float rightSound)
    {
        if (left-- == 0) BeginBeat();
        envelope *= decay;
        var common = Voice(ref phase1, step1);
        leftSound = envelope * (0.6f * common + 0.4f * Voice(ref phase2, step2));
        rightSound = envelope * (0.6f * common + 0.4f * Voice(ref phase3, step3));
    }

    private float Voice(ref float phase, float step)
    {
        phase += step;
        if (phase >= TableScale) phase -= TableScale;
        return table[(int)phase & (table.Length - 1)];
    }

    private void BeginBeat()
    {
        left = beatSamples - 1;
        var dice = Mix(seed * 0x9E3779B9u + (loopBeats is { } loop ? beat % (uint)loop : beat));
        beat++;
        var music = style == ProgrammeStyle.Music;
        envelope = music || dice % 100 >= 15 ? 0.75f + 0.25f * ((dice >> 8 & 0xFF) / 255f) : 0.02f; // speech has pauses
        var semitone = music ? Pentatonic[(int)(dice >> 16 & 7)] : (int)(dice >> 16 & 3);
        var root = music ? 220.0 : 110.0;
        step1 = Step(root, semitone);
        step2 = music ? Step(root, semitone + 7) : step1;
        step3 = music ? Step(root, semitone + 12) : step1;
        if (!music) (phase2, phase3) = (phase1, phase1); // one voice, in the middle
    }

    private static float Step(double root, int semitone) => (float)(root * Math.Pow(2, semitone / 12.0) / SampleRateHz * TableScale);

    private static ReadOnlySpan<int> Pentatonic => [0, 2, 4, 7, 9, 12, 14, 16];

    private static uint Mix(uint x)
    {
        x = (x ^ x >> 16) * 0x85EBCA6Bu;
        x = (x ^ x >> 13) * 0xC2B2AE35u;
        return x ^ x >> 16;
    }

    private static float[] CreateTable(double[] harmonics)
    {
        var wave = new double[1 << TableBits];
        for (var i = 0; i < wave.Length; i++)
            for (var h = 0; h < harmonics.Length; h++)
                wave[i] += harmonics[h] * Math.Sin(2 * Math.PI * (h + 1) * i / wave.Length + h * h);
        var peak = wave.Max(Math.Abs);
        return [.. wave.Select(w => (float)(w / peak))];
    }
}
