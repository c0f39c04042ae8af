using System.CommandLine;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Cli.Tables;
using TraceReplay.Report;

namespace TraceReplay.Cli.Commands;

/// <summary>The commands that list what this version knows: a table, or the same rows for programs.</summary>
internal static class Listing
{
    /// <summary>Gives a command its <c>--format</c> and its action.</summary>
    public static Command Fill(Command command, string[] heads, Func<IEnumerable<string[]>> rows) => Fill(command, heads, _ => rows());

    /// <summary>As the other, for rows that depend on the command line.</summary>
    public static Command Fill(Command command, string[] heads, Func<ParseResult, IEnumerable<string[]>> rows)
    {
        var format = SharedOptions.OneOf("--format", "How to list; table if not given.", RowWriter.Formats);
        command.Add(format);
        command.Add(SharedOptions.NoColor());
        command.SetAction(parsed => Job.Run(_ =>
        {
            var chosen = parsed.GetValue(format) ?? RowWriter.Table;
            ResultFile.Write(null, stream => Write(stream, chosen, heads, rows(parsed)));
            return ExitCode.Done;
        }));
        return command;
    }

    // On a terminal long cells wrap inside their column; for programs nothing is cut or wrapped.
    private static void Write(Stream stream, string format, string[] heads, IEnumerable<string[]> rows)
    {
        var profile = TerminalProfile.Output;
        if (format == RowWriter.Table && profile.IsTerminal)
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            TextTable.Write(heads, rows, writer, new TextOptions(profile.Color, profile.Width) { Unicode = profile.Unicode });
            return;
        }

        var names = heads.Select(head => head.Replace(' ', '_')).ToArray();
        RowWriter.For(format, stream, raw: true).Write(names, rows.Select(row => row.Cast<object?>().ToArray()));
    }
}
