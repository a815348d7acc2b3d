using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>How a suspicion ripens: candidate at once, held after 300 s on the air, confirmed by content or a person.</summary>
public sealed class StagingTests
{
    private static readonly CarrierReading Pirate = Carrier(97.8, pilot: false);

    private static IEnumerable<(SuspicionStage, double)> Steps(Scene scene) => scene.Stages.Select(s => (s.To, (s.At - Start).TotalSeconds));

    [Fact]
    public void It_is_a_candidate_at_once_and_held_at_300_s_exactly_and_each_once()
    {
        var scene = new Scene().With(Pirate).Run(900);
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.Held, 300));
        scene.At(97.8).SuspectedSince.Should().Be(Start);
        scene.At(97.8).PresentSeconds.Should().BeApproximately(900, 1e-6);
    }

    [Fact]
    public void Readings_of_a_tenth_of_a_second_count_the_same() => Steps(new Scene().With(Pirate).Run(310, each: 0.1)).Should().HaveCount(2).And.Contain(s => s.Item1 == SuspicionStage.Held && Math.Abs(s.Item2 - 300) < 0.05);

    [Theory]
    [InlineData(11.9, true, false)]
    [InlineData(12, true, true)]
    [InlineData(20, false, false)]
    public void It_begins_only_where_reception_and_modulation_allow(double snr, bool modulated, bool begins) =>
        new Scene().With(Carrier(97.8, snr: snr, modulated: modulated)).Run(5).Stages.Should().HaveCount(begins ? 1 : 0);

    [Fact]
    public void A_fade_below_12_dB_does_not_end_it()
    {
        var scene = new Scene().With(Pirate).Run(100).With(Carrier(97.8, snr: 7, pilot: false, modulated: null)).Run(100).With(Pirate).Run(100);
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.Held, 300));
    }

    [Fact]
    public void A_gap_of_10_s_is_forgiven_and_does_not_count()
    {
        var scene = new Scene().With(Pirate).Run(100).Without(97.8).Run(10).With(Pirate).Run(250);
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.Held, 310));
    }

    [Fact]
    public void A_gap_of_11_s_ends_it_and_all_begins_anew()
    {
        var scene = new Scene().With(Pirate).Run(299).With(Carrier(97.8, onAir: false)).Run(11).With(Pirate).Run(300);
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.None, 310), (SuspicionStage.Candidate, 311), (SuspicionStage.Held, 610));
    }

    [Fact]
    public void Lost_samples_neither_count_nor_reset()
    {
        var scene = new Scene().With(Pirate).Run(200).Unwatched(120).Run(200);
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.Held, 420));
    }

    [Fact]
    public void More_than_ten_minutes_that_nobody_watched_are_not_bridged()
    {
        var scene = new Scene().With(Pirate).Run(200).Unwatched(601).Run(200);
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.None, 802), (SuspicionStage.Candidate, 802));
    }

    [Fact]
    public void A_restart_continues_the_hold()
    {
        var scene = new Scene().With(Pirate).Run(200).Restart().Unwatched(30).Run(99);
        scene.At(97.8).Stage.Should().Be(SuspicionStage.Candidate);
        scene.Run(1).At(97.8).Stage.Should().Be(SuspicionStage.Held);
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.Held, 330));
    }

    [Fact]
    public void A_pirate_that_went_during_the_restart_is_not_held()
    {
        var scene = new Scene().With(Pirate).Run(299).Restart().Without(97.8).Run(11);
        Steps(scene).Last().Should().Be((SuspicionStage.None, 310));
    }

    [Fact]
    public void A_pause_of_the_programme_stops_the_clock_and_nothing_else()
    {
        var scene = new Scene().With(Pirate).Run(200).With(Carrier(97.8, modulated: false, pilot: false)).Run(120);
        scene.At(97.8).Status.Should().Be(CarrierStatus.CarrierOnly);
        scene.At(97.8).Stage.Should().Be(SuspicionStage.Candidate);
        scene.With(Pirate).Run(60);
        // The first 60 s of the pause are a programme's; the next 60 s are a bare carrier's.
        Steps(scene).Should().Equal((SuspicionStage.Candidate, 1), (SuspicionStage.Held, 360));
    }

    [Fact]
    public void A_register_that_is_gone_for_a_while_stops_the_clock_and_an_entry_ends_it()
    {
        var scene = new Scene().With(Pirate).Run(100);
        scene.HasRegister = false;
        scene.Run(100);
        scene.At(97.8).Status.Should().Be(CarrierStatus.Unknown);
        scene.HasRegister = true;
        scene.Run(100).At(97.8).PresentSeconds.Should().BeApproximately(200, 1e-6);
        scene.Register(Licence(97.8)).Run(1).At(97.8).Stage.Should().Be(SuspicionStage.None);
        scene.Stages.Last().Why.En.Should().Contain("register");
    }

    [Theory]
    [InlineData(2, 90, SuspicionStage.Held)]
    [InlineData(3, 59, SuspicionStage.Held)]
    [InlineData(3, 60, SuspicionStage.Confirmed)]
    public void A_loop_of_three_repeats_of_a_minute_confirms_it(int loops, double seconds, SuspicionStage stage)
    {
        var scene = new Scene().With(Pirate).Sound(97.8, new ContentFindings(loops, seconds, [])).Run(301);
        scene.At(97.8).Stage.Should().Be(stage);
        scene.Reasons(97.8).Contains("content-loop").Should().Be(stage == SuspicionStage.Confirmed);
    }

    [Fact]
    public void A_loop_alone_confirms_no_candidate() => new Scene().With(Pirate).Sound(97.8, new ContentFindings(5, 90, [])).Run(299).At(97.8).Stage.Should().Be(SuspicionStage.Candidate);

    [Fact]
    public void A_person_confirms_and_the_confirmation_holds_for_24_h()
    {
        var scene = new Scene().With(Pirate).Run(10);
        scene.Identifier.Confirm(97_800_000, "李", scene.Now).Should().BeTrue();
        scene.Run(1).At(97.8).Stage.Should().Be(SuspicionStage.Confirmed);
        scene.Stages.Last().Why.Zh.Should().Contain("李");
        scene.Without(97.8).Run(20).With(Pirate).Run(1).At(97.8).Stage.Should().Be(SuspicionStage.Confirmed);
        scene.Without(97.8).Run(20).Unwatched(86_400).With(Pirate).Run(1).At(97.8).Stage.Should().Be(SuspicionStage.Candidate);
    }

    [Fact]
    public void Nobody_can_confirm_what_is_no_suspicion() => new Scene().Register(Licence(97.8)).With(Pirate).Run(10).Identifier.Confirm(97_800_000, "李", Start).Should().BeFalse();

    [Fact]
    public void A_dismissal_ends_it_is_audited_survives_a_restart_and_expires()
    {
        var scene = new Scene().With(Pirate).Run(10);
        scene.Identifier.Dismiss(97_800_000, "王", "校园台，手续在办", scene.Now, TimeSpan.FromHours(1));
        scene.Stages.Last().Should().Match<StageChange>(s => s.To == SuspicionStage.None && s.Why.Zh.Contains("校园台"));
        scene.Restart().Run(3580).At(97.8).Should().Match<Identification>(i => i.Stage == SuspicionStage.None && i.Status == CarrierStatus.Unregistered && i.DismissedUntil != null);
        scene.Identifier.Decisions.Should().ContainSingle(d => d.Who == "王" && d.Verdict == PersonVerdict.Dismissed && d.Reason == "校园台，手续在办");
        scene.Run(20).At(97.8).Stage.Should().Be(SuspicionStage.Candidate);
    }
}
