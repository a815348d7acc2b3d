using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>Where a product of known stations is possible nobody is accused until that is decided, and it is decided in the end: by a receiver that hears the whole band, and by one that sweeps.</summary>
public sealed class PendingProductTests
{
    private const double Sweep = 10;

    // 2 × 98.2 − 97.4 = 99.0 MHz.
    private static Scene Parents() => new Scene().Register(Licence(97.4, "A203"), Licence(98.2, "8201"));

    private static double Loud(Random random) => random.Next(5_000, 25_000);

    private static double Sum(double a, double b) => Math.Sqrt(4 * b * b + a * a);

    // One reading: the loudness of each look, of a product or of a programme of its own that is as loud as one.
    private static void Next(Scene scene, Random random, bool isProduct, double each, int hop = 4, int hopOfOne = 4)
    {
        var looks = each > 1 ? 3 : 1;
        var (a, b, own) = (new double[looks], new double[looks], new double[looks]);
        for (var n = 0; n < looks; n++)
        {
            (a[n], b[n]) = (Loud(random), Loud(random));
            own[n] = isProduct ? 0.8 * Sum(a[n], b[n]) + random.Next(-800, 800) : Sum(Loud(random), Loud(random));
        }
        CarrierReading Heard(CarrierReading carrier, double[] rms, int at) => looks == 1 ? carrier : carrier with { Looks = new HopModulation(at, [.. rms.Select(r => r * r)]) };
        scene.With(Heard(Carrier(97.4, -18, -40, rmsHz: a[^1]), a, hopOfOne), Heard(Carrier(98.2, -14, 180, rmsHz: b[^1]), b, hop), Heard(Carrier(99.0, -52, 400, pilot: false, rmsHz: own[^1], snr: 25), own, hop)).Run(each, each);
    }

    [Theory]
    [InlineData(1, 120)]
    [InlineData(Sweep, 300)]
    public void Undecided_it_says_so_and_nobody_is_accused_until_the_time_for_it_is_over(double each, double most)
    {
        // Steady sounds: nothing can follow them.
        var scene = Parents().With(Carrier(97.4, -18, -40), Carrier(98.2, -14, 180), Carrier(99.0, -52, 400, pilot: false, rmsHz: 38_000, snr: 25)).Run(most - each, each);
        scene.At(99.0).Should().Match<Identification>(i => i.Status == CarrierStatus.Unknown && i.Stage == SuspicionStage.None && i.Score == 0);
        scene.Reasons(99.0).Should().Contain("intermodulation-pending").And.Contain("not-in-register");
        scene.Exclusion(99.0, "intermodulation").Should().Match<ExclusionCheck>(e => e.Explains == null && e.Arithmetic.En.Contains("not yet decided") && e.Arithmetic.Zh.Contains("尚未判定"));
        scene.Run(each, each).At(99.0).Should().Match<Identification>(i => i.Status == CarrierStatus.Unregistered && i.Stage == SuspicionStage.Candidate);
        scene.Exclusion(99.0, "intermodulation").Arithmetic.En.Should().Contain("no evidence that it is a product");
        scene.Run(300, each).At(99.0).Stage.Should().Be(SuspicionStage.Held);
    }

    [Fact]
    public void An_unmodulated_carrier_on_such_a_frequency_is_not_accused_of_more_than_that()
    {
        var scene = Parents().With(Carrier(97.4, -18, -40, rmsHz: null), Carrier(98.2, -14, 180, rmsHz: null), Carrier(99.0, -52, 400, modulated: false, rmsHz: null, snr: 25)).Run(60);
        scene.At(99.0).Status.Should().Be(CarrierStatus.Unknown);
        scene.Reasons(99.0).Should().BeEquivalentTo("intermodulation-pending", "unmodulated-carrier");
        scene.Run(120).At(99.0).Status.Should().Be(CarrierStatus.CarrierOnly);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(Sweep, 100)]
    public void A_product_is_told_by_its_modulation_before_anybody_is_accused(double each, double within)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (scene, random) = (Parents(), new Random(seed));
            for (var t = 0.0; t < within; t += each) Next(scene, random, isProduct: true, each);
            scene.At(99.0).Status.Should().Be(CarrierStatus.Intermodulation, "seed {0}: {1}", seed, scene.Exclusion(99.0, "intermodulation").Arithmetic.En);
            for (var t = 0.0; t < 600; t += each) Next(scene, random, isProduct: true, each);
            scene.Stages.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData(1, 120)]
    [InlineData(Sweep, 300)]
    public void A_pirate_on_the_frequency_of_a_product_is_held_at_most_that_much_later(double each, double later)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (scene, random) = (Parents(), new Random(seed));
            for (var t = 0.0; t < later + 300; t += each) Next(scene, random, isProduct: false, each);
            scene.At(99.0).Stage.Should().Be(SuspicionStage.Held, "seed {0}: {1}", seed, scene.Exclusion(99.0, "intermodulation").Arithmetic.En);
            scene.Stages.Select(s => s.To).Should().Equal(SuspicionStage.Candidate, SuspicionStage.Held);
        }
    }

    [Fact]
    public void What_was_once_decided_is_not_asked_again_while_it_is_on_the_air()
    {
        var (scene, random) = (Parents(), new Random(3));
        for (var t = 0; t < 200; t++) Next(scene, random, isProduct: false, 1);
        scene.At(99.0).Stage.Should().Be(SuspicionStage.Candidate);
        for (var t = 0; t < 300; t++)
        {
            scene.With(Carrier(97.4, -18, -40), Carrier(98.2, -14, 180), Carrier(99.0, -52, 400, pilot: false, rmsHz: 38_000, snr: 25)).Run(1);
            scene.At(99.0).Status.Should().Be(CarrierStatus.Unregistered);
        }
    }

    [Fact]
    public void Looks_at_different_hops_are_not_compared_as_if_they_were_one()
    {
        // The product does follow its parents, but one of them is heard seconds later: that it seems not to is no evidence.
        var (scene, random) = (Parents(), new Random(5));
        for (var n = 0; n < 29; n++)
        {
            Next(scene, random, isProduct: true, Sweep, hop: 5, hopOfOne: 4);
            scene.At(99.0).Status.Should().Be(CarrierStatus.Unknown);
            scene.Exclusion(99.0, "intermodulation").Explains.Should().BeNull();
        }
    }
}
