using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Series.Influx;
using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Collector.Tests.Series;

public sealed class InfluxTests : IDisposable
{
    private const string Awkward = "frequency:44 01,a=b/97800000";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset At = new(2026, 3, 14, 14, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-influx-").FullName;
    private readonly HttpClient client = new();

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_line_is_as_the_protocol_says_with_its_special_characters_escaped()
    {
        var text = new StringBuilder();
        var observation = new Observation
        {
            Id = Guid.Empty,
            Probe = new("GZ 03,a=b"),
            Watch = new(@"back\slash\"),
            Subject = new(SubjectKind.Frequency, "4401/978\n1"),
            Kind = "fm.carrier",
            At = At,
            Facts = new Dictionary<string, Fact> { ["snr_db"] = Fact.Of(31.25), ["on_air"] = Fact.Of(true), ["level_dbm"] = Fact.Of(-1e-7), ["frequency_hz"] = Fact.Of(97_800_000) },
        };
        LineProtocol.Append(text, observation).Should().BeTrue();
        text.ToString().Should().Be(@"fm.carrier,origin=live,probe=GZ\ 03\,a\=b,subject=frequency:4401/978\ 1,watch=back/slash/ level_dbm=-1E-07,snr_db=31.25 1773496800000" + "\n");
        LineProtocol.Append(text, observation with { Facts = new Dictionary<string, Fact> { ["on_air"] = Fact.Of(true) } }).Should().BeFalse("a point without a field is none");
    }

    [Theory]
    [InlineData("http://127.0.0.1:8086/write?db=sw", "http://127.0.0.1:8086/write?db=sw", null)]
    [InlineData("http://u%40x:p%3Aw@h:8086/write?db=a%20b", "http://h:8086/write?db=a%20b", "Basic dUB4OnA6dw==")]
    [InlineData("https://h/api/v2/write?org=o&bucket=b&token=SECRET", "https://h/api/v2/write?bucket=b&org=o", "Token SECRET")]
    public void An_address_is_v1_or_v2_and_is_shown_without_its_secrets(string given, string shown, string? authorization)
    {
        var target = InfluxTarget.Parse(given);
        (target.Shown, target.Authorization?.ToString()).Should().Be((shown, authorization));
        target.Write.Query.Should().Contain("precision=ms");
    }

    [Theory]
    [InlineData("ftp://h/write?db=x")]
    [InlineData("http://h/write")]
    [InlineData("http://h/query?db=x")]
    [InlineData("http://h/api/v2/write?org=o")]
    [InlineData("http://h/write?db=x&databse=y")]
    [InlineData("http://user:SECRET@h/write")]
    [InlineData("not an address")]
    public void Another_address_is_refused_and_the_refusal_shows_no_password(string given) =>
        FluentActions.Invoking(() => InfluxTarget.Parse(given)).Should().Throw<ProblemException>().Which.Message.Should().NotContain("SECRET");

    [ProgramFact("influxd", "influxdb")]
    public async Task InfluxDB_that_was_down_has_everything_when_it_is_back()
    {
        var (port, other) = (RunningProgram.FreePort(), RunningProgram.FreePort());
        var configuration = Path.Combine(folder, "influxd.conf");
        await File.WriteAllTextAsync(configuration, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{other}"
            [meta]
            dir = "{folder}/meta"
            [data]
            dir = "{folder}/data"
            wal-dir = "{folder}/wal"
            [http]
            bind-address = "127.0.0.1:{port}"
            [monitor]
            store-enabled = false
            """);
        await using var collector = await RunningCollector.Start(adjust: o => o with { Influx = [InfluxTarget.Parse($"http://127.0.0.1:{port}/write?db=sw")] });
        await Deliver(collector, 1, 100);
        await Until(collector, s => s.Failures > 1);
        await using (var first = await Server(port, "influxd", "run", "-config", configuration))
        {
            using var created = await client.PostAsync(Address(port, "/query?q=CREATE%20DATABASE%20sw"), null);
            created.EnsureSuccessStatusCode();
            await Until(collector, s => s is { Waiting: 0, Failures: 0 });
            first.Kill();
        }
        await Deliver(collector, 101, 50);
        await Until(collector, s => s.State == "retrying");
        await collector.Restart();
        await Deliver(collector, 151, 50);
        await using var second = await Server(port, "influxd", "run", "-config", configuration);
        await Until(collector, s => s is { Waiting: 0, Failures: 0 });
        (await Count(port, "SELECT count(level_dbm), max(level_dbm) FROM \"fm.carrier\"")).Should().Be((200, 200));
        (await Query(port, "SHOW TAG VALUES FROM \"fm.carrier\" WITH KEY = \"subject\"")).Should().Contain(Awkward);
    }

    [ProgramFact("victoria-metrics", "victoria-metrics")]
    public async Task VictoriaMetrics_takes_both_versions_of_the_interface()
    {
        var port = RunningProgram.FreePort();
        await using var server = await Server(port, "victoria-metrics", $"-storageDataPath={folder}/vm", $"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y", "-influx.databaseNames=sw");
        await using var collector = await RunningCollector.Start(adjust: o => o with
        {
            Influx = [InfluxTarget.Parse($"http://127.0.0.1:{port}/write?db=v1"), InfluxTarget.Parse($"http://127.0.0.1:{port}/api/v2/write?org=o&bucket=v2&token=unused")],
        });
        await Deliver(collector, 1, 60);
        await Until(collector, s => s is { Waiting: 0, Failures: 0, Lines: 60 });
        (await client.GetAsync(Address(port, "/internal/force_flush"))).EnsureSuccessStatusCode(); // it shows what is in its parts, after a while
        var export = (await client.GetStringAsync(Address(port, $"/api/v1/export?match[]={Uri.EscapeDataString("{__name__=\"fm.carrier_level_dbm\"}")}"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        export.Should().HaveCount(2, "it marks v1's values with the database, and v2's not");
        foreach (var line in export)
        {
            using var series = JsonDocument.Parse(line);
            series.RootElement.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).Should().Equal(Enumerable.Range(1, 60).Select(i => (double)i));
            series.RootElement.GetProperty("metric").GetProperty("subject").GetString().Should().Be(Awkward);
        }
    }

    private static async Task Deliver(RunningCollector collector, int first, int count) => await collector.Deliver([.. Enumerable.Range(first, count).Select(i => RunningCollector.Line(i, Awkward,
        facts: FormattableString.Invariant($$"""{"frequency_hz":97800000,"on_air":true,"level_dbm":{{i}}}"""), at: At.AddSeconds(i)))]);

    /// <summary>Moves the collector's clock, so that what waits goes on, until each target is as it should be.</summary>
    private static async Task Until(RunningCollector collector, Func<InfluxStatus, bool> wanted)
    {
        var started = Stopwatch.GetTimestamp();
        IReadOnlyList<InfluxStatus> status;
        while (!(status = await collector.Read<IReadOnlyList<InfluxStatus>>("/api/v1/series/outputs")).All(wanted))
        {
            Stopwatch.GetElapsedTime(started).Should().BeLessThan(Patience, string.Join('\n', status));
            collector.Time.Advance(TimeSpan.FromMilliseconds(200));
        }
    }

    private async Task<RunningProgram> Server(int port, string program, params string[] arguments)
    {
        var running = RunningProgram.Start(program, arguments);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(Address(port, program == "influxd" ? "/ping" : "/health"));
                if (response.IsSuccessStatusCode) return running;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                // not listening yet
            }
        }
    }

    private async Task<string> Query(int port, string query) => await client.GetStringAsync(Address(port, $"/query?db=sw&q={Uri.EscapeDataString(query)}"));

    private async Task<(int Count, double Max)> Count(int port, string query)
    {
        using var answer = JsonDocument.Parse(await Query(port, query));
        var row = answer.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values")[0];
        return (row[1].GetInt32(), row[2].GetDouble());
    }

    private static Uri Address(int port, string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{path}"));
}
