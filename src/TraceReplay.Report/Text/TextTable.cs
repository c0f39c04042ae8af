namespace TraceReplay.Report;

/// <summary>A plain table in the style of the reports.</summary>
public static class TextTable
{
    /// <summary>Writes it.</summary>
    /// <param name="heads">Heads of the columns.</param>
    /// <param name="rows">Cells, text from anywhere.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="options">Width, colour, characters.</param>
    public static void Write(string[] heads, IEnumerable<string[]> rows, TextWriter output, TextOptions options)
    {
        var page = new TextPage(options);
        page.Table(heads, rows.Select(row => row.Select(TextPage.Plain).ToArray()));
        page.CopyTo(output);
    }
}
