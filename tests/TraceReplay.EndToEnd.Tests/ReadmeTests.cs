using System.Diagnostics;
using System.Text.RegularExpressions;
using TraceReplay.TestSupport;

namespace TraceReplay.EndToEnd.Tests;

/// <summary>The READMEs are kept by what they show: every command runs, every pasted output is the real one.</summary>
public sealed partial class ReadmeTests
{
    private const string FromCheckout = "dotnet run -c Release --project src/TraceReplay.Cli -- ";

    public static TheoryData<string> Readmes() =>
    [
        "README.md", .. Directory.EnumerateDirectories(Places.InCheckout("sample-logs")).Order(StringComparer.Ordinal)
            .Select(folder => $"sample-logs/{Path.GetFileName(folder)}/README.md"),
    ];

    public static TheoryData<string> Commands() => [.. CommandLines(File.ReadAllText(Places.InCheckout("README.md")))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void EveryCommandRuns(string command)
    {
        using var folder = new TempFolder();
        var (exitCode, _, error) = Shell(folder, command);
        Assert.True(exitCode == 0, $"{command} ended with {exitCode}: {error}");
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void EveryOutputShownIsTheRealOne(string readme)
    {
        var path = Places.InCheckout(readme);
        var text = File.ReadAllText(path);
        var renewed = text;
        // From the last to the first, so that places stay true; the matching is over before the commands run, which take their time.
        foreach (var block in OutputBlock().Matches(text).Reverse().ToArray())
        {
            using var folder = new TempFolder();
            var (exitCode, output, error) = Shell(folder, block.Groups["command"].Value);
            Assert.True(exitCode == 0, $"{block.Groups["command"].Value} ended with {exitCode}: {error}");
            renewed = string.Concat(renewed.AsSpan(0, block.Index), $"<!-- output: {block.Groups["command"].Value} -->\n```text\n{output}```\n",
                renewed.AsSpan(block.Index + block.Length));
        }

        if (Environment.GetEnvironmentVariable("TRACEREPLAY_APPROVE") == "1")
        {
            File.WriteAllText(path, renewed);
            return;
        }

        Assert.Equal(text, renewed);
    }

    [Fact]
    public void EveryCommandOfTheProgramHasARow()
    {
        var readme = File.ReadAllText(Places.InCheckout("README.md"));
        var commands = Tool.Run("--help").Output.Split('\n')
            .SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length > 0)
            .Where(line => line is [' ', ' ', not ' ', ..]).Select(line => line.Trim().Split(' ')[0]);
        Assert.All(commands, command => Assert.Matches($@"(?m)^\| `{command}[ `]", readme));
    }

    // Runs where nothing can be spoilt: an empty folder with the checkout's files linked in.
    private static (int ExitCode, string Output, string Error) Shell(TempFolder folder, string command)
    {
        Directory.CreateSymbolicLink(folder.File("sample-logs"), Places.InCheckout("sample-logs"));
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder.ToString(),
        };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Tool.Path)}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("COLUMNS");
        start.Environment.Remove("LANG");
        start.Environment.Remove("LC_ALL");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static IEnumerable<string> CommandLines(string readme) => ShellBlock().Matches(readme)
        .SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(line => line.Replace(FromCheckout, "tracereplay ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("tracereplay ", StringComparison.Ordinal));

    [GeneratedRegex("```sh\n(?<lines>.*?)```\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("<!-- output: (?<command>[^\n]*) -->\n```text\n(?<output>.*?)```\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex OutputBlock();
}
