using System.Net;
using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Tests.Probe.Uplink;

/// <summary>After an outage what is observed now goes first, alarms before all, and what was observed meanwhile follows as what it is: history.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task After_an_outage_live_goes_before_history_and_alarms_before_telemetry()
    {
        using var bench = new DeliveryBench { Collector = { IsAway = true } };
        bench.Start();
        var old = bench.Fill(2500, 700);
        await bench.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5));
        bench.Collector.IsAway = false;
        var answered = 0;
        List<Observation> live = [];
        bench.Collector.Instead = request =>
        {
            if (++answered == 2) live = bench.Fill(3, 2); // observed while history is under way
            return null;
        };
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount == 3205, TimeSpan.FromSeconds(1));

        var requests = bench.Collector.Requests;
        requests[0].Lines.Should().ContainSingle("one record finds out whether the collector is back");
        requests[0].Lane.Should().Be(Wire.HistoryLane);
        requests.Select(r => (r.Lines[0].Observation.Kind == "fm.carrier", r.Lane)).Distinct().Should().Equal(
            (true, Wire.HistoryLane), (true, Wire.LiveLane), (false, Wire.LiveLane), (false, Wire.HistoryLane));
        AssertOnceEach(bench, [.. old, .. live]);
        var alarmHistory = requests.Where(r => r.Lane == Wire.HistoryLane).SelectMany(r => r.Lines).Where(l => l.Observation.Kind == "fm.carrier").ToList();
        alarmHistory.Select(l => l.Sequence).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task What_is_observed_while_history_goes_overtakes_it()
    {
        using var bench = new DeliveryBench { Collector = { IsAway = true } };
        bench.Start();
        bench.Fill(5000, 5000);
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        bench.Collector.IsAway = false;
        var waiting = 0;
        Observation? now = null;
        List<int> waits = [];
        bench.Collector.Instead = request =>
        {
            if (!request.IsObservations) return null;
            if (now is not null && request.Lines.Any(l => l.Observation.Id == now.Id))
            {
                waits.Add(request.Lane == Wire.LiveLane ? waiting : int.MaxValue);
                now = null;
            }
            else if (now is null && request.Lane == Wire.HistoryLane && request.Lines.Count > 1) (now, waiting) = (bench.Fill(1)[0], 0);
            else waiting++;
            return null;
        };
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount >= 10_000 && bench.Spool.Figures.Entries == 0, TimeSpan.FromSeconds(1));
        waits.Should().HaveCountGreaterThan(8).And.OnlyContain(w => w == 0, "a live alarm is in the very next request");
    }

    [Fact]
    public async Task Half_a_minute_without_the_collector_is_no_outage_and_stays_live()
    {
        using var bench = new DeliveryBench { Collector = { IsAway = true } };
        bench.Start();
        var made = bench.Fill(10, 10);
        await bench.PassAsync(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(1));
        bench.Collector.IsAway = false;
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount == 20);
        bench.Collector.Requests.Should().OnlyContain(r => r.Lane == Wire.LiveLane);
        AssertOnceEach(bench, made);
    }

    [Fact]
    public async Task Telemetrys_history_keeps_to_its_rate_and_live_telemetry_does_not_wait_for_it()
    {
        using var bench = new DeliveryBench { Collector = { IsAway = true }, Settings = new DeliverySettings { HistoryPerSecond = 100 } };
        bench.Start();
        bench.Fill(1, 1000);
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        bench.Collector.IsAway = false;
        var back = bench.Time.GetUtcNow();
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount > 300);
        var live = bench.Fill(0, 1)[0];
        await bench.RunUntilAsync(() => bench.Collector.Delivered.Exists(d => d.Observation.Id == live.Id));
        (bench.Collector.DeliveredCount - 1).Should().BeLessThan(500, "it overtook the history");
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount == 1002);
        (bench.Time.GetUtcNow() - back).Should().BeGreaterThan(TimeSpan.FromSeconds(8)).And.BeLessThan(TimeSpan.FromSeconds(45));
        bench.Collector.Requests.Where(r => r.Lane == Wire.HistoryLane).Should().OnlyContain(r => r.Lines.Count <= 100);
    }

    [Fact]
    public async Task The_collector_may_slow_history_by_its_reply()
    {
        using var bench = new DeliveryBench { Collector = { IsAway = true, HistoryRate = 20 } };
        bench.Start();
        bench.Fill(200);
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        bench.Collector.IsAway = false;
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount > 1);
        var back = bench.Time.GetUtcNow();
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount == 200);
        (bench.Time.GetUtcNow() - back).Should().BeGreaterThan(TimeSpan.FromSeconds(8.5), "200 at 20 a second");
        bench.Collector.Requests.Should().OnlyContain(r => r.Lines.Count <= 20);
    }

    [Fact]
    public async Task A_collector_under_pressure_holds_history_up_and_live_goes_on()
    {
        using var bench = new DeliveryBench { Collector = { IsAway = true } };
        bench.Start();
        bench.Fill(0, 50);
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        bench.Collector.IsAway = false;
        var refusals = 0;
        bench.Collector.Instead = request =>
        {
            if (request.Lane != Wire.HistoryLane || request.Lines.Count == 1 || refusals++ > 0) return null;
            return new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(60)) } };
        };
        await bench.RunUntilAsync(() => refusals == 1);
        var held = bench.Time.GetUtcNow();
        var live = bench.Fill(1, 0)[0];
        await bench.RunUntilAsync(() => bench.Collector.Delivered.Exists(d => d.Observation.Id == live.Id));
        (bench.Time.GetUtcNow() - held).Should().BeLessThan(TimeSpan.FromSeconds(1));
        await bench.RunUntilAsync(() => bench.Spool.Figures.Entries == 0, TimeSpan.FromSeconds(1));
        (bench.Time.GetUtcNow() - held).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task What_waited_while_the_probe_was_off_is_history()
    {
        var folder = Directory.CreateTempSubdirectory("delivery").FullName;
        ManualTime before = new(new DateTimeOffset(2026, 3, 14, 19, 0, 0, TimeSpan.FromHours(8)));
        var mint = new SignalWatch.Probe.ObservationMint(new ProbeId("GZ-03"), "440106", Language.Chinese);
        using (var spool = new SpoolFolder(Path.Combine(folder, "spool"), new SpoolFolderSettings(), before, gap => mint.Gap(gap, before.GetUtcNow()), _ => { }))
        {
            spool.Append(mint.AboutProbe(Vocabulary.ProbeHeartbeat, before.GetUtcNow(), ("uptime_s", Fact.Of(1))));
            spool.Flush();
        }
        using var bench = new DeliveryBench(folder: folder);
        bench.Start();
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount == 1);
        bench.Collector.Requests.Should().ContainSingle().Which.Lane.Should().Be(Wire.HistoryLane);
        bench.Fill(1);
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount == 2);
        bench.Collector.Requests[^1].Lane.Should().Be(Wire.LiveLane);
    }

    [Fact]
    public async Task Three_days_without_a_collector_lose_no_alarm_and_show_what_telemetry_lost_as_gaps()
    {
        // Three carriers and the band once a minute, for 72 h; telemetry has room for a third of it.
        using var bench = new DeliveryBench(new SpoolFolderSettings { Telemetry = new SpoolSettings { SegmentBytes = 20_000, Capacity = 400_000 } }) { Collector = { IsAway = true } };
        bench.Start();
        List<Observation> alarms = [], telemetry = [];
        for (var hour = 0; hour < 72; hour++)
        {
            for (var minute = 0; minute < 60; minute++)
            {
                for (var carrier = 0; carrier < 3; carrier++) Observe(alarms, bench.Carrier(98_000_000 + 100_000 * carrier));
                Observe(telemetry, bench.Band());
                await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            }
            bench.Spool.Flush();
        }
        bench.Collector.Attempts.Should().BeGreaterThan(500, "it tried all the time");
        bench.Collector.IsAway = false;
        var back = bench.Time.GetUtcNow();
        await bench.RunUntilAsync(() => bench.Spool.Figures.Entries == 0, TimeSpan.FromSeconds(1));

        bench.Collector.Conflicts.Should().BeEmpty();
        var delivered = bench.Collector.Delivered;
        delivered.Select(d => d.Observation.Id).Should().OnlyHaveUniqueItems();
        var gaps = delivered.Where(d => d.Observation.Kind == "probe.gap").Select(d => d.Observation.Facts).ToList();
        delivered.Where(d => d.Observation.Kind == "fm.carrier").Select(d => d.Observation.Id).Should().Equal(alarms.Select(a => a.Id), "all of them, in the order of their time");
        var bands = delivered.Where(d => d.Observation.Kind == "fm.band").Select(d => d.Observation.Id).ToList();
        gaps.Should().NotBeEmpty().And.OnlyContain(g => g["class"].AsText == "telemetry");
        (bands.Count + gaps.Sum(g => g["count"].AsNumber)).Should().Be(telemetry.Count);
        bands.Should().Equal(telemetry.TakeLast(bands.Count).Select(t => t.Id), "the oldest had to go");

        var requests = bench.Collector.Requests;
        requests.FindLastIndex(r => r.Lines.Exists(l => l.Observation.Kind == "fm.carrier")).Should().BeLessThan(requests.FindIndex(r => r.Lines.Exists(l => l.Observation.Kind == "fm.band")), "alarms first");
        requests.Where(r => r.Lines.Exists(l => l.Observation.Kind is "fm.carrier" or "fm.band")).Should().OnlyContain(r => r.Lane == Wire.HistoryLane);
        (bench.Time.GetUtcNow() - back).Should().BeLessThan(TimeSpan.FromMinutes(2));
        Directory.GetDirectories(Path.Combine(bench.Folder, "spool", "alarm")).Should().ContainSingle("what is delivered is gone");

        void Observe(List<Observation> into, Observation observation)
        {
            into.Add(observation);
            bench.Spool.Append(observation);
        }
    }

    private static void AssertOnceEach(DeliveryBench bench, List<Observation> made)
    {
        bench.Collector.Conflicts.Should().BeEmpty();
        bench.Collector.Delivered.Where(d => d.Observation.Kind != "probe.gap").Select(d => d.Observation.Id).Should().BeEquivalentTo(made.Select(m => m.Id));
    }
}
