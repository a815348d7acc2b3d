using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Rules;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Probe;

/// <summary>A night in the simulated city, from the antenna to the verdict: the probe's watch, and the pack fm with the limits of practice.</summary>
public sealed class NightTests : IClassFixture<NightTests.Guangzhou>, IDisposable
{
    private const long PirateHz = 91_000_000, ImageHz = 90_700_000, ProductHz = 91_600_000, OverspillHz = 93_400_000;
    private static readonly FmRegister Register =
        FmRegister.Import(File.ReadAllBytes(Path.Combine(Checkout.Root, "probe", "Simulation", "scenarios", "night-licences.csv")), ImportMode.RefuseWhole).Register!;

    private readonly string folder = Directory.CreateTempSubdirectory("night").FullName;
    private readonly Guangzhou night;

    public NightTests(Guangzhou night) => this.night = night;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_pirate_is_a_candidate_at_once_and_an_alarm_after_300_s_once()
    {
        var on = night.City.VirtualTime(night.Begin) is var virtualBegin ? night.Begin + (new DateTimeOffset(2026, 3, 14, 23, 4, 0, TimeSpan.FromHours(8)) - virtualBegin) : default;
        var stages = night.Observed.Where(o => o.Kind == "fm.suspicion" && o.Subject.Key.EndsWith($"/{PirateHz}", StringComparison.Ordinal)).ToList();
        stages[0].Facts["stage"].AsText.Should().Be("candidate");
        (stages[0].At - on).TotalSeconds.Should().BeInRange(0, 3);
        var alarms = Violations("FM-01");
        var alarm = alarms.Should().ContainSingle().Subject;
        alarm.Subject.Should().Be(Subject.Frequency("440106", PirateHz));
        (alarm.At - on).TotalSeconds.Should().BeInRange(300, 304);
        alarm.Sentence.Zh.Should().Contain("91.0 MHz").And.Contain("线索");
    }

    [Fact]
    public void The_adverts_of_the_pirate_are_found_to_loop_within_three_repeats()
    {
        var first = night.Observed.First(o => o.Kind == "fm.carrier" && o.Subject.Key.EndsWith($"/{PirateHz}", StringComparison.Ordinal));
        var found = night.Observed.First(o => o.Kind == "fm.carrier" && o.Facts.TryGetValue("loops", out var loops) && loops.AsNumber >= 3);
        found.Subject.Should().Be(first.Subject);
        (found.At - first.At).TotalSeconds.Should().BeLessThan(4 * 75, "the loop lasts 75 s: it was heard once and three times again");
        found.Facts["loop_s"].AsNumber.Should().BeInRange(60, 80);
        Violations("FM-02").Should().ContainSingle().Which.Subject.Should().Be(first.Subject);
        night.Observed.Last(o => o.Kind == "fm.suspicion" && o.Subject == first.Subject).Facts["stage"].AsText.Should().Be("confirmed");
    }

    [Fact]
    public void What_the_receiver_makes_itself_is_no_alarm()
    {
        night.Observed.Should().NotContain(o => o.Kind == "fm.suspicion" && o.Subject.Key.EndsWith($"/{ImageHz}", StringComparison.Ordinal));
        var product = night.Observed.Where(o => o.Kind == "fm.carrier" && o.Subject.Key.EndsWith($"/{ProductHz}", StringComparison.Ordinal) && o.Facts["on_air"].AsBoolean).ToList();
        product.Should().NotBeEmpty("the receiver makes it");
        product.Last().Facts["status"].AsText.Should().Be("intermodulation");
        product.Last().Facts["exclusion_en"].AsText.Should().Contain("91.9").And.Contain("92.2");
        // Until its modulation was compared with that of its parents it may be a candidate; it is never held.
        night.Observed.Where(o => o.Kind == "fm.suspicion" && !o.Subject.Key.EndsWith($"/{PirateHz}", StringComparison.Ordinal)).Select(o => o.Facts["stage"].AsText).Should().BeSubsetOf(["candidate", "none"]);
        night.Verdicts.Where(v => v.Result == VerdictResult.Violation).Select(v => v.Subject).Distinct().Should().Equal(Subject.Frequency("440106", PirateHz));
    }

    [Fact]
    public void The_stations_are_known_by_name()
    {
        var last = night.Observed.Where(o => o.Kind == "fm.carrier" && o.Facts.ContainsKey("status")).ToLookup(o => (long)o.Facts["frequency_hz"].AsNumber);
        (last[91_900_000].Last().Facts["ps"].AsText, last[91_900_000].Last().Facts["status"].AsText).Should().Be(("NANGUO", "licensed"));
        (last[92_200_000].Last().Facts["ps"].AsText, last[92_200_000].Last().Facts["status"].AsText).Should().Be(("ZJ CITY", "licensed"));
        last[PirateHz].Last().Facts["reasons"].AsText.Should().Contain("not-in-register").And.Contain("over-deviation").And.Contain("content-loop");
    }

    [Fact]
    public void The_evidence_has_sound_IQ_spectra_and_a_manifest_that_says_it_is_a_drill()
    {
        var dossier = Directory.GetDirectories(Path.Combine(night.Folder, "fm-fm", "evidence"), "*-091.000MHz").Should().ContainSingle().Subject;
        var manifest = File.ReadAllText(Path.Combine(dossier, "evidence.json"));
        manifest.Should().Contain("simulated").And.Contain(Register.Digest);
        Directory.GetFiles(dossier).Select(Path.GetExtension).Should().Contain([".flac", ".sigmf-data", ".sigmf-meta", ".json"]);
    }

    [Fact]
    public async Task Overspill_in_its_area_is_no_alarm()
    {
        var shenzhen = new Run(folder, "440304", 93_700_000, TimeSpan.FromSeconds(330));
        await shenzhen.PlayAsync();
        shenzhen.Verdicts.Should().NotContain(v => v.Result == VerdictResult.Violation);
        var overspill = shenzhen.Observed.Last(o => o.Kind == "fm.carrier" && o.Subject.Key.EndsWith($"/{OverspillHz}", StringComparison.Ordinal));
        overspill.Facts["status"].AsText.Should().Be("overspill");
        shenzhen.Verdicts.Last(v => v.Rule.Value == "FM-01" && v.Subject == overspill.Subject).Result.Should().Be(VerdictResult.Compliant);
    }

    private IEnumerable<Verdict> Violations(string rule) => night.Verdicts.Where(v => v.Rule.Value == rule && v.Result == VerdictResult.Violation);

    /// <summary>The night in Guangzhou, played once for all tests.</summary>
    public sealed class Guangzhou : IAsyncLifetime
    {
        private Run? run;

        internal City City => run!.City;

        internal IReadOnlyList<Observation> Observed => run!.Observed;

        internal IReadOnlyList<Verdict> Verdicts => run!.Verdicts;

        internal DateTimeOffset Begin => run!.Begin;

        internal string Folder { get; } = Directory.CreateTempSubdirectory("guangzhou").FullName;

        public Task InitializeAsync()
        {
            run = new Run(Folder, "440106", centerHz: null, TimeSpan.FromSeconds(10 + 345));
            return run.PlayAsync();
        }

        public Task DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return Task.CompletedTask;
        }
    }

    /// <summary>One probe, its watch of the band, and the rules.</summary>
    internal sealed class Run
    {
        private readonly ManualTime time = new(new DateTimeOffset(2026, 3, 14, 15, 3, 50, TimeSpan.Zero));
        private readonly RuleEngine engine = new(RulePack.Load(Path.Combine(Checkout.Root, "rules", "packs", "guangdong")), Register, "test-build");
        private readonly FmBandWatch watch;
        private Func<IIqSource, IIqSource> driven = source => source;
        private readonly TimeSpan length;
        private readonly double? centerHz;

        public Run(string folder, string area, double? centerHz, TimeSpan length)
        {
            (City, this.length, this.centerHz) = (City.BuiltIn(time, "night"), length, centerHz);
            var mint = new ObservationMint(new ProbeId("GZ-03"), area, Language.Chinese);
            watch = new FmBandWatch(new FmBandConfiguration(new("fm"), new("city", "fm")), _ => OpenAsync(), new FmSite(folder, mint, null, () => Register, time, _ => { }), mint, Take, _ => { });
        }

        public City City { get; }

        public DateTimeOffset Begin { get; private set; }

        public List<Observation> Observed { get; } = [];

        public List<Verdict> Verdicts { get; } = [];

        public async Task PlayAsync()
        {
            Begin = time.GetUtcNow();
            using var mover = new TimeMover(time, length);
            driven = mover.Drive;
            try { await watch.RunAsync(() => { }, mover.Over); }
            catch (OperationCanceledException) { /* its time is over */ }
        }

        private async ValueTask<IIqSource> OpenAsync()
        {
            var receiver = City.OpenFmBand();
            if (centerHz is { } hz) await ((ITunableIqSource)receiver).TuneAsync(hz, CancellationToken.None);
            return driven(receiver);
        }

        private void Take(Observation observation)
        {
            Observed.Add(observation);
            Verdicts.AddRange(engine.Observe(observation));
            Verdicts.AddRange(engine.Advance(observation.At));
        }
    }
}
