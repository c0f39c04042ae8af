using TraceReplay.Demand;
using TraceReplay.Demand.Planning;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>A plan for a person at a terminal: the verdict, demand against the pool, what would make it fit, and where the
/// numbers come from.</summary>
public static class PlanText
{
    /// <summary>Writes the plan; the last line ends with a newline.</summary>
    /// <param name="report">The plan.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="options">Width, colour, characters.</param>
    public static void Write(PlanReport report, TextWriter output, TextOptions options)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new TextPage(options);
        foreach (var plan in report.Pools)
        {
            if (plan != report.Pools[0])
            {
                page.Blank();
                page.Line(TextPage.Styled("grey", new string(page.Unicode ? '─' : '-', page.Width)));
            }

            WritePool(page, plan);
        }

        WriteNumbers(page, report);
        page.CopyTo(output);
    }

    private static void WritePool(TextPage page, PoolPlan plan)
    {
        var style = plan.Verdict switch { Verdict.Fits => "bold green", Verdict.Depends => "bold yellow", _ => "bold red" };
        var headline = PlanWording.Headline(plan);
        var verdict = PlanWording.Verdict(plan.Verdict);
        page.Line(TextPage.Styled(style, verdict) + TextPage.Plain(headline[verdict.Length..]));
        page.Line(TextPage.Styled("grey", $"{plan.Spec}: {PlanWording.Pool(plan)}"));
        WriteDemand(page, plan);
        WriteSettings(page, plan);
        if (plan.Notes.Count > 0)
        {
            page.Heading("What else to know");
            foreach (var note in plan.Notes)
            {
                page.Point(page.Unicode ? "•" : "*", TextPage.Plain(note));
            }
        }
    }

    private static void WriteDemand(TextPage page, PoolPlan plan)
    {
        page.Heading("Demand against the pool", $"{Words.Unit(plan.Kind, 2)}; A..B is from the least to the most");
        var rows = PlanWording.Alike(plan.Hosts).Select(alike => new[]
        {
            TextPage.Plain(alike.Name) + (alike.Count > 1 ? TextPage.Styled("grey", $" x{alike.Count}") : string.Empty),
            TextPage.Plain(alike.Plan.Host.Driver),
            PlanWording.Amount(alike.Plan.Host.LunPaths), PlanWording.Amount(alike.Plan.Host.QueueDepth),
            PlanWording.Amount(alike.Plan.Commands) + (alike.Plan.LimitedByHost ? TextPage.Styled("grey", " can_queue") : string.Empty),
            PlanWording.Amount(alike.Plan.UnitsPerCommand),
            alike.Plan.Permanent.Most > 0 ? PlanWording.Amount(alike.Plan.Permanent) : string.Empty,
            PlanWording.Amount(alike.Plan.Demand),
        });
        page.Table(["host", "driver", "LUN paths", "depth", "commands", "each", "permanent", "demand"], rows, 2, 3, 4, 5, 6, 7);
        page.Blank();
        WriteScale(page, plan);
    }

    private static void WriteScale(TextPage page, PoolPlan plan)
    {
        var full = Math.Max(1, Math.Max(plan.Demand.Most, plan.Geometry.Units));
        var width = Math.Clamp(page.InnerWidth - 50, 10, 40);
        string[] Row(string name, string style, long value, string text) =>
        [
            name, TextPage.Styled(style, Bar.Draw((double)value / full, width, page.Unicode).PadRight(width)), text,
        ];
        var short_ = plan.Margin.Least < 0;
        page.Table(["", "", ""],
        [
            Row(plan.Count > 1 ? "demand on one pool" : "demand in all", short_ ? "red" : "green", plan.Demand.Most, PlanWording.Amount(plan.Demand)),
            Row("pool", "blue", plan.Usable.Least, PlanWording.Amount(plan.Usable)),
            [TextPage.Styled("bold", "margin"), string.Empty, TextPage.Styled(short_ ? "bold red" : "bold green", PlanWording.Margin(plan.Margin))],
        ], 2);
    }

    private static void WriteSettings(TextPage page, PoolPlan plan)
    {
        if (plan.Settings.Count == 0)
        {
            return;
        }

        page.Heading("What would make it fit", "each alone, all else as it is; solved for");
        foreach (var setting in plan.Settings)
        {
            var change = PlanWording.Change(plan, setting);
            var (mark, style) = change.Length > 0 ? (page.Unicode ? "✓" : "+", "green") : (page.Unicode ? "✗" : "x", "red");
            var text = change.Length > 0
                ? TextPage.Styled("bold", change) + "  " + TextPage.Styled("grey", PlanWording.Present(plan, setting))
                : TextPage.Plain(PlanWording.Name(setting)) + TextPage.Styled("red", ": no value");
            page.Point(TextPage.Styled(style, mark), setting.Note.Length > 0 ? $"{text}\n{TextPage.Styled("grey", setting.Note)}" : text);
        }
    }

    private static void WriteNumbers(TextPage page, PlanReport report)
    {
        page.Heading("Where the numbers come from");
        var hosts = report.Pools.SelectMany(plan => plan.Hosts).Select(plan => plan.Host).ToList();
        page.Table(["", "", "", ""], Numbers(hosts).Select(number => new[]
        {
            TextPage.Plain(number.What), TextPage.Plain(PlanWording.Amount(number.Value)), TextPage.Styled("cyan", number.Value.Basis.Name()),
            TextPage.Styled("grey", number.Value.Source),
        }), 1);
        foreach (var note in report.Notes)
        {
            page.Point(TextPage.Styled("yellow", "?"), TextPage.Plain(note));
        }
    }

    private static IEnumerable<(string What, Estimate Value)> Numbers(IReadOnlyList<HostInput> hosts)
    {
        IEnumerable<(string What, Estimate? Value)> Of(HostInput host) =>
        [
            ("LUN paths", host.LunPaths), ("queue depth", host.QueueDepth), ("can_queue", host.CanQueue), ("segments", host.Segments),
            ("segment bytes", host.SegmentBytes),
        ];
        return hosts.SelectMany(Of).Where(number => number.Value is not null).Distinct()
            .OrderBy(number => number.What, StringComparer.Ordinal).Select(number => (number.What, number.Value!));
    }
}
