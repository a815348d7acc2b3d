using SignalWatch.Contracts;
using SignalWatch.Probe.Configuration;
using SignalWatch.Rules;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Probe.Sweep;

/// <summary>A pirate whose transmitter leaves a line in the aeronautical band, from the antenna to the verdict of FM-08.</summary>
public sealed class SpuriousTests : IClassFixture<SpuriousTests.Evening>
{
    private const long PirateHz = 91_000_000, SpuriousHz = 118_300_000, BeaconHz = 121_500_000;

    private readonly Evening evening;

    public SpuriousTests(Evening evening) => this.evening = evening;

    [Fact]
    public void What_switches_with_an_FM_carrier_is_a_violation_of_FM_08_that_names_the_carrier()
    {
        var told = evening.Observed.Where(o => o.Kind == "fm.spurious" && o.Subject == Subject.Frequency("440106", SpuriousHz)).ToList();
        told.Should().NotBeEmpty();
        told[0].Facts["on_air_s"].AsNumber.Should().BeInRange(30, 50);
        told[0].Facts["frequency_hz"].AsNumber.Should().BeApproximately(SpuriousHz + 800, 300);
        told[^1].Facts["correlates_with_hz"].AsNumber.Should().Be(PirateHz);
        var verdict = evening.Verdicts.Where(v => v.Rule.Value == "FM-08" && v.Result == VerdictResult.Violation).Should().ContainSingle().Subject;
        verdict.Subject.Should().Be(Subject.Frequency("440106", SpuriousHz));
        (verdict.Sentence.Zh, verdict.Sentence.En).Should().Match<(string Zh, string En)>(s => s.Zh.Contains("118.3") && s.Zh.Contains("91.0") && s.En.Contains("91.0 MHz") && s.En.Contains("civil aviation"));
        // Three changes have to be seen first; the third comes after 124 s.
        (verdict.At - evening.Begin).TotalSeconds.Should().BeInRange(134, 175);
        evening.Observed.Last(o => o.Kind == "fm.carrier" && o.Subject == Subject.Frequency("440106", PirateHz)).Facts["reasons"].AsText.Should().Contain("spurious-108-137");
    }

    [Fact]
    public void What_was_there_all_the_time_is_told_and_accuses_nobody()
    {
        var beacon = evening.Observed.Where(o => o.Kind == "fm.spurious" && o.Subject == Subject.Frequency("440106", BeaconHz)).ToList();
        beacon.Should().NotBeEmpty().And.OnlyContain(o => !o.Facts.ContainsKey("correlates_with_hz"));
        evening.Verdicts.Should().NotContain(v => v.Rule.Value == "FM-08" && v.Result == VerdictResult.Violation && v.Subject == Subject.Frequency("440106", BeaconHz));
    }

    /// <summary>The pirate comes after 24 s, goes after 74 s and is back after 124 s: played once for all tests.</summary>
    public sealed class Evening : IAsyncLifetime
    {
        private const string Scenario = """
            {
              "title": { "zh": "航空频段杂散（演练）", "en": "A spurious emission (drill)" }, "clock": "2026-03-14T20:00:00+08:00", "multiplexes": [], "channels": [],
              "fm": {
                "center_hz": 91300000, "noise_dbfs": -52, "dc_dbfs": -46,
                "emitters": [
                  {
                    "name": { "zh": "疑似黑广播", "en": "pirate" }, "frequency_hz": 91000000, "level_dbfs": -26, "programme": { "style": "speech", "deviation_hz": 60000, "seed": 3 },
                    "on": [{ "every": "00:01:40", "at": "00:00:24", "for": "00:00:50" }]
                  },
                  {
                    "name": { "zh": "其杂散", "en": "its spurious emission" }, "frequency_hz": 118300000, "offset_hz": 800, "level_dbfs": -48,
                    "on": [{ "every": "00:01:40", "at": "00:00:24", "for": "00:00:50" }]
                  },
                  { "name": { "zh": "信标", "en": "beacon" }, "frequency_hz": 121500000, "level_dbfs": -48 }
                ]
              }
            }
            """;

        private readonly string folder = Directory.CreateTempSubdirectory("spurious").FullName;

        internal DateTimeOffset Begin { get; private set; }

        internal List<Observation> Observed { get; } = [];

        internal List<Verdict> Verdicts { get; } = [];

        public async Task InitializeAsync()
        {
            var time = new ManualTime(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
            Begin = time.GetUtcNow();
            var city = City.Read(System.Text.Encoding.UTF8.GetBytes(Scenario), "evening.json", time);
            var engine = new RuleEngine(RulePack.Load(Path.Combine(Checkout.Root, "rules", "packs", "guangdong")), SweepWatchTests.Night.Register, "test-build");
            using var mover = new TimeMover(time, TimeSpan.FromSeconds(173));
            // A turn is 9 s in the aeronautical band and one in the other: what changes between the two shows one turn later in the one that was heard first.
            var watch = SweepWatchTests.Night.Watch(folder, time, _ => ValueTask.FromResult(mover.Drive(city.OpenFmBand())), o =>
            {
                Observed.Add(o);
                Verdicts.AddRange(engine.Observe(o));
                Verdicts.AddRange(engine.Advance(o.At));
            }, _ => { }, new SweepConfiguration(90.9e6, 91.1e6, TimeSpan.FromSeconds(1), Spurious: true));
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
