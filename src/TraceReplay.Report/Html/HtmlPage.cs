using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Report;

/// <summary>HTML under construction. Elements are written by name, all text and attribute values are escaped here; there is
/// no way to pass markup through.</summary>
internal sealed class HtmlPage
{
    private readonly StringBuilder _html = new();

    /// <summary>Text from anywhere as HTML text or attribute value. Control and bidirectional characters are shown as
    /// escapes: they could deceive the reader of a page as well.</summary>
    public static string Escape(string text) => Terminal.Escape(text)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>A number for an SVG attribute.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Opens an element.</summary>
    public HtmlPage Open(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _html.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            _html.Append(' ').Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }

        _html.Append('>');
        return this;
    }

    /// <summary>Closes an element.</summary>
    public HtmlPage Close(string element)
    {
        _html.Append("</").Append(element).Append('>');
        if (element is "p" or "tr" or "li" or "h1" or "h2" or "h3" or "table" or "section" or "ul" or "svg" or "div" or "head" or "style")
        {
            _html.Append('\n');
        }

        return this;
    }

    /// <summary>Text.</summary>
    public HtmlPage Text(string text)
    {
        _html.Append(Escape(text));
        return this;
    }

    /// <summary>An element that holds text only; nothing if the text is empty.</summary>
    public HtmlPage Element(string element, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        text.Length == 0 ? this : Open(element, attributes).Text(text).Close(element);

    /// <summary>A constant of this program, unescaped: the style sheet and the document's frame.</summary>
    public HtmlPage Constant(string html)
    {
        _html.Append(html);
        return this;
    }

    /// <summary>The page so far.</summary>
    public override string ToString() => _html.ToString();
}
