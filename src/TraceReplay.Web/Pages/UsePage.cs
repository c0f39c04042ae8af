using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Report;
using TraceReplay.Report.Wording;

namespace TraceReplay.Web.Pages;

/// <summary>Use of a pool over time, and who held it at a moment.</summary>
internal static class UsePage
{
    private const int MostMappings = 100;

    private const string Holders = """
        SELECT coalesce(d.name, ''), coalesce(d.driver, ''), sum(m.units), count(*), sum(m.bytes), min(m.map_time_ns)
        FROM mapping m LEFT JOIN device d ON d.id = m.device_id
        WHERE m.run_id = :run AND coalesce(m.map_time_ns, :time) <= :time AND (m.unmap_time_ns IS NULL OR m.unmap_time_ns > :time)
        GROUP BY 1, 2 ORDER BY 3 DESC, 1
        """;

    private const string Mappings = """
        SELECT coalesce(d.name, 'before the trace'), coalesce(d.driver, ''), m.first_unit, m.units, m.bytes, m.map_time_ns, m.unmap_time_ns
        FROM mapping m LEFT JOIN device d ON d.id = m.device_id
        WHERE m.run_id = :run AND coalesce(m.map_time_ns, :time) <= :time AND (m.unmap_time_ns IS NULL OR m.unmap_time_ns > :time)
        ORDER BY m.map_time_ns IS NULL, m.map_time_ns, m.id LIMIT 101
        """;

    public static string? Write(PageContext data)
    {
        var run = data.Number("run") ?? data.Rows("SELECT min(run_id) FROM occupancy")[0][0] as long? ?? 0;
        if (data.PoolOf(run) is not { } pool)
        {
            return data.Number("run") is null
                ? Layout.Page("Use over time", "/use", page => page.Element("p", "No run is in this database: only a trace shows the use over time."))
                : null;
        }

        var time = data.Time("t") ?? FirstFailure(data, run) ?? (pool.PeakTimeNs == TraceEvent.NoTime ? null : pool.PeakTimeNs);
        var id = run.ToString(CultureInfo.InvariantCulture);
        return Layout.Page($"Use of the {Words.Pool(pool.Kind)}", "/use", page =>
        {
            HtmlChart.Occupancy(page, pool, $"/use?run={id}", time);
            page.Element("p", "A click into the picture shows who held the pool at that moment; the arrow keys move it.", ("class", "soft hint"));
            Choice(page, id, time);
            if (time is { } moment)
            {
                At(page, data, pool, run, moment);
            }
        });
    }

    private static long? FirstFailure(PageContext data, long run) =>
        data.Rows("SELECT min(time_ns) FROM failure WHERE run_id = :run", ("run", run))[0][0] as long?;

    private static void Choice(HtmlPage page, string run, long? time)
    {
        page.Open("form", ("action", "/use"), ("method", "get"), ("class", "filter")).Open("input", ("type", "hidden"), ("name", "run"), ("value", run))
            .Open("label").Text("at ").Open("input", ("name", "t_s"), ("id", "moment"), ("inputmode", "decimal"), ("value", time is { } ns ? Amounts.SecondsText(ns, 9) : string.Empty))
            .Text(" s").Close("label").Open("button").Text("Show").Close("button").Close("form");
    }

    private static void At(HtmlPage page, PageContext data, PoolReport pool, long run, long moment)
    {
        var holders = data.Rows(Holders, ("run", run), ("time", moment));
        var used = holders.Sum(h => h[2] as long? ?? 0);
        page.Open("h3").Text("Who held the pool").Element("small", string.Create(CultureInfo.InvariantCulture,
            $"at {Amounts.Moment(moment)}: {Words.Units(pool.Kind, used)}{(pool.Units > 0 ? $" of {Amounts.Count(pool.Units)}" : string.Empty)}")).Close("h3");
        page.Open("table", ("id", "holders")).Open("tr").Element("th", "holder").Open("th").Close("th");
        foreach (var head in new[] { Words.Unit(pool.Kind, 2), "share", "mappings", "oldest" })
        {
            page.Element("th", head, ("class", "n"));
        }

        page.Close("tr");
        var whole = pool.Units > 0 ? pool.Units : Math.Max(used, 1);
        foreach (var holder in holders)
        {
            var units = holder[2] as long? ?? 0;
            var name = holder[0] as string is { Length: > 0 } device ? device : "not known (from before the trace)";
            page.Open("tr").Open("td").Text(name).Text(" ").Element("span", holder[1] as string ?? string.Empty, ("class", "soft")).Close("td").Open("td", ("class", "bar"));
            HtmlChart.Bar(page, (double)units / whole, "held");
            page.Close("td");
            foreach (var cell in new[]
            {
                Amounts.Count(units), Amounts.Percent((double)units / whole), Amounts.Count(holder[3] as long? ?? 0),
                holder[5] is long oldest && oldest <= moment ? Amounts.Duration((moment - oldest) / 1e9) : string.Empty,
            })
            {
                page.Open("td", ("class", "n")).Text(cell).Close("td");
            }

            page.Close("tr");
        }

        page.Close("table");
        Oldest(page, data, run, moment);
    }

    private static void Oldest(HtmlPage page, PageContext data, long run, long moment)
    {
        var rows = data.Rows(Mappings, ("run", run), ("time", moment));
        page.Open("h3").Text("Mappings held").Element("small", rows.Count > MostMappings ? $"the {MostMappings} oldest" : "oldest first").Close("h3");
        Layout.Table(page, "mappings", ["device", "driver", "first unit", "units", "bytes", "mapped at", "held for"], 2, rows.Take(MostMappings).Select(r => (
            string.Empty,
            new[]
            {
                Layout.Cell(r[0]), Layout.Cell(r[1]), Layout.Cell(r[2]), Layout.Cell(r[3]), Layout.Cell(r[4]), r[5] is long from ? Amounts.Moment(from) : "before the trace",
                r[5] is long start ? r[6] is long end ? Amounts.Duration((end - start) / 1e9) : "not given back" : string.Empty,
            })));
    }
}
