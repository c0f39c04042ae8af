using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using TraceReplay.Core;

namespace TraceReplay.Report;

/// <summary>A page of text that grows downwards. All markup of the terminal reports goes through here: text from inputs
/// enters only by <see cref="Plain"/>, so that it can neither style nor drive the terminal.</summary>
internal sealed class TextPage
{
    private const int Indent = 2;
    private readonly StringBuilder _text = new();
    private readonly IAnsiConsole _console;

    public TextPage(TextOptions options)
    {
        Unicode = options.Unicode;
        Width = Math.Clamp(options.Width, TextOptions.LeastWidth, TextOptions.GreatestWidth);
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = options.Color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = options.Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new FixedOutput(new StringWriter(_text) { NewLine = "\n" }, Width),
        });
        _console.Profile.Capabilities.Links = false;
        _console.Profile.Capabilities.Unicode = options.Unicode;
    }

    /// <summary>Columns of the page.</summary>
    public int Width { get; }

    /// <summary>Columns inside the indentation.</summary>
    public int InnerWidth => Width - Indent;

    /// <summary>Whether block characters may be used.</summary>
    public bool Unicode { get; }

    /// <summary>Text from anywhere, safe as markup and on a terminal.</summary>
    public static string Plain(string text) => Markup.Escape(Terminal.Escape(text));

    /// <summary>Text from anywhere in a style of the page.</summary>
    public static string Styled(string style, string text) => text.Length > 0 ? $"[{style}]{Plain(text)}[/]" : string.Empty;

    public void Blank() => _text.Append('\n');

    /// <summary>A line at the left edge, given as markup.</summary>
    public void Line(string markup) => Write(new Markup(markup), 0);

    /// <summary>The head of a section with a remark beside it.</summary>
    public void Heading(string text, string remark = "")
    {
        Blank();
        var aside = remark.Length > 0 ? "  " + Styled("grey", remark) : string.Empty;
        Line(Styled("bold", text.ToUpperInvariant()) + aside);
    }

    /// <summary>An indented paragraph, given as markup.</summary>
    public void Paragraph(string markup, int indent = Indent) => Write(new Markup(markup), indent);

    /// <summary>A point of a list: the mark stands out to the left of the wrapped text.</summary>
    public void Point(string mark, string markup)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(0, 0, 1, 0)).AddColumn(new GridColumn().Padding(0, 0));
        grid.AddRow(new Markup(mark), new Markup(markup));
        Write(grid, Indent);
    }

    /// <summary>A table whose cells are markup; columns without content are left out, those named in
    /// <paramref name="right"/> align to the right.</summary>
    public void Table(IReadOnlyList<string> heads, IEnumerable<string[]> rows, params ReadOnlySpan<int> right)
    {
        var lines = rows.ToArray();
        if (lines.Length == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.None);
        var filled = Enumerable.Range(0, heads.Count).Where(i => lines.Any(line => line[i].Length > 0)).ToArray();
        foreach (var i in filled)
        {
            var column = new TableColumn(heads[i].Length > 0 ? Styled("grey", heads[i]) : string.Empty).Padding(0, 0, 2, 0);
            column.Alignment = right.Contains(i) ? Justify.Right : Justify.Left;
            column.NoWrap = right.Contains(i);
            table.AddColumn(column);
        }

        table.ShowHeaders = heads.Any(head => head.Length > 0);
        foreach (var line in lines)
        {
            table.AddRow([.. filled.Select(i => line[i])]);
        }

        Write(table, Indent);
    }

    /// <summary>Gives the page to a writer, without blanks at the ends of lines.</summary>
    public void CopyTo(TextWriter output)
    {
        foreach (var line in _text.ToString().TrimEnd('\n').Split('\n'))
        {
            output.Write(Unicode ? line.TrimEnd(' ') : Ascii(line.TrimEnd(' ')));
            output.Write('\n');
        }
    }

    private static string Ascii(string line) => string.Create(line.Length, line, static (signs, text) =>
    {
        for (var i = 0; i < signs.Length; i++)
        {
            signs[i] = text[i] switch { < '\x80' => text[i], '·' => '-', 'µ' => 'u', _ => '?' };
        }
    });

    private void Write(IRenderable what, int indent)
    {
        _console.Write(indent > 0 ? new Padder(what, new Padding(indent, 0, 0, 0)) : what);
        // A paragraph leaves the line open, a table closes it.
        if (_text.Length > 0 && _text[^1] != '\n')
        {
            _text.Append('\n');
        }
    }

    private sealed class FixedOutput(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => width;

        public int Height => 80;

        public void SetEncoding(Encoding encoding)
        {
            // The writer holds characters: whoever takes the page encodes it.
        }
    }
}
