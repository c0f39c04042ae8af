using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Cli.Tables;
using TraceReplay.Store;

namespace TraceReplay.Cli.Commands;

/// <summary><c>queries</c>: the saved queries.</summary>
internal static class QueriesCommand
{
    private static readonly string[] Columns = ["query", "shows", "parameters"];

    public static Command Create()
    {
        var format = SharedOptions.OneOf("--format", "How to list; table if not given.", RowWriter.Formats);
        var command = new Command("queries", "List the saved queries.") { format, SharedOptions.NoColor() };
        HelpPage.SetExamples(command, "tracereplay queries", "tracereplay queries --format json");
        command.SetAction(parsed => Job.Run(_ => List(parsed.GetValue(format) ?? RowWriter.Table)));
        return command;
    }

    /// <summary>Lists them.</summary>
    public static int List(string format)
    {
        ResultFile.Write(null, stream => RowWriter.For(format, stream, raw: true).Write(Columns, SavedQueries.All.Select(query => new object?[]
        {
            "@" + query.Name, query.Description, string.Join("; ", query.Parameters.Select(parameter => $"{parameter.Name}: {parameter.Description}")),
        })));
        return ExitCode.Done;
    }
}
