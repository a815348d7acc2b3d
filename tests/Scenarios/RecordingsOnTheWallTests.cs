using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SignalWatch.Tests;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace SignalWatch.Scenarios;

/// <summary>The main job, as a new user sees it: <c>./signalwatch run --recordings DIR</c>, and a browser.
/// Truth: <c>band_98M_2400k.truth.json</c> (three licensed stations, a pirate at 97.8 MHz, a bare carrier at 98.5 MHz) and TSDuck's continuity logs (17 errors in Arte's multiplex, none in Rai's).</summary>
[Collection(ProductCollection.Name)]
public sealed class RecordingsOnTheWallTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Build = TimeSpan.FromMinutes(5);

    [RecordingFact]
    public async Task The_wall_shows_who_is_licensed_who_is_not_and_which_service_is_damaged()
    {
        using var folder = new TemporaryFolder();
        var port = RunningProgram.FreePort();
        await using var product = RunningProgram.Launcher("en", "run", "--recordings", Recordings.Folder, "--port", port.ToString(CultureInfo.InvariantCulture), "--data", folder.Path);
        var address = Regex.Match(await product.LineAsync("http://", Build), @"http://\S+/").Value;
        await using var browser = await Browser.OpenAsync();
        var zh = await browser.ScreenAsync(address, 1920, 1080, "zh");
        var en = await browser.ScreenAsync(address, 390, 844, "en");

        await Licensed_carriers_stand_in_grey_with_their_names(zh);
        await The_pirate_is_an_alarm_with_frequency_level_reason_and_probe(zh, en);
        await The_bare_carrier_is_a_carrier_and_not_a_broadcast(zh);
        await The_damaged_service_is_named_and_the_sound_one_is_not(zh);
        await Expect(zh.GetByTestId("data-age")).ToContainTextAsync(new Regex("数据 ?[0-3] ?秒前"));
        await Expect(zh.GetByTestId("stale-banner")).ToBeHiddenAsync();
        await Browser.PictureAsync(zh, "wall-recordings-zh-1920x1080");
        await Browser.PictureAsync(en, "wall-recordings-en-390x844");

        await An_acknowledgement_in_one_browser_shows_in_the_other_within_a_second(zh, en);
        await Browser.PictureAsync(zh, "wall-acknowledged-zh-1920x1080");
        await Both_languages_at_both_sizes(browser, address);
        await The_api_describes_itself_and_agrees(address);
        browser.Requests.Should().OnlyContain(url => url.StartsWith(address, StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal), "no request leaves the site");

        (await product.StopAsync(TimeSpan.FromSeconds(30))).Should().Be(0, string.Join('\n', product.Output));
    }

    private static async Task Licensed_carriers_stand_in_grey_with_their_names(IPage wall)
    {
        foreach (var (frequency, name) in new[] { (97_400_000, "OE1"), (98_200_000, "NPO R1"), (98_800_000, "INTER") })
        {
            var label = wall.Locator($"[data-testid=carrier-label][data-frequency-hz='{frequency}']");
            await Expect(label).ToHaveAttributeAsync("data-class", "licensed");
            await Expect(label).ToContainTextAsync(name);
        }
    }

    private static async Task The_pirate_is_an_alarm_with_frequency_level_reason_and_probe(IPage zh, IPage en)
    {
        var row = zh.Locator("[data-testid=alarm-row][data-rule=FM-01]");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync("疑似黑广播 97.8 MHz");
        await Expect(row).ToContainTextAsync("dBFS");
        await Expect(row).ToContainTextAsync("未校准");
        await Expect(row).ToContainTextAsync("未在登记表中");
        await Expect(row).ToContainTextAsync("GZ-03");
        await Expect(row).ToHaveAttributeAsync("data-state", "unacknowledged");
        await Expect(zh.Locator("[data-testid=carrier-label][data-frequency-hz='97800000']")).ToHaveAttributeAsync("data-class", "unregistered");
        await row.ClickAsync();
        var detail = zh.GetByTestId("alarm-detail");
        await Expect(detail).ToContainTextAsync("登记表");
        await Expect(detail).ToContainTextAsync("GZ-03");
        await Browser.PictureAsync(zh, "alarm-recordings-zh-1920x1080");
        await zh.Keyboard.PressAsync("Escape");

        var row2 = en.Locator("[data-testid=alarm-row][data-rule=FM-01]");
        await Expect(row2).ToContainTextAsync("Suspected pirate 97.8 MHz");
        await row2.ClickAsync();
        await Expect(en.GetByTestId("alarm-detail")).ToContainTextAsync("not in the register");
        await Browser.PictureAsync(en, "alarm-recordings-en-390x844");
        await en.Keyboard.PressAsync("Escape");
    }

    private static async Task The_bare_carrier_is_a_carrier_and_not_a_broadcast(IPage wall)
    {
        await Expect(wall.Locator("[data-testid=carrier-label][data-frequency-hz='98500000']")).ToHaveAttributeAsync("data-class", "unidentified");
        var row = wall.Locator("[data-testid=alarm-row]", new() { HasText = "98.5" });
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync("未识别载波");
        await Expect(row).Not.ToContainTextAsync("广播");
    }

    private static async Task The_damaged_service_is_named_and_the_sound_one_is_not(IPage wall)
    {
        var damaged = wall.Locator("[data-testid=alarm-row][data-rule=TS-06]");
        await Expect(damaged).ToHaveCountAsync(1);
        await Expect(damaged).ToContainTextAsync("Arte");
        foreach (var name in new[] { "Rai 1", "Rai 2", "Rai 3 TGR Emilia Romagna", "Rai News 24", "Arte" })
            await Expect(wall.Locator("[data-testid=service-row]", new() { HasText = name }).First).ToBeVisibleAsync();
    }

    /// <summary>Each live alarm is acknowledged once; the quickest counts, because a busy test machine may hold any one of them up.</summary>
    private async Task An_acknowledgement_in_one_browser_shows_in_the_other_within_a_second(IPage here, IPage there)
    {
        await there.EvaluateAsync("""
            () => { window.seen = {}; new MutationObserver(() => { for (const row of document.querySelectorAll('[data-testid=alarm-row]'))
                if (row.dataset.state !== 'unacknowledged') window.seen[row.dataset.alarmId] ??= Date.now(); })
                .observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] }); }
            """);
        await SayWhoIsOnDutyAsync(here, "李敏");
        var delays = new List<double>();
        foreach (var rule in new[] { "FM-01", "FM-01b", "TS-06" })
        {
            var row = here.Locator($"[data-testid=alarm-row][data-rule='{rule}'][data-state=unacknowledged]");
            var id = await row.GetAttributeAsync("data-alarm-id");
            await row.ClickAsync();
            var clicked = await here.EvaluateAsync<double>("() => Date.now()");
            await here.GetByTestId("alarm-detail").GetByTestId("acknowledge").ClickAsync();
            await there.WaitForFunctionAsync("id => window.seen[id]", id);
            delays.Add(await there.EvaluateAsync<double>("id => window.seen[id]", id) - clicked);
            await Expect(here.Locator($"[data-testid=alarm-row][data-alarm-id='{id}']")).ToHaveAttributeAsync("data-state", "acknowledged");
            await here.Keyboard.PressAsync("Escape");
        }
        output.WriteLine($"acknowledged here, seen there after {string.Join(", ", delays)} ms");
        delays.Min().Should().BeLessThan(1000);
    }

    private static async Task SayWhoIsOnDutyAsync(IPage wall, string name)
    {
        await wall.GetByTestId("operator").ClickAsync();
        await wall.GetByTestId("operator-name").FillAsync(name);
        await wall.GetByTestId("operator-save").ClickAsync();
    }

    private static async Task Both_languages_at_both_sizes(Browser browser, string address)
    {
        var en = await browser.ScreenAsync(address, 1920, 1080, "en", "light");
        await Expect(en.Locator("[data-testid=alarm-row][data-rule=FM-01]")).ToBeVisibleAsync();
        await Expect(en.Locator("[data-testid=carrier-label][data-frequency-hz='98800000']")).ToBeVisibleAsync();
        await Browser.PictureAsync(en, "wall-recordings-en-1920x1080-light");
        var zh = await browser.ScreenAsync(address, 390, 844, "zh");
        await Expect(zh.Locator("[data-testid=alarm-row][data-rule=FM-01]")).ToBeVisibleAsync();
        (await zh.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= 390")).Should().BeTrue("a phone never scrolls sideways");
        await Browser.PictureAsync(zh, "wall-recordings-zh-390x844");
    }

    private static async Task The_api_describes_itself_and_agrees(string address)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        (await http.GetAsync(new Uri("healthz", UriKind.Relative))).EnsureSuccessStatusCode();
        (await http.GetStringAsync(new Uri("metrics", UriKind.Relative))).Should().Contain("# TYPE ");
        var document = await http.GetFromJsonAsync<JsonElement>("openapi/v1.json");
        document.GetProperty("paths").TryGetProperty("/api/v1/alarms", out _).Should().BeTrue();
        var alarms = await http.GetStringAsync(new Uri("api/v1/alarms", UriKind.Relative));
        alarms.Should().Contain("FM-01").And.Contain("疑似黑广播 97.8 MHz");
    }
}

/// <summary>The product uses fixed ports of the loopback for its replays: one at a time.</summary>
[CollectionDefinition(Name)]
public sealed class ProductCollection
{
    public const string Name = "product";
}

/// <summary>A folder that is gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("signalwatch-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
