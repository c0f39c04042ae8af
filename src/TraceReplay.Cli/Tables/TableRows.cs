using System.Text;
using TraceReplay.Cli.Output;
using TraceReplay.Core;

namespace TraceReplay.Cli.Tables;

/// <summary>An aligned table. The widths come from the first rows; what comes later may stand out, but nothing is cut when the
/// output is no terminal. On a terminal long text is shortened so that a row stays a line.</summary>
internal sealed class TableRows(Stream output) : RowWriter
{
    private const int RowsMeasured = 500;
    private const int LeastWidth = 12;

    public override void Write(IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        using var source = rows.GetEnumerator();
        var first = new List<object?[]>();
        while (first.Count < RowsMeasured && source.MoveNext())
        {
            first.Add(source.Current);
        }

        var isNumber = Enumerable.Range(0, columns.Count)
            .Select(i => first.Count > 0 && first.All(row => row[i] is null or long or double)).ToArray();
        var widths = Fit(Widths(columns, first));
        var color = TerminalProfile.Output.Color;
        text.WriteLine((color ? "\u001b[1m" : string.Empty) + Line([.. columns.Select(Terminal.Escape)], widths, isNumber)
            + (color ? "\u001b[0m" : string.Empty));
        text.WriteLine(string.Join("  ", widths.Select(width => new string(TerminalProfile.Output.Unicode ? '─' : '-', width))));
        foreach (var row in first)
        {
            text.WriteLine(Line(Cells(row), widths, isNumber));
        }

        while (source.MoveNext())
        {
            text.WriteLine(Line(Cells(source.Current), widths, isNumber));
        }
    }

    private static string[] Cells(object?[] row) => [.. row.Select(value => Terminal.Escape(Text(value)))];

    private static int[] Widths(IReadOnlyList<string> columns, List<object?[]> rows)
    {
        var widths = columns.Select(column => Terminal.Escape(column).Length).ToArray();
        foreach (var cells in rows.Select(Cells))
        {
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], cells[i].Length);
            }
        }

        return widths;
    }

    // The widest column gives way first, until the row fits the terminal.
    private static int[] Fit(int[] widths)
    {
        if (!TerminalProfile.Output.IsTerminal || widths.Length == 0)
        {
            return widths;
        }

        while (widths.Sum() + (2 * (widths.Length - 1)) > TerminalProfile.Output.Width)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= LeastWidth)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }

    private static string Line(string[] cells, int[] widths, bool[] isNumber)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            var cell = TerminalProfile.Output.IsTerminal && cells[i].Length > widths[i]
                ? cells[i][..(widths[i] - 1)] + (TerminalProfile.Output.Unicode ? "…" : "~") : cells[i];
            line.Append(i > 0 ? "  " : string.Empty).Append(isNumber[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
        }

        return line.ToString().TrimEnd();
    }
}
