using CsvHelper;

namespace TraceReplay.Cli.Tables;

/// <summary>CSV (RFC 4180 quoting, <c>\n</c> line ends). Text that a spreadsheet would run as a formula gets an apostrophe in
/// front; numbers, negative ones too, are left alone.</summary>
internal sealed class CsvRows(Stream output, bool raw) : RowWriter
{
    public override void Write(IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var options = CsvWriterOptions.Default with
        {
            NewLine = "\n",
            Injection = raw ? CsvInjection.None : CsvInjection.Escape,
        };
        using var csv = CsvWriter.Create(output, options, leaveOpen: true);
        foreach (var column in columns)
        {
            csv.WriteField(column);
        }

        csv.EndRecord();
        foreach (var row in rows)
        {
            foreach (var value in row)
            {
                WriteValue(csv, value);
            }

            csv.EndRecord();
        }
    }

    private static void WriteValue(CsvWriter csv, object? value)
    {
        switch (value)
        {
            case long number:
                csv.WriteField(number, []);
                break;
            case double number:
                csv.WriteField(number, []);
                break;
            default:
                csv.WriteField(Text(value));
                break;
        }
    }
}
