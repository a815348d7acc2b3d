using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;
using SignalWatch.Rules;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Probe.Sweep;

/// <summary>The night in the simulated city as a narrow receiver sees it that sweeps, from the antenna to the verdict of the pack fm with the limits of practice.</summary>
public sealed class SweepNightTests : IClassFixture<SweepNightTests.Night>
{
    private const long PirateHz = 91_000_000;

    // Hops about 90.35, 91.05, 91.75, 92.45 and 93.15 MHz: the pirate and the second product lie beside a spike, the first product where one hop has the image of 91.9 MHz.
    // The second is there where both parents are heard: once the pirate's image lies on it too, only the tuning that can't make it hears it clear, and it is masked.
    private const double PlanFromHz = 90.35e6, PlanToHz = 93.15e6;

    private readonly Night night;

    public SweepNightTests(Night night) => this.night = night;

    [Fact]
    public void The_pirate_is_one_alarm_after_300_s_and_the_sweep_that_completes_them()
    {
        var on = night.Begin + TimeSpan.FromSeconds(10); // the city's clock says 23:04 then
        var alarm = FM01(PirateHz).Should().ContainSingle(v => v.Result == VerdictResult.Violation).Subject;
        (alarm.At - on).TotalSeconds.Should().BeInRange(300, 325);
        night.Observed.Where(o => o.Kind == "fm.suspicion" && o.Subject == Subject.Frequency("440106", PirateHz)).Select(o => o.Facts["stage"].AsText).Should().Equal("candidate", "held");
        night.Verdicts.Where(v => v.Rule.Value == "FM-01" && v.Result == VerdictResult.Violation).Select(v => v.Subject).Should().Equal(Subject.Frequency("440106", PirateHz));
    }

    [Theory]
    [InlineData(91_600_000, false)]
    [InlineData(92_500_000, true)]
    public void A_product_that_a_spike_or_an_image_disturbs_accuses_nobody_and_is_told_or_masked(long productHz, bool masked)
    {
        var heard = night.Observed.Where(o => o.Kind == "fm.carrier" && o.Subject == Subject.Frequency("440106", productHz) && o.Facts["on_air"].AsBoolean).ToList();
        heard.Should().NotBeEmpty("the receiver makes it").And.OnlyContain(o => Math.Abs(o.Facts["offset_hz"].AsNumber) < 400, "the offsets of its parents, 60 and -40 Hz, make 160 and -140");
        heard.Should().OnlyContain(o => o.Facts["status"].AsText == "intermodulation" && !o.Facts["own_carrier"].AsBoolean
            || o.Facts["status"].AsText == "unknown" && !o.Facts.ContainsKey("own_carrier") && o.Facts["reasons"].AsText.Contains("intermodulation-pending"));
        if (masked) heard[^1].At.Should().BeBefore(night.Begin + TimeSpan.FromSeconds(20), "the pirate comes after 10 s");
        else heard[^1].Facts["status"].AsText.Should().Be("intermodulation");
        night.Observed.Should().NotContain(o => o.Kind == "fm.suspicion" && o.Subject == Subject.Frequency("440106", productHz));
        FM01(productHz).Should().NotContain(v => v.Result == VerdictResult.Violation);
    }

    private IEnumerable<Verdict> FM01(long hz) => night.Verdicts.Where(v => v.Rule.Value == "FM-01" && v.Subject == Subject.Frequency("440106", hz));

    internal sealed class Elsewhere(ITunableIqSource source, TimeProvider time, double seconds) : ITunableIqSource
    {
        public IqStream Stream => source.Stream;

        public double MinHz => source.MinHz;

        public double MaxHz => source.MaxHz;

        public async ValueTask TuneAsync(double centerHz, CancellationToken cancel)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), time, cancel);
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
            // Five hops of a third of a second, and a tuner that is elsewhere for the rest of the 10 s: a sweep of the whole band without generating it.
            var watch = SweepWatchTests.Night.Watch(folder, time, _ => ValueTask.FromResult(mover.Drive(new Elsewhere((ITunableIqSource)city.OpenFmBand(), time, 1.6))), o =>
            {
                Observed.Add(o);
                Verdicts.AddRange(engine.Observe(o));
                Verdicts.AddRange(engine.Advance(o.At));
            }, _ => { }, new SweepConfiguration(PlanFromHz, PlanToHz, TimeSpan.FromSeconds(2), Spurious: false));
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
