using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>What holds for any reading whatever.</summary>
public sealed class IdentifierPropertyTests
{
    private static readonly double[] Odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, -1e300, 0];

    private static double Number(Random random, double from, double to) => random.Next(12) == 0 ? Odd[random.Next(Odd.Length)] : from + random.NextDouble() * (to - from);

    private static bool? Perhaps(Random random) => random.Next(3) switch { 0 => null, 1 => true, _ => false };

    private static CarrierReading Any(Random random)
    {
        var made = Carrier(Math.Round(86 + random.NextDouble() * 52, 1), rmsHz: random.Next(4) == 0 ? null : Number(random, 0, 60_000), over: Perhaps(random), onAir: random.Next(4) > 0,
            pi: random.Next(2) == 0 ? null : (ushort)random.Next(4), ps: random.Next(3) == 0 ? "NAME    " : null);
        return made with
        {
            NominalHz = random.Next(50) == 0 ? random.NextInt64() - random.NextInt64() : made.NominalHz, OffRaster = random.Next(5) == 0, OffsetHz = Number(random, -20_000, 20_000),
            LevelDbfs = Number(random, -120, 0), SnrDb = Number(random, -10, 60), Modulated = Perhaps(random), Pilot = Perhaps(random), OnAirSeconds = Number(random, 0, 100), Station = random.Next(5) == 0 ? null : made.Station,
        };
    }

    private static FmBandReading AnyReading(Random random) => new(TimeSpan.FromSeconds(1), Number(random, -150, 0), random.Next(6) == 0, [.. Enumerable.Range(0, random.Next(40)).Select(_ => Any(random))],
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new MaskedPeak(Number(random, 86e6, 110e6), Number(random, -100, 0), (MaskReason)random.Next(2), Number(random, 86e6, 110e6)))]);

    private static RegisterAnswer AnyAnswer(long hz, ushort? pi) => (hz / 100_000 % 7) switch
    {
        0 => default,
        1 => new RegisterAnswer(true, Licence(hz / 1e6, "0001")),
        2 => new RegisterAnswer(true, Licence(hz / 1e6, "no hex", LicenceClass.Overspill, maxLevel: 50)),
        3 => new RegisterAnswer(true, Licence(hz / 1e6, null, LicenceClass.Test)),
        _ => new RegisterAnswer(true, null),
    };

    private static List<Identification> Run(StationIdentifier identifier, Random random, int turns, bool shuffled)
    {
        var (at, result, order) = (Start, new List<Identification>(), new Random(99));
        for (var n = 0; n < turns; n++)
        {
            var reading = AnyReading(random);
            if (shuffled) reading = reading with { Carriers = [.. reading.Carriers.OrderBy(_ => order.Next())], Masked = [.. reading.Masked.OrderBy(_ => order.Next())] };
            at = random.Next(20) switch { 0 => at.AddDays(-1), 1 => at.AddHours(5), 2 when random.Next(20) == 0 => DateTimeOffset.MinValue, 3 when random.Next(20) == 0 => DateTimeOffset.MaxValue, _ => at < DateTimeOffset.MaxValue.AddDays(-9) && at > DateTimeOffset.MinValue.AddDays(9) ? at.AddSeconds(1) : Start };
            if (at > DateTimeOffset.MaxValue.AddDays(-9) || at < DateTimeOffset.MinValue.AddDays(9)) { result.AddRange(Step(at)); at = Start; continue; }
            result.AddRange(Step(at));

            IReadOnlyList<Identification> Step(DateTimeOffset time) => identifier.Update(reading, time, n % 9 == 0 ? Odd[n % Odd.Length] : 1, AnyAnswer,
                hz => new ContentFindings((int)(hz % 5), 70, [hz + 100_000, hz]), (dbfs, hz) => (long)(hz / 1e5) % 2 == 0 ? dbfs + 90 : null);
        }
        return result;
    }

    [Fact]
    public void It_never_throws_and_scores_stay_within_their_bounds() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var identifications = Run(new StationIdentifier(new IdentitySettings()), new Random(seed), 25, shuffled: false);
        return identifications.TrueForAll(i => i.Score is >= 0 and <= 100 && !(i.Stage != SuspicionStage.None && i.Status is CarrierStatus.Image or CarrierStatus.Intermodulation));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Results_do_not_depend_on_the_order_of_carriers() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var plain = Run(new StationIdentifier(new IdentitySettings()), new Random(seed), 15, shuffled: false);
        var shuffled = Run(new StationIdentifier(new IdentitySettings()), new Random(seed), 15, shuffled: true);
        return JsonSerializer.Serialize(plain, Lenient) == JsonSerializer.Serialize(shuffled, Lenient);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void A_snapshot_survives_JSON_and_a_restart_and_is_the_same_after()
    {
        var scene = new Scene().Register(Licence(97.4, "A203")).With(Carrier(97.4, pi: 0xA203, ps: "OE1     "), Carrier(97.8)).Run(200);
        scene.Identifier.Dismiss(97_000_000, "王", "测试", scene.Now, TimeSpan.FromDays(1));
        var before = JsonSerializer.Serialize(scene.Identifier.Snapshot());
        scene.Restart(s => JsonSerializer.Deserialize<IdentifierSnapshot>(JsonSerializer.Serialize(s))!);
        JsonSerializer.Serialize(scene.Identifier.Snapshot()).Should().Be(before);
        before.Should().Contain("A203").And.Contain("97800000").And.Contain("OE1");
        scene.Run(99).At(97.8).Stage.Should().Be(SuspicionStage.Candidate);
        scene.Run(1).At(97.8).Stage.Should().Be(SuspicionStage.Held);
    }

    [Fact]
    public void Hundreds_of_carriers_that_come_and_go_stay_within_the_bounds()
    {
        var identifier = new StationIdentifier(new IdentitySettings());
        var random = new Random(3);
        for (var n = 0; n < 40; n++)
        {
            var carriers = Enumerable.Range(0, 200).Select(k => Carrier(87 + random.Next(2100) / 100.0, -40 - random.Next(30))).ToList();
            identifier.Update(new FmBandReading(TimeSpan.FromSeconds(30), -110, false, carriers, []), Start.AddSeconds(30 * n), 30, (_, _) => new RegisterAnswer(true, null), _ => ContentFindings.None, (_, _) => null);
        }
        var snapshot = identifier.Snapshot();
        snapshot.Suspicions.Should().HaveCountLessThanOrEqualTo(1024);
        snapshot.Edges.Select(e => e.FrequencyHz).Distinct().Should().HaveCountLessThanOrEqualTo(512);
    }

    private static readonly JsonSerializerOptions Lenient = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
