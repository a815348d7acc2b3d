using static SignalWatch.Content.Tests.Sound.ProgrammeLike;

namespace SignalWatch.Content.Tests.Sound;

public class LoopTests
{
    [Theory]
    [InlineData("speech", 90)]
    [InlineData("music", 90)]
    [InlineData("few chords", 90)]
    [InlineData("few syllables", 90)]
    [InlineData("adverts", 120)]
    public void A_loop_is_found_in_its_third_round_through_noise_clicks_clocks_and_filters(string kind, int seconds)
    {
        var loop = Sound(kind, seconds);
        var radio = new Listening();
        double? heard = null;
        for (var round = 0; round < 3; round++)
        {
            heard = radio.Play(
                new Reception { SnrDb = 20, Seed = round, Ppm = 50 * round - 50, ClicksAMinute = 10, DeemphasisMicroseconds = round % 2 * 25, GainStepSeconds = 11 }.Of(loop), times: 3);
            if (round < 2) heard.Should().BeNull($"in round {round + 1} it has not been heard three times");
        }

        heard.Should().BeLessThan(80, "60 s of the third round, and the 8 s of a block twice");
        var finding = radio.Findings.LoopFindings.Should().ContainSingle().Subject;
        finding.Times.Should().Be(3);
        finding.Seconds.Should().BeInRange(60, seconds);
        finding.PeriodSeconds.Should().BeApproximately(seconds, 0.5);
        finding.First.Should().BeCloseTo(Listening.Start, TimeSpan.FromSeconds(10));
        finding.Occurrences.Should().HaveCount(3);
        finding.Similarity.Should().BeInRange(0.7, 1);
    }

    [Fact]
    public void A_loop_shorter_than_a_minute_is_found_by_the_minute()
    {
        var radio = new Listening();
        var advert = Speech(8, 25);
        for (var round = 0; round < 10; round++) radio.Play(new Reception { SnrDb = 25, Seed = round }.Of(advert));

        radio.Findings.Loops.Should().Be(3, "250 s hold four minutes, of which the last begins 75 s, 150 s and 225 s after earlier ones; the last has not gone on for 60 s");
        radio.Findings.LoopFindings[0].PeriodSeconds.Should().BeApproximately(25, 0.3);
    }

    [Fact]
    public void An_advert_that_comes_among_other_programme_is_found_at_its_third_hearing()
    {
        var radio = new Listening();
        var advert = Join(Speech(8, 50), Music(9, 40));
        radio.Play(Mixed(1, 100));
        radio.Play(new Reception { Seed = 1 }.Of(advert));
        radio.Play(Mixed(2, 170));
        radio.Play(new Reception { Seed = 2 }.Of(advert), times: 2).Should().BeLessThan(85);
        radio.Play(Mixed(3, 60));
        var third = radio.Now();
        radio.Play(new Reception { Seed = 3 }.Of(advert), times: 3).Should().BeLessThan(85);
        radio.Play(Mixed(4, 60));

        var finding = radio.Findings.LoopFindings.Should().ContainSingle().Subject;
        finding.PeriodSeconds.Should().BeNull("260 s and 150 s are no period");
        finding.Seconds.Should().BeApproximately(90, 10);
        finding.Occurrences.Select(o => (o.At - Listening.Start).TotalSeconds).Should().SatisfyRespectively(
            a => a.Should().BeApproximately(100, 8), a => a.Should().BeApproximately(360, 8), a => a.Should().BeApproximately((third - Listening.Start).TotalSeconds, 8));
    }

    [Fact]
    public void A_loop_is_found_although_the_reception_has_holes()
    {
        var loop = Mixed(8, 90);
        var radio = new Listening();
        var random = new Random(3);
        for (var round = 0; round < 3; round++)
        {
            var received = new Reception { SnrDb = 22, Seed = round }.Of(loop);
            for (var at = 0; at < received.Length;)
            {
                var take = Math.Min((int)((10 + 30 * random.NextDouble()) * Rate), received.Length - at);
                radio.Play(received[at..(at + take)]);
                var hole = Math.Min((int)((0.1 + 0.4 * random.NextDouble()) * Rate), received.Length - at - take);
                radio.Memory.Gap(Listening.Hz);
                radio.Miss(hole / (double)Rate);
                at += take + hole;
            }
        }

        radio.Findings.Loops.Should().Be(3);
    }

    [Fact]
    public void A_loop_is_found_although_its_player_stutters()
    {
        // Pieces of 100 to 500 ms are missing in the programme itself: from there on it comes sooner.
        var loop = Mixed(8, 90);
        var radio = new Listening();
        var random = new Random(3);
        for (var round = 0; round < 3; round++)
        {
            var received = new Reception { SnrDb = 25, Seed = round }.Of(loop);
            for (var at = 0; at < received.Length;)
            {
                var take = Math.Min((int)((20 + 30 * random.NextDouble()) * Rate), received.Length - at);
                radio.Play(received[at..(at + take)]);
                at += take + (int)((0.1 + 0.4 * random.NextDouble()) * Rate);
            }
        }

        radio.Findings.Loops.Should().Be(3);
    }

    [Theory]
    [InlineData("speech")]
    [InlineData("music")]
    [InlineData("few chords")]
    [InlineData("few syllables")]
    public void Programme_that_never_repeats_is_no_loop(string kind)
    {
        var radio = new Listening();
        radio.Play(new Reception { SnrDb = 25 }.Of(Sound(kind, 180)));

        radio.Findings.LoopFindings.Should().BeEmpty();
        radio.Memory.Findings(Listening.Hz).HeardSeconds.Should().BeGreaterThan(130);
    }

    [Fact]
    public void Silence_hum_tones_and_a_drum_loop_are_no_loops()
    {
        var radio = new Listening();
        var hum = new float[80 * Rate];
        var warble = new float[80 * Rate];
        for (var n = 0; n < hum.Length; n++)
        {
            hum[n] = (float)(0.3 * Math.Sin(2 * Math.PI * 50 * n / Rate) + 0.2 * Math.Sin(2 * Math.PI * 350 * n / Rate));
            warble[n] = (float)(0.3 * Math.Sin(2 * Math.PI * (n / (Rate / 2) % 2 == 0 ? 440 : 620) * n / Rate));
        }
        var bar = Music(5, 4);
        radio.Play(new float[150 * Rate]);
        radio.Play(new Reception { SnrDb = 40 }.Of(hum));
        radio.Play(hum);
        radio.Play(warble);
        radio.Play(Join([.. Enumerable.Repeat(bar, 50)]));

        radio.Findings.Loops.Should().Be(0);
    }

    [Fact]
    public void It_says_how_much_sound_could_be_compared()
    {
        var radio = new Listening();
        radio.Play(Mixed(1, 100));

        radio.Findings.HeardSeconds.Should().BeInRange(80, 100);
    }

    private static float[] Sound(string kind, double seconds, int seed = 5) => kind switch
    {
        "speech" => Speech(seed, seconds),
        "music" => Music(seed, seconds),
        "few chords" => FewNotes(seed, seconds, music: true),
        "few syllables" => FewNotes(seed, seconds, music: false),
        _ => Join(Speech(seed, 20), Music(seed + 1, 15), Speech(seed + 2, 40), Mixed(seed + 3, seconds - 75)),
    };
}
