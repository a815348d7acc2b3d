using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using SignalWatch.Collector.Wall;
using SignalWatch.Contracts;
using SignalWatch.Tests;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests;

public sealed class WallTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_viewer_gets_a_snapshot_then_deltas_that_follow_on_each_other()
    {
        await using var collector = await Start();
        await AlarmTests.Import(collector, "91000000,,好台,甲台");
        using var viewer = await collector.Connect();
        var snapshot = await viewer.Next<WallSnapshot>("snapshot");
        snapshot.Alarms.Should().BeEmpty();
        await collector.Deliver(Line(1));
        collector.Time.Advance(Window);
        var first = await viewer.Next<WallDelta>("delta");
        (first.Instance, first.FromRevision, first.Revision).Should().Be((snapshot.Instance, snapshot.Revision, snapshot.Revision + 1));
        first.Alarms.Should().ContainSingle();
        first.Carriers.Should().ContainSingle().Which.Class.Should().Be(CarrierClass.Unregistered);
        first.Probes.Should().ContainSingle().Which.Online.Should().BeTrue();

        await collector.Acknowledge(first.Alarms[0].Id, first.Alarms[0].Version);
        collector.Time.Advance(Window);
        var second = await viewer.Next<WallDelta>("delta");
        (second.FromRevision, second.Alarms.Single().State).Should().Be((first.Revision, AlarmState.Acknowledged));

        await collector.Deliver(Line(2, onAir: false));
        collector.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await viewer.Next<WallDelta>("delta");
        third.AlarmsGone.Should().Equal(first.Alarms[0].Id);
        third.CarriersGone.Concat((await Maybe(viewer, third)).CarriersGone).Should().Contain(first.Carriers[0].Key);
    }

    [Fact]
    public async Task Heartbeats_carry_the_age_of_the_data_and_the_revision_that_was_sent()
    {
        await using var collector = await Start();
        using var viewer = await collector.Connect();
        await viewer.Next<WallSnapshot>("snapshot");
        await collector.Deliver(Line(1));
        var received = collector.Time.GetUtcNow();
        collector.Time.Advance(Window);
        var delta = await viewer.Next<WallDelta>("delta");
        collector.Time.Advance(TimeSpan.FromSeconds(1));
        var beat = await viewer.Next<WallHeartbeat>("heartbeat");
        (beat.DataAt, beat.StorageFull, beat.Revision).Should().Be(((DateTimeOffset?)received, false, delta.Revision));
    }

    [Fact]
    public async Task Resync_brings_a_snapshot_that_equals_the_API_s()
    {
        await using var collector = await Start();
        using var viewer = await collector.Connect();
        await viewer.Next<WallSnapshot>("snapshot");
        await collector.Deliver(Line(1));
        await viewer.Invoke("Resync");
        var snapshot = await viewer.Next<WallSnapshot>("snapshot");
        snapshot.Carriers.Should().NotBeEmpty();
        JsonSerializer.Serialize(snapshot, WireJson.Options).Should().Be(JsonSerializer.Serialize(await collector.Read<WallSnapshot>("/api/v1/wall"), WireJson.Options));
    }

    [Fact]
    public async Task Viewers_at_one_revision_are_sent_the_same_bytes_and_know_of_each_other()
    {
        await using var collector = await Start();
        using var one = await collector.Connect();
        using var other = await collector.Connect();
        await one.Next<WallSnapshot>("snapshot");
        await other.Next<WallSnapshot>("snapshot");
        await one.Invoke("Present", "王值班", "A-1");
        while ((await collector.Read<List<PresentViewer>>("/api/v1/presence")).Count == 0) await Task.Yield();
        await collector.Deliver(Line(1));
        collector.Time.Advance(Window);
        JsonSerializer.Serialize(await one.Next<WallDelta>("delta"), WireJson.Options).Should().Be(JsonSerializer.Serialize(await other.Next<WallDelta>("delta"), WireJson.Options));
        IReadOnlyList<PresentViewer> seen;
        while ((seen = await other.Next<List<PresentViewer>>("presence")).Count == 0) collector.Time.Advance(Window);
        seen.Should().ContainSingle().Which.Should().Match<PresentViewer>(v => v.Name == "王值班" && v.Looking == "A-1");
        one.Dispose();
        while ((await collector.Read<List<PresentViewer>>("/api/v1/presence")).Count > 0) await Task.Yield();
        collector.Time.Advance(Window);
        (await other.Next<List<PresentViewer>>("presence")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_probe_that_falls_silent_is_unknown_after_fifteen_seconds()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1, subject: "probe:GZ-03", kind: "probe.heartbeat", facts: """{"name":"广州 火炉山","area":"440106","version":"0.1.0","spool_entries":3}"""));
        var row = (await collector.Read<List<ProbeRow>>("/api/v1/probes")).Single();
        (row.Name, row.Area, row.Online, row.SpoolEntries).Should().Be(("广州 火炉山", "440106", true, 3L));
        collector.Time.Advance(TimeSpan.FromSeconds(16));
        (await collector.Read<List<ProbeRow>>("/api/v1/probes")).Single().Online.Should().BeFalse();
        await collector.Restart();
        row = (await collector.Read<List<ProbeRow>>("/api/v1/probes")).Single();
        (row.Name, row.Online).Should().Be(("广州 火炉山", false), "the wall begins with what it knew");
    }

    [Fact]
    public async Task The_clock_of_a_probe_is_that_of_its_least_delayed_delivery()
    {
        await using var collector = await Start();
        var sequence = 0L;
        // A probe whose clock is 250 ms ahead, each delivery on the way for so many ms; the heartbeat itself is old.
        string Sent(int delay) => collector.Time.GetUtcNow().AddMilliseconds(250 - delay).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        async Task<double?> Offset(string? sent)
        {
            await collector.DeliverSentAt(sent, Line(++sequence, subject: "probe:GZ-03", kind: "probe.heartbeat", facts: "{}", at: collector.Time.GetUtcNow().AddSeconds(-9)));
            return (await collector.Read<List<ProbeRow>>("/api/v1/probes")).Single().ClockOffsetMs;
        }
        (await Offset(Sent(400))).Should().Be(-150);
        (await Offset(Sent(3))).Should().Be(247);
        for (var i = 0; i < 15; i++) (await Offset(Sent(90))).Should().Be(247);
        (await Offset(Sent(90))).Should().Be(160, "of the last sixteen");
        (await Offset("yesterday")).Should().BeNull();
        (await Offset(Sent(5))).Should().Be(245);
        (await Offset(null)).Should().BeNull();
    }

    [Fact]
    public async Task A_failed_watch_says_so_until_it_runs_again()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1, subject: "probe:GZ-03/fm", kind: "probe.watch", facts: """{"running":false,"reason":"文件不存在"}"""));
        (await collector.Read<List<ProbeRow>>("/api/v1/probes")).Single().Faults.Should().Equal("fm: 文件不存在");
        await collector.Restart();
        (await collector.Read<List<ProbeRow>>("/api/v1/probes")).Single().WatchesFailed.Should().Be(1);
        await collector.Deliver(Line(2, subject: "probe:GZ-03/fm", kind: "probe.watch", facts: """{"running":true}"""));
        (await collector.Read<List<ProbeRow>>("/api/v1/probes")).Single().Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task Continuity_errors_of_a_service_are_those_of_the_last_minute()
    {
        await using var collector = await Start();
        var at = collector.Time.GetUtcNow();
        string Service(long sequence, int second, int errors) => Line(sequence, "service:1.2.3", kind: "ts.service", facts: $$"""{"service_id":3,"name":"新闻","cc_errors":{{errors}}}""", at: at.AddSeconds(second));
        string Multiplex(long sequence, int second) => Line(sequence, "multiplex:1.2", kind: "ts.multiplex", facts: """{"sync":true}""", at: at.AddSeconds(second));
        await collector.Deliver(Multiplex(1, 0), Service(2, 0, 5), Service(3, 30, 2), Multiplex(4, 30));
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Multiplexes.Single().Services.Single().Should().Match<ServiceRow>(s => s.CcErrors == 7 && s.Name == "新闻");
        await collector.Deliver(Service(5, 61, 0), Multiplex(6, 61));
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Multiplexes.Single().Services.Single().CcErrors.Should().Be(2);
    }

    [Theory]
    [InlineData("intermodulation", CarrierClass.Unidentified)]
    [InlineData("unknown", CarrierClass.Unidentified)]
    [InlineData("unregistered", CarrierClass.Unregistered)]
    public async Task What_the_probe_says_that_the_receiver_makes_itself_or_may_make_is_not_called_unregistered(string status, CarrierClass expected)
    {
        await using var collector = await Start();
        await AlarmTests.Import(collector, "91000000,,好台,甲台");
        await collector.Deliver(Line(1, facts: $$"""{"frequency_hz":97800000,"on_air":true,"modulated":true,"status":"{{status}}"}"""));
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Carriers.Single().Class.Should().Be(expected);
    }

    [Fact]
    public async Task Without_a_register_or_without_modulation_no_carrier_is_called_unregistered()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1));
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Carriers.Single().Class.Should().Be(CarrierClass.Unidentified);
        await AlarmTests.Import(collector, "91000000,,好台,甲台");
        await collector.Deliver(Line(2, facts: """{"frequency_hz":97800000,"on_air":true}"""));
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Carriers.Single().Class.Should().Be(CarrierClass.Unidentified);
        await collector.Deliver(Line(3));
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Carriers.Single().Class.Should().Be(CarrierClass.Unregistered);
    }

    [Fact]
    public async Task Late_data_is_stored_but_does_not_turn_the_wall_back()
    {
        await using var collector = await Start();
        var at = collector.Time.GetUtcNow();
        await collector.Deliver(Line(1, at: at), Line(2, onAir: false, at: at.AddMinutes(-5)));
        (await collector.Read<WallSnapshot>("/api/v1/wall")).Carriers.Should().ContainSingle();
    }

    [Fact]
    public void A_viewer_behind_the_ring_needs_a_snapshot_one_within_it_gets_each_row_once()
    {
        var log = new RevisionLog(4);
        log.Seal([new(RowKind.Alarm, "a"), new(RowKind.Alarm, "b")]);
        log.Seal([new(RowKind.Alarm, "a")]);
        log.Since(0).Should().BeEquivalentTo([new RowKey(RowKind.Alarm, "a"), new RowKey(RowKind.Alarm, "b")]);
        log.Since(1).Should().BeEquivalentTo([new RowKey(RowKind.Alarm, "a")]);
        log.Since(2).Should().BeEmpty();
        log.Seal([new(RowKind.Alarm, "c"), new(RowKind.Alarm, "d"), new(RowKind.Alarm, "e")]);
        log.Since(0).Should().BeNull();
        log.Since(2).Should().HaveCount(3);
        log.Since(7).Should().BeNull("it is of another run");
    }

    [Fact]
    public async Task Measured_rows_come_once_a_second_alarms_at_once()
    {
        await using var collector = await Start();
        using var viewer = await collector.Connect();
        await viewer.Next<WallSnapshot>("snapshot");
        var at = collector.Time.GetUtcNow();
        await collector.Deliver(Line(1, at: at));
        collector.Time.Advance(Window);
        (await viewer.Next<WallDelta>("delta")).Carriers.Should().HaveCount(1);
        await collector.Deliver(Line(2, at: at.AddMilliseconds(300)), Line(3, subject: "frequency:440106/99000000", facts: """{"on_air":true,"modulated":true}"""));
        collector.Time.Advance(Window);
        var soon = await viewer.Next<WallDelta>("delta");
        (soon.Alarms.Count, soon.Carriers.Count).Should().Be((1, 0));
    }

    [Fact]
    public async Task Spectrum_frames_reach_viewers_newest_first_and_are_not_stored()
    {
        await using var collector = await Start();
        var frame = new SpectrumFrame
        {
            Probe = new("GZ-03"), Watch = new("fm"), At = collector.Time.GetUtcNow(), StartHz = 96_800_000, StepHz = 2_000, FloorDb = -120, StepDb = 0.5f,
            Origin = Origin.Live, Unit = SpectrumUnit.Dbfs, Bins = new byte[64],
        }.ToBytes();
        using var posted = await collector.Client.PostAsync("/api/v1/spectrum", new ByteArrayContent(frame));
        posted.StatusCode.Should().Be(HttpStatusCode.NoContent);
        using var viewer = await collector.ConnectSpectrum();
        var buffer = new byte[SpectrumFrame.MaxBytes];
        using var limit = new CancellationTokenSource(Hang.Limit);
        var received = await viewer.ReceiveAsync(buffer.AsMemory(), limit.Token);
        buffer[..received.Count].Should().Equal(frame, "a new viewer sees the newest frame at once");
        await viewer.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        using var bad = await collector.Client.PostAsync("/api/v1/spectrum", new ByteArrayContent([1, 2, 3]));
        bad.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        using var big = await collector.Client.PostAsync("/api/v1/spectrum", new ByteArrayContent(new byte[SpectrumFrame.MaxBytes + 1]));
        big.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Pages_of_other_sites_get_nothing()
    {
        await using var collector = await Start();
        var foreign = () => collector.Connect("https://evil.example");
        await foreign.Should().ThrowAsync<InvalidOperationException>();
        using (await collector.Connect("http://localhost")) { }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/observations") { Content = new StringContent(Line(1)) };
        request.Headers.Add("Origin", "null");
        using var response = await collector.Client.SendAsync(request);
        (response.StatusCode, await IngestTests.Code(response)).Should().Be((HttpStatusCode.Forbidden, "request.foreign-origin"));
    }

    private static async Task<WallDelta> Maybe(HubViewer viewer, WallDelta delta) => delta.CarriersGone.Count > 0 ? delta : await viewer.Next<WallDelta>("delta");
}
