using System.Diagnostics;
using System.Net;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Series;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Series;

public sealed class SeriesRecordingTests
{
    private const string Range = "from=2026-03-14T14:00:00Z&to=2026-03-14T15:00:00Z";

    [Fact]
    public async Task A_level_that_was_delivered_is_a_curve_with_its_unit_and_a_nominal_frequency_is_none()
    {
        await using var collector = await RunningCollector.Start();
        await Deliver(collector, 1, [-40.126, -41, -42]);
        var answer = await collector.Read<SeriesAnswer>($"/api/v1/series?metric=fm.carrier.level_dbm&{Range}&points=3601");
        (answer.Unit, answer.StepSeconds, answer.Rollup).Should().Be(("dBm", 1, "1s"));
        var curve = answer.Series.Should().ContainSingle().Subject;
        (curve.Subject.ToString(), curve.Probe.Value, curve.Origin).Should().Be(("frequency:440106/97800000", "GZ-03", Origin.Live));
        curve.Mean.Should().Equal(-40.13, -41, -42);
        curve.T.Should().Equal(Enumerable.Range(0, 3).Select(i => new DateTimeOffset(2026, 3, 14, 14, 0, i, TimeSpan.Zero).ToUnixTimeMilliseconds()));
        (await collector.Client.GetAsync($"/api/v1/series?metric=fm.carrier.frequency_hz&{Range}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await collector.Read<SeriesNamePage>("/api/v1/series/names?metric=fm.*")).Series.Select(s => s.Metric).Should().Equal("fm.carrier.level_dbm");
    }

    [Fact]
    public async Task Values_that_were_only_in_memory_are_there_after_a_restart()
    {
        await using var collector = await RunningCollector.Start();
        await Deliver(collector, 1, [1, 2]);
        await collector.Restart();
        await Deliver(collector, 3, [3], firstSecond: 2);
        (await Curve(collector)).Mean.Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task Series_that_were_deleted_are_made_again_from_the_journal()
    {
        await using var collector = await RunningCollector.Start();
        await Deliver(collector, 1, [1, 2, 3]);
        await collector.Stop();
        Directory.Delete(Path.Combine(collector.Folder, "series"), recursive: true);
        await collector.Restart();
        await Deliver(collector, 4, [4], firstSecond: 3);
        var curve = await Curve(collector);
        curve.Mean.Should().Equal(1, 2, 3, 4);
        curve.Count.Should().Equal(1, 1, 1, 1);
    }

    [Fact]
    public async Task What_there_is_no_room_for_is_read_from_the_journal_later()
    {
        await using var collector = await RunningCollector.Start(adjust: o => o with { Series = new SeriesSettings { MostQueued = 0 } });
        await Deliver(collector, 1, [1, 2]);
        await Deliver(collector, 3, [3], firstSecond: 2);
        collector.Get<SeriesRecorder>().Overflows.Should().BeGreaterThan(0);
        (await Curve(collector)).Mean.Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_drill_is_no_part_of_the_live_curve()
    {
        await using var collector = await RunningCollector.Start();
        await Deliver(collector, 1, [1]);
        await collector.Deliver(Line(2, 99, 1).Replace("\"live\"", "\"simulated\"", StringComparison.Ordinal));
        await Reached(collector);
        (await Curve(collector)).Max.Should().Equal(1);
        var drill = await collector.Read<SeriesAnswer>($"/api/v1/series?metric=fm.carrier.level_dbm&origin=simulated&{Range}");
        drill.Series.Single().Max.Should().Equal(99);
    }

    [Fact]
    public async Task Two_clocks_of_a_multiplex_are_two_curves()
    {
        await using var collector = await RunningCollector.Start();
        await collector.Deliver(
            RunningCollector.Line(1, "multiplex:1.1", kind: "ts.clock", facts: """{"pid":256,"offset_ppm":1.5}"""),
            RunningCollector.Line(2, "multiplex:1.1", kind: "ts.clock", facts: """{"pid":512,"offset_ppm":-3}"""));
        await Reached(collector);
        var answer = await collector.Read<SeriesAnswer>($"/api/v1/series?metric=ts.clock.offset_ppm&{Range}");
        answer.Series.Select(s => (s.Apart, s.Mean.Single())).Should().Equal(("pid=256", 1.5), ("pid=512", -3));
    }

    [Fact]
    public async Task An_observation_from_a_clock_that_is_far_ahead_is_left_out_and_counted()
    {
        await using var collector = await RunningCollector.Start();
        await collector.Deliver(RunningCollector.Line(1, at: collector.Time.GetUtcNow().AddHours(1)));
        await Reached(collector);
        collector.Get<SeriesRecorder>().Intake.WrongTime.Should().Be(1);
        (await collector.Client.GetStringAsync("/metrics")).Should().Contain("signalwatch_series_wrong_time_total 1\n");
    }

    [Fact]
    public async Task A_folder_that_can_not_be_used_costs_the_curves_and_nothing_else()
    {
        await using var collector = await RunningCollector.Start();
        await collector.Stop();
        Directory.Delete(Path.Combine(collector.Folder, "series"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(collector.Folder, "series"), "");
        await collector.Restart();
        (await collector.Deliver(Line(1, 1, 0))).Stored.Should().Be(1);
        (await collector.Client.GetAsync("/api/v1/series/names")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("metric=fm.carrier.level_dbm&points=1")]
    [InlineData("metric=fm.carrier.level_dbm&from=2026-03-14T15:00:00Z&to=2026-03-14T14:00:00Z")]
    [InlineData("metric=fm.carrier.level_dbm&subject=nonsense")]
    [InlineData("metric=fm.carrier.level_dbm&from=0001-01-01T00:00:00Z")]
    [InlineData("points=10")]
    public async Task A_request_that_makes_no_sense_is_refused_with_the_reason(string query)
    {
        await using var collector = await RunningCollector.Start();
        var response = await collector.Client.GetAsync($"/api/v1/series?{query}");
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task The_collector_follows_its_own_load()
    {
        await using var collector = await RunningCollector.Start();
        await Deliver(collector, 1, [1]);
        collector.Time.Advance(TimeSpan.FromSeconds(11));
        await Deliver(collector, 2, [2], firstSecond: 1);
        var names = await collector.Read<SeriesNamePage>("/api/v1/series/names?probe=collector");
        names.Series.Select(s => s.Metric).Should().Contain(["collector.vitals.observations", "collector.vitals.memory_bytes", "collector.alarms.active", "collector.alarms.raised_10min"]);
    }

    private static async Task Deliver(RunningCollector collector, long firstSequence, double[] levels, int firstSecond = 0)
    {
        await collector.Deliver([.. levels.Select((level, i) => Line(firstSequence + i, level, firstSecond + i))]);
        await Reached(collector);
    }

    private static string Line(long sequence, double level, int second) =>
        RunningCollector.Line(sequence, facts: FormattableString.Invariant($$"""{"frequency_hz":97800000,"on_air":true,"level_dbm":{{level}}}"""), at: new DateTimeOffset(2026, 3, 14, 22, 0, second, TimeSpan.FromHours(8)));

    private static async Task<SeriesCurve> Curve(RunningCollector collector) =>
        (await collector.Read<SeriesAnswer>($"/api/v1/series?metric=fm.carrier.level_dbm&{Range}&points=3601")).Series.Single();

    /// <summary>The recorder is behind the acknowledgement: it is waited for, with a tick for what it left to the journal.</summary>
    private static async Task Reached(RunningCollector collector)
    {
        var (recorder, metrics, started) = (collector.Get<SeriesRecorder>(), collector.Get<CollectorMetrics>(), Stopwatch.GetTimestamp());
        while (recorder.Reached < metrics.Position && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10)) await Task.Yield();
        recorder.Reached.Should().BeGreaterThanOrEqualTo(metrics.Position);
    }
}
