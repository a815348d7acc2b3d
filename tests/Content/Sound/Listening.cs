using SignalWatch.Content.Sound;

namespace SignalWatch.Content.Tests.Sound;

/// <summary>A sound memory at a radio: sound comes in blocks of a tenth of a second, each carrier with its own time.</summary>
internal sealed class Listening
{
    public const long Hz = 98_000_000;

    private const int Block = 3200;
    private readonly Dictionary<long, long> samples = [];

    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 15, 4, 0, 300, TimeSpan.Zero);

    public SoundMemory Memory { get; } = new();

    public SoundFindings Findings => Memory.Findings(Hz);

    public DateTimeOffset Now(long hz = Hz) => Start.AddSeconds((double)samples.GetValueOrDefault(hz) / ProgrammeLike.Rate);

    /// <summary>Plays sound; returns the seconds into it after which it was heard so many times, null if never.</summary>
    public double? Play(float[] sound, long hz = Hz, int times = int.MaxValue)
    {
        double? heard = null;
        for (var at = 0; at < sound.Length; at += Block)
        {
            var block = sound.AsSpan(at, Math.Min(Block, sound.Length - at));
            samples[hz] = samples.GetValueOrDefault(hz) + block.Length;
            Memory.Add(hz, block, block, Now(hz));
            if (heard is null && Memory.Findings(hz).Loops >= times) heard = (at + block.Length) / (double)ProgrammeLike.Rate;
        }
        return heard;
    }

    /// <summary>Nothing is received for a while.</summary>
    public void Miss(double seconds, long hz = Hz) => samples[hz] = samples.GetValueOrDefault(hz) + (long)(seconds * ProgrammeLike.Rate);
}
