using System.Globalization;

namespace TraceReplay.Cli.Tables;

/// <summary>Writes the rows of a query in one format.</summary>
internal abstract class RowWriter
{
    public const string Table = "table", Csv = "csv", Json = "json", JsonLines = "jsonl", Markdown = "markdown";

    /// <summary>All formats.</summary>
    public static readonly string[] Formats = [Table, Csv, Json, JsonLines, Markdown];

    /// <summary>The writer of a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="raw">CSV: leave cells as they are, even if a spreadsheet would take them for formulas.</param>
    public static RowWriter For(string format, Stream output, bool raw) => format switch
    {
        Csv => new CsvRows(output, raw),
        Json => new JsonRows(output, true),
        JsonLines => new JsonRows(output, false),
        Markdown => new MarkdownRows(output),
        _ => new TableRows(output),
    };

    /// <summary>Writes everything.</summary>
    public abstract void Write(IReadOnlyList<string> columns, IEnumerable<object?[]> rows);

    /// <summary>A value as text; empty for NULL.</summary>
    protected static string Text(object? value) => value switch
    {
        null => string.Empty,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        byte[] bytes => "0x" + Convert.ToHexStringLower(bytes),
        _ => (string)value,
    };

    /// <summary>Column names made distinct, for formats that key values by them.</summary>
    protected static string[] Distinct(IReadOnlyList<string> columns)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. columns.Select(column =>
        {
            var name = column;
            for (var i = 2; !taken.Add(name); i++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{column}_{i}");
            }

            return name;
        })];
    }
}
