using Microsoft.Playwright;

namespace TraceReplay.Web.Tests;

/// <summary>The pages in a browser: what a person clicks. Passed over where no Chromium is installed (tests/run.sh installs it).</summary>
public sealed class BrowserTests(ServedCase served) : IClassFixture<ServedCase>, IAsyncLifetime
{
    private static readonly string? Chromium = Array.Find(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly List<string> _complaints = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        if (Chromium is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Flags });
        _page = await _browser.NewPageAsync();
        _page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _complaints.Add(message.Text);
            }
        };
        _page.PageError += (_, error) => _complaints.Add(error);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [Fact]
    public async Task TheMachinesHostsStandOnTheFirstPage()
    {
        if (_browser is null)
        {
            return;
        }

        await _page.GotoAsync(served.Address);
        Assert.Contains("host3 lpfc", (await _page.InnerTextAsync("h3:has-text('Machine') + table")).Replace('\t', ' '), StringComparison.Ordinal);
        Assert.Contains("kernel 6.1.0", await _page.InnerTextAsync("ul.machine"), StringComparison.Ordinal);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task FromTheIncidentToTheHoldersOfAMomentAndBack()
    {
        if (_browser is null)
        {
            return;
        }

        await _page.GotoAsync(served.Address);
        await _page.ClickAsync("#incidents a");
        Assert.Contains("206 mappings failed", await _page.InnerTextAsync("h1"), StringComparison.Ordinal);

        // A click at a quarter of the picture, long before the greedy device came.
        var chart = _page.Locator("svg.live");
        var box = (await chart.BoundingBoxAsync())!;
        await chart.HoverAsync(new LocatorHoverOptions { Position = new Position { X = box.Width * 0.12f, Y = box.Height / 2 } });
        Assert.Matches(@"^2\d\.\d{6} s: \d+$", await _page.Locator("svg.live .reading").TextContentAsync() ?? string.Empty);
        await chart.ClickAsync(new LocatorClickOptions { Position = new Position { X = box.Width * 0.12f, Y = box.Height / 2 } });
        await _page.WaitForURLAsync("**/use?run=1&t=*");
        Assert.DoesNotContain("0000:00:05.0", await _page.InnerTextAsync("#holders"), StringComparison.Ordinal);

        // And one in the middle of its time.
        await _page.Locator("svg.live").ClickAsync(new LocatorClickOptions { Position = new Position { X = box.Width * 0.45f, Y = box.Height / 2 } });
        await _page.WaitForFunctionAsync("document.querySelector('#holders').innerText.includes('0000:00:05.0')");
        Assert.Contains("1736", await _page.InnerTextAsync("#holders tr:nth-child(2)"), StringComparison.Ordinal);
        Assert.Equal(1, await _page.Locator("svg .chosen").CountAsync());

        var before = await _page.InputValueAsync("#moment");
        await _page.Keyboard.PressAsync("ArrowRight");
        await _page.WaitForFunctionAsync("then => document.querySelector('#moment').value !== then", before);
        Assert.True(string.CompareOrdinal(await _page.InputValueAsync("#moment"), before) > 0);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task FailuresAreFilteredAndPaged()
    {
        if (_browser is null)
        {
            return;
        }

        await _page.GotoAsync(served.Address + "failures");
        await _page.ClickAsync("text=later");
        Assert.Contains("101 to 200", await _page.InnerTextAsync("#count"), StringComparison.Ordinal);
        await _page.FillAsync("[name=device]", "e1000");
        await _page.SelectOptionAsync("[name=origin]", "replay");
        await _page.ClickAsync("text=Filter");
        Assert.Contains("27 failures", await _page.InnerTextAsync("#count"), StringComparison.Ordinal);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task AStatementIsRunAndAWrongOneExplained()
    {
        if (_browser is null)
        {
            return;
        }

        await _page.GotoAsync(served.Address + "sql");
        await _page.ClickAsync("text=@failures-by-device");
        Assert.Contains("rows", await _page.InnerTextAsync("#count"), StringComparison.Ordinal);
        await _page.FillAsync("#statement", "SELECT devise FROM v_failure");
        await _page.ClickAsync("text=Run");
        Assert.Contains("no such column", await _page.InnerTextAsync("#error"), StringComparison.Ordinal);
        Assert.Contains("did you mean device?", await _page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Empty(_complaints);
    }
}
