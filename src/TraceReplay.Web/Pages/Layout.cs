using TraceReplay.Report;

namespace TraceReplay.Web.Pages;

/// <summary>What every page has: head, navigation, foot.</summary>
internal static class Layout
{
    private static readonly (string Path, string Name)[] Links = [("/", "Incidents"), ("/use", "Use over time"), ("/failures", "Failures"), ("/sql", "SQL")];

    /// <summary>Writes a page.</summary>
    /// <param name="title">Title.</param>
    /// <param name="here">Path of the page.</param>
    /// <param name="content">Writes what is between navigation and foot.</param>
    /// <returns>The document.</returns>
    public static string Page(string title, string here, Action<HtmlPage> content)
    {
        var page = new HtmlPage().Constant("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n"
            + "<link rel=\"stylesheet\" href=\"/app.css\">\n<script src=\"/app.js\" defer></script>\n");
        page.Element("title", "TraceReplay: " + title).Close("head").Open("body").Open("nav");
        foreach (var (path, name) in Links)
        {
            page.Open("a", ("href", path), ("class", path == here ? "here" : string.Empty)).Text(name).Close("a");
        }

        page.Close("nav").Open("main").Element("h1", title);
        content(page);
        return page.Close("main").Open("footer").Text($"TraceReplay {ToolVersion.Text}").Close("footer").Close("body").Close("html").ToString();
    }

    /// <summary>A link.</summary>
    public static HtmlPage Link(this HtmlPage page, string address, string text) => page.Open("a", ("href", address)).Text(text).Close("a");

    /// <summary>A table of texts, each row with an address that its first cell leads to (empty = none).</summary>
    public static void Table(HtmlPage page, string name, string[] heads, int numbersFrom, IEnumerable<(string Address, string[] Cells)> rows)
    {
        page.Open("table", ("id", name)).Open("tr");
        for (var i = 0; i < heads.Length; i++)
        {
            page.Open("th", ("class", i >= numbersFrom ? "n" : string.Empty)).Text(heads[i]).Close("th");
        }

        page.Close("tr");
        foreach (var (address, cells) in rows)
        {
            page.Open("tr");
            for (var i = 0; i < cells.Length; i++)
            {
                page.Open("td", ("class", i >= numbersFrom ? "n" : string.Empty));
                if (i == 0 && address.Length > 0)
                {
                    page.Link(address, cells[i]);
                }
                else
                {
                    page.Text(cells[i]);
                }

                page.Close("td");
            }

            page.Close("tr");
        }

        page.Close("table");
    }

    /// <summary>A cell of a database row in words.</summary>
    public static string Cell(object? value) => value switch
    {
        null => string.Empty,
        double real => real.ToString("G12", System.Globalization.CultureInfo.InvariantCulture),
        byte[] bytes => $"({bytes.Length} bytes)",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
