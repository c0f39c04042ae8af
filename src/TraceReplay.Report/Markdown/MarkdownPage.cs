using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Report;

/// <summary>Markdown with blank lines in the right places. Text from inputs enters only by <see cref="Plain"/> and
/// <see cref="Code"/>: it can neither form markup nor HTML.</summary>
internal sealed class MarkdownPage(TextWriter output)
{
    private const string Special = "\\`*_{}[]()#+!|~$";
    private bool _inList;
    private bool _started;

    /// <summary>Text from anywhere, without a meaning of its own in Markdown, HTML or a table cell.</summary>
    public static string Plain(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var sign in Terminal.Escape(text))
        {
            switch (sign)
            {
                case '<': result.Append("&lt;"); break;
                case '>': result.Append("&gt;"); break;
                case '&': result.Append("&amp;"); break;
                case '@': result.Append("&#64;"); break;
                case '(' or ')' or '#' or '+' or '!': result.Append(sign); break;
                default:
                    _ = Special.Contains(sign, StringComparison.Ordinal) ? result.Append('\\') : result;
                    result.Append(sign);
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>Text from anywhere as a code span whose fence is longer than any in the text.</summary>
    public static string Code(string text)
    {
        var safe = Terminal.Escape(text).Replace('|', '¦');
        var fence = "`";
        while (safe.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        var space = safe.StartsWith('`') || safe.EndsWith('`') ? " " : string.Empty;
        return fence + space + safe + space + fence;
    }

    /// <summary>A place as code, or that the statement comes from replay.</summary>
    public static string Place(string place) => place.Length > 0 ? Code(place) : "(replay)";

    public void Heading(int level, string text)
    {
        Gap();
        output.Write(string.Create(CultureInfo.InvariantCulture, $"{new string('#', level)} {Plain(text)}\n"));
    }

    public void Paragraph(string markdown)
    {
        if (markdown.Length > 0)
        {
            Gap();
            output.Write(markdown + "\n");
        }
    }

    public void Bullet(string markdown)
    {
        if (!_inList)
        {
            Gap();
            _inList = true;
        }

        output.Write($"- {markdown}\n");
    }

    public void List<T>(string heading, IReadOnlyList<T> items, Func<T, string> markdown)
    {
        if (items.Count == 0)
        {
            return;
        }

        Heading(3, heading);
        foreach (var item in items)
        {
            Bullet(markdown(item));
        }
    }

    /// <summary>A table; cells are text from anywhere, those from column <paramref name="numbersFrom"/> on align right.</summary>
    public void Table(string heading, string[] heads, int numbersFrom, IEnumerable<string[]> rows)
    {
        var lines = rows.ToArray();
        if (lines.Length == 0)
        {
            return;
        }

        Heading(3, heading);
        Gap();
        output.Write($"| {string.Join(" | ", heads)} |\n|");
        for (var i = 0; i < heads.Length; i++)
        {
            output.Write(i >= numbersFrom ? " ---: |" : " --- |");
        }

        output.Write('\n');
        foreach (var line in lines)
        {
            output.Write($"| {string.Join(" | ", line.Select(Plain))} |\n");
        }
    }

    private void Gap()
    {
        if (_started)
        {
            output.Write('\n');
        }

        _started = true;
        _inList = false;
    }
}
