using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>The report for a person at a terminal, most important first: what is missing from the data, the verdict, who held
/// the pool, the picture, the proof, the remedies, the doubts, the sources.</summary>
public static class TextReport
{
    /// <summary>Writes the report; the last line ends with a newline.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="options">Width, colour, characters.</param>
    public static void Write(AnalysisReport report, TextWriter output, TextOptions options)
    {
        var page = new TextPage(options);
        var places = new ShortPlaces(report.Sources.Select(source => source.Path));
        WriteLosses(page, report, places);
        if (report.Incidents.Count == 0)
        {
            WriteCalm(page, report);
        }
        else
        {
            WriteIncidents(page, report, places);
        }

        TextAdvice.KnownIssues(page, report.KnownIssues);
        TextSources.Write(page, report, places);
        if (options.NextCommand.Length > 0)
        {
            page.Blank();
            page.Line(TextPage.Styled("grey", "Next: ") + TextPage.Plain(options.NextCommand));
        }

        page.CopyTo(output);
    }

    private static void WriteLosses(TextPage page, AnalysisReport report, ShortPlaces places)
    {
        var losses = Summary.Losses(report).ToArray();
        foreach (var loss in losses)
        {
            page.Line(TextPage.Styled("bold yellow", "Data is missing: ") + TextSources.Diagnostic(loss, places));
        }

        if (losses.Length > 0)
        {
            page.Blank();
        }
    }

    private static void WriteCalm(TextPage page, AnalysisReport report)
    {
        page.Line(TextPage.Styled("bold green", "No DMA pool ran out."));
        page.Line(TextPage.Plain(Summary.NoIncident(report)));
        foreach (var pool in report.Pools)
        {
            TextChart.Write(page, pool);
        }
    }

    private static void WriteIncidents(TextPage page, AnalysisReport report, ShortPlaces places)
    {
        var several = report.Incidents.Count > 1;
        if (several)
        {
            WriteOverview(page, report);
        }

        foreach (var incident in report.Incidents)
        {
            if (several)
            {
                var rule = new string(page.Unicode ? '─' : '-', page.Width);
                page.Blank();
                page.Line(TextPage.Styled("grey", rule));
                page.Line(TextPage.Styled("grey", $"Incident {incident.Id} of {report.Incidents.Count}"));
            }

            WriteIncident(page, report, incident, places);
        }

        var quiet = report.Pools.Where(pool => report.Incidents.All(incident => incident.Pool != pool.Id)).ToArray();
        if (quiet.Length > 0)
        {
            page.Heading("Pools without failure");
            foreach (var pool in quiet)
            {
                page.Paragraph(TextPage.Plain(Summary.Peak(pool)));
            }
        }
    }

    private static void WriteOverview(TextPage page, AnalysisReport report)
    {
        page.Line(TextPage.Styled("bold red", Words.Plural(report.Incidents.Count, "incident")));
        page.Table(["", "pool", "cause", "failures", "first at", "to blame"], report.Incidents.Select(incident => new[]
        {
            $"{incident.Id}", incident.PoolKind.Name(), incident.Cause.Name(), Amounts.Count(incident.Failures),
            incident.FirstFailure is { } first && first.TimeNs != TraceEvent.NoTime ? Summary.Moment(report, incident, first.TimeNs) : "not told",
            TextPage.Plain(incident.Culprits.Count > 0 ? incident.Culprits[0].Device : "not known"),
        }), 0, 3, 4);
    }

    private static void WriteIncident(TextPage page, AnalysisReport report, Incident incident, ShortPlaces places)
    {
        page.Line(TextPage.Styled("bold red", Summary.Headline(incident)));
        if (incident.Verdict.Length > 0)
        {
            page.Line(TextPage.Plain(incident.Verdict));
        }

        WriteFacts(page, report, incident, places);
        TextHolders.Held(page, incident);
        if (report.Pools.FirstOrDefault(pool => pool.Id == incident.Pool) is { } pool)
        {
            TextChart.Write(page, pool);
        }

        TextHolders.Failed(page, incident);
        TextHolders.Blamed(page, incident);
        if (incident.Explanation.Length > 0)
        {
            page.Heading("How it came to it");
            page.Paragraph(TextPage.Plain(incident.Explanation));
        }

        TextAdvice.Evidence(page, incident, places);
        TextAdvice.Remedies(page, incident);
        TextAdvice.KnownIssues(page, incident.KnownIssues);
        TextAdvice.Doubts(page, incident);
    }

    private static void WriteFacts(TextPage page, AnalysisReport report, Incident incident, ShortPlaces places)
    {
        page.Blank();
        var rows = new List<string[]>
        {
            Row("cause", $"{incident.Cause.Name()}: {Words.Meaning(incident.Cause)}"),
            Row("basis", Summary.Basis(incident)),
        };
        if (incident.Causes.Count > 1)
        {
            rows.Insert(1, Row("causes", string.Join(", ",
                incident.Causes.Select(count => $"{Amounts.Count(count.Failures)} {count.Cause.Name()}"))));
        }

        if (incident.FirstFailure is { } first)
        {
            var place = places.Short(first.Source);
            rows.Add(Row("first failure", Summary.FirstFailure(report, incident), place));
        }

        if (incident.LastFailureTimeNs != TraceEvent.NoTime && incident.Failures > 1)
        {
            rows.Add(Row("last failure", Summary.LastFailure(report, incident)));
        }

        page.Table(["", ""], rows);
    }

    private static string[] Row(string name, string text, string remark = "") =>
    [
        TextPage.Styled("grey", name),
        TextPage.Plain(text) + (remark.Length > 0 ? "  " + TextPage.Styled("grey", remark) : string.Empty),
    ];
}
