using System.Globalization;
using System.Text.RegularExpressions;
using SignalWatch.Tests;
using static Microsoft.Playwright.Assertions;

namespace SignalWatch.Scenarios;

/// <summary><c>./signalwatch run</c> without arguments: the simulated city, marked as a drill everywhere, and never counted.</summary>
[Collection(ProductCollection.Name)]
public sealed class CityDrillTests
{
    [Fact]
    public async Task The_city_is_a_drill_and_its_pirate_comes_on_air_in_the_evening()
    {
        using var folder = new TemporaryFolder();
        await using var product = RunningProgram.Launcher("zh", "run", "--port", RunningProgram.FreePort().ToString(CultureInfo.InvariantCulture), "--data", folder.Path);
        var address = Regex.Match(await product.LineAsync("http://", TimeSpan.FromMinutes(5)), @"http://\S+/").Value;
        await using var browser = await Browser.OpenAsync();
        var wall = await browser.ScreenAsync(address, 1920, 1080, "zh");

        await Expect(wall.Locator("[data-testid=carrier-label][data-frequency-hz='97100000']")).ToHaveAttributeAsync("data-class", "licensed");
        await Expect(wall.Locator("[data-testid=carrier-label][data-frequency-hz='98200000']")).ToHaveAttributeAsync("data-class", "overspill");
        await Expect(wall.Locator("[data-testid=service-row]", new() { HasText = "云山综合" }).First).ToBeVisibleAsync();
        var pirate = wall.Locator("[data-testid=alarm-row][data-rule=FM-01]");
        await Expect(pirate).ToHaveCountAsync(0); // it is 18:29 in the city
        await Expect(pirate).ToContainTextAsync("疑似黑广播 97.8 MHz", new() { Timeout = 120_000 });
        await Expect(pirate).ToContainTextAsync("演练");
        await Expect(wall.Locator("[data-testid=origin-tag][data-origin=simulated]").First).ToBeVisibleAsync();
        await Expect(wall.Locator("[data-testid=alarm-row]", new() { HasText = "98.2" })).ToHaveCountAsync(0); // known overspill is never an alarm
        await Browser.PictureAsync(wall, "wall-city-zh-1920x1080");

        using var http = new HttpClient { BaseAddress = new Uri(address) };
        (await http.GetStringAsync(new Uri("api/v1/summary", UriKind.Relative))).Should().Contain("\"live\":0", "a drill is never counted");
        (await product.StopAsync(TimeSpan.FromSeconds(30))).Should().Be(0);
    }
}
