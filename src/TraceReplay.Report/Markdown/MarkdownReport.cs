using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>The report as GitHub-flavoured Markdown, for a ticket or a mail.</summary>
public static class MarkdownReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Receives the text.</param>
    public static void Write(AnalysisReport report, TextWriter output)
    {
        var page = new MarkdownPage(output);
        var places = new ShortPlaces(report.Sources.Select(source => source.Path));
        page.Heading(1, report.Incidents.Count == 0 ? "No DMA pool ran out" : "DMA pool exhaustion");
        foreach (var loss in Summary.Losses(report))
        {
            page.Paragraph("**Data is missing:** " + Diagnostic(loss, places));
        }

        if (report.Incidents.Count == 0)
        {
            page.Paragraph(MarkdownPage.Plain(Summary.NoIncident(report)));
        }

        foreach (var incident in report.Incidents)
        {
            WriteIncident(page, report, incident, places);
        }

        WriteIssues(page, report.KnownIssues);
        WriteBasis(page, report, places);
    }

    private static void WriteIncident(MarkdownPage page, AnalysisReport report, Incident incident, ShortPlaces places)
    {
        page.Heading(2, report.Incidents.Count > 1
            ? $"{incident.Id}. {Summary.Headline(incident)}" : Summary.Headline(incident));
        page.Paragraph(incident.Verdict.Length > 0 ? $"**{MarkdownPage.Plain(incident.Verdict)}**" : string.Empty);
        page.Bullet(MarkdownPage.Plain($"Cause {incident.Cause.Name()}: {Words.Meaning(incident.Cause)}."));
        page.Bullet(MarkdownPage.Plain($"Basis: {Summary.Basis(incident)}."));
        if (incident.FirstFailure is { } first)
        {
            page.Bullet(MarkdownPage.Plain($"First failure{(first.TimeNs == TraceEvent.NoTime ? ": " : " at ")}{Summary.FirstFailure(report, incident)}. ")
                + MarkdownPage.Place(places.Short(first.Source)));
        }

        WriteTables(page, incident);
        if (incident.Explanation.Length > 0)
        {
            page.Heading(3, "How it came to it");
            page.Paragraph(MarkdownPage.Plain(incident.Explanation));
        }

        page.List(Summary.EvidenceHeading(incident), incident.Evidence, evidence =>
            MarkdownPage.Plain(evidence.Text) + " " + MarkdownPage.Place(places.Short(evidence.Source)));
        WriteRemedies(page, incident);
        WriteIssues(page, incident.KnownIssues);
        page.List("What is uncertain", incident.Uncertain, MarkdownPage.Plain);
        page.List("What to capture next", incident.NextCapture, MarkdownPage.Plain);
    }

    private static void WriteTables(MarkdownPage page, Incident incident)
    {
        page.Table("Who held the pool just before the first failure",
            ["holder", "driver", Words.Unit(incident.PoolKind, 2), "share", "mappings", "oldest", "growth"], 2,
            incident.Holders.Select(holder => new[]
            {
                Summary.HolderName(holder), holder.Driver, Amounts.Count(holder.Units), Amounts.Percent(holder.Share),
                holder.Mappings > 0 ? Amounts.Count(holder.Mappings) : string.Empty,
                holder.OldestAgeSeconds is { } age ? Amounts.Duration(age) : string.Empty,
                holder.GrowthUnitsPerSecond is { } growth ? Amounts.Growth(growth) : string.Empty,
            }));
        page.Table("Whose mappings failed", ["device", "driver", "failures", "named in the log"], 2,
            incident.Reporters.Select(reporter => new[]
            {
                reporter.Device, reporter.Driver, Amounts.Count(reporter.Failures),
                reporter.Named > 0 ? Amounts.Count(reporter.Named) : "never",
            }));
        page.Table("Who is to blame", ["device", "driver", "blame", "failures without it"], 2,
            incident.Culprits.Select(culprit => new[]
            {
                culprit.Device, culprit.Driver, Amounts.Percent(culprit.Blame), Amounts.Count(culprit.FailuresWithout),
            }));
    }

    private static void WriteRemedies(MarkdownPage page, Incident incident)
    {
        if (incident.LeastSize is { } least)
        {
            page.Heading(3, "Least size");
            var parameter = least.BootParameter.Length > 0 ? $" Boot parameter: {MarkdownPage.Code(least.BootParameter)}" : string.Empty;
            page.Paragraph(MarkdownPage.Plain(Summary.LeastSize(incident.PoolKind, least)) + "." + parameter);
        }

        page.List("What to do", incident.Remedies, remedy =>
        {
            var note = remedy.Note.Length > 0 ? $" {MarkdownPage.Plain(remedy.Note)}" : string.Empty;
            var risk = remedy.Risk.Length > 0 ? $" Risk {MarkdownPage.Plain(remedy.Risk)}." : string.Empty;
            return $"{MarkdownPage.Plain(remedy.Change)} (**{Words.Standing(remedy)}**).{note}{risk}";
        });
    }

    private static void WriteIssues(MarkdownPage page, IReadOnlyList<KnownIssueMatch> issues) =>
        page.List("Known issues that fit", issues, issue => MarkdownPage.Plain(
            $"{issue.Title} {Summary.Fit(issue)}. {string.Join(". ", Summary.IssueLines(issue))}."));

    private static void WriteBasis(MarkdownPage page, AnalysisReport report, ShortPlaces places)
    {
        page.Table("Pools", ["pool", "geometry", "model", "peak", "failures"], 3, report.Pools.Select(pool => new[]
        {
            pool.Kind.Name(), Summary.Geometry(pool), pool.Model,
            pool.PeakUsedUnits >= 0 ? Amounts.Count(pool.PeakUsedUnits) : "not known", Amounts.Count(pool.Failures),
        }));
        if (report.Fidelity.Compared > 0)
        {
            page.Paragraph(MarkdownPage.Plain(
                $"Model against trace: {Amounts.Count(report.Fidelity.Equal)} of {Amounts.Count(report.Fidelity.Compared)} "
                + $"allocations in the very same place. {report.Fidelity.Explanation}"));
        }

        foreach (var machine in report.EveryMachine)
        {
            if (machine.Inventory is { } inventory)
            {
                page.Table(InventoryWords.Heading(machine), InventoryWords.Heads, 3, InventoryWords.Rows(inventory));
            }

            foreach (var sentence in new[] { InventoryWords.Kernel(machine) }.OfType<string>().Concat(machine.Inventory is null ? [] : InventoryWords.Sentences(machine.Inventory)))
            {
                page.Bullet(MarkdownPage.Plain(sentence));
            }
        }

        page.Table("Sources", ["file", "format", "bytes", "events", "skipped", "lost"], 2, report.Sources.Select(source => new[]
        {
            source.Path, source.Format, Amounts.Count(source.Bytes), Amounts.Count(source.Events),
            Amounts.Count(source.Skipped), Amounts.Count(source.Lost),
        }));
        page.List("Remarks", [.. Summary.Remarks(report)], remark => Diagnostic(remark, places));
    }

    private static string Diagnostic(Diagnostic diagnostic, ShortPlaces places)
    {
        var hint = diagnostic.Hint.Length > 0 ? " " + MarkdownPage.Plain(diagnostic.Hint) : string.Empty;
        var place = MarkdownPage.Place(places.Short(diagnostic.Source));
        return $"{MarkdownPage.Plain(diagnostic.Message)} {place}{hint} ({diagnostic.Code})";
    }
}
