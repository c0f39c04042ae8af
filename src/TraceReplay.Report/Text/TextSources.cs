using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>The end of the report: pools and models, what was read, and remarks about it.</summary>
internal static class TextSources
{
    private const long SmallBytes = 16 * 1024;

    public static void Write(TextPage page, AnalysisReport report, ShortPlaces places)
    {
        WritePools(page, report);
        WriteInventory(page, report);
        WriteSources(page, report, places);
        var remarks = Summary.Remarks(report).ToArray();
        if (remarks.Length == 0)
        {
            return;
        }

        page.Heading("Remarks");
        foreach (var remark in remarks)
        {
            page.Point(remark.Severity == Severity.Warning ? "[yellow]![/]" : TextPage.Styled("grey", "i"),
                Diagnostic(remark, places));
        }
    }

    /// <summary>A diagnostic as markup: what, where, hint, code.</summary>
    public static string Diagnostic(Diagnostic diagnostic, ShortPlaces places)
    {
        var text = TextPage.Plain(diagnostic.Message);
        if (places.Short(diagnostic.Source) is { Length: > 0 } place)
        {
            text += "  " + TextPage.Styled("cyan", place);
        }

        if (diagnostic.Hint.Length > 0)
        {
            text += " " + TextPage.Plain(diagnostic.Hint);
        }

        return $"{text} {TextPage.Styled("grey", diagnostic.Code)}";
    }

    private static void WritePools(TextPage page, AnalysisReport report)
    {
        if (report.Pools.Count == 0)
        {
            return;
        }

        page.Heading("Pools and model");
        // An IOMMU gives every device a space of its own: equal ones are said once.
        foreach (var alike in report.Pools.GroupBy(Describe, StringComparer.Ordinal))
        {
            var count = alike.Count() > 1 ? $" ({Words.Plural(alike.Count(), "pool")})" : string.Empty;
            page.Paragraph(TextPage.Plain($"{alike.First().Kind.Name()}{count}: {alike.Key}"));
        }

        if (report.Fidelity.Compared > 0)
        {
            page.Paragraph(TextPage.Plain(Fidelity(report.Fidelity)));
        }

        foreach (var kernel in report.EveryMachine.Select(InventoryWords.Kernel).OfType<string>())
        {
            page.Paragraph(TextPage.Plain(kernel));
        }
    }

    private static void WriteInventory(TextPage page, AnalysisReport report)
    {
        foreach (var machine in report.EveryMachine.Where(machine => machine.Inventory is not null))
        {
            page.Heading(InventoryWords.Heading(machine));
            page.Table(InventoryWords.Heads, InventoryWords.Rows(machine.Inventory!).Select(row => row.Select(TextPage.Plain).ToArray()), 3, 4, 5, 6);
            foreach (var sentence in InventoryWords.Sentences(machine.Inventory!))
            {
                page.Paragraph(TextPage.Plain(sentence));
            }
        }
    }

    private static string Describe(PoolReport pool)
    {
        var model = pool.Model.Length > 0 ? $", replayed as {pool.Model}" : string.Empty;
        var before = pool.HeldBeforeTraceUnits > 0
            ? $"; {Amounts.Count(pool.HeldBeforeTraceUnits)} in use before the trace began" : string.Empty;
        return Summary.Geometry(pool) + model + before;
    }

    private static string Fidelity(Fidelity fidelity)
    {
        var text = $"model against trace: {Amounts.Count(fidelity.Equal)} of {Amounts.Count(fidelity.Compared)} "
            + $"allocations in the very same place ({Amounts.Percent((double)fidelity.Equal / fidelity.Compared)})";
        return fidelity.Explanation.Length > 0 ? $"{text}. {fidelity.Explanation}" : text;
    }

    private static void WriteSources(TextPage page, AnalysisReport report, ShortPlaces places)
    {
        if (report.Sources.Count == 0)
        {
            return;
        }

        page.Heading("Sources", places.Folder);
        var shown = report.Sources.Where(IsMain).ToArray();
        page.Table(["file", "format", "size", "events", "skipped", "lost"], shown.Select(source => new[]
        {
            TextPage.Plain(places.Short(source.Path)), TextPage.Plain(source.Format), Amounts.Bytes(source.Bytes),
            Some(source.Events), Some(source.Skipped), source.Lost > 0
                ? TextPage.Styled("yellow", Amounts.Count(source.Lost)) : string.Empty,
        }), 2, 3, 4, 5);
        var others = report.Sources.Except(shown).Select(source => places.Short(source.Path)).ToArray();
        if (others.Length > 0)
        {
            var lead = shown.Length > 0 ? "and " : string.Empty;
            page.Paragraph(TextPage.Styled("grey", $"{lead}{Words.Plural(others.Length, "small file")}: {string.Join(", ", others)}"));
        }
    }

    // A capture has a dozen of files of a line or two beside it: they are named, not tabled.
    private static bool IsMain(SourceSummary source) =>
        source.Events > 1 || source.Lost > 0 || source.Skipped > 0 || source.Bytes >= SmallBytes;

    private static string Some(long count) => count > 0 ? Amounts.Count(count) : string.Empty;
}
