using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Report;
using TraceReplay.Report.Wording;

namespace TraceReplay.Web.Pages;

/// <summary>Failed mappings, filtered, a page at a time.</summary>
internal static class FailuresPage
{
    private const long PageRows = 100;

    private static readonly string[] Filters = ["run", "origin", "reason", "device"];

    private const string Chosen = """
        FROM failure f LEFT JOIN source s ON s.id = f.source_id
        WHERE (:run IS NULL OR f.run_id = :run) AND (:origin = '' OR f.origin = :origin) AND (:reason = '' OR f.reason = :reason)
          AND (:device = '' OR instr(lower(coalesce(f.device, '') || ' ' || coalesce(f.driver, '')), lower(:device)) > 0)
        """;

    public static string? Write(PageContext data)
    {
        (string Name, object? Value)[] filter =
        [
            ("run", data.Number("run")), ("origin", data.Text("origin")), ("reason", data.Text("reason")), ("device", data.Text("device")),
        ];
        var count = data.Rows("SELECT count(*) " + Chosen, filter)[0][0] as long? ?? 0;
        var last = Math.Max(0, (count - 1) / PageRows);
        var number = Math.Clamp(data.Number("page") ?? 0, 0, last);
        var rows = data.Rows("SELECT f.time_ns, f.origin, f.pool_kind, f.device, f.driver, f.reason, f.bytes, f.pages, f.used_units, f.free_units, f.largest_free_run, f.total_units, "
            + "s.path, f.line, f.run_id, s.clock " + Chosen + " ORDER BY f.id LIMIT :rows OFFSET :skip", [.. filter, ("rows", PageRows), ("skip", number * PageRows)]);
        return Layout.Page("Failed mappings", "/failures", page =>
        {
            Form(page, data);
            page.Element("p", count == 0 ? "None." : string.Create(CultureInfo.InvariantCulture,
                $"{Words.Plural(count, "failure")}; {(number * PageRows) + 1} to {Math.Min(count, (number + 1) * PageRows)}"), ("id", "count"));
            Layout.Table(page, "failures", ["time", "origin", "pool", "device", "driver", "reason", "bytes", "pages", "used", "free", "longest run", "total", "place"], 6, rows.Select(r => (
                r[0] is long time && r[14] is long run ? string.Create(CultureInfo.InvariantCulture, $"/use?run={run}&t={time}") : string.Empty,
                new[] { r[0] is long ns ? Amounts.Moment(ns, ClockNames.Parse(r[15] as string ?? string.Empty) ?? ClockDomain.None) : "no time" }.Concat(r[1..12].Select(Layout.Cell)).Append(Place(r[12], r[13])).ToArray())));
            Steps(page, data, number, last);
        });
    }

    /// <summary>The file's own name: the folder is the same for most.</summary>
    private static string Place(object? path, object? line) =>
        path is string text ? $"{text[(text.LastIndexOf('/') + 1)..]}:{Layout.Cell(line)}" : string.Empty;

    private static void Form(HtmlPage page, PageContext data)
    {
        page.Open("form", ("action", "/failures"), ("method", "get"), ("class", "filter"));
        foreach (var (name, label) in new[] { ("device", "device or driver "), ("run", "run ") })
        {
            page.Open("label").Text(label).Open("input", ("name", name), ("value", data.Text(name))).Close("label");
        }

        Select(page, data, "origin", ["log", "replay"]);
        Select(page, data, "reason", [.. data.Rows("SELECT DISTINCT reason FROM failure WHERE reason IS NOT NULL ORDER BY 1").Select(r => Layout.Cell(r[0]))]);
        page.Open("button").Text("Filter").Close("button").Close("form");
    }

    private static void Select(HtmlPage page, PageContext data, string name, string[] values)
    {
        page.Open("label").Text(name + " ").Open("select", ("name", name)).Open("option", ("value", string.Empty)).Text("any").Close("option");
        foreach (var value in values)
        {
            _ = value == data.Text(name) ? page.Open("option", ("value", value), ("selected", "selected")) : page.Open("option", ("value", value));
            page.Text(value).Close("option");
        }

        page.Close("select").Close("label");
    }

    private static void Steps(HtmlPage page, PageContext data, long number, long last)
    {
        page.Open("p", ("class", "steps"));
        if (number > 0)
        {
            page.Link(Address(data, number - 1), "‹ earlier").Text(" ");
        }

        page.Text(string.Create(CultureInfo.InvariantCulture, $"page {number + 1} of {last + 1} "));
        if (number < last)
        {
            page.Link(Address(data, number + 1), "later ›");
        }

        page.Close("p");
    }

    private static string Address(PageContext data, long number) => string.Create(CultureInfo.InvariantCulture,
        $"/failures?page={number}{string.Concat(Filters.Select(n => $"&{n}={Uri.EscapeDataString(data.Text(n))}"))}");
}
