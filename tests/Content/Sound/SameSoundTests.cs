using SignalWatch.Content.Sound;
using static SignalWatch.Content.Tests.Sound.ProgrammeLike;

namespace SignalWatch.Content.Tests.Sound;

public class SameSoundTests
{
    private const long A = 88_300_000, B = 101_750_000, C = 95_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(0.43)]
    [InlineData(7.9)]
    public void Two_carriers_with_the_same_programme_are_matched_with_their_lag(double lagSeconds)
    {
        var radio = new Listening();
        var programme = Mixed(1, 50);
        var late = Join(Mixed(2, 10)[..(int)(lagSeconds * Rate)], programme);
        var other = Mixed(3, 50);
        Together(radio, (A, new Reception { SnrDb = 20, Seed = 1 }.Of(programme)), (C, other), (B, new Reception { SnrDb = 25, Seed = 2, Gain = 0.3, DeemphasisMicroseconds = 25, ClicksAMinute = 10 }.Of(late)));

        radio.Memory.Findings(A).SameAsHz.Should().Equal(B);
        radio.Memory.Findings(B).SameAsHz.Should().Equal(A);
        radio.Memory.Findings(C).SameAsHz.Should().BeEmpty();
        var same = radio.Memory.Findings(A).SameSounds.Should().ContainSingle().Subject;
        (same.AHz, same.BHz).Should().Be(lagSeconds > 0.2 ? (B, A) : (A, B));
        Math.Abs(same.LagSeconds).Should().BeApproximately(lagSeconds, 0.1);
        same.Seconds.Should().BeInRange(38, 51);
        same.Similarity.Should().BeGreaterThan(0.75);
    }

    [Fact]
    public void An_advert_that_comes_later_on_another_carrier_is_matched()
    {
        var radio = new Listening();
        var advert = Speech(9, 34);
        Together(radio, (A, Join(Mixed(1, 30), advert, Mixed(2, 90))), (B, Join(Mixed(3, 110), new Reception { SnrDb = 20, Ppm = 80 }.Of(advert), Mixed(4, 10))));

        var same = radio.Memory.Findings(B).SameSounds.Should().ContainSingle().Subject;
        (same.AHz, same.BHz).Should().Be((B, A));
        same.LagSeconds.Should().BeApproximately(80, 0.3);
        same.Seconds.Should().BeInRange(30, 36);
        (same.At - Listening.Start).TotalSeconds.Should().BeApproximately(110, 3);
    }

    [Fact]
    public void A_common_jingle_of_20_s_is_no_match()
    {
        var radio = new Listening();
        var jingle = Music(9, 20);
        Together(radio, (A, Join(Mixed(1, 20), jingle, Mixed(2, 50))), (B, Join(Mixed(3, 50), jingle, Mixed(4, 20))));

        radio.Memory.Findings(B).SameAsHz.Should().BeEmpty();
    }

    [Fact]
    public void Two_silent_carriers_are_not_the_same()
    {
        var radio = new Listening();
        Together(radio, (A, new float[60 * Rate]), (B, new float[60 * Rate]));

        radio.Memory.Findings(A).SameAsHz.Should().BeEmpty();
    }

    [Fact]
    public void A_carrier_that_is_forgotten_is_no_longer_the_same_as_another()
    {
        var radio = new Listening();
        var programme = Speech(1, 45);
        Together(radio, (A, programme), (B, programme));
        radio.Memory.Findings(A).SameAsHz.Should().Equal(B);

        radio.Memory.Forget(B);

        radio.Memory.Findings(A).SameAsHz.Should().BeEmpty();
        radio.Memory.Findings(B).Should().BeEquivalentTo(SoundFindings.None);
    }

    [Fact]
    public void A_match_is_remembered_for_seven_days()
    {
        var radio = new Listening();
        var programme = Speech(1, 45);
        Together(radio, (A, programme), (B, programme));
        var block = Mixed(2, 20);
        radio.Memory.Add(A, block, block, Listening.Start.AddDays(6.9));
        radio.Memory.Findings(A).SameAsHz.Should().Equal(B);

        radio.Memory.Add(A, block, block, Listening.Start.AddDays(7.1));

        radio.Memory.Findings(A).SameAsHz.Should().BeEmpty();
    }

    private static void Together(Listening radio, params (long Hz, float[] Sound)[] carriers)
    {
        const int block = Rate / 2;
        for (var at = 0; at < carriers.Max(c => c.Sound.Length); at += block)
            foreach (var (hz, sound) in carriers)
                if (at < sound.Length) radio.Play(sound[at..Math.Min(at + block, sound.Length)], hz);
    }
}
