using System.Numerics;
using SignalWatch.Content.Sound;
using SignalWatch.Tests;
using static SignalWatch.Content.Tests.Sound.ProgrammeLike;

namespace SignalWatch.Content.Tests.Sound;

public class SoundFingerprinterTests
{
    [Theory]
    [InlineData("speech", 0.15)]
    [InlineData("music", 0.22)]
    [InlineData("few notes", 0.15)]
    public void What_went_over_the_air_twice_has_prints_that_agree(string kind, double most)
    {
        var sound = Sound(kind, 20);
        var first = Prints(new Reception { SnrDb = 30, Seed = 1 }.Of(sound));
        var second = Prints(new Reception { SnrDb = 20, Seed = 2, Ppm = 50, Gain = 0.2, DeemphasisMicroseconds = 25, GainStepSeconds = 7, ClicksAMinute = 20 }.Of(sound));

        ErrorRate(first, second).Should().BeLessThan(most);
    }

    [Theory]
    [InlineData("speech")]
    [InlineData("music")]
    [InlineData("few notes")]
    public void Other_sound_of_the_same_kind_differs_in_half_of_the_bits(string kind) =>
        ErrorRate(Prints(Sound(kind, 20, seed: 1)), Prints(Sound(kind, 20, seed: 2))).Should().BeInRange(0.45, 0.55);

    [RecordingFact]
    public void A_recorded_piano_is_known_again_through_noise()
    {
        var piano = Clips.Piano();

        ErrorRate(Prints(new Reception { SnrDb = 35, Seed = 1 }.Of(piano)), Prints(new Reception { SnrDb = 20, Seed = 2, Ppm = -50 }.Of(piano))).Should().BeLessThan(0.15);
    }

    [Fact]
    public void Silence_leaves_no_print() => Prints(new float[10 * Rate]).Should().HaveCount(320).And.OnlyContain(p => !p.IsHeard);

    [Fact]
    public void Noise_below_60_dB_under_full_scale_leaves_no_print()
    {
        var random = new Random(1);
        var noise = new float[10 * Rate];
        for (var n = 0; n < noise.Length; n++) noise[n] = 0.001f * (random.NextSingle() - 0.5f);

        Prints(noise).Should().OnlyContain(p => !p.IsHeard);
    }

    [Theory]
    [InlineData(1000, 200)]
    [InlineData(50, 200)]
    [InlineData(1000, 40)]
    public void A_standing_tone_leaves_no_print(double hz, double snrDb)
    {
        var tone = new float[10 * Rate];
        for (var n = 0; n < tone.Length; n++) tone[n] = (float)(0.5 * Math.Sin(2 * Math.PI * hz * n / Rate) + 0.1 * Math.Sin(12 * Math.PI * hz * n / Rate));

        Prints(new Reception { SnrDb = snrDb }.Of(tone)).Count(p => p.IsHeard).Should().BeLessThan(16);
    }

    [Fact]
    public void Prints_do_not_depend_on_how_the_sound_is_cut_into_blocks()
    {
        var sound = Speech(3, 10);
        var whole = Prints(sound);
        var pieces = new List<SoundPrint>();
        var fingerprinter = new SoundFingerprinter(pieces.Add);
        var random = new Random(4);
        for (var at = 0; at < sound.Length;)
        {
            var piece = sound.AsSpan(at, Math.Min(random.Next(1, 5000), sound.Length - at));
            fingerprinter.Add(piece, piece);
            at += piece.Length;
        }

        pieces.Should().Equal(whole);
    }

    [Fact]
    public void Bad_samples_are_counted_and_do_not_poison_what_follows()
    {
        var sound = Speech(3, 10);
        var damaged = (float[])sound.Clone();
        damaged.AsSpan(Rate, 100).Fill(float.NaN);
        damaged.AsSpan(2 * Rate, 100).Fill(float.PositiveInfinity);
        damaged.AsSpan(3 * Rate, 100).Fill(-1e30f);
        var prints = new List<SoundPrint>();
        var fingerprinter = new SoundFingerprinter(prints.Add);

        fingerprinter.Add(damaged, damaged);

        fingerprinter.BadSamples.Should().Be(300);
        ErrorRate(Prints(sound)[160..], prints[160..]).Should().BeLessThan(0.01);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var count = 0;
        var fingerprinter = new SoundFingerprinter(_ => count++);
        var sound = Speech(3, 2);

        Allocated.Bytes(() => fingerprinter.Add(sound, sound)).Should().Be(0);
        count.Should().BePositive();
    }

    private static float[] Sound(string kind, double seconds, int seed = 1) => kind switch
    {
        "speech" => Speech(seed, seconds),
        "music" => Music(seed, seconds),
        _ => FewNotes(seed, seconds, music: false),
    };

    private static List<SoundPrint> Prints(float[] sound)
    {
        var prints = new List<SoundPrint>();
        new SoundFingerprinter(prints.Add).Add(sound, sound);
        return prints;
    }

    private static double ErrorRate(List<SoundPrint> a, List<SoundPrint> b)
    {
        var pairs = a.Zip(b).Where(p => p.First.IsHeard).ToList();
        pairs.Count.Should().BeGreaterThan(100);
        return pairs.Average(p => BitOperations.PopCount(p.First.Bits ^ p.Second.Bits) / 32.0);
    }
}
