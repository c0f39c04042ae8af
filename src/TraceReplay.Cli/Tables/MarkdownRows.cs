using System.Text;
using TraceReplay.Report;

namespace TraceReplay.Cli.Tables;

/// <summary>A Markdown table.</summary>
internal sealed class MarkdownRows(Stream output) : RowWriter
{
    public override void Write(IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        text.WriteLine($"| {string.Join(" | ", columns.Select(MarkdownText.Escape))} |");
        text.WriteLine($"|{string.Concat(Enumerable.Repeat(" --- |", columns.Count))}");
        foreach (var row in rows)
        {
            text.WriteLine($"| {string.Join(" | ", row.Select(value => MarkdownText.Escape(Text(value))))} |");
        }
    }
}
