using System.Diagnostics;
using System.Text;
using System.Text.Json;
using TraceReplay.TestSupport;

namespace TraceReplay.EndToEnd.Tests;

/// <summary>How a run of the built program ended.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>The output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Fails with both streams shown if the exit code is another.</summary>
    public ToolRun MustEndWith(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} in place of {exitCode}\n{Error}\n{Output}");
        return this;
    }
}

/// <summary>Runs the built program as a user would.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The built program.</summary>
    public static string Path { get; } = Places.InCheckout("src", "TraceReplay.Cli", "bin",
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "tracereplay");

    public static ToolRun Run(params string[] arguments) => Run(null, [], arguments);

    public static ToolRun Run(byte[]? input, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
            WorkingDirectory = Places.Checkout, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(input);
        }

        process.StandardInput.Close();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(true);
            throw new TimeoutException($"tracereplay {string.Join(' ', arguments)} did not end");
        }

        return new ToolRun(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
