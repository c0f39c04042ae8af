using System.Globalization;
using TraceReplay.Report;
using TraceReplay.Report.Wording;

namespace TraceReplay.Web.Pages;

/// <summary>One incident as in the HTML report; a time chosen in its picture leads to who held the pool then.</summary>
internal static class IncidentPage
{
    public static string? Write(PageContext data)
    {
        var report = data.Report;
        if (report?.Incidents.FirstOrDefault(i => i.Id == data.Number("id")) is not { } incident)
        {
            return null;
        }

        // The rows of the last diagnosis stand in the order of the report.
        var rows = data.Rows("SELECT run_id FROM incident ORDER BY id");
        var place = report.Incidents.ToList().IndexOf(incident);
        var run = place < rows.Count ? rows[place][0] as long? : null;
        return Layout.Page(Summary.Headline(incident), "/incident", page =>
        {
            var places = new ShortPlaces(report.Sources.Select(s => s.Path));
            HtmlReport.WriteIncident(page, report with { Incidents = [incident] }, incident, places, (into, _) => Chart(into, data, run));
            if (run is { } id)
            {
                page.Open("p").Link($"/failures?run={id.ToString(CultureInfo.InvariantCulture)}", "All failures of this run").Text(" · ")
                    .Link($"/use?run={id.ToString(CultureInfo.InvariantCulture)}", "Use over time, and who held the pool at any moment").Close("p");
            }
        });
    }

    private static void Chart(HtmlPage page, PageContext data, long? run)
    {
        if (run is { } id && data.PoolOf(id) is { } pool)
        {
            HtmlChart.Occupancy(page, pool, $"/use?run={id.ToString(CultureInfo.InvariantCulture)}", null);
        }
    }
}
