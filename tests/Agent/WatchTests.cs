using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Rules;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Probe;

public sealed class WatchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("watch").FullName;
    private readonly ManualTime time = new();
    private readonly ObservationMint mint = new(new ProbeId("GZ-03"), "440106", Language.Chinese);
    private readonly List<Observation> observed = [];
    private readonly List<SpectrumFrame> shown = [];
    private readonly List<Text> said = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_band_watch_finds_in_the_city_what_is_there_and_the_pirate_when_it_comes()
    {
        var city = City.BuiltIn(time);
        using var source = new TimeMover(time, TimeSpan.FromSeconds(66));
        await RunAsync(new FmBandWatch(new FmBandConfiguration(new("fm"), new("city", "fm")), _ => ValueTask.FromResult(source.Drive(city.OpenFmBand())), new FmSite(folder, mint, null, () => FmRegister.None, time, said.Add), mint, observed.Add, shown.Add), () => source.Over);
        observed.Should().OnlyContain(o => o.Origin == Origin.Simulated);
        Each(o => Vocabulary.Kind(o.Kind)!.Fact);
        var at = observed[^1].At;
        var carriers = observed.Where(o => o.Kind == "fm.carrier").ToLookup(o => (long)o.Facts["frequency_hz"].AsNumber);
        carriers.Select(c => c.Key).Should().BeEquivalentTo(city.TruthAt(city.VirtualTime(at)).Emitters.Where(e => e.OnAir).Select(e => e.FrequencyHz));
        foreach (var truth in city.TruthAt(city.VirtualTime(at)).Emitters)
        {
            var facts = carriers[truth.FrequencyHz].Last().Facts;
            facts["on_air"].AsBoolean.Should().BeTrue(truth.Name.En);
            facts["level_dbfs"].AsNumber.Should().BeApproximately(truth.LevelDbfs, 1, truth.Name.En);
            facts["offset_hz"].AsNumber.Should().BeApproximately(truth.CarrierHz - truth.FrequencyHz, 500, truth.Name.En);
            facts.Should().NotContainKey("level_dbm", "the simulated receiver is not calibrated");
            if (facts.TryGetValue("modulated", out var modulated)) modulated.AsBoolean.Should().Be(truth.Modulated, truth.Name.En);
            if (truth.Pi is not null) (facts["pi"].AsText, facts["ps"].AsText.PadRight(8), facts["pilot"].AsBoolean).Should().Be((truth.Pi, truth.Ps!, true));
            else facts.Should().NotContainKey("pi", truth.Name.En);
        }
        var pirate = carriers[97_800_000].First();
        city.VirtualTime(pirate.At).TimeOfDay.Should().BeCloseTo(new TimeSpan(18, 30, 1), TimeSpan.FromSeconds(2));
        shown.Count.Should().BeInRange(300, 340);
        shown.Should().OnlyContain(f => f.Origin == Origin.Simulated && f.Unit == SpectrumUnit.Dbfs && f.Bins.Length <= SpectrumFrame.MaxBins);
    }

    [Fact]
    public async Task The_stream_watch_tells_of_losses_and_of_the_stranger_in_the_hotel()
    {
        var city = City.BuiltIn(time);
        using var mover = new TimeMover(time, TimeSpan.FromSeconds(250));
        await RunAsync(Stream(() => mover.Drive(city.OpenMultiplex("hotel"))), () => mover.Over);
        Each(o => Vocabulary.Kind(o.Kind)!.Fact);
        observed.Should().OnlyContain(o => o.Origin == Origin.Simulated);
        observed.Where(o => o.Kind == "ts.multiplex").Select(o => o.Subject.ToString()).Distinct().Should().BeSubsetOf(["multiplex:65295.7", "multiplex:GZ-03/mux"]).And.Contain("multiplex:65295.7");
        var services = observed.Where(o => o.Kind == "ts.service").ToLookup(o => (int)o.Facts["service_id"].AsNumber);
        services.Select(s => s.Key).Should().BeEquivalentTo([1, 2, 9]);
        services[1].Should().OnlyContain(o => o.Facts["in_lineup"].AsBoolean && o.Facts["cc_errors"].AsNumber == 0);
        services[1].Last().Facts["name"].AsText.Should().Be("宾馆导视");
        services[9].Should().OnlyContain(o => !o.Facts["in_lineup"].AsBoolean);
        services[9].Last().Facts["name"].AsText.Should().Be("境外电影台");
    }

    [Fact]
    public async Task A_second_in_which_this_machine_dropped_datagrams_says_nothing_of_the_broadcasters_losses()
    {
        var city = City.BuiltIn(time);
        using var mover = new TimeMover(time, TimeSpan.FromSeconds(30)) { Dropped = () => city.VirtualNow.TimeOfDay >= new TimeSpan(18, 29, 20) ? 7 : 0 };
        await RunAsync(Stream(() => mover.Drive(city.OpenMultiplex("multiplex"))), () => mover.Over);
        var seconds = observed.Where(o => o.Kind == "ts.multiplex").ToList();
        var dropping = seconds.Should().ContainSingle(o => o.Facts["datagrams_dropped"].AsNumber == 7).Subject;
        dropping.Facts.Should().NotContainKeys("cc_errors", "crc_errors");
        seconds.Where(o => o != dropping).Should().OnlyContain(o => o.Facts.ContainsKey("cc_errors"));
        observed.Where(o => o.Kind == "ts.service" && o.At == dropping.At).Should().NotBeEmpty().And.OnlyContain(o => !o.Facts.ContainsKey("cc_errors"));
    }

    [Fact]
    public async Task The_channel_watch_sees_the_playlist_stand_still_and_go_on()
    {
        var city = City.BuiltIn(time); // stale 18:36:00 to 18:36:45: 420 s to 465 s after the beginning
        var watch = new OttWatch(new OttConfiguration(new("ott"), new("city", "ott")) { Channel = "yunshan-live", Name = "云山网络直播" }, city.OpenChannel("ott"), mint, Origin.Simulated, time, Observe);
        using var stop = new CancellationTokenSource();
        var running = watch.RunAsync(() => { }, stop.Token);
        for (var polls = 1; polls <= 125; polls++)
        {
            SpinWait.SpinUntil(() => Observed().Count >= polls, TimeSpan.FromSeconds(20)).Should().BeTrue();
            time.Advance(TimeSpan.FromSeconds(4));
        }
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => running).Should().ThrowAsync<OperationCanceledException>();
        Each(o => Vocabulary.Kind(o.Kind)!.Fact);
        observed.Should().OnlyContain(o => o.Subject.ToString() == "ott:yunshan-live" && o.Origin == Origin.Simulated && o.Facts["available"].AsBoolean);
        observed.Count.Should().BeInRange(120, 126);
        var stale = observed.Where(o => o.Facts.TryGetValue("fault", out var fault) && fault.AsText == "stale").Select(o => city.VirtualTime(o.At).TimeOfDay).ToArray();
        stale.Should().NotBeEmpty().And.OnlyContain(t => t > new TimeSpan(18, 36, 3) && t < new TimeSpan(18, 36, 50));
        observed[^1].Facts.Should().NotContainKey("fault");
    }

    [Fact]
    public async Task A_line_up_is_remembered_over_a_restart_and_a_stranger_stays_one()
    {
        var folder = Directory.CreateTempSubdirectory("lineup").FullName;
        try
        {
            var city = City.BuiltIn(time);
            using var first = new TimeMover(time, TimeSpan.FromSeconds(20));
            await RunAsync(Stream(() => first.Drive(city.OpenMultiplex("hotel")), folder), () => first.Over);
            time.Advance(TimeSpan.FromMinutes(5));
            observed.Clear();
            using var second = new TimeMover(time, TimeSpan.FromSeconds(5));
            await RunAsync(Stream(() => second.Drive(city.OpenMultiplex("hotel")), folder), () => second.Over);
            observed.Where(o => o.Subject.Key == "65295.7.9").Should().NotBeEmpty().And.OnlyContain(o => !o.Facts["in_lineup"].AsBoolean);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_watch_that_fails_is_told_with_its_reason_and_started_again_with_growing_waits()
    {
        var starts = new List<DateTimeOffset>();
        var watch = new Scripted(async (run, working, cancel) =>
        {
            starts.Add(time.GetUtcNow());
            if (run < 3) throw new ProblemException(new Problem("x.missing", new("没有文件。", "no file."), new("请检查。", "check.")));
            if (run < 5) throw new InvalidOperationException("surprise");
            working();
            await Task.Delay(Timeout.Infinite, cancel);
        });
        using var stop = new CancellationTokenSource();
        var supervisor = new WatchSupervisor(watch, mint, Observe, time, Say);
        var running = supervisor.RunAsync(stop.Token);
        await AdvanceUntilAsync(() => Observed().Any(o => o.Facts["running"].AsBoolean));
        starts.Zip(starts.Skip(1), (a, b) => Math.Round((b - a).TotalSeconds)).Should().Equal(1, 2, 5, 10, 30);
        supervisor.Failed.Should().BeFalse();
        var told = Observed();
        told.Should().HaveCount(6).And.OnlyContain(o => o.Kind == "probe.watch" && o.Subject == Subject.Watch(mint.Probe, watch.Id) && o.Watch == watch.Id);
        told[0].Facts["reason"].AsText.Should().Be("没有文件。请检查。");
        told[3].Facts["reason"].AsText.Should().Contain("surprise");
        told[5].Facts.Should().NotContainKey("reason");
        await stop.CancelAsync();
        await running.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task A_source_that_comes_to_its_end_is_told_and_not_started_again()
    {
        var runs = 0;
        var watch = new Scripted((_, working, _) =>
        {
            runs++;
            working();
            return Task.CompletedTask;
        });
        var supervisor = new WatchSupervisor(watch, mint, Observe, time, Say);
        await supervisor.RunAsync(CancellationToken.None).WaitAsync(Hang.Limit);
        runs.Should().Be(1);
        supervisor.Failed.Should().BeTrue();
        Observed().Select(o => o.Facts["running"].AsBoolean).Should().Equal(true, false);
    }

    private void Observe(Observation o) { lock (observed) observed.Add(o); }

    private List<Observation> Observed() { lock (observed) return [.. observed]; }

    private void Say(Text text) { lock (said) said.Add(text); }

    private TransportStreamWatch Stream(Func<ITransportStreamSource> open, string data = "/nowhere") =>
        new(new TransportStreamConfiguration(new("mux"), new("city", "hotel")), _ => ValueTask.FromResult(open()), new StreamMaker(data, mint, observed.Add, TimeZoneInfo.Utc));

    // Every fact has a name and a type of the vocabulary: the collector refuses others.
    private void Each(Func<Observation, Func<string, FactDefinition?>> vocabulary)
    {
        observed.Should().NotBeEmpty();
        foreach (var o in observed)
            foreach (var (name, fact) in o.Facts) vocabulary(o)(name)!.Type.Should().Be(fact.Type, "{0} of {1}", name, o.Kind);
    }

    // On the pool, away from the test's synchronisation context: there a timer's continuation runs before the clock moves on.
    private static async Task RunAsync(IWatch watch, Func<CancellationToken> stop) =>
        await FluentActions.Awaiting(() => Task.Run(() => watch.RunAsync(() => { }, stop()))).Should().ThrowAsync<OperationCanceledException>();

    // Virtual time moves only from one wait to the next, so that no machine is too slow for it.
    private async Task AdvanceUntilAsync(Func<bool> done)
    {
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!done())
        {
            limit.Elapsed.Should().BeLessThan(Hang.Limit);
            if (!time.AdvanceToNext()) await Task.Yield();
        }
    }

    private sealed class Scripted(Func<int, Action, CancellationToken, Task> script) : IWatch
    {
        private int runs;

        public WatchId Id => new("fm");

        public string Input => "sigmf:band";

        public Task RunAsync(Action working, CancellationToken cancel) => script(runs++, working, cancel);
    }
}
