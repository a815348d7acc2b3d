using SignalWatch.Content.Sound;

namespace SignalWatch.Content.Tests.Sound;

/// <summary>Hours of programme, entered as prints: half of the bits of each print would differ from any other's, and neighbours agree as those of sound do.</summary>
public class LongLoopTests
{
    [Theory]
    [InlineData(900, 0)]
    [InlineData(600, 3 * 3600 - 600)]
    public void A_long_loop_is_found_when_a_minute_of_its_third_round_was_heard(int programmeSeconds, int pauseSeconds)
    {
        var station = new PrintedStation();
        var loop = PrintedStation.Programme(1, programmeSeconds);
        for (var round = 0; round < 2; round++)
        {
            station.Play(loop);
            station.Silent(pauseSeconds);
        }
        station.Loops.Findings().Select(l => l.Times).Should().Equal(2);

        station.Play(loop[..(80 * PrintedStation.PrintsInSecond)]);

        var finding = station.Loops.Findings()[0];
        finding.Times.Should().Be(3);
        finding.PeriodSeconds.Should().BeApproximately(programmeSeconds + pauseSeconds, 0.1);
    }

    [Fact]
    public void Spots_four_times_an_hour_and_signatures_on_the_hour_are_no_loop()
    {
        var station = new PrintedStation();
        var spots = Enumerable.Range(0, 3).Select(i => PrintedStation.Programme(50 + i, 30)).ToArray();
        var signature = PrintedStation.Programme(60, 20);
        var random = new Random(6);
        for (var quarter = 0; quarter < 8; quarter++)
        {
            if (quarter % 4 == 0) station.Play(signature);
            random.Shuffle(spots);
            foreach (var spot in spots)
            {
                station.Play(spot);
                station.Play(PrintedStation.Programme(random.Next(), random.Next(30, 60)));
            }
            station.Play(PrintedStation.Programme(random.Next(), 400));
        }

        station.Loops.Findings().Should().BeEmpty();
    }

    [Fact]
    public void What_came_more_than_a_day_ago_is_forgotten()
    {
        var station = new PrintedStation();
        var advert = PrintedStation.Programme(1, 90);
        station.Play(advert);
        station.Silent(20 * 3600);
        station.Play(advert);
        station.Loops.Findings().Should().ContainSingle().Which.Times.Should().Be(2);

        station.Silent(25 * 3600);
        station.Play(advert);

        station.Loops.Findings().Should().BeEmpty();
    }

    [Fact]
    public void A_programme_that_repeats_hourly_is_one_finding_with_its_period()
    {
        var station = new PrintedStation();
        var advert = PrintedStation.Programme(1, 90);
        for (var hour = 0; hour < 6; hour++)
        {
            station.Play(advert);
            station.Silent(3510);
        }

        var finding = station.Loops.Findings().Should().ContainSingle().Subject;
        finding.Times.Should().Be(6);
        finding.PeriodSeconds.Should().BeApproximately(3600, 0.5);
        finding.Seconds.Should().BeApproximately(90, 3);
        (finding.Last - finding.First).TotalSeconds.Should().BeApproximately(5 * 3600 + 90, 10);
    }
}

/// <summary>A carrier whose prints are made without sound: a thousand times faster.</summary>
internal sealed class PrintedStation
{
    public const int PrintsInSecond = 32;

    private readonly Random noise = new(99);
    private readonly SoundTrack track;

    public PrintedStation()
    {
        var block = new SoundBlock();
        var search = new PrintSearch();
        track = new SoundTrack(Listening.Hz, t =>
        {
            block.Take(t);
            Loops.Take(block, t, search);
        });
    }

    public LoopFinder Loops { get; } = new();

    /// <summary>Prints that change from hop to hop in three of sixteen bits, as measured of speech and music.</summary>
    public static uint[] Programme(int seed, int seconds)
    {
        var random = new Random(seed);
        var prints = new uint[seconds * PrintsInSecond];
        var bits = Bits(random);
        for (var i = 0; i < prints.Length; i++) prints[i] = bits ^= Bits(random) & Bits(random) & (Bits(random) | Bits(random));
        return prints;
    }

    /// <summary>An eighth of the bits are received wrong.</summary>
    public void Play(uint[] prints)
    {
        foreach (var bits in prints) track.Add(new SoundPrint(bits ^ (Bits(noise) & Bits(noise) & Bits(noise)), true));
    }

    public void Silent(int seconds)
    {
        for (var i = 0; i < seconds * PrintsInSecond; i++) track.Add(new SoundPrint(0, false));
    }

    private static uint Bits(Random random) => (uint)random.NextInt64(1L << 32);
}
