using System.Globalization;
using TraceReplay.Report;
using TraceReplay.Store;

namespace TraceReplay.Web.Pages;

/// <summary>Statements that only read, and the saved queries.</summary>
internal static class SqlPage
{
    private const string ParameterPrefix = "p.";
    private static readonly QueryLimits Limits = new() { MaxRows = 1000, Timeout = TimeSpan.FromSeconds(10) };

    public static string? Write(PageContext data)
    {
        var text = data.Text("q");
        return Layout.Page("SQL", "/sql", page =>
        {
            page.Open("form", ("action", "/sql"), ("method", "get"), ("class", "sql")).Open("textarea", ("name", "q"), ("id", "statement"), ("rows", "5"), ("spellcheck", "false"),
                ("aria-label", "statement")).Text(text.Length > 0 ? text : "SELECT * FROM v_incident").Close("textarea");
            Parameters(page, data, text);
            page.Open("button").Text("Run").Close("button").Text(" ").Element("span", "reads only, at most 1000 rows and 10 s; @NAME runs a saved query", ("class", "soft")).Close("form");
            if (text.Length > 0)
            {
                Result(page, data, text);
            }

            Saved(page);
        });
    }

    private static void Parameters(HtmlPage page, PageContext data, string text)
    {
        if (text.StartsWith('@') && SavedQueries.All.FirstOrDefault(q => "@" + q.Name == text.Trim()) is { } saved)
        {
            foreach (var parameter in saved.Parameters)
            {
                var name = ParameterPrefix + parameter.Name;
                page.Open("label").Text($"{parameter.Name} ").Open("input", ("name", name), ("value", data.Text(name)), ("title", parameter.Description)).Close("label");
            }
        }
    }

    private static void Result(HtmlPage page, PageContext data, string text)
    {
        try
        {
            var sql = text.TrimStart().StartsWith('@') ? SavedQueries.Find(text.Trim()).Sql : text;
            var parameters = data.Values(ParameterPrefix).Where(p => p.Value.Length > 0)
                .ToDictionary(p => p.Name, p => (object?)QueryRunner.ReadValue(p.Value), StringComparer.Ordinal);
            using var result = data.Run(sql, parameters, Limits);
            object?[][] rows = [.. result.Rows];
            page.Element("p", string.Create(CultureInfo.InvariantCulture, $"{rows.Length} rows{(result.IsCut ? ", and there are more" : string.Empty)}"), ("id", "count"));
            Layout.Table(page, "result", [.. result.Columns], int.MaxValue, rows.Select(r => (string.Empty, r.Select(Layout.Cell).ToArray())));
        }
        catch (StoreException failure)
        {
            page.Open("p", ("class", "loss"), ("id", "error")).Text(failure.Message).Close("p").Element("p", failure.Hint);
        }
    }

    private static void Saved(HtmlPage page)
    {
        page.Element("h3", "Saved queries");
        Layout.Table(page, "saved", ["query", "shows"], int.MaxValue, SavedQueries.All.Select(q => (
            "/sql?q=" + Uri.EscapeDataString("@" + q.Name), new[] { "@" + q.Name, q.Description })));
    }
}
