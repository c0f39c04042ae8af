using System.CommandLine;
using TraceReplay.Analysis;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Parsing;
using TraceReplay.Cli.Running;
using TraceReplay.Diagnosis;
using TraceReplay.Parsers;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Cli.Commands;

/// <summary><c>analyze</c>: ingest, replay, diagnose and report in one go.</summary>
internal static class AnalyzeCommand
{
    private const string AnyCause = "any";

    public static Command Create()
    {
        var inputs = SharedOptions.Inputs();
        var format = SharedOptions.OneOf("--format", "How to report; without it the name of --output decides, else text.", ReportFormat.All);
        var output = SharedOptions.Output();
        var database = new Option<string?>("--db")
        {
            HelpName = "FILE", Description = "Keep what was read in this SQLite database, made if it does not exist.",
        };
        var pools = SharedOptions.Pools();
        var whatIfs = SharedOptions.WhatIfs();
        var failOn = new Option<string?>("--fail-on")
        {
            HelpName = "CAUSE|any", Description = "Exit with 3 if an incident has this cause, or any: for scripts.",
        };
        var since = new Option<string?>("--since") { HelpName = "T", Description = "Leave out failures before this time of the trace, seconds." };
        var until = new Option<string?>("--until") { HelpName = "T", Description = "Leave out failures after this time." };
        var device = new Option<string?>("--device") { HelpName = "GLOB", Description = "Only incidents of these devices, for example 0000:05:*." };
        var inputFormat = SharedOptions.InputFormat();
        var binding = SharedOptions.Binding();
        var command = new Command("analyze", "The main job: read inputs, replay them through the pool's model, and report who did it.")
        {
            inputs, format, output, database, pools, whatIfs, failOn, since, until, device, inputFormat, binding, SharedOptions.NoColor(),
        };
        HelpPage.SetExamples(command,
            "tracereplay analyze capture/",
            "tracereplay analyze trace.txt dmesg.txt --format json",
            "tracereplay analyze capture/ --what-if pool.size=128MiB --what-if \"smallest pool.size\"",
            "tracereplay analyze sosreport.tar.xz --format html --output report.html",
            "dmesg | tracereplay analyze - --fail-on any");
        command.SetAction(parsed => Job.Run(stop =>
        {
            var cause = ReadCause(parsed.GetValue(failOn));
            var options = new AnalysisOptions
            {
                Inputs = parsed.GetRequiredValue(inputs),
                Database = parsed.GetValue(database),
                Reader = new ReaderOptions { InputFormat = parsed.GetValue(inputFormat), BindingFile = parsed.GetValue(binding) },
                Pools = parsed.GetValue(pools) ?? [],
                WhatIfs = parsed.GetValue(whatIfs) ?? [],
                SinceNs = TimeText.Read(parsed.GetValue(since), "--since"),
                UntilNs = TimeText.Read(parsed.GetValue(until), "--until"),
                DeviceGlob = parsed.GetValue(device),
            };
            CheckSpecs(options);
            var report = Analyze(options, stop);
            var path = parsed.GetValue(output);
            ReportFormat.Write(report, ReportFormat.Choose(parsed.GetValue(format), path), path, string.Empty);
            return cause is not null && IsFound(report, cause) ? ExitCode.Found : ExitCode.Done;
        }));
        return command;
    }

    private static AnalysisReport Analyze(AnalysisOptions options, CancellationToken stop)
    {
        using var progress = ProgressLine.Start();
        return AnalysisJob.Run(progress is null ? options : options with { Progress = progress.Reading }, stop);
    }

    // Read here for the caret under the wrong word, before any input is opened.
    private static void CheckSpecs(AnalysisOptions options)
    {
        foreach (var spec in options.Pools)
        {
            PoolSpec.Parse(spec);
        }

        foreach (var spec in options.WhatIfs)
        {
            WhatIfSpec.Parse(spec);
        }
    }

    private static string? ReadCause(string? text) => text is null or AnyCause || CauseNames.All.Contains(text, StringComparer.Ordinal)
        ? text
        : throw new UsageException($"--fail-on '{text}' is not a cause", NearestWord.Hint(text, CauseNames.All) is { Length: > 0 } near
            ? near : $"causes are any, {string.Join(", ", CauseNames.All)}");

    private static bool IsFound(AnalysisReport report, string cause) => report.Incidents.Any(incident =>
        cause == AnyCause || incident.Cause.Name() == cause || incident.Causes.Any(count => count.Cause.Name() == cause));
}
