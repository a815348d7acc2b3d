using SignalWatch.Content.Sound;
using SignalWatch.Tests;
using static SignalWatch.Content.Tests.Sound.ProgrammeLike;

namespace SignalWatch.Content.Tests.Sound;

public class SoundMemoryTests
{
    [Fact]
    public void The_same_sound_gives_the_same_findings()
    {
        var loop = Mixed(1, 70);
        var findings = Enumerable.Range(0, 2).Select(_ =>
        {
            var radio = new Listening();
            for (var round = 0; round < 4; round++) radio.Play(new Reception { SnrDb = 20, Seed = round }.Of(loop));
            return radio.Findings;
        }).ToList();

        findings[0].Loops.Should().BeGreaterThan(2);
        findings[0].Should().BeEquivalentTo(findings[1]);
    }

    [Fact]
    public void A_day_of_a_carrier_takes_less_than_3_MB_and_what_is_older_takes_none()
    {
        var memory = new SoundMemory();
        var sound = Speech(1, 2);
        for (var hour = 0; hour <= 27; hour++) memory.Add(Listening.Hz, sound, sound, Listening.Start.AddHours(hour));

        memory.MemoryBytes.Should().BeInRange(2_700_000, 3_000_000);
    }

    [Fact]
    public void More_carriers_than_it_has_room_for_are_counted_and_passed_over()
    {
        var memory = new SoundMemory();
        var sound = new float[100];
        for (var i = 0; i < SoundMemory.MostCarriers + 3; i++) memory.Add(87_500_000 + 100_000 * i, sound, sound, Listening.Start);

        memory.PassedOver.Should().Be(3);
        memory.Forget(87_500_000);
        memory.Add(120_000_000, sound, sound, Listening.Start);
        memory.PassedOver.Should().Be(3);
    }

    [Theory]
    [InlineData(-86_400)]
    [InlineData(-30)]
    [InlineData(-0.2)]
    [InlineData(400 * 86_400)]
    public void A_clock_that_is_set_neither_stops_it_nor_makes_a_loop(double seconds)
    {
        var radio = new Listening();
        radio.Play(Mixed(1, 20));
        radio.Miss(seconds);
        radio.Play(Mixed(2, 20));
        var loop = Mixed(3, 72);
        for (var round = 0; round < 3; round++) radio.Play(loop);

        radio.Findings.Loops.Should().Be(3, "it listens on after the step");
    }

    [Fact]
    public void Times_that_make_no_sense_are_borne()
    {
        var memory = new SoundMemory();
        var sound = Speech(1, 3);

        var act = () =>
        {
            foreach (var at in (DateTimeOffset[])[DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch, Listening.Start, DateTimeOffset.MinValue]) memory.Add(Listening.Hz, sound, sound, at);
        };

        act.Should().NotThrow();
        memory.MemoryBytes.Should().BeLessThan(300_000);
    }

    [Fact]
    public void Channels_of_different_length_are_refused()
    {
        var act = () => new SoundMemory().Add(Listening.Hz, new float[10], new float[9], Listening.Start);

        act.Should().Throw<ArgumentException>().WithMessage("left has 10 samples, right 9*");
    }

    [Fact]
    public void Sound_that_fits_nothing_is_taken_without_allocating()
    {
        var memory = new SoundMemory();
        var sound = Mixed(1, 16);
        var at = Listening.Start;

        Allocated.Bytes(() =>
        {
            at = at.AddSeconds(16);
            memory.Add(Listening.Hz, sound, sound, at);
        }).Should().BeLessThan(1000, "some lists may grow; nothing is made for a sample or a print");
    }

    [Fact]
    public void A_search_finds_what_comparing_bit_by_bit_finds()
    {
        // The plain comparison of one lag after another knows no vectors, no probes and no early end.
        var sound = Mixed(4, 200);
        SoundTrack? track = null;
        var block = new SoundBlock();
        var found = new List<PrintMatch>();
        var expected = new List<long>();
        track = new SoundTrack(Listening.Hz, t =>
        {
            block.Take(t);
            found.Clear();
            found.AddRange(new PrintSearch().Find(block, t, 0, 1_000_000));
            expected.Clear();
            for (long lag = 0; lag < 4 * t.Kept.Length; lag++)
                if (PrintSearch.Compare(t, block.StartHop, SoundTrack.BlockPrints, t, lag) is { } match && match.Compared >= 1600 && match.ErrorRate < 0.2) expected.Add(lag);
        });
        var copy = sound[(60 * Rate)..(100 * Rate)];
        track.Add(sound, sound, Listening.Start);
        track.Add(copy, copy, Listening.Start.AddSeconds(40));

        expected.Should().Contain(lag => lag > 1000, "the piece came 140 s before");
        foreach (var lag in expected) found.Should().Contain(m => Math.Abs(m.LagHops - lag) <= 4);
    }
}
