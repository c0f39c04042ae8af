using System.CommandLine;
using TraceReplay.Analysis;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Parsing;
using TraceReplay.Cli.Running;
using TraceReplay.Diagnosis;
using TraceReplay.Parsers;

namespace TraceReplay.Cli.Commands;

/// <summary><c>analyze</c>: ingest, replay, diagnose and report in one go.</summary>
internal static class AnalyzeCommand
{
    public static Command Create()
    {
        var inputs = SharedOptions.Inputs();
        var format = SharedOptions.OneOf("--format", "How to report; without it the name of --output decides, else text.", ReportFormat.All);
        var output = SharedOptions.Output();
        var database = new Option<string?>("--db")
        {
            HelpName = "FILE", Description = "Keep what was read and found in this SQLite database, made if it does not exist.",
        };
        var inputFormat = SharedOptions.InputFormat();
        var year = SharedOptions.Year();
        var binding = SharedOptions.Binding();
        var catalog = SharedOptions.Catalog();
        var selection = new CaseSelection();
        var command = new Command("analyze", "The main job: read inputs, replay them through the pool's model, and report who did it.")
        {
            inputs, format, output, database, inputFormat, year, binding, catalog,
        };
        selection.AddTo(command);
        command.Add(SharedOptions.NoColor());
        HelpPage.SetExamples(command,
            "tracereplay analyze capture/",
            "tracereplay analyze trace.txt dmesg.txt --format json",
            "tracereplay analyze capture/ --what-if pool.size=128MiB --what-if \"smallest pool.size\"",
            "tracereplay analyze sosreport.tar.xz --format html --output report.html",
            "dmesg | tracereplay analyze - --fail-on any");
        command.SetAction(parsed => Job.Run(stop =>
        {
            var failOn = selection.FailOn(parsed);
            var options = selection.Read(parsed, parsed.GetRequiredValue(inputs)) with
            {
                Database = parsed.GetValue(database),
                Reader = new ReaderOptions { InputFormat = parsed.GetValue(inputFormat), Year = parsed.GetValue(year), BindingFile = parsed.GetValue(binding), CatalogFile = parsed.GetValue(catalog) },
            };
            var report = Analyze(options, stop);
            var path = parsed.GetValue(output);
            ReportFormat.Write(report, ReportFormat.Choose(parsed.GetValue(format), path, ReportFormat.Text), path, string.Empty);
            selection.RemarkOnLimits(parsed, report);
            return failOn(report) ? ExitCode.Found : ExitCode.Done;
        }));
        return command;
    }

    private static AnalysisReport Analyze(AnalysisOptions options, CancellationToken stop)
    {
        using var progress = ProgressLine.Start();
        return AnalysisJob.Run(progress is null ? options : options with { Progress = progress.Reading }, stop);
    }
}
