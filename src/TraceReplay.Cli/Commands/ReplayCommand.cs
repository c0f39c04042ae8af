using System.CommandLine;
using TraceReplay.Analysis;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Cli.Tables;
using TraceReplay.Store;

namespace TraceReplay.Cli.Commands;

/// <summary><c>replay</c>: feed the stored events through pool models, and show the runs.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var database = SharedOptions.Database();
        var format = SharedOptions.OneOf("--format", "How to list the runs; table if not given.", RowWriter.Formats);
        var selection = new CaseSelection();
        var command = new Command("replay", "Feed stored events through pool models, with changes if asked, and list the runs.")
        {
            database, format,
        };
        selection.AddTo(command);
        command.Add(SharedOptions.NoColor());
        HelpPage.SetExamples(command,
            "tracereplay replay --db case.db",
            "tracereplay replay --db case.db --what-if pool.size=128MiB --what-if \"without device=0000:05:00.0\"",
            "tracereplay replay --db case.db --pool \"swiotlb(kernel=6.12, size=64MiB, areas=4)\"");
        command.SetAction(parsed => Job.Run(stop =>
        {
            var path = parsed.GetRequiredValue(database);
            var failOn = selection.FailOn(parsed);
            var report = StoredJob.Run(path, selection.Read(parsed, []));
            using var runner = QueryRunner.Open(path);
            using var runs = runner.Run(SavedQueries.Find("runs").Sql, cancellation: stop);
            ResultFile.Write(null, stream =>
                RowWriter.For(parsed.GetValue(format) ?? RowWriter.Table, stream, raw: false).Write(runs.Columns, runs.Rows));
            return failOn(report) ? ExitCode.Found : ExitCode.Done;
        }));
        return command;
    }
}
