using System.Text;
using TraceReplay.Parsers;
using TraceReplay.TestSupport;

namespace TraceReplay.EndToEnd.Tests;

/// <summary>How the program behaves towards a person and a script: help, errors, streams, exit codes.</summary>
public sealed class UsageTests
{
    private static string Greedy => Captures.Sample("06-greedy-vs-innocent");

    [Fact]
    public void WhatComesThroughAPipeIsNotSortedAndThatIsSaid()
    {
        const string Bounce = "swiotlb_bounced: dev_name: 0000:00:04.0 dma_mask=ffffffffffffffff dev_addr=5fe000 size=4096 FORCE";
        var trace = $"# tracer: nop\n              lg-1       [000] ....1   100.010000: {Bounce}\n              lg-1       [001] ....1   100.000000: {Bounce}\n";
        using var folder = new TempFolder();

        Assert.Contains("TR0138", Tool.Run("analyze", folder.Write("trace.txt", trace)).MustEndWith(0).Output, StringComparison.Ordinal);
        var piped = Tool.Run(System.Text.Encoding.UTF8.GetBytes(trace), [], "analyze", "-").MustEndWith(0).Output;
        Assert.Contains("TR0313", piped, StringComparison.Ordinal);
        Assert.DoesNotContain("TR0138", piped, StringComparison.Ordinal);
        Assert.Contains("TR0138", Tool.Run(System.Text.Encoding.UTF8.GetBytes(trace), [], "analyze", "-", "--db", folder.File("x.db")).MustEndWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutArgumentsItShowsWhatToType()
    {
        var run = Tool.Run().MustEndWith(0);
        Assert.Contains("tracereplay analyze", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
        Assert.True(run.Output.Split('\n').Length < 15);
    }

    [Fact]
    public void EveryCommandHasHelpWithExamples()
    {
        var commands = Tool.Run("--help").MustEndWith(0).Output.Split('\n')
            .SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length > 0)
            .Where(line => line is [' ', ' ', not ' ', ..]).Select(line => line.Trim().Split(' ')[0]).ToArray();
        Assert.Contains("analyze", commands, StringComparer.Ordinal);
        Assert.All(commands, command =>
        {
            var help = Tool.Run(command, "--help").MustEndWith(0).Output;
            Assert.Contains($"Usage: tracereplay {command}", help, StringComparison.Ordinal);
            Assert.Contains("Examples:\n  ", help, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("analyse", "did you mean 'analyze'?")]
    [InlineData("analyze x --fromat json", "did you mean '--format'?")]
    [InlineData("analyze x --format jsno", "did you mean 'json'?")]
    [InlineData("analyze x --fail-on capacty", "did you mean 'capacity'?")]
    [InlineData("analyze", "INPUT")]
    [InlineData("analyze x --since yesterday", "seconds of the trace's clock")]
    [InlineData("simulate x", "--model")]
    [InlineData("export --db x.db --to cvs", "did you mean 'csv'?")]
    [InlineData("export --db x.db --to csv --output ./x.db", "names the database itself")]
    public void WrongUsageEndsWithTwoAndAHint(string arguments, string hint)
    {
        var run = Tool.Run(arguments.Split(' ')).MustEndWith(2);
        Assert.Empty(run.Output);
        Assert.Contains(hint, run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongSpecIsShownWithACaret()
    {
        var run = Tool.Run("analyze", Greedy, "--pool", "swiotlb(kernel=6.1, aeras=4)").MustEndWith(2);
        var lines = run.Error.Split('\n');
        var spec = Array.FindIndex(lines, line => line.Contains("swiotlb(kernel=6.1, aeras=4)", StringComparison.Ordinal));
        Assert.Equal(lines[spec].IndexOf("aeras", StringComparison.Ordinal), lines[spec + 1].IndexOf('^', StringComparison.Ordinal));
        Assert.Contains("did you mean 'areas'?", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("any", 3)]
    [InlineData("capacity", 3)]
    [InlineData("leak", 0)]
    public void FailOnAnswersForScripts(string cause, int exitCode) =>
        Tool.Run("analyze", Greedy, "--format", "json", "--fail-on", cause).MustEndWith(exitCode);

    [Fact]
    public void ResultsGoToOutputAndNothingElse()
    {
        var run = Tool.Run("analyze", Greedy).MustEndWith(0);
        Assert.Contains("swiotlb: 206 mappings failed", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public void SameInputSameBytes()
    {
        var first = Tool.Run("analyze", Greedy, "--format", "json").Output;
        Assert.Equal(first, Tool.Run("analyze", Greedy, "--format", "json").Output);
    }

    [Theory]
    [InlineData("report.html", "<!DOCTYPE html>")]
    [InlineData("report.json", "{")]
    [InlineData("report.md", "# DMA pool exhaustion")]
    public void OutputFileAppearsWholeInTheFormatOfItsName(string name, string start)
    {
        using var folder = new TempFolder();
        var run = Tool.Run("analyze", Greedy, "--output", folder.File(name)).MustEndWith(0);
        Assert.Empty(run.Output);
        Assert.StartsWith(start, File.ReadAllText(folder.File(name)), StringComparison.Ordinal);
        Assert.Equal([folder.File(name)], Directory.GetFiles(folder.ToString()));
    }

    [Fact]
    public void StandardInputIsAnInput()
    {
        var log = File.ReadAllBytes(Path.Combine(Greedy, "dmesg.txt"));
        var json = Tool.Run(log, [], "analyze", "-", "--format", "json").MustEndWith(0).Json;
        Assert.NotEmpty(json.GetProperty("incidents").EnumerateArray());
    }

    [Fact]
    public void BrokenPipeEndsQuietly()
    {
        var command = $"'{Tool.Path}' pools --format json | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}";
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Places.Checkout,
        })!;
        Assert.Empty(shell.StandardError.ReadToEnd());
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void InterruptionEndsWith130(string signal)
    {
        // The program waits for standard input, which stays open, until the signal comes. A shell starts
        // background jobs with SIGINT ignored: env gives it back.
        using var folder = new TempFolder();
        var pipe = folder.File("pipe");
        var command = $"mkfifo '{pipe}'; exec 3<> '{pipe}'; env --default-signal=INT,TERM '{Tool.Path}' analyze - <&3 2>&1 & tool=$!; "
            + $"sleep 1; kill -{signal} $tool; wait $tool; echo code $?";
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var output = shell.StandardOutput.ReadToEnd();
        Assert.EndsWith("code 130\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void FullDiskIsAnErrorWithoutAStackTrace()
    {
        var run = Tool.Run("analyze", Greedy, "--output", "/dev/full").MustEndWith(1);
        Assert.Contains("error TR", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pools")]
    [InlineData("formats")]
    [InlineData("messages")]
    [InlineData("queries")]
    public void ListsAreTablesAndJson(string command)
    {
        Assert.NotEmpty(Tool.Run(command).MustEndWith(0).Output);
        Assert.NotEmpty(Tool.Run(command, "--format", "json").MustEndWith(0).Json.EnumerateArray());
    }

    [Theory]
    [InlineData("--since", "31", 193)]
    [InlineData("--until", "31", 13)]
    [InlineData("--device", "0000:00:03.*", 27)]
    public void FailuresCanBeLimited(string option, string value, int failures)
    {
        var json = Tool.Run("analyze", Greedy, option, value, "--format", "json").MustEndWith(0).Json;
        Assert.Equal(failures, json.GetProperty("incidents")[0].GetProperty("failures").GetInt32());
    }

    [Fact]
    public void NothingFoundInALimitedSpanIsNotCalledClean()
    {
        var run = Tool.Run("analyze", Greedy, "--since", "100").MustEndWith(0);
        Assert.Contains("only what --since left in was looked at", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIfIsReplayed()
    {
        var json = Tool.Run("analyze", Greedy, "--what-if", "without device=0000:00:05.0", "--format", "json").MustEndWith(0).Output;
        Assert.Contains("without device=0000:00:05.0", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("swiotlb-6.1.192", "alloc_align")]
    [InlineData("swiotlb-2.6.15", "exhaust")]
    public void SimulateAnswersLikeTheKernel(string model, string name)
    {
        if (Places.Shared is not { } shared)
        {
            return;
        }

        var vector = Path.Combine(shared, "vectors", model, name);
        using var answers = new StreamReader(ContentStream.Open(vector + ".out.zst"), Encoding.ASCII);
        Assert.Equal(answers.ReadToEnd(), Tool.Run("simulate", "--model", model, vector + ".ops.zst").MustEndWith(0).Output);
    }
}
