using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>The report as one self-contained HTML file: no script, no network, light and dark, printable.</summary>
public static class HtmlReport
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">

        """;

    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Receives the document.</param>
    public static void Write(AnalysisReport report, TextWriter output)
    {
        var places = new ShortPlaces(report.Sources.Select(source => source.Path));
        var title = Title(report);
        var page = new HtmlPage().Constant(Head.ReplaceLineEndings("\n")).Element("title", $"TraceReplay: {title}")
            .Open("style").Constant(HtmlStyle.Sheet.ReplaceLineEndings("\n")).Close("style")
            .Close("head").Open("body").Element("h1", title);
        foreach (var loss in Summary.Losses(report))
        {
            page.Open("p", ("class", "loss")).Element("strong", "Data is missing: ");
            HtmlAdvice.Diagnostic(page, loss, places);
            page.Close("p");
        }

        if (report.Incidents.Count == 0)
        {
            page.Element("p", Summary.NoIncident(report), ("class", "verdict calm"));
            foreach (var pool in report.Pools)
            {
                HtmlChart.Occupancy(page, pool);
            }
        }

        foreach (var incident in report.Incidents)
        {
            WriteIncident(page, report, incident, places, HtmlChart.Occupancy);
        }

        HtmlAdvice.KnownIssues(page, report.KnownIssues);
        HtmlAdvice.Basis(page, report, places);
        page.Open("footer").Text($"TraceReplay {ToolVersion.Text}; schema {JsonReport.Schema}").Close("footer");
        output.Write(page.Close("body").Close("html").ToString());
        output.Write('\n');
    }

    private static string Title(AnalysisReport report) => report.Incidents.Count switch
    {
        0 => "No DMA pool ran out",
        1 => Summary.Headline(report.Incidents[0]),
        var count => $"{Words.Plural(count, "incident")} of DMA pool exhaustion",
    };

    /// <summary>Writes one incident.</summary>
    /// <param name="page">Receives it.</param>
    /// <param name="report">The report it belongs to.</param>
    /// <param name="incident">The incident.</param>
    /// <param name="places">How places are called.</param>
    /// <param name="chart">Draws the use of its pool.</param>
    internal static void WriteIncident(
        HtmlPage page, AnalysisReport report, Incident incident, ShortPlaces places, Action<HtmlPage, PoolReport> chart)
    {
        page.Open("section");
        if (report.Incidents.Count > 1)
        {
            page.Element("h2", $"{incident.Id}. {Summary.Headline(incident)}");
        }

        page.Element("p", incident.Verdict, ("class", "verdict"));
        Facts(page, report, incident, places);
        HtmlTables.Held(page, incident);
        if (report.Pools.FirstOrDefault(pool => pool.Id == incident.Pool) is { } pool)
        {
            chart(page, pool);
        }

        HtmlTables.Failed(page, incident);
        HtmlTables.Blamed(page, incident);
        if (incident.Explanation.Length > 0)
        {
            page.Element("h3", "How it came to it").Element("p", incident.Explanation);
        }

        HtmlAdvice.Evidence(page, incident, places);
        HtmlAdvice.Remedies(page, incident);
        HtmlAdvice.KnownIssues(page, incident.KnownIssues);
        HtmlAdvice.List(page, "What is uncertain", incident.Uncertain);
        HtmlAdvice.List(page, "What to capture next", incident.NextCapture);
        page.Close("section");
    }

    private static void Facts(HtmlPage page, AnalysisReport report, Incident incident, ShortPlaces places)
    {
        page.Open("dl", ("class", "facts"));
        Fact(page, "Cause", $"{incident.Cause.Name()}: {Words.Meaning(incident.Cause)}");
        if (incident.Causes.Count > 1)
        {
            Fact(page, "Causes", string.Join(", ",
                incident.Causes.Select(count => $"{Amounts.Count(count.Failures)} {count.Cause.Name()}")));
        }

        Fact(page, "Basis", Summary.Basis(incident));
        if (incident.FirstFailure is { } first)
        {
            page.Element("dt", "First failure").Open("dd")
                .Text(Summary.FirstFailure(report, incident) + " ")
                .Element("code", places.Short(first.Source)).Close("dd");
        }

        if (incident.LastFailureTimeNs != TraceEvent.NoTime && incident.Failures > 1)
        {
            Fact(page, "Last failure", Summary.LastFailure(report, incident));
        }

        page.Close("dl");
    }

    private static void Fact(HtmlPage page, string name, string text) => page.Element("dt", name).Element("dd", text);
}
