using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>What a carrier is, by register and modulation.</summary>
public sealed class StatusTests
{
    [Theory]
    [InlineData(LicenceClass.Licensed, CarrierStatus.Licensed)]
    [InlineData(LicenceClass.Relay, CarrierStatus.Licensed)]
    [InlineData(LicenceClass.Test, CarrierStatus.Licensed)]
    [InlineData(LicenceClass.Overspill, CarrierStatus.Overspill)]
    public void A_carrier_of_the_register_is_what_its_entry_says(LicenceClass kind, CarrierStatus status)
    {
        var scene = new Scene().Register(Licence(97.4, kind: kind)).With(Carrier(97.4)).Run(600);
        scene.At(97.4).Status.Should().Be(status);
        scene.At(97.4).Licence!.Name.Should().Be("电台");
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void A_modulated_carrier_that_nobody_is_licensed_for_is_unregistered()
    {
        var id = new Scene().Register(Licence(97.4)).With(Carrier(97.8)).Run(1).At(97.8);
        id.Status.Should().Be(CarrierStatus.Unregistered);
        id.Score.Should().Be(40);
        id.Reasons.Should().ContainSingle().Which.Sentence.Zh.Should().Contain("97.8 MHz").And.Contain("35.0 dB");
    }

    [Fact]
    public void A_bare_carrier_is_named_as_such_and_accused_of_nothing()
    {
        var scene = new Scene().With(Carrier(98.5, modulated: false, pilot: false, rmsHz: 0)).Run(600);
        scene.At(98.5).Status.Should().Be(CarrierStatus.CarrierOnly);
        scene.Reasons(98.5).Should().Equal("unmodulated-carrier");
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void Without_a_register_nobody_is_accused()
    {
        var scene = new Scene(hasRegister: false).With(Carrier(97.8, over: true), Carrier(98.5, modulated: false)).Run(600);
        scene.Last.Should().AllSatisfy(i => (i.Status, i.Score, i.Stage).Should().Be((CarrierStatus.Unknown, 0, SuspicionStage.None)));
        scene.Reasons(97.8).Should().Equal("register-unknown");
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void Modulation_that_noise_hides_leaves_the_carrier_unknown()
    {
        var scene = new Scene().With(Carrier(97.8, modulated: null, snr: 8)).Run(400);
        scene.At(97.8).Status.Should().Be(CarrierStatus.Unknown);
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void A_licence_that_has_run_out_permits_nothing_and_is_named()
    {
        var scene = new Scene().Register(Licence(97.8, to: new DateOnly(2026, 3, 1), name: "过期台")).With(Carrier(97.8)).Run(1);
        scene.At(97.8).Status.Should().Be(CarrierStatus.Unregistered);
        scene.At(97.8).Reasons.Single(r => r.Code == "not-in-register").Sentence.En.Should().Contain("过期台");
    }

    [Fact]
    public void The_last_day_of_a_licence_ends_at_midnight_by_legal_time()
    {
        var scene = new Scene { Now = new DateTimeOffset(2026, 3, 1, 15, 59, 58, TimeSpan.Zero) }.Register(Licence(97.8, to: new DateOnly(2026, 3, 1))).With(Carrier(97.8));
        scene.Run(1).At(97.8).Status.Should().Be(CarrierStatus.Licensed);
        scene.Run(1).At(97.8).Status.Should().Be(CarrierStatus.Unregistered);
    }

    [Fact]
    public void Outside_of_the_band_the_register_says_nothing()
    {
        var scene = new Scene().With(Carrier(118.1), Carrier(86.5)).Run(400);
        scene.Last.Should().AllSatisfy(i => i.Status.Should().Be(CarrierStatus.Unknown));
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void A_masked_image_is_given_with_its_arithmetic()
    {
        var scene = new Scene().Register(Licence(98.6)).With(Carrier(98.6, dbfs: -12));
        scene.Masked.Add(new MaskedPeak(97_401_000, -42.5, MaskReason.Image, 98_599_000));
        scene.Masked.Add(new MaskedPeak(98_300_000, -52.5, MaskReason.Skirt, 98_599_000));
        scene.Run(400);
        scene.Last.Select(i => (i.NominalHz, i.Status)).Should().Equal((97_400_000, CarrierStatus.Image), (98_600_000, CarrierStatus.Licensed));
        scene.Exclusion(97.4, "image").Should().Match<ExclusionCheck>(e => e.Explains == true && e.Arithmetic.En.Contains("2 × 98.0 − 98.599 = 97.401 MHz") && e.Arithmetic.En.Contains("30.5 dB below"));
        (scene.At(97.4).Score, scene.At(97.4).Stage).Should().Be((0, SuspicionStage.None));
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void A_station_at_the_mirror_of_a_stronger_one_stays_a_suspect_with_the_sum_that_was_checked()
    {
        var scene = new Scene(new IdentitySettings { CenterFrequencyHz = 98e6, FrequencyAccuracyPpm = 0.01 }).Register(Licence(98.6)).With(Carrier(98.6, dbfs: -12), Carrier(97.4, dbfs: -40)).Run(1);
        scene.Exclusion(97.4, "image").Should().Match<ExclusionCheck>(e => e.Explains == false && e.Arithmetic.En.Contains("2 × 98.0 − 98.6 = 97.4 MHz"));
        scene.At(97.4).Stage.Should().Be(SuspicionStage.Candidate);
    }

    [Fact]
    public void Without_the_middle_of_the_band_the_mirror_cannot_be_computed_and_an_image_that_is_known_gives_it()
    {
        var scene = new Scene().Register(Licence(98.6)).With(Carrier(98.6, dbfs: -12), Carrier(97.7, dbfs: -40)).Run(1);
        scene.Exclusion(97.7, "image").Explains.Should().BeNull();
        scene.Masked.Add(new MaskedPeak(97_400_000, -42, MaskReason.Image, 98_600_000));
        scene.Run(1).Exclusion(97.7, "image").Should().Match<ExclusionCheck>(e => e.Explains == false && e.Arithmetic.En.Contains("2 × 98.0 − 97.7 = 98.3 MHz"));
    }

    [Fact]
    public void A_suspect_that_turns_out_to_be_an_image_is_cleared_at_once()
    {
        var scene = new Scene().With(Carrier(98.6, dbfs: -12), Carrier(97.4, dbfs: -40)).Run(3);
        scene.With(Carrier(97.4, dbfs: -40, onAir: false)).Masked.Add(new MaskedPeak(97_400_000, -42, MaskReason.Image, 98_600_000));
        scene.Run(1);
        scene.Stages.Last(s => s.FrequencyHz == 97_400_000).To.Should().Be(SuspicionStage.None);
        scene.At(97.4).Status.Should().Be(CarrierStatus.Image);
    }
}
