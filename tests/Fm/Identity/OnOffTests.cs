using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>When carriers were on the air, and what that shows: schedules, partners, spurious emissions.</summary>
public sealed class OnOffTests
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private static DateTimeOffset Local(int day, int hour, int minute = 0, int second = 0) => new(2026, 3, day, hour, minute, second, China);

    // Readings of 20 s from noon of the 1st; each carrier is on the air where its function says so.
    private static Scene Nights(int nights, params (double MHz, Func<DateTimeOffset, bool> On)[] carriers) => Nights(nights, _ => true, carriers);

    private static Scene Nights(int nights, Func<DateTimeOffset, bool> watched, params (double MHz, Func<DateTimeOffset, bool> On)[] carriers)
    {
        var scene = new Scene { Now = Local(1, 12) }.Register(Licence(91.8), Licence(95.8), Licence(99.3), Licence(103.6)).With(Carrier(91.8), Carrier(95.8), Carrier(99.3), Carrier(103.6));
        for (var t = Local(1, 12); t < Local(1 + nights, 12); t = t.AddSeconds(20))
        {
            foreach (var (mhz, on) in carriers) scene.With(Carrier(mhz, onAir: on(t)));
            if (watched(t)) scene.Run(20, each: 20); else scene.Unwatched(20);
        }
        return scene;
    }

    private static Func<DateTimeOffset, bool> Between(double fromHour, double toHour, Func<int, double>? jitterMinutes = null) => t =>
    {
        var local = t.ToOffset(China);
        var night = local.AddHours(-12).Day;
        var hour = (local - new DateTimeOffset(2026, 3, night, 12, 0, 0, China)).TotalHours + 12 - (jitterMinutes?.Invoke(night) ?? 0) / 60;
        return hour >= fromHour && hour < toHour;
    };

    [Fact]
    public void Edges_are_where_the_carrier_was_switched_and_short_fades_are_none()
    {
        var scene = new Scene().With(Carrier(91.8)).Run(100).With(Carrier(97.8)).Run(100);
        scene.With(Carrier(97.8, onAir: false)).Run(9).With(Carrier(97.8)).Run(50).With(Carrier(97.8, onAir: false)).Run(30);
        scene.Edges.Should().Equal(
            new OnOffEdge(91_800_000, Start, true) { AfterGap = true },
            new OnOffEdge(97_800_000, Start.AddSeconds(100), true),
            new OnOffEdge(97_800_000, Start.AddSeconds(259), false));
    }

    [Fact]
    public void What_changed_while_nobody_watched_is_unknown_and_no_edge_of_anybody()
    {
        var scene = new Scene().With(Carrier(91.8)).Run(60).Unwatched(600).With(Carrier(97.8)).Without(91.8).Run(60);
        scene.Edges.Skip(1).Should().AllSatisfy(e => e.AfterGap.Should().BeTrue());
        var history = scene.Identifier.History;
        history.IsOn(91_800_000, Start.AddSeconds(59)).Should().BeTrue();
        history.IsOn(91_800_000, Start.AddSeconds(300)).Should().BeNull();
        history.IsOn(91_800_000, Start.AddSeconds(700)).Should().BeFalse();
        history.IsOn(97_800_000, Start.AddSeconds(30)).Should().BeNull();
        history.IsOn(97_800_000, Start.AddSeconds(700)).Should().BeTrue();
    }

    [Fact]
    public void A_days_strip_has_no_holes_and_unknown_is_not_off()
    {
        var history = new OnOffHistory(China);
        history.Watch(Local(2, 1), Local(2, 10));
        history.Watch(Local(2, 11), Local(3, 1));
        history.Add(new OnOffEdge(97_800_000, Local(2, 2), true));
        history.Add(new OnOffEdge(97_800_000, Local(2, 6), false));
        history.Add(new OnOffEdge(97_800_000, Local(2, 23), true));
        history.Day(97_800_000, new DateOnly(2026, 3, 2)).Should().Equal(
            new OnOffStretch(Local(2, 0), Local(2, 1), null), new OnOffStretch(Local(2, 1), Local(2, 2), false), new OnOffStretch(Local(2, 2), Local(2, 6), true), new OnOffStretch(Local(2, 6), Local(2, 10), false),
            new OnOffStretch(Local(2, 10), Local(2, 11), null), new OnOffStretch(Local(2, 11), Local(2, 23), false), new OnOffStretch(Local(2, 23), Local(3, 0), true));
    }

    [Fact]
    public void Edges_alone_restore_the_days_between_them()
    {
        var history = new OnOffHistory(China);
        history.Restore([new OnOffEdge(97_800_000, Local(2, 6), false), new OnOffEdge(97_800_000, Local(1, 23), true)]);
        history.IsOn(97_800_000, Local(2, 2)).Should().BeTrue();
        history.IsOn(97_800_000, Local(2, 7)).Should().BeNull();
    }

    [Fact]
    public void It_reaches_30_days_back_and_holds_no_more_than_its_bounds()
    {
        var history = new OnOffHistory(China);
        for (var n = 0; n < 5_000; n++)
        {
            history.Watch(Local(1, 0).AddMinutes(20 * n), Local(1, 0).AddMinutes(20 * n + 10));
            history.Add(new OnOffEdge(97_800_000, Local(1, 0).AddMinutes(20 * n), n % 2 == 0));
            history.Add(new OnOffEdge(87_000_000 + n * 10_000, Local(1, 0).AddMinutes(20 * n), true));
        }
        history.Edges(97_800_000).Should().HaveCount(1024);
        history.Frequencies.Should().HaveCountLessThanOrEqualTo(512).And.Contain(97_800_000);
        history.Watched.Should().HaveCountLessThanOrEqualTo(4096).And.OnlyContain(s => s.To > Local(1, 0).AddMinutes(20 * 4999) - OnOffHistory.Reach);
    }

    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(2, 0, false)]
    [InlineData(3, 9, true)]
    [InlineData(3, 25, false)]
    public void A_schedule_is_switched_within_10_minutes_on_three_of_five_nights(int nights, double jitter, bool found)
    {
        var scene = Nights(nights, (97.8, Between(23, 30, night => jitter * (night % 3 - 1))));
        scene.With(Carrier(97.8)).Run(5);
        scene.Reasons(97.8).Contains("schedule").Should().Be(found);
        if (found) scene.At(97.8).Reasons.Single(r => r.Code == "schedule").Sentence.Zh.Should().Contain("23:00").And.Contain("06:00");
    }

    [Theory]
    [InlineData(17, 31, true)]
    [InlineData(14, 31, false)]
    public void Nine_tenths_of_its_time_must_lie_at_night(double from, double to, bool found)
    {
        var scene = Nights(3, (97.8, Between(from, to)));
        scene.With(Carrier(97.8)).Run(5);
        scene.Reasons(97.8).Contains("schedule").Should().Be(found);
    }

    [Fact]
    public void Nights_that_nobody_watched_the_switching_of_do_not_count()
    {
        var scene = Nights(3, t => t.ToOffset(China) is { Hour: not (22 or 23) }, (97.8, Between(23, 30)));
        scene.With(Carrier(97.8)).Run(5);
        scene.Reasons(97.8).Should().NotContain("schedule");
    }

    [Theory]
    [InlineData(2, 40, true)]
    [InlineData(1, 40, false)]
    [InlineData(2, 80, false)]
    public void Partners_are_switched_within_a_minute_on_two_nights(int nights, double apartSeconds, bool found)
    {
        var scene = Nights(nights, (97.8, Between(21, 30)), (94.5, Between(21 + apartSeconds / 3600, 30 + apartSeconds / 3600)));
        scene.With(Carrier(97.8), Carrier(94.5)).Run(5);
        scene.Reasons(97.8).Contains("co-switching").Should().Be(found);
        scene.Reasons(94.5).Contains("co-switching").Should().Be(found);
        scene.Reasons(91.8).Should().BeEmpty();
    }

    [Fact]
    public void A_licensed_station_that_begins_at_the_same_time_is_no_partner()
    {
        var scene = Nights(3, (97.8, Between(29, 35)), (95.8, Between(29, 40)));
        scene.With(Carrier(97.8)).Run(5);
        scene.Reasons(97.8).Should().NotContain("co-switching");
    }

    [Fact]
    public void A_receiver_that_goes_deaf_switches_nobody()
    {
        var on = Between(23, 30);
        var scene = Nights(3, (97.8, on), (94.5, on), (91.8, on), (95.8, on), (99.3, on), (103.6, on));
        scene.With(Carrier(97.8), Carrier(94.5)).Run(5);
        scene.Edges.Should().AllSatisfy(e => e.AfterGap.Should().BeTrue());
        scene.Reasons(97.8).Should().NotContain("schedule").And.NotContain("co-switching");
    }

    [Fact]
    public void A_carrier_that_flutters_all_night_fits_no_schedule()
    {
        var scene = Nights(4, (97.8, t => t.ToOffset(China).Hour is >= 20 or < 6 && t.Minute / 5 % 2 == 0), (94.5, t => t.ToOffset(China).Hour is >= 20 or < 6 && t.Minute / 5 % 2 == 0));
        scene.With(Carrier(97.8)).Run(5);
        scene.Reasons(97.8).Should().NotContain("schedule").And.NotContain("co-switching");
    }

    [Fact]
    public void A_signal_in_the_aviation_band_that_is_switched_with_it_is_its_spurious_emission()
    {
        var scene = Nights(2, (97.8, Between(22, 29)), (118.3, Between(22, 29)), (121.5, Between(20, 31)));
        scene.With(Carrier(97.8)).Run(5);
        scene.At(97.8).Reasons.Should().ContainSingle(r => r.Code == "spurious-108-137").Which.Sentence.En.Should().Contain("118.3 MHz").And.Contain("4 times");
    }

    [Fact]
    public void The_same_sound_counts_on_frequencies_that_nobody_is_licensed_for()
    {
        var scene = new Scene().Register(Licence(91.8)).With(Carrier(91.8), Carrier(97.8), Carrier(94.5)).Sound(97.8, new ContentFindings(0, 0, [91_800_000])).Run(1);
        scene.Reasons(97.8).Should().NotContain("same-sound");
        scene.Sound(97.8, new ContentFindings(0, 0, [91_800_000, 94_500_000])).Run(1);
        scene.At(97.8).Reasons.Single(r => r.Code == "same-sound").Sentence.En.Should().Contain("94.5 MHz").And.NotContain("91.8");
    }

    [Fact]
    public void Off_the_raster_is_a_reason() => new Scene().With(Carrier(97.86, offRaster: true)).Run(1).Reasons(97.86).Should().Equal("not-in-register", "off-raster");
}
