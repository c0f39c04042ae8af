namespace TraceReplay.Report;

/// <summary>Text in Markdown.</summary>
public static class MarkdownText
{
    /// <summary>Text from anywhere, without a meaning of its own in Markdown, HTML or a table cell.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The escaped text, one line.</returns>
    public static string Escape(string text) => MarkdownPage.Plain(text);
}
