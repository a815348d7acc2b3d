using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>What else a carrier could be. A frequency that fits is not enough; evidence is, and one fact against is.</summary>
public sealed class ExclusionTests
{
    // 2 × 98.2 − 97.4 = 99.0 MHz; with offsets of +180 and −40 Hz: +400 Hz.
    private static Scene Parents(double productDbfs = -52, double offsetHz = 400, double? rmsHz = 38_000, ushort? pi = null, double snr = 25) =>
        new Scene().Register(Licence(97.4, "A203"), Licence(98.2, "8201")).With(
            Carrier(97.4, -18, -40, pi: 0xA203), Carrier(98.2, -14, 180, pi: 0x8201), Carrier(99.0, productDbfs, offsetHz, pilot: false, rmsHz: rmsHz, pi: pi, snr: snr));

    private static bool? Explains(Scene scene) => scene.Exclusion(99.0, "intermodulation").Explains;

    [Fact]
    public void A_frequency_and_level_that_fit_prove_nothing()
    {
        var scene = Parents().Run(420);
        Explains(scene).Should().BeNull();
        scene.At(99.0).Status.Should().Be(CarrierStatus.Unregistered);
        scene.At(99.0).Stage.Should().Be(SuspicionStage.Held);
        scene.Exclusion(99.0, "intermodulation").Arithmetic.En.Should().Contain("2 × 98.2002 − 97.4000 = 99.0004 MHz").And.Contain("intercept of 3.0 dBFS");
    }

    [Fact]
    public void With_a_parents_PI_and_the_sum_of_their_modulation_it_is_explained_and_nobody_is_suspect()
    {
        var scene = Parents(pi: 0x8201).Run(400);
        Explains(scene).Should().BeTrue();
        scene.At(99.0).Should().Match<Identification>(i => i.Status == CarrierStatus.Intermodulation && i.Score == 0 && i.Stage == SuspicionStage.None);
        scene.Reasons(99.0).Should().Contain("explained-by-intermodulation");
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void With_a_PI_of_its_own_it_is_a_station()
    {
        var scene = Parents(pi: 0xBEEF).Run(2);
        Explains(scene).Should().BeFalse();
        scene.At(99.0).Stage.Should().Be(SuspicionStage.Candidate);
        scene.Exclusion(99.0, "intermodulation").Arithmetic.Zh.Should().Contain("BEEF");
    }

    [Fact]
    public void A_PI_that_may_be_a_parents_is_not_its_own_before_theirs_are_known()
    {
        var parents = new[] { Carrier(97.4, -18, -40), Carrier(98.2, -14, 180) };
        var scene = Parents(pi: 0x8201).With(parents).Run(10);
        Explains(scene).Should().BeNull();
        scene.At(99.0).Should().Match<Identification>(i => i.Status == CarrierStatus.Unknown && i.Stage == SuspicionStage.None);
        scene.With(Carrier(98.2, -14, 180, pi: 0x8201)).Run(1);
        Explains(scene).Should().BeTrue();
        scene.Stages.Should().BeEmpty();
        // Parents without RDS protect nobody for longer than the question may last.
        var station = Parents(pi: 0xBEEF).With(parents).Run(119);
        station.At(99.0).Status.Should().Be(CarrierStatus.Unknown);
        station.Run(301).At(99.0).Should().Match<Identification>(i => i.Status == CarrierStatus.Unregistered && i.Stage == SuspicionStage.Held);
        Explains(station).Should().BeNull();
    }

    [Fact]
    public void With_a_parents_sound_it_is_explained_if_its_deviation_is_the_parents_sum() =>
        Explains(Parents().Sound(99.0, new ContentFindings(0, 0, [98_200_000])).Run(2)).Should().BeTrue();

    [Fact]
    public void With_a_parents_sound_at_the_deviation_of_one_station_it_is_a_rebroadcast() =>
        Explains(Parents(rmsHz: 19_000).Sound(99.0, new ContentFindings(0, 0, [98_200_000])).Run(2)).Should().BeFalse();

    [Fact]
    public void Too_near_to_a_parents_level_it_is_none()
    {
        Explains(Parents(productDbfs: -37, pi: 0x8201).Run(2)).Should().BeFalse();
        Explains(Parents(productDbfs: -39, pi: 0x8201).Run(2)).Should().BeTrue();
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(-150, true)]
    [InlineData(1_100, false)]
    [InlineData(-2_300, false)]
    public void The_parents_offsets_predict_the_products(double offsetHz, bool fits) => (Explains(Parents(offsetHz: offsetHz, pi: 0x8201).Run(2)) == true).Should().Be(fits);

    // 2 × 97.4 − 98.2 = 96.6 MHz, −260 Hz; the parents are 4 dB apart, and so are the products.
    [Theory]
    [InlineData(-56, -260, 38_000, true)]
    [InlineData(-52, -260, 38_000, null)]
    [InlineData(-56, -1_400, 38_000, null)]
    [InlineData(-56, -260, 17_000, null)]
    public void The_product_on_the_other_side_of_the_parents_explains_both(double dbfs, double offsetHz, double rmsHz, bool? explains) =>
        Explains(Parents().With(Carrier(96.6, dbfs, offsetHz, pilot: false, rmsHz: rmsHz)).Run(2)).Should().Be(explains);

    [Fact]
    public void Three_carriers_make_products_too()
    {
        // 97.4 + 98.2 − 97.0 = 98.6 MHz.
        var scene = Parents().Register(Licence(97.0)).With(Carrier(97.0, -15), Carrier(98.6, -50, 140, pi: 0xA203, rmsHz: 31_000)).Run(2);
        scene.Exclusion(98.6, "intermodulation").Should().Match<ExclusionCheck>(e => e.Explains == true && e.Arithmetic.En.Contains("98.2002 + 97.4000 − 97.0000"));
    }

    [Fact]
    public void Switched_with_its_parents_it_is_explained()
    {
        var scene = Parents().Run(60);
        scene.With(Carrier(97.4, onAir: false), Carrier(99.0, onAir: false)).Run(60);
        var on = Parents();
        scene.With([.. on.Carriers]).Run(60);
        Explains(scene).Should().BeTrue();
        scene.Exclusion(99.0, "intermodulation").Arithmetic.En.Should().Contain("came and went with its parents 2 times");
    }

    [Fact]
    public void A_carrier_that_stays_when_a_parent_goes_is_no_product_whatever_else_fits()
    {
        var scene = Parents(pi: 0x8201).Run(60);
        Explains(scene).Should().BeTrue();
        scene.With(Carrier(97.4, onAir: false)).Run(60);
        scene.With(Carrier(97.4, -18, -40, pi: 0xA203)).Run(60);
        Explains(scene).Should().BeFalse();
        scene.At(99.0).Stage.Should().Be(SuspicionStage.Candidate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_modulation_follows_the_parents_second_by_second_or_it_does_not(bool follows)
    {
        var scene = Parents();
        var random = new Random(7);
        for (var n = 0; n < 120; n++)
        {
            double a = random.Next(5_000, 25_000), b = random.Next(5_000, 25_000), own = random.Next(20_000, 50_000);
            var product = follows ? 0.85 * Math.Sqrt(4 * b * b + a * a) : own;
            scene.With(Carrier(97.4, -18, -40, rmsHz: a), Carrier(98.2, -14, 180, rmsHz: b), Carrier(99.0, -52, 400, rmsHz: Math.Max(product, 0.7 * Math.Sqrt(4 * b * b + a * a)), snr: 25)).Run(1);
        }
        (Explains(scene) == true).Should().Be(follows);
        (scene.At(99.0).Stage == SuspicionStage.None).Should().Be(follows);
    }

    [Fact]
    public void A_minute_of_steady_sound_does_not_bring_the_accusation_back()
    {
        var scene = Parents(pi: 0x8201).Run(5).With(Carrier(99.0, -52, 400, rmsHz: 38_000, snr: 25)).Run(400);
        Explains(scene).Should().BeTrue();
        scene.Stages.Should().BeEmpty();
    }

    [Fact]
    public void With_twenty_stations_nearly_every_frequency_is_a_product_and_a_pirate_there_is_held_later()
    {
        var scene = new Scene();
        double[] city = [88.1, 89.0, 89.8, 90.6, 91.4, 91.8, 92.7, 93.9, 94.8, 95.8, 96.2, 97.1, 98.6, 99.3, 100.5, 101.7, 102.7, 103.6, 105.2, 106.6];
        for (var n = 0; n < city.Length; n++) scene.Register(Licence(city[n])).With(Carrier(city[n], -20 - n, rmsHz: 18_000));
        scene.With(Carrier(97.5, -75, 20, pilot: false, rmsHz: 31_000)).Run(455, each: 5);
        var check = scene.Exclusion(97.5, "intermodulation");
        check.Explains.Should().BeNull();
        check.Arithmetic.En.Should().MatchRegex(@"\d\d combinations fit");
        scene.At(97.5).Stage.Should().Be(SuspicionStage.Held);
    }

    [Fact]
    public void What_appears_while_the_receiver_is_overloaded_is_not_accused_until_that_is_over()
    {
        var scene = new Scene { Overload = true }.Register(Licence(97.4)).With(Carrier(97.4, -3), Carrier(97.8, -30)).Run(400);
        scene.At(97.8).Should().Match<Identification>(i => i.Status == CarrierStatus.Unknown && i.Score == 0 && i.Stage == SuspicionStage.None);
        scene.Exclusion(97.8, "overload").Explains.Should().BeNull();
        scene.Reasons(97.8).Should().Contain("overload");
        scene.Overload = false;
        scene.Run(1).At(97.8).Stage.Should().Be(SuspicionStage.Candidate);
        scene.Exclusion(97.8, "overload").Explains.Should().BeFalse();
    }

    [Fact]
    public void What_was_there_before_the_overload_stays_a_suspect()
    {
        var scene = new Scene().With(Carrier(97.8, -30)).Run(10);
        scene.Overload = true;
        scene.With(Carrier(97.4, -3)).Run(300).At(97.8).Stage.Should().Be(SuspicionStage.Held);
    }

    [Fact]
    public void A_pirate_so_strong_that_it_overloads_the_receiver_itself_is_not_excused_by_that()
    {
        var scene = new Scene { Overload = true }.Register(Licence(97.4)).With(Carrier(97.4, -12), Carrier(97.8, -1)).Run(1);
        scene.At(97.8).Stage.Should().Be(SuspicionStage.Candidate);
        scene.Exclusion(97.8, "overload").Should().Match<ExclusionCheck>(e => e.Explains == false && e.Arithmetic.En.Contains("9.5 dB"));
    }
}
