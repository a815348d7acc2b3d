using Microsoft.Playwright;
using SignalWatch.Tests;

namespace SignalWatch.Scenarios;

/// <summary>Debian's Chromium, as a person at a screen. Keeps screenshots in <c>test-output</c>, and every request that its pages made.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser chromium;

    private Browser(IPlaywright playwright, IBrowser chromium) => (this.playwright, this.chromium) = (playwright, chromium);

    /// <summary>Addresses of all requests of all pages.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<Browser> OpenAsync()
    {
        Assertions.SetDefaultExpectTimeout(90_000); // the product is given the time that a new user is promised
        var playwright = await Playwright.CreateAsync();
        var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("SIGNALWATCH_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new Browser(playwright, chromium);
    }

    /// <summary>A screen of its own, as another person's: nothing is shared with other pages.</summary>
    public async Task<IPage> ScreenAsync(string address, int width, int height, string language, string theme = "dark")
    {
        var context = await chromium.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            Locale = language == "zh" ? "zh-CN" : "en-GB",
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            TimezoneId = "Europe/London", // the wall shows the province's time wherever the screen is
        });
        context.SetDefaultTimeout(90_000);
        var page = await context.NewPageAsync();
        page.Request += (_, request) => { lock (Requests) Requests.Add(request.Url); };
        await page.GotoAsync(address);
        if (language == "en") await page.GetByTestId("language").ClickAsync(); // the wall speaks Chinese until it is told
        if (theme == "light") await page.GetByTestId("theme").ClickAsync();
        return page;
    }

    public static async Task PictureAsync(IPage page, string name)
    {
        var folder = Path.Combine(Checkout.Root, "test-output");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.CloseAsync();
        playwright.Dispose();
    }
}
