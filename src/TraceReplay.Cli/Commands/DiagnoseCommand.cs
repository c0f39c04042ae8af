using System.CommandLine;
using TraceReplay.Analysis;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Parsing;
using TraceReplay.Cli.Running;

namespace TraceReplay.Cli.Commands;

/// <summary><c>diagnose</c> and <c>report</c>: findings from what a database holds.</summary>
internal static class DiagnoseCommand
{
    public static Command CreateDiagnose()
    {
        var command = new Command("diagnose", "Diagnose what a database holds; the findings are stored in it as rows.");
        HelpPage.SetExamples(command, "tracereplay diagnose --db case.db", "tracereplay diagnose --db case.db --format json --fail-on leak");
        return Fill(command, ReportFormat.Text, outputRequired: false);
    }

    public static Command CreateReport()
    {
        var command = new Command("report", "Write the findings of a database as one self-contained HTML file.");
        HelpPage.SetExamples(command, "tracereplay report --db case.db --output report.html", "tracereplay report --db case.db --output report.md");
        return Fill(command, ReportFormat.Html, outputRequired: true);
    }

    private static Command Fill(Command command, string usualFormat, bool outputRequired)
    {
        var database = SharedOptions.Database();
        var format = SharedOptions.OneOf("--format", $"How to report; without it the name of --output decides, else {usualFormat}.", ReportFormat.All);
        var output = SharedOptions.Output();
        output.Required = outputRequired;
        var selection = new CaseSelection();
        command.Add(database);
        command.Add(output);
        command.Add(format);
        selection.AddTo(command);
        command.Add(SharedOptions.NoColor());
        command.SetAction(parsed => Job.Run(stop =>
        {
            var failOn = selection.FailOn(parsed);
            var options = selection.Read(parsed, []);
            stop.ThrowIfCancellationRequested();
            var report = StoredJob.Run(parsed.GetRequiredValue(database), options);
            var path = parsed.GetValue(output);
            ReportFormat.Write(report, ReportFormat.Choose(parsed.GetValue(format), path, usualFormat), path, string.Empty);
            selection.RemarkOnLimits(parsed, report);
            return failOn(report) ? ExitCode.Found : ExitCode.Done;
        }));
        return command;
    }
}
