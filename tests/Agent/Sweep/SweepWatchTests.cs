using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Rules;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Probe.Sweep;

/// <summary>A narrow receiver that sweeps 87 to 108 MHz over the simulated city at night, in virtual time.</summary>
public sealed class SweepWatchTests : IClassFixture<SweepWatchTests.Night>
{
    private const long PirateHz = 91_000_000;

    private readonly Night night;

    public SweepWatchTests(Night night) => this.night = night;

    [Fact]
    public void A_sweep_takes_10_s_and_has_one_time_stamp()
    {
        var bands = night.Observed.Where(o => o.Kind == "fm.band").ToList();
        bands.Should().HaveCountGreaterThanOrEqualTo(3);
        bands.Should().OnlyContain(b => b.Facts["sweep_s"].AsNumber > 8.5 && b.Facts["sweep_s"].AsNumber <= 10.05 && b.Facts["start_hz"].AsNumber == 87e6 && b.Facts["stop_hz"].AsNumber == 108e6 && b.Facts["samples_lost"].AsNumber == 0);
        night.Observed.Where(o => o.Kind == "fm.carrier").Select(o => o.At).Distinct().Should().BeSubsetOf(bands.Select(b => b.At));
        night.Shown.Select(f => f.At).Should().Equal(bands.Select(b => b.At));
        night.Shown.Should().OnlyContain(f => f.Bins.Length > 2000 && f.Bins.Length <= SpectrumFrame.MaxBins && f.StartHz - 87e6 < 10_000 && f.StartHz + f.StepHz * f.Bins.Length > 107.98e6);
        // Of 211 channels four are occupied from the beginning, the pirate's too since it came; and some products of the simulated receiver.
        bands[^1].Facts["occupancy"].AsNumber.Should().BeInRange(4 / 211.0, 8 / 211.0);
    }

    [Fact]
    public void Every_emitter_is_found_with_its_level_and_status()
    {
        var end = night.Observed.Last(o => o.Kind == "fm.band").At;
        var last = night.Observed.Where(o => o.Kind == "fm.carrier" && o.At == end && o.Facts["on_air"].AsBoolean).ToDictionary(o => (long)o.Facts["frequency_hz"].AsNumber, o => o.Facts);
        var emitters = night.City.TruthAt(night.City.VirtualTime(end)).Emitters.Where(e => e.OnAir).ToList();
        emitters.Should().HaveCount(5);
        last.Keys.Should().Contain(emitters.Select(e => e.FrequencyHz));
        // The simulated receiver is not linear: two strong stations in a hop lift each other and what is beside them by up to 1.6 dB.
        foreach (var emitter in emitters) last[emitter.FrequencyHz]["level_dbfs"].AsNumber.Should().BeApproximately(emitter.LevelDbfs + 0.8, 0.9, emitter.Name.En);
        last[91_900_000]["status"].AsText.Should().Be("licensed");
        last[PirateHz]["status"].AsText.Should().Be("unregistered");
        last[91_900_000]["pilot"].AsBoolean.Should().BeTrue();
    }

    [Fact]
    public void The_pirate_is_a_candidate_within_two_sweeps_of_its_coming()
    {
        var first = night.Observed.First(o => o.Kind == "fm.suspicion" && o.Subject == Subject.Frequency("440106", PirateHz));
        first.Facts["stage"].AsText.Should().Be("candidate");
        (night.City.VirtualTime(first.At) - new DateTimeOffset(2026, 3, 14, 23, 4, 0, TimeSpan.FromHours(8))).TotalSeconds.Should().BeInRange(0, 20);
        night.Observed.Where(o => o.Kind == "fm.suspicion").Should().NotContain(o => o.Subject == Subject.Frequency("440106", 91_900_000) || o.Subject == Subject.Frequency("440106", 92_200_000));
    }

    [Fact]
    public void Of_sound_that_nobody_listens_to_nothing_is_said()
    {
        var carriers = night.Observed.Where(o => o.Kind == "fm.carrier").ToList();
        carriers.Should().NotBeEmpty().And.OnlyContain(o => !o.Facts.ContainsKey("loops") && !o.Facts.ContainsKey("loop_s") && !o.Facts.ContainsKey("same_sound_as") && !o.Facts.ContainsKey("silence_s"));
        foreach (var o in night.Observed)
            foreach (var (name, fact) in o.Facts) Vocabulary.Kind(o.Kind)!.Fact(name)!.Type.Should().Be(fact.Type, "{0} of {1}", name, o.Kind);
    }

    [Fact]
    public async Task What_cannot_be_tuned_does_not_sweep_and_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("sweep").FullName;
        try
        {
            var watch = Night.Watch(folder, new ManualTime(), _ => ValueTask.FromResult<IIqSource>(new Fixed()), _ => { }, _ => { });
            (await FluentActions.Awaiting(() => watch.RunAsync(() => { }, default)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("fm.sweep-not-tunable");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Fixed : IIqSource
    {
        public IqStream Stream => new("fixed", 2_400_000, 98e6, Origin.Replay);

        public ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel) => ValueTask.FromResult(default(IqRead));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>45 s from 23:03:50 on, played once for all tests.</summary>
    public sealed class Night : IAsyncLifetime
    {
        internal static readonly FmRegister Register =
            FmRegister.Import(File.ReadAllBytes(Path.Combine(Checkout.Root, "probe", "Simulation", "scenarios", "night-licences.csv")), ImportMode.RefuseWhole).Register!;

        private readonly string folder = Directory.CreateTempSubdirectory("sweep").FullName;

        internal City City { get; private set; } = null!;

        internal List<Observation> Observed { get; } = [];

        internal List<SpectrumFrame> Shown { get; } = [];

        internal static FmSweepWatch Watch(string folder, ManualTime time, Func<CancellationToken, ValueTask<IIqSource>> open, Action<Observation> observe, Action<SpectrumFrame> show, SweepConfiguration? sweep = null)
        {
            var mint = new ObservationMint(new ProbeId("GZ-03"), "440106", Language.Chinese);
            var configuration = new FmBandConfiguration(new("fm"), new("city", "fm")) { Sweep = sweep ?? new SweepConfiguration(87e6, 108e6, TimeSpan.FromSeconds(10), Spurious: false) };
            return new FmSweepWatch(configuration, open, new FmSite(folder, mint, null, () => Register, time, _ => { }), mint, observe, show);
        }

        public async Task InitializeAsync()
        {
            var time = new ManualTime(new DateTimeOffset(2026, 3, 14, 15, 3, 50, TimeSpan.Zero));
            City = City.BuiltIn(time, "night");
            using var mover = new TimeMover(time, TimeSpan.FromSeconds(42));
            try { await Watch(folder, time, _ => ValueTask.FromResult(mover.Drive(City.OpenFmBand())), Observed.Add, Shown.Add).RunAsync(() => { }, mover.Over); }
            catch (OperationCanceledException) { /* its time is over */ }
        }

        public Task DisposeAsync()
        {
            Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        }
    }
}
