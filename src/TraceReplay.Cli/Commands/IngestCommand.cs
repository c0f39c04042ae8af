using System.CommandLine;
using TraceReplay.Analysis;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Core;
using TraceReplay.Parsers;
using TraceReplay.Report.Wording;

namespace TraceReplay.Cli.Commands;

/// <summary><c>ingest</c>: parse inputs into a database.</summary>
internal static class IngestCommand
{
    public static Command Create()
    {
        var inputs = SharedOptions.Inputs();
        var database = SharedOptions.Database();
        var inputFormat = SharedOptions.InputFormat();
        var year = SharedOptions.Year();
        var binding = SharedOptions.Binding();
        var catalog = SharedOptions.Catalog();
        var command = new Command("ingest", "Parse inputs into an SQLite database; the same bytes are never stored twice.")
        {
            inputs, database, inputFormat, year, binding, catalog, SharedOptions.NoColor(),
        };
        HelpPage.SetExamples(command,
            "tracereplay ingest capture/ --db case.db",
            "tracereplay ingest sosreport.tar.xz trace.txt --db case.db");
        command.SetAction(parsed => Job.Run(stop =>
        {
            var path = parsed.GetRequiredValue(database);
            var reader = new ReaderOptions { InputFormat = parsed.GetValue(inputFormat), Year = parsed.GetValue(year), BindingFile = parsed.GetValue(binding), CatalogFile = parsed.GetValue(catalog) };
            var result = Ingest(parsed.GetRequiredValue(inputs), reader, path, stop);
            foreach (var diagnostic in result.Diagnostics.Where(IngestResult.IsForPeople))
            {
                Action<string, string, string?, string> tell = diagnostic.Severity == Severity.Info ? ErrorText.Note : ErrorText.Warn;
                tell(diagnostic.Code, diagnostic.Message, diagnostic.Source.ToString(), diagnostic.Hint);
            }

            StandardStream.Out.Write(Describe(result, path) + "\n");
            return result.Sources.Count == 0 ? ExitCode.Failed : ExitCode.Done;
        }));
        return command;
    }

    private static IngestResult Ingest(string[] inputs, ReaderOptions reader, string path, CancellationToken stop)
    {
        using var progress = ProgressLine.Start();
        return IngestJob.Run(inputs, reader, path, progress is null ? null : progress.Reading, stop);
    }

    private static string Describe(IngestResult result, string path)
    {
        var text = $"{Words.Plural(result.Sources.Count - result.AlreadyStored, "source")} stored in {Terminal.Escape(path)}, "
            + $"{Words.Plural(result.Sources.Sum(source => source.Events), "event")} read";
        return result.AlreadyStored > 0 ? $"{text}; {Words.Plural(result.AlreadyStored, "source")} there already" : text;
    }
}
