using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>Licensed frequencies: what is learnt of their stations, and what speaks for somebody else in their place.</summary>
public sealed class SignatureTests
{
    private static CarrierReading Own(double dbfs = -20, double offsetHz = 50, bool? pilot = true, ushort? pi = 0xA203, string? ps = "OE1     ", bool? over = false, double snr = 40) =>
        Carrier(97.4, dbfs, offsetHz, pilot: pilot, pi: pi, ps: ps, over: over, snr: snr);

    // Three more stations, which tell a change of the station from one of the receiver, and a day and some to learn them all.
    private static Scene Learnt(LicenceClass kind = LicenceClass.Licensed, double? maxLevel = null)
    {
        var scene = new Scene().Register(Licence(97.4, "A203", kind, maxLevel: maxLevel), Licence(98.2), Licence(98.8), Licence(99.6), Licence(101.1));
        return scene.With(Own(), Carrier(98.2, -25), Carrier(98.8, -32), Carrier(99.6, -22), Carrier(101.1, -28)).Run(90_000, each: 60);
    }

    [Fact]
    public void A_station_as_it_always_was_has_no_reasons()
    {
        var scene = Learnt().Run(3600, each: 10);
        scene.Reasons(97.4).Should().BeEmpty();
        scene.At(97.4).LevelJumpDb.Should().BeApproximately(0, 0.6);
        scene.At(97.4).OffsetJumpHz.Should().BeApproximately(0, 1);
    }

    [Fact]
    public void A_pirate_in_its_place_with_another_PI_is_a_masquerade()
    {
        var scene = Learnt().With(Own(-12, 2_600, pilot: false, pi: 0x1234, ps: "HEALTH  ", over: true)).Run(1);
        scene.Reasons(97.4).Should().BeEquivalentTo("signature-pi", "signature-ps", "over-deviation");
        scene.At(97.4).Should().Match<Identification>(i => i.Masquerade && i.Status == CarrierStatus.Licensed && i.Score == 50 && i.Stage == SuspicionStage.Candidate);
        scene.Run(600);
        scene.Reasons(97.4).Should().BeEquivalentTo("signature-pi", "signature-ps", "over-deviation", "signature-pilot", "signature-offset", "signature-level");
        scene.At(97.4).Stage.Should().Be(SuspicionStage.Held);
        scene.At(97.4).Reasons.Single(r => r.Code == "signature-pi").Sentence.En.Should().Contain("1234").And.Contain("the register says A203");
        scene.With(Own()).Run(1).At(97.4).Stage.Should().Be(SuspicionStage.None);
    }

    [Fact]
    public void Another_PI_alone_is_a_hint_and_no_masquerade()
    {
        var scene = Learnt().With(Own(pi: 0x1234)).Run(900);
        scene.Reasons(97.4).Should().Equal("signature-pi");
        scene.At(97.4).Should().Match<Identification>(i => !i.Masquerade && i.Score == 30 && i.Stage == SuspicionStage.None);
    }

    [Fact]
    public void The_regional_variant_of_a_programme_is_the_programme() => Learnt().With(Own(pi: 0xA503)).Run(60).Reasons(97.4).Should().BeEmpty();

    [Fact]
    public void A_distant_station_that_is_heard_while_this_one_is_silent_is_not_accused()
    {
        var scene = Learnt().With(Own(-45, 900, pilot: false, pi: 0x1234, ps: "FAR     ", snr: 22)).Run(900);
        scene.Reasons(97.4).Should().Contain("signature-pi").And.Contain("weaker-than-learnt");
        scene.At(97.4).Stage.Should().Be(SuspicionStage.None);
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void A_reserve_transmitter_without_coder_and_weaker_is_not_accused()
    {
        var scene = Learnt().With(Own(-28, 700, pilot: false, pi: null, ps: null)).Run(900);
        scene.Reasons(97.4).Should().BeEquivalentTo("rds-missing-where-licensed", "signature-pilot", "signature-offset", "signature-level");
        scene.At(97.4).Masquerade.Should().BeFalse();
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void A_mono_pirate_beyond_the_frequency_tolerance_in_its_place_is_a_masquerade()
    {
        var scene = Learnt().With(Own(-18, -2_400, pilot: false, pi: null, ps: null)).Run(299);
        scene.At(97.4).Masquerade.Should().BeFalse();
        scene.Run(1).At(97.4).Should().Match<Identification>(i => i.Masquerade && i.Stage == SuspicionStage.Candidate);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void Missing_RDS_must_last_a_minute(int seconds, bool missing) => Learnt().With(Own(pi: null, ps: null)).Run(seconds).Reasons(97.4).Contains("rds-missing-where-licensed").Should().Be(missing);

    [Fact]
    public void Where_reception_is_poor_nothing_is_missing() => Learnt().With(Own(pilot: false, pi: null, ps: null, snr: 15)).Run(400).Reasons(97.4).Should().BeEmpty();

    [Theory]
    [InlineData(5, 900, false)]
    [InlineData(7, 599, false)]
    [InlineData(7, 601, true)]
    [InlineData(-7, 601, true)]
    public void A_level_jump_is_6_dB_for_ten_minutes(double db, int seconds, bool jumps)
    {
        var scene = Learnt().With(Own(-20 + db)).Run(seconds);
        scene.Reasons(97.4).Contains("signature-level").Should().Be(jumps);
        scene.At(97.4).LevelJumpDb.Should().BeApproximately(db, 0.6);
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void What_all_stations_have_in_common_is_the_receivers()
    {
        var scene = Learnt();
        var changed = scene.Carriers.Select(c => c with { LevelDbfs = c.LevelDbfs - 12, OffsetHz = c.OffsetHz + 4_000 }).ToArray();
        var free = new Scene(new IdentitySettings());
        free.Register(Licence(97.4, "A203"), Licence(98.2), Licence(98.8), Licence(99.6), Licence(101.1)).With([.. scene.Carriers]).Run(90_000, each: 60);
        free.With(changed).Run(1200, each: 10);
        free.Last.Should().AllSatisfy(i => i.Reasons.Should().BeEmpty());
        free.At(97.4).LevelJumpDb.Should().BeApproximately(0, 0.6);
    }

    [Fact]
    public void An_oscillator_that_nobody_knows_accuses_nobody_of_its_own_error()
    {
        var scene = new Scene(new IdentitySettings()).Register(Licence(97.4)).With(Carrier(97.4, offsetHz: 5_000), Carrier(97.8, offsetHz: 5_100)).Run(400);
        scene.Reasons(97.8).Should().Equal("not-in-register");
        scene.Reasons(97.4).Should().BeEmpty();
        scene.At(97.4).OffsetJumpHz.Should().BeNull();
        // A second one that does not agree with the first shows nothing.
        scene.Register(Licence(98.2)).With(Carrier(98.2, offsetHz: 4_600)).Run(10).At(97.8).OffsetJumpHz.Should().BeNull();
        // Three licensed stations show it: of the pirate's 5.1 kHz all but 100 Hz are the receiver's.
        scene.Register(Licence(98.2), Licence(98.8)).With(Carrier(98.2, offsetHz: 5_040), Carrier(98.8, offsetHz: 5_070)).Run(400);
        scene.At(97.8).OffsetJumpHz.Should().BeApproximately(80, 20);
        scene.With(Carrier(97.8, offsetHz: 2_500)).Run(1);
        scene.Reasons(97.8).Should().Contain("signature-offset");
    }

    [Theory]
    [InlineData(1_900, false)]
    [InlineData(-2_300, true)]
    public void An_unregistered_carrier_beyond_the_tolerance_has_one_more_reason(double offset, bool beyond) =>
        new Scene().With(Carrier(97.8, offsetHz: offset)).Run(1).Reasons(97.8).Contains("signature-offset").Should().Be(beyond);

    [Fact]
    public void A_name_that_moves_is_no_signature()
    {
        var scene = new Scene().Register(Licence(97.4, "A203"));
        for (var n = 0; n < 200; n++) scene.With(Own(ps: $"TEXT {n % 12,3}")).Run(60, each: 10);
        scene.With(Own(ps: "OTHER   ")).Run(10).Reasons(97.4).Should().BeEmpty();
    }

    [Theory]
    [InlineData(600, true)]
    [InlineData(601, false)]
    public void A_new_name_is_a_reason_for_ten_minutes_and_then_the_stations(int seconds, bool differs) =>
        Learnt().With(Own(ps: "NEWS    ")).Run(seconds).Reasons(97.4).Contains("signature-ps").Should().Be(differs);

    [Fact]
    public void While_somebody_else_is_there_nothing_of_him_is_learnt()
    {
        var scene = Learnt().With(Own(pi: 0x1234, offsetHz: 50, ps: "HEALTH  ")).Run(200_000, each: 60);
        scene.Reasons(97.4).Should().BeEquivalentTo("signature-pi", "signature-ps");
        scene.With(Own()).Run(60).Reasons(97.4).Should().BeEmpty();
    }

    [Fact]
    public void A_person_can_say_that_the_register_is_wrong()
    {
        var scene = Learnt().With(Own(pi: 0x1234)).Run(10);
        scene.Reasons(97.4).Should().Contain("signature-pi");
        scene.Identifier.AcceptSignature(97_400_000, 0x1234, "陈", "换了编码器", scene.Now);
        scene.Restart().Run(10).Reasons(97.4).Should().BeEmpty();
        scene.With(Own()).Run(10).Reasons(97.4).Should().Contain("signature-pi");
        scene.Identifier.Decisions.Should().ContainSingle(d => d.Verdict == PersonVerdict.SignatureAccepted && d.Reason == "换了编码器");
    }

    [Fact]
    public void A_test_transmission_may_change_whatever_it_likes()
    {
        var scene = Learnt(LicenceClass.Test).With(Own(-5, 2_500, pilot: false, pi: 0x1234, over: true)).Run(900);
        scene.Reasons(97.4).Should().Equal("test-licence");
        scene.At(97.4).Score.Should().Be(0);
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void What_was_learnt_survives_a_restart()
    {
        var scene = Learnt().Restart().With(Own(-12, pi: 0x1234, pilot: false)).Run(601);
        scene.Reasons(97.4).Should().BeEquivalentTo("signature-pi", "signature-pilot", "signature-level");
        scene.At(97.4).Reasons.Single(r => r.Code == "signature-pi").Sentence.En.Should().Contain("A203 was there before");
    }

    [Fact]
    public void Overspill_below_its_maximum_is_never_suspect()
    {
        var scene = new Scene { FieldAtFullScale = 80 }.Register(Licence(93.4, "1111", LicenceClass.Overspill, maxLevel: 60)).With(Carrier(93.4, -25, 3_000, pi: 0x2222, over: true)).Run(4000);
        scene.At(93.4).Should().Match<Identification>(i => i.Status == CarrierStatus.Overspill && i.Score == 0 && i.FieldDbuvm == 55 && i.OverspillExcessDb == -5);
        scene.Reasons(93.4).Should().Contain("overspill-expected");
        scene.Stages.Should().BeEmpty();
    }

    [Theory]
    [InlineData(9, 1801, false)]
    [InlineData(11, 1799, false)]
    [InlineData(11, 1800, true)]
    public void Overspill_is_noted_from_10_dB_above_its_maximum_for_half_an_hour(double above, int seconds, bool noted)
    {
        var scene = new Scene { FieldAtFullScale = 80 }.Register(Licence(93.4, kind: LicenceClass.Overspill, maxLevel: 60)).With(Carrier(93.4, -20 + above)).Run(seconds);
        scene.Reasons(93.4).Contains("overspill-excess").Should().Be(noted);
        scene.At(93.4).OverspillExcessDb.Should().BeApproximately(above, 1e-9);
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void Where_the_receiver_is_not_calibrated_nothing_is_said_of_overspills_level()
    {
        var scene = new Scene().Register(Licence(93.4, kind: LicenceClass.Overspill, maxLevel: 60)).With(Carrier(93.4, -5)).Run(2000);
        scene.At(93.4).Should().Match<Identification>(i => i.FieldDbuvm == null && i.OverspillExcessDb == null && i.Score == 0);
        scene.Reasons(93.4).Should().BeEmpty();
    }

    [Fact]
    public void A_licence_for_less_deviation_is_compared_with_its_own_limit()
    {
        var scene = new Scene().Register(Licence(97.4, maxDeviationHz: 50_000), Licence(98.2, maxDeviationHz: 100_000)).With(Carrier(97.4), Carrier(98.2, over: true)).Run(1);
        scene.At(97.4).Reasons.Should().ContainSingle(r => r.Code == "over-deviation").Which.Sentence.En.Should().Contain("50 kHz are allowed");
        scene.Reasons(98.2).Should().BeEmpty();
    }
}
