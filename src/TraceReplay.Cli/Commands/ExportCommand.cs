using System.CommandLine;
using TraceReplay.Analysis.Export;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;

namespace TraceReplay.Cli.Commands;

/// <summary><c>export</c>: hand the data of a database to other tools.</summary>
internal static class ExportCommand
{
    private const string Csv = "csv", JsonLines = "jsonl", Perfetto = "perfetto";

    public static Command Create()
    {
        var database = SharedOptions.Database();
        var format = SharedOptions.OneOf("--to",
            "csv: the events as canonical CSV, which ingest reads back; jsonl: events, failures and findings; perfetto: a trace for ui.perfetto.dev.",
            Csv, JsonLines, Perfetto);
        format.Required = true;
        var source = new Option<long?>("--source") { HelpName = "ID", Description = "Only the events of this source (csv, jsonl); tracereplay query @sources lists them." };
        var output = SharedOptions.Output();
        var command = new Command("export", "Hand a database to other tools: canonical CSV, JSON lines, a Perfetto trace.")
        {
            database, format, source, output, SharedOptions.NoColor(),
        };
        HelpPage.SetExamples(command,
            "tracereplay export --db case.db --to csv --output events.csv",
            "tracereplay export --db case.db --to jsonl | gzip > case.jsonl.gz",
            "tracereplay export --db case.db --to perfetto --output case.json     (open it in ui.perfetto.dev)");
        command.SetAction(parsed => Job.Run(stop =>
        {
            var path = parsed.GetRequiredValue(database);
            var target = parsed.GetValue(output);
            RefuseItself(path, target);
            var kind = parsed.GetValue(format) switch
            {
                Csv => ExportFormat.Csv,
                JsonLines => ExportFormat.JsonLines,
                _ => ExportFormat.Perfetto,
            };
            ResultFile.Write(target, stream =>
            {
                foreach (var diagnostic in ExportJob.Run(path, kind, parsed.GetValue(source), stream, stop))
                {
                    ErrorText.Warn(diagnostic.Code, diagnostic.Message, diagnostic.Source.ToString(), diagnostic.Hint);
                }
            });
            return ExitCode.Done;
        }));
        return command;
    }

    private static void RefuseItself(string database, string? target)
    {
        if (target is not null and not "-" && Path.GetFullPath(target) == Path.GetFullPath(database))
        {
            throw new UsageException("--output names the database itself", "give another file");
        }
    }
}
