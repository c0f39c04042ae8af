using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Cli.Tables;
using TraceReplay.Store;

namespace TraceReplay.Cli.Commands;

/// <summary><c>schema</c>: tables, views and columns of the database.</summary>
internal static class SchemaCommand
{
    private const string ColumnsSql = """
        SELECT s.type, s.name AS "table", c.name AS "column", c.type AS column_type
        FROM sqlite_schema s JOIN pragma_table_info(s.name) c WHERE s.type IN ('table', 'view') ORDER BY s.type, s.name, c.cid
        """;

    public static Command Create()
    {
        var format = SharedOptions.OneOf("--format", "sql shows it with what each column means; the others list the columns.", ["sql", .. RowWriter.Formats]);
        var command = new Command("schema", "Show the tables, views and columns of the database.") { format, SharedOptions.NoColor() };
        HelpPage.SetExamples(command, "tracereplay schema", "tracereplay schema --format json");
        command.SetAction(parsed => Job.Run(stop =>
        {
            if (parsed.GetValue(format) is null or "sql")
            {
                ResultFile.Write(null, stream =>
                {
                    using var writer = new StreamWriter(stream, leaveOpen: true);
                    writer.Write(SchemaText.Sql);
                });
                return ExitCode.Done;
            }

            return ListColumns(parsed.GetValue(format)!, stop);
        }));
        return command;
    }

    // The columns are those of a real, empty database: what is shown cannot differ from what is made.
    private static int ListColumns(string format, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay-schema-");
        try
        {
            var path = Path.Combine(folder.FullName, "schema.db");
            TraceDatabase.Open(path, DatabaseAccess.Create).Dispose();
            using var runner = QueryRunner.Open(path);
            using var result = runner.Run(ColumnsSql, cancellation: stop);
            ResultFile.Write(null, stream => RowWriter.For(format, stream, raw: true).Write(result.Columns, result.Rows));
            return ExitCode.Done;
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
