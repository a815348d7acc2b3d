using System.Net;
using System.Text.Json;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests;

public sealed class HttpTests
{
    [Fact]
    public async Task The_API_describes_itself()
    {
        await using var collector = await Start();
        using var document = JsonDocument.Parse(await collector.Client.GetStringAsync("/openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name);
        paths.Should().Contain(["/api/v1/alarms", "/api/v1/alarms/{id}", "/api/v1/alarms/{id}/acknowledge", "/api/v1/wall", "/api/v1/summary", "/api/v1/probes", "/api/v1/observations",
            "/api/v1/registers/fm", "/api/v1/journal", "/api/v1/journal/sequences", "/api/v1/about", "/api/v1/spectrum"]);
    }

    [Fact]
    public async Task Metrics_are_Prometheus_text_and_count_what_was_stored()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2), "{poison");
        await collector.Deliver(Line(1));
        var text = await collector.Client.GetStringAsync("/metrics");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            line.Should().MatchRegex("^(# (HELP|TYPE) signalwatch_\\w+ .+|signalwatch_\\w+(\\{[^}]+\\})? [-+0-9.eE]+)$");
        text.Should().Contain("signalwatch_ingest_rows_total 2\n").And.Contain("signalwatch_ingest_duplicates_total 1\n").And.Contain("signalwatch_ingest_rejected_total 1\n")
            .And.Contain("signalwatch_ack_seconds_count 2\n").And.Contain("signalwatch_alarms{priority=\"2\",state=\"unacknowledged\",origin=\"live\"} 1\n");
    }

    [Fact]
    public async Task The_console_is_served_packed_where_it_can_be_and_its_own_paths_lead_to_its_page()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-console-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<!doctype html>");
        await File.WriteAllTextAsync(Path.Combine(folder, "assets", "main-abc123.js"), "plain");
        await File.WriteAllTextAsync(Path.Combine(folder, "assets", "main-abc123.js.br"), "packed");
        await using var collector = await Start(folder);
        using var page = await collector.Client.GetAsync("/desk/alarms");
        (page.StatusCode, page.Content.Headers.ContentType!.MediaType, page.Headers.CacheControl!.NoCache).Should().Be((HttpStatusCode.OK, "text/html", true));
        page.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'self'").And.NotContain("unsafe");
        (await collector.Client.GetStringAsync("/assets/main-abc123.js")).Should().Be("plain");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/main-abc123.js");
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var packed = await collector.Client.SendAsync(request);
        (await packed.Content.ReadAsStringAsync(), packed.Content.Headers.ContentEncoding.Single(), packed.Headers.CacheControl!.MaxAge).Should().Be(("packed", "br", TimeSpan.FromDays(365)));
        (await collector.Client.GetAsync("/assets/gone.js")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await collector.Client.GetAsync("/..%2f..%2fetc/passwd.txt")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_a_console_the_root_says_so_in_both_languages()
    {
        await using var collector = await Start();
        (await collector.Client.GetStringAsync("/")).Should().Contain("没有找到控制台").And.Contain("console's files were not found");
        using var missing = await collector.Client.GetAsync("/api/v1/nothing");
        (missing.StatusCode, await IngestTests.Code(missing)).Should().Be((HttpStatusCode.NotFound, "request.no-such-path"));
    }
}
