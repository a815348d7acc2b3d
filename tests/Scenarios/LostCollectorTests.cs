using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using SignalWatch.Tests;
using static Microsoft.Playwright.Assertions;

namespace SignalWatch.Scenarios;

/// <summary>The collector is killed for 30 s in the middle of its work: the wall says so, and afterwards nothing is missing and nothing is there twice.</summary>
[Collection(ProductCollection.Name)]
public sealed class LostCollectorTests
{
    private const double BandRateHz = 2_400_000; // of the band's recording

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [RecordingFact]
    public async Task Thirty_seconds_without_a_collector_lose_nothing_and_the_wall_says_that_it_is_blind()
    {
        using var folder = new TemporaryFolder();
        var port = RunningProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        var address = $"http://127.0.0.1:{port}/";
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var (dttv, rai) = (RunningProgram.FreePort(), RunningProgram.FreePort());
        await using var replay = RunningProgram.Launcher("en", "probe", "replay", $"{Recordings.File("ts", "real", "dttv_cc_errors_a.ts")}=udp://127.0.0.1:{dttv}", $"{Recordings.File("ts", "real", "rai_mux_8svc.ts")}=udp://127.0.0.1:{rai}");
        await using var collector = await StartCollectorAsync(port, folder);
        await using var probe = RunningProgram.Launcher("en", "probe", "run", "--config", "probe/Agent/profiles/recordings.yaml", "--define", $"recordings={Recordings.Folder}", "--define", $"dttv={dttv}", "--define", $"rai={rai}", "--data", Path.Combine(folder.Path, "probe"), "--collector", address);
        await using var browser = await Browser.OpenAsync();
        var wall = await browser.ScreenAsync(address, 1920, 1080, "zh");
        await Expect(wall.Locator("[data-testid=alarm-row][data-rule=FM-01]")).ToBeVisibleAsync();

        await wall.EvaluateAsync("() => { window.killed = Date.now(); window.blind = 0; new MutationObserver(() => { if (!window.blind && document.querySelector('[data-testid=stale-banner]')?.checkVisibility()) window.blind = Date.now(); }).observe(document.body, { subtree: true, childList: true, attributes: true }); }");
        collector.Kill();
        await collector.ExitCodeAsync(Soon);
        var before = await wall.EvaluateAsync<double>("() => window.killed");
        await Expect(wall.GetByTestId("stale-banner")).ToBeVisibleAsync();
        await wall.WaitForFunctionAsync("() => window.blind");
        (await wall.EvaluateAsync<double>("() => window.blind") - before).Should().BeLessThanOrEqualTo(5_000, "the wall says within 5 s that it has lost its data");
        await Browser.PictureAsync(wall, "wall-lost-collector-zh-1920x1080");
        await wall.WaitForFunctionAsync("() => Date.now() - window.killed >= 30000");

        await using var restarted = await StartCollectorAsync(port, folder);
        await Expect(wall.GetByTestId("stale-banner")).ToBeHiddenAsync();
        await Expect(wall.Locator("[data-testid=alarm-row][data-rule=FM-01]")).ToHaveCountAsync(1);
        (await probe.StopAsync(Soon)).Should().Be(0);

        await EverythingIsThereOnceAsync(http);
        (await restarted.StopAsync(Soon)).Should().Be(0);
        await using var check = RunningProgram.Launcher("en", "collector", "check", "--data", Path.Combine(folder.Path, "collector"));
        (await check.ExitCodeAsync(Soon)).Should().Be(0, string.Join('\n', check.Output));
    }

    private static async Task<RunningProgram> StartCollectorAsync(string port, TemporaryFolder folder)
    {
        var collector = RunningProgram.Launcher("en", "collector", "run", "--data", Path.Combine(folder.Path, "collector"), "--port", port, "--pack", "rules/packs/demonstration",
            "--register", $"fm={Recordings.File("fm", "licence", "licences.csv")}", "--console", "console/dist");
        await collector.LineAsync("listening on", Soon);
        return collector;
    }

    /// <summary>By sequence: 1 to the last, no hole, none twice, and time without a hole like that of the collector for the band, which reports each second.</summary>
    private static async Task EverythingIsThereOnceAsync(HttpClient http)
    {
        var boots = (await http.GetFromJsonAsync<JsonElement>("api/v1/journal/sequences")).EnumerateArray().Where(b => b.GetProperty("probe").GetString() == "GZ-03").ToList();
        boots.Should().ContainSingle();
        boots[0].GetProperty("first").GetInt64().Should().Be(1);
        boots[0].GetProperty("missing").GetArrayLength().Should().Be(0);
        boots[0].GetProperty("count").GetInt64().Should().Be(boots[0].GetProperty("last").GetInt64());

        var bands = new List<(DateTimeOffset At, double Lost)>();
        for (long after = 0; ;)
        {
            var page = (await http.GetFromJsonAsync<JsonElement>($"api/v1/journal?after={after}&limit=5000&probe=GZ-03")).GetProperty("entries").EnumerateArray().ToList();
            if (page.Count == 0) break;
            after = page[^1].GetProperty("position").GetInt64();
            bands.AddRange(page.Where(e => e.GetProperty("kind").GetString() == "observation").Select(e => e.GetProperty("body").GetProperty("observation")).Where(o => o.GetProperty("kind").GetString() == "fm.band")
                .Select(o => (o.GetProperty("at").GetDateTimeOffset(), o.GetProperty("facts").GetProperty("samples_lost").GetDouble() / BandRateHz)));
        }
        bands.Should().HaveCountGreaterThan(30);
        bands.Select(b => b.At).Should().BeInAscendingOrder();
        // What a machine too busy for the replay did not read is said in the next observation; a hole that nobody admits is the journal's.
        bands.Zip(bands.Skip(1), (a, b) => (b.At - a.At).TotalSeconds - b.Lost).Max().Should().BeLessThan(3, "the 30 s without a collector are in the journal too");
    }
}
