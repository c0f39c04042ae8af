using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Cli.Tables;
using TraceReplay.Store;

namespace TraceReplay.Cli.Commands;

/// <summary><c>query</c>: read-only SQL, or a saved query.</summary>
internal static class QueryCommand
{
    private const long RowsOnTerminal = 1000;

    public static Command Create()
    {
        var database = new Option<string?>("--db") { HelpName = "FILE", Description = "The database." };
        var statement = new Argument<string?>("SQL|@NAME")
        {
            Arity = ArgumentArity.ZeroOrOne, Description = "One statement that reads, or @ and the name of a saved query; - reads the statement from standard input.",
        };
        var values = new Argument<string[]>("NAME=VALUE")
        {
            Arity = ArgumentArity.ZeroOrMore, Description = "Parameters of the statement (:name in SQL), by name or in the order of the saved query.",
        };
        var list = new Option<bool>("--list") { Description = "List the saved queries." };
        var format = SharedOptions.OneOf("--format", "How to write the rows; table if not given.", RowWriter.Formats);
        var limit = new Option<long?>("--limit") { HelpName = "N", Description = "Rows at most; on a terminal 1000 if not given." };
        var raw = new Option<bool>("--csv-raw") { Description = "CSV: no apostrophe before text that a spreadsheet would run as a formula." };
        var output = SharedOptions.Output();
        var command = new Command("query", "Ask a database: SQL that only reads, or a saved query.")
        {
            statement, values, database, list, format, limit, raw, output, SharedOptions.NoColor(),
        };
        HelpPage.SetExamples(command,
            "tracereplay query --db case.db @holders",
            "tracereplay query --db case.db \"SELECT kind, count(*) FROM event GROUP BY kind\" --format csv",
            "tracereplay query --list");
        command.SetAction(parsed => Job.Run(stop =>
        {
            if (parsed.GetValue(list))
            {
                return QueriesCommand.List(parsed.GetValue(format) ?? RowWriter.Table);
            }

            var path = parsed.GetValue(database) ?? throw new UsageException("query needs --db FILE", "make a database with: tracereplay ingest INPUT --db FILE");
            var text = ReadStatement(parsed.GetValue(statement));
            var (sql, parameters) = Resolve(text, parsed.GetValue(values) ?? []);
            var rows = parsed.GetValue(limit) ?? (TerminalProfile.Output.IsTerminal && parsed.GetValue(output) is null ? RowsOnTerminal : long.MaxValue);
            using var runner = QueryRunner.Open(path);
            using var result = Explained(text, () => runner.Run(sql, parameters, new QueryLimits { MaxRows = rows }, stop));
            ResultFile.Write(parsed.GetValue(output), stream =>
                RowWriter.For(parsed.GetValue(format) ?? RowWriter.Table, stream, parsed.GetValue(raw)).Write(result.Columns, result.Rows));
            if (result.IsCut)
            {
                ErrorText.WriteLine($"first {rows} rows; --limit N shows more");
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static string ReadStatement(string? text) => text switch
    {
        null => throw new UsageException("query needs a statement or a saved query", "list the saved queries with: tracereplay query --list"),
        "-" => Console.In.ReadToEnd(),
        _ => text,
    };

    private static (string Sql, Dictionary<string, object?> Parameters) Resolve(string text, string[] values)
    {
        var saved = text.StartsWith('@') ? SavedQueries.Find(text) : null;
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        var position = 0;
        foreach (var value in values)
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parameters[value[..equals].TrimStart(':')] = QueryRunner.ReadValue(value[(equals + 1)..]);
            }
            else if (saved is not null && position < saved.Parameters.Count)
            {
                parameters[saved.Parameters[position++].Name] = QueryRunner.ReadValue(value);
            }
            else
            {
                throw new UsageException($"'{value}' belongs to no parameter", "parameters are given as NAME=VALUE");
            }
        }

        return (saved?.Sql ?? text, parameters);
    }

    // The place of an error in the statement is shown under it, where the statement is one line.
    private static QueryResult Explained(string text, Func<QueryResult> run)
    {
        try
        {
            return run();
        }
        catch (StoreException failure) when (failure.Position >= 0 && !text.Contains('\n', StringComparison.Ordinal))
        {
            ErrorText.WriteCaret(text, failure.Position);
            throw;
        }
    }
}
