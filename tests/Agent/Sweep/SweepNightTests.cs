using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;
using SignalWatch.Rules;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Probe.Sweep;

/// <summary>The night in the simulated city as a narrow receiver sees it that sweeps, from the antenna to the verdict of the pack fm with the limits of practice.</summary>
public sealed class SweepNightTests : IClassFixture<SweepNightTests.Night>
{
    private const long PirateHz = 91_000_000, OverspillHz = 93_400_000;

    // Hops about 91.15 and 92.75 MHz: of the parents of both products (91.9 and 92.2 MHz) each is heard in one of them.
    private const double PlanFromHz = 90.3e6, PlanToHz = 93.52e6;

    private readonly Night night;

    public SweepNightTests(Night night) => this.night = night;

    [Fact]
    public void The_pirate_is_one_alarm_after_300_s_and_the_sweep_that_completes_them()
    {
        var on = night.Begin + TimeSpan.FromSeconds(10); // the city's clock says 23:04 then
        var alarm = FM01(PirateHz).Should().ContainSingle(v => v.Result == VerdictResult.Violation).Subject;
        (alarm.At - on).TotalSeconds.Should().BeInRange(300, 325);
        night.Observed.Where(o => o.Kind == "fm.suspicion" && o.Subject == Subject.Frequency("440106", PirateHz)).Select(o => o.Facts["stage"].AsText).Should().Equal("candidate", "held");
        // What is licensed elsewhere alone is nobody's here.
        night.Verdicts.Where(v => v.Rule.Value == "FM-01" && v.Result == VerdictResult.Violation).Select(v => v.Subject).Should()
            .BeSubsetOf([Subject.Frequency("440106", PirateHz), Subject.Frequency("440106", OverspillHz)]);
    }

    [Theory]
    [InlineData(91_600_000)]
    [InlineData(92_500_000)]
    public void A_product_whose_parents_lie_in_different_hops_is_pending_then_told_and_never_an_alarm(long productHz)
    {
        var product = night.Observed.Where(o => o.Kind == "fm.carrier" && o.Subject == Subject.Frequency("440106", productHz) && o.Facts["on_air"].AsBoolean && o.Facts.ContainsKey("status")).ToList();
        product.Should().NotBeEmpty("the receiver makes it");
        product.Should().Contain(o => o.Facts["status"].AsText == "unknown" && !o.Facts.ContainsKey("own_carrier") && o.Facts["reasons"].AsText.Contains("intermodulation-pending"));
        var told = product.FindIndex(o => o.Facts["status"].AsText == "intermodulation");
        told.Should().BePositive();
        (product[told].At - product[0].At).TotalSeconds.Should().BeLessThan(300);
        product.Skip(told).Should().OnlyContain(o => o.Facts["status"].AsText == "intermodulation" && !o.Facts["own_carrier"].AsBoolean);
        night.Observed.Where(o => o.Kind == "fm.suspicion" && o.Subject == Subject.Frequency("440106", productHz)).Select(o => o.Facts["stage"].AsText).Should().NotContain("held");
        FM01(productHz).Should().NotContain(v => v.Result == VerdictResult.Violation);
    }

    private IEnumerable<Verdict> FM01(long hz) => night.Verdicts.Where(v => v.Rule.Value == "FM-01" && v.Subject == Subject.Frequency("440106", hz));

    private sealed class Elsewhere(ITunableIqSource source, TimeProvider time) : ITunableIqSource
    {
        public IqStream Stream => source.Stream;

        public double MinHz => source.MinHz;

        public double MaxHz => source.MaxHz;

        public async ValueTask TuneAsync(double centerHz, CancellationToken cancel)
        {
            await Task.Delay(TimeSpan.FromSeconds(4.4), time, cancel);
            await source.TuneAsync(centerHz, cancel);
        }

        public ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel) => source.ReadAsync(interleaved, cancel);

        public ValueTask DisposeAsync() => source.DisposeAsync();
    }

    /// <summary>Six minutes from 23:03:50 on, played once for all tests.</summary>
    public sealed class Night : IAsyncLifetime
    {
        private readonly string folder = Directory.CreateTempSubdirectory("sweep-night").FullName;

        internal DateTimeOffset Begin { get; private set; }

        internal List<Observation> Observed { get; } = [];

        internal List<Verdict> Verdicts { get; } = [];

        public async Task InitializeAsync()
        {
            var time = new ManualTime(new DateTimeOffset(2026, 3, 14, 15, 3, 50, TimeSpan.Zero));
            Begin = time.GetUtcNow();
            var city = City.BuiltIn(time, "night");
            var engine = new RuleEngine(RulePack.Load(Path.Combine(Checkout.Root, "rules", "packs", "guangdong")), SweepWatchTests.Night.Register, "test-build");
            using var mover = new TimeMover(time, TimeSpan.FromSeconds(350));
            // Two hops of half a second, and a tuner that is elsewhere for the rest of the 10 s: a sweep of the whole band without generating it.
            var watch = SweepWatchTests.Night.Watch(folder, time, _ => ValueTask.FromResult(mover.Drive(new Elsewhere((ITunableIqSource)city.OpenFmBand(), time))), o =>
            {
                Observed.Add(o);
                Verdicts.AddRange(engine.Observe(o));
                Verdicts.AddRange(engine.Advance(o.At));
            }, _ => { }, new SweepConfiguration(PlanFromHz, PlanToHz, TimeSpan.FromSeconds(1.2), Spurious: false));
            try { await watch.RunAsync(() => { }, mover.Over); }
            catch (OperationCanceledException) { /* its time is over */ }
        }

        public Task DisposeAsync()
        {
            Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        }
    }
}
