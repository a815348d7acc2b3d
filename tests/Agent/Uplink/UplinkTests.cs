using System.Net;
using System.Net.Http.Headers;
using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Tests.Probe.Uplink;

public sealed class UplinkTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly ObservationMint mint = new(new ProbeId("GZ-03"), "440106", Language.Chinese);
    private readonly string folder = Directory.CreateTempSubdirectory("uplink").FullName;
    private readonly List<Text> said = [];
    private readonly FakeCollector collector;
    private readonly SpoolFolder folders;
    private readonly HttpClient http;

    private ObservationSpool Spool => folders.Alarms.Live;

    public UplinkTests()
    {
        collector = new FakeCollector(time);
        folders = new SpoolFolder(folder, new SpoolFolderSettings(), time, gap => mint.Gap(gap, time.GetUtcNow()), said.Add);
        http = new HttpClient(collector);
    }

    public void Dispose()
    {
        http.Dispose();
        folders.Dispose();
        collector.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Batches_are_gzipped_lines_and_the_cursor_follows_the_acknowledgement_only()
    {
        Fill(5);
        await RunUntilAsync(() => Spool.Acknowledged == 5);
        var request = collector.Requests.Single();
        request.Uri.Should().Be("http://collector/api/v1/observations");
        request.ContentType.Should().Be("application/x-ndjson");
        request.Lines.Select(l => l.Sequence).Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public async Task A_backlog_goes_in_batches_of_at_most_a_thousand()
    {
        Fill(2500);
        await RunUntilAsync(() => Spool.Acknowledged == 2500);
        collector.Requests.Select(r => r.Lines.Count).Should().OnlyContain(n => n <= 1000);
        collector.Requests.SelectMany(r => r.Lines).Select(l => l.Sequence).Should().Equal(Enumerable.Range(1, 2500).Select(i => (long)i));
    }

    [Fact]
    public async Task Before_the_Retry_After_of_a_429_is_over_nothing_is_sent()
    {
        collector.Answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)) } });
        Fill(3);
        var start = time.GetUtcNow();
        await RunUntilAsync(() => Spool.Acknowledged == 3);
        (time.GetUtcNow() - start).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(7)); // no upper limit: on a busy machine the test's clock runs ahead of the sender
        collector.Requests.Should().HaveCount(2).And.OnlyContain(r => r.Lines.Count == 3);
    }

    [Fact]
    public async Task A_collector_that_is_away_for_long_loses_nothing_and_is_told_once()
    {
        for (var i = 0; i < 20; i++) collector.Answers.Enqueue(() => throw new HttpRequestException("Connection refused"));
        collector.Answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        Fill(3);
        await RunUntilAsync(() => collector.DeliveredCount == 3);
        collector.Delivered.Select(d => d.Sequence).Should().Equal(1, 2, 3);
        said.Select(t => t.En).Should().SatisfyRespectively(
            first => first.Should().Contain("Connection refused"),
            second => second.Should().Contain("is back"));
        collector.Requests.Where(r => r.Lane == Wire.LiveLane).Should().NotBeEmpty("half a minute is no outage");
        collector.Requests[^1].Lane.Should().Be(Wire.HistoryLane);
    }

    [Fact]
    public async Task What_is_refused_is_held_and_told_and_never_dropped()
    {
        collector.Answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("no such probe") });
        Fill(2);
        await RunUntilAsync(() => collector.DeliveredCount == 2);
        said.Should().Contain(t => t.En.Contains("HTTP 400", StringComparison.Ordinal) && t.En.Contains("no such probe", StringComparison.Ordinal) && t.Zh.Contains("拒收", StringComparison.Ordinal));
        collector.Delivered.Select(l => l.Sequence).Should().Equal(1, 2);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_sent_in_halves()
    {
        collector.Answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.RequestEntityTooLarge));
        Fill(1000);
        await RunUntilAsync(() => Spool.Acknowledged == 1000);
        collector.Requests.Select(r => r.Lines.Count).Should().Equal(1000, 500, 500);
    }

    [Theory]
    [InlineData("<html>Please log in</html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"boot":"00000000-0000-0000-0000-000000000001","acceptedThrough":99,"stored":1,"duplicates":0,"rejected":[],"serverTime":"2026-03-14T22:00:00+08:00"}""")]
    public async Task An_answer_that_is_not_the_collectors_acknowledges_nothing(string body)
    {
        collector.Answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });
        Fill(2);
        await RunUntilAsync(() => Spool.Acknowledged == 2);
        collector.Requests.Should().HaveCount(2).And.OnlyContain(r => r.Lines.Count == 2);
    }

    [Fact]
    public async Task What_the_collector_did_not_accept_is_sent_again()
    {
        collector.Answers.Enqueue(() => FakeCollector.Accept(Spool.Boot, 2));
        Fill(5);
        await RunUntilAsync(() => Spool.Acknowledged == 5);
        collector.Requests.Select(r => r.Lines[0].Sequence).Should().Equal(1, 3);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_given_up_and_tried_again()
    {
        collector.Answers.Enqueue(() => null);
        Fill(1);
        await RunUntilAsync(() => collector.DeliveredCount == 1);
        collector.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task Spectrum_lines_are_posted_and_dropped_with_a_count_while_the_collector_is_away()
    {
        var spectrum = new SpectrumUplink(http, new Uri("http://collector/"), time);
        for (var i = 0; i < 10; i++) spectrum.Offer(Line());
        spectrum.Dropped.Should().Be(6);
        using var stop = new CancellationTokenSource();
        collector.Answers.Enqueue(() => throw new HttpRequestException("refused"));
        collector.Answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.NoContent));
        var running = spectrum.RunAsync(stop.Token);
        await AdvanceUntilAsync(() => collector.Requests.Count >= 2, running);
        await stop.CancelAsync();
        await running.WaitAsync(Hang.Limit);
        spectrum.Dropped.Should().BeGreaterThanOrEqualTo(7);
        collector.Requests[0].Uri.Should().Be("http://collector/api/v1/spectrum");
        SpectrumFrame.TryParse(collector.Requests[0].Body, out var frame).Should().BeTrue();
        frame.Probe.Value.Should().Be("GZ-03");
    }

    [Fact]
    public void Back_off_doubles_to_half_a_minute_and_is_spread()
    {
        var backOff = new BackOff(new Random(1));
        var waits = Enumerable.Range(0, 12).Select(_ => backOff.Next(null).TotalSeconds).ToArray();
        waits[0].Should().BeInRange(0.25, 0.5);
        waits[3].Should().BeInRange(2, 4);
        waits[8..].Should().OnlyContain(w => w >= 15 && w <= 30).And.OnlyHaveUniqueItems();
        backOff.Reset();
        backOff.Next(null).TotalSeconds.Should().BeLessThan(0.5);
        BackOff.Asked(new RetryConditionHeaderValue(TimeSpan.FromDays(9)), default).Should().Be(TimeSpan.FromMinutes(10));
    }

    private SpectrumFrame Line() => new()
    {
        Probe = new("GZ-03"), Watch = new("fm"), At = time.GetUtcNow(), StartHz = 97e6, StepHz = 1000, FloorDb = -140, StepDb = 0.5f, Origin = Origin.Simulated, Unit = SpectrumUnit.Dbfs, Bins = new byte[64],
    };

    private void Fill(int count)
    {
        for (var i = 1; i <= count; i++) folders.Append(mint.AboutProbe(Vocabulary.ProbeHeartbeat, time.GetUtcNow(), ("uptime_s", Fact.Of(i))));
        folders.Flush();
    }

    private async Task RunUntilAsync(Func<bool> done)
    {
        using var stop = new CancellationTokenSource();
        var running = new ObservationUplink(http, new Uri("http://collector/"), folders, new DeliverySettings(), time, new Random(1), said.Add, new ClockOffset()).RunAsync(stop.Token);
        await AdvanceUntilAsync(done, running);
        await stop.CancelAsync();
        await running.WaitAsync(Hang.Limit);
    }

    // Virtual time moves only while the sender has nothing else to do but wait for it.
    private async Task AdvanceUntilAsync(Func<bool> done, Task running)
    {
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!done() && !running.IsCompleted)
        {
            limit.Elapsed.Should().BeLessThan(Hang.Limit);
            var before = collector.Requests.Count;
            for (var i = 0; i < 2_000 && collector.Requests.Count == before && !done(); i++) await Task.Yield();
            if (!done() && collector.Requests.Count == before) time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
