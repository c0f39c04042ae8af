using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>Evidence, remedies, doubts and the basis of the HTML report.</summary>
internal static class HtmlAdvice
{
    public static void Evidence(HtmlPage page, Incident incident, ShortPlaces places)
    {
        if (incident.Evidence.Count == 0)
        {
            return;
        }

        page.Open("h3").Text(Summary.EvidenceHeading(incident))
            .Element("small", places.Folder.Length > 0 ? $"places are below {places.Folder}" : string.Empty).Close("h3").Open("ul");
        foreach (var evidence in incident.Evidence)
        {
            var place = places.Short(evidence.Source);
            page.Open("li").Text(evidence.Text + " ").Element("code", place.Length > 0 ? place : "(replay)").Close("li");
        }

        page.Close("ul");
    }

    public static void Remedies(HtmlPage page, Incident incident)
    {
        if (incident.LeastSize is null && incident.Remedies.Count == 0)
        {
            return;
        }

        page.Element("h3", "What to do");
        if (incident.LeastSize is { } least)
        {
            page.Open("p").Text(Summary.LeastSize(incident.PoolKind, least) + ". ");
            if (least.BootParameter.Length > 0)
            {
                page.Text("Boot parameter: ").Element("code", least.BootParameter);
            }

            page.Close("p");
        }

        page.Open("ul", ("class", "remedies"));
        foreach (var remedy in incident.Remedies)
        {
            Remedy(page, remedy);
        }

        page.Close("ul");
    }

    public static void KnownIssues(HtmlPage page, IReadOnlyList<KnownIssueMatch> issues)
    {
        if (issues.Count == 0)
        {
            return;
        }

        page.Element("h3", "Known issues that fit").Open("ul", ("class", "remedies"));
        foreach (var issue in issues)
        {
            page.Open("li").Element("span", "!", ("class", "mark warn")).Text(issue.Title + " ").Element("em", Summary.Fit(issue), ("class", "warn"));
            foreach (var line in Summary.IssueLines(issue))
            {
                page.Element("span", line, ("class", "note"));
            }

            page.Close("li");
        }

        page.Close("ul");
    }

    public static void List(HtmlPage page, string heading, IReadOnlyList<string> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        page.Element("h3", heading).Open("ul");
        foreach (var item in items)
        {
            page.Element("li", item);
        }

        page.Close("ul");
    }

    public static void Diagnostic(HtmlPage page, Diagnostic diagnostic, ShortPlaces places)
    {
        page.Text(diagnostic.Message + " ").Element("code", places.Short(diagnostic.Source));
        if (diagnostic.Hint.Length > 0)
        {
            page.Text(" " + diagnostic.Hint);
        }

        page.Text(" ").Element("span", diagnostic.Code, ("class", "soft"));
    }

    /// <summary>Kernel, hosts and LUNs of the machine, or of each case's.</summary>
    public static void Machines(HtmlPage page, AnalysisReport report)
    {
        foreach (var machine in report.EveryMachine)
        {
            var kernel = InventoryWords.Kernel(machine);
            if (machine.Inventory is { } inventory)
            {
                HtmlTables.Simple(page, InventoryWords.Heading(machine), string.Empty, InventoryWords.Heads, InventoryWords.Rows(inventory));
            }

            var sentences = (kernel is null ? Array.Empty<string>() : [kernel]).Concat(machine.Inventory is null ? [] : InventoryWords.Sentences(machine.Inventory)).ToList();
            if (sentences.Count == 0)
            {
                continue;
            }

            page.Open("ul", ("class", "machine"));
            sentences.ForEach(sentence => page.Element("li", sentence));
            page.Close("ul");
        }
    }

    public static void Basis(HtmlPage page, AnalysisReport report, ShortPlaces places)
    {
        HtmlTables.Simple(page, "Pools", string.Empty, ["pool", "geometry and model", "peak", "failures"], report.Pools.Select(pool => new[]
        {
            pool.Kind.Name(), Summary.Geometry(pool) + (pool.Model.Length > 0 ? $"; replayed as {pool.Model}" : string.Empty),
            pool.PeakUsedUnits >= 0 ? Amounts.Count(pool.PeakUsedUnits) : "not known", Amounts.Count(pool.Failures),
        }));
        if (report.Fidelity.Compared > 0)
        {
            page.Element("p", $"Model against trace: {Amounts.Count(report.Fidelity.Equal)} of {Amounts.Count(report.Fidelity.Compared)} "
                + $"allocations in the very same place. {report.Fidelity.Explanation}");
        }

        Machines(page, report);
        HtmlTables.Simple(page, "Sources", places.Folder, ["file", "format", "size", "events", "skipped", "lost"],
            report.Sources.Select(source => new[]
            {
                places.Short(source.Path), source.Format, Amounts.Bytes(source.Bytes), Amounts.Count(source.Events),
                Amounts.Count(source.Skipped), Amounts.Count(source.Lost),
            }));
        var remarks = Summary.Remarks(report).ToArray();
        if (remarks.Length == 0)
        {
            return;
        }

        page.Element("h3", "Remarks").Open("ul");
        foreach (var remark in remarks)
        {
            page.Open("li");
            Diagnostic(page, remark, places);
            page.Close("li");
        }

        page.Close("ul");
    }

    private static void Remedy(HtmlPage page, Remedy remedy)
    {
        var (mark, style) = remedy switch
        {
            { Kind: "useless" } => ("✗", "bad"),
            { Proven: true } => ("✓", "good"),
            _ => ("·", "soft"),
        };
        page.Open("li").Element("span", mark, ("class", $"mark {style}")).Text(remedy.Change + " ")
            .Element("em", $"({Words.Standing(remedy)})", ("class", style == "soft" ? "warn" : style))
            .Element("span", remedy.Note, ("class", "note"))
            .Element("span", remedy.Risk.Length > 0 ? "Risk " + remedy.Risk : string.Empty, ("class", "note")).Close("li");
    }
}
