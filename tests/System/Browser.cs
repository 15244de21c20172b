using Microsoft.Playwright;
using Tests.Fixture;

namespace Tests.System;

/// <summary>One Chromium for all browser tests; every test gets a context of its own, so no cookie is shared.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const int PatienceMilliseconds = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        // A busy machine is slow, not wrong; what a test waits for decides, not how long.
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        var chromium = await Chromium.FindAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium.ExecutablePath,
            Env = chromium.Environment,
            Args = chromium.Arguments,
        });
    }

    public async Task<IPage> NewPageAsync(ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 900, bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ColorScheme = colors,
            ViewportSize = new() { Width = width, Height = height },
            Locale = "en-IE",
            JavaScriptEnabled = scripts,
        });
        context.SetDefaultTimeout(PatienceMilliseconds);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
