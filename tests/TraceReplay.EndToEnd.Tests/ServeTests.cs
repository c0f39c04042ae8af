using System.Diagnostics;

namespace TraceReplay.EndToEnd.Tests;

/// <summary><c>serve</c> as a user starts and ends it; its pages have tests of their own.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task It_tells_its_address_and_ends_with_the_command()
    {
        using var folder = new TempFolder();
        var database = folder.File("case.db");
        Tool.Run("ingest", "sample-logs/06-greedy-vs-innocent/input/dmesg.txt", "--db", database).MustEndWith(0);
        using var process = Start("serve", "--db", database);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var address = await process.StandardOutput.ReadLineAsync();
        Assert.Matches(@"^http://127\.0\.0\.1:\d+/$", address);
        Assert.Contains("Nothing was diagnosed yet", await client.GetStringAsync(new Uri(address!)), StringComparison.Ordinal);
        using (var kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", $"{process.Id}"]) { UseShellExecute = false })!)
        {
            await kill.WaitForExitAsync();
        }

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(130, process.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(address!)));
    }

    [Fact]
    public async Task The_pages_end_with_a_command_that_is_killed()
    {
        using var folder = new TempFolder();
        var database = folder.File("case.db");
        Tool.Run("ingest", "sample-logs/06-greedy-vs-innocent/input/dmesg.txt", "--db", database).MustEndWith(0);
        using var process = Start("serve", "--db", database);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var address = new Uri((await process.StandardOutput.ReadLineAsync())!);
        process.Kill();
        var isGone = false;
        for (var i = 0; i < 100 && !isGone; i++)
        {
            await Task.Delay(100);
            try
            {
                await client.GetStringAsync(address);
            }
            catch (HttpRequestException)
            {
                isGone = true;
            }
        }

        Assert.True(isGone, "the server outlived its command");
    }

    [Theory]
    [InlineData("--db", "/nonexistent/case.db")]
    [InlineData("--db", "README.md")]
    public void What_is_no_database_is_told(params string[] arguments) =>
        Assert.Contains("error TR0906", Tool.Run(["serve", .. arguments]).MustEndWith(1).Error, StringComparison.Ordinal);

    [Fact]
    public void A_port_that_is_none_is_told()
    {
        using var folder = new TempFolder();
        var database = folder.File("case.db");
        Tool.Run("ingest", "sample-logs/06-greedy-vs-innocent/input/dmesg.txt", "--db", database).MustEndWith(0);
        Assert.Contains("is not a port", Tool.Run("serve", "--db", database, "--port", "70000").MustEndWith(2).Error, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Tool.Path, arguments)
    {
        RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = TestSupport.Places.Checkout,
    })!;
}
