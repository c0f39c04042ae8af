using TraceReplay.Demand.Planning;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>A plan as Markdown, to be pasted into a ticket.</summary>
public static class PlanMarkdown
{
    /// <summary>Writes the plan.</summary>
    /// <param name="report">The plan.</param>
    /// <param name="output">Receives the text.</param>
    public static void Write(PlanReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new MarkdownPage(output);
        page.Heading(1, "Demand against DMA pools");
        foreach (var plan in report.Pools)
        {
            WritePool(page, plan);
        }

        page.List("Assumed", report.Notes, MarkdownPage.Plain);
    }

    private static void WritePool(MarkdownPage page, PoolPlan plan)
    {
        page.Heading(2, plan.Spec);
        page.Paragraph(MarkdownPage.Plain(PlanWording.Headline(plan)) + ".");
        page.Paragraph(MarkdownPage.Plain(PlanWording.Pool(plan)) + ".");
        var rows = PlanWording.Alike(plan.Hosts).Select(alike => new[]
        {
            alike.Count > 1 ? $"{alike.Name} ({alike.Count} alike)" : alike.Name, alike.Plan.Host.Driver, PlanWording.Amount(alike.Plan.Host.LunPaths),
            PlanWording.Amount(alike.Plan.Host.QueueDepth), PlanWording.Amount(alike.Plan.Commands), PlanWording.Amount(alike.Plan.UnitsPerCommand),
            PlanWording.Amount(alike.Plan.Permanent), PlanWording.Amount(alike.Plan.Demand),
        }).Append([plan.Count > 1 ? "on one pool" : "in all", string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, PlanWording.Amount(plan.Demand)])
            .Append(["pool", string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, PlanWording.Amount(plan.Usable)])
            .Append(["margin", string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, PlanWording.Margin(plan.Margin)]);
        page.Table($"Demand, {Words.Unit(plan.Kind, 2)}",
            ["host", "driver", "LUN paths", "depth", "commands", "each", "permanent", "demand"], 2, rows);
        page.Table("What would make it fit", ["setting", "now", "note"], 9, plan.Settings.Select(setting => new[]
        {
            PlanWording.Change(plan, setting) is { Length: > 0 } change ? change : $"{PlanWording.Name(setting)}: no value",
            PlanWording.Present(plan, setting), setting.Note,
        }));
        page.List("What else to know", plan.Notes, MarkdownPage.Plain);
    }
}
