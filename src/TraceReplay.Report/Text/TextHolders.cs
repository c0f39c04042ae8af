using TraceReplay.Diagnosis;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>Who held the pool, who failed, and who is to blame: three small tables.</summary>
internal static class TextHolders
{
    private const int MostHolders = 8;
    private const int MostConsumers = 4;
    private const int MostReporters = 12;

    public static void Held(TextPage page, Incident incident)
    {
        if (incident.Holders.Count == 0)
        {
            return;
        }

        page.Heading("Who held the pool", incident.FirstFailure is { } first
            ? $"just before the first failure, at {Amounts.Moment(first.TimeNs)}" : string.Empty);
        var rows = incident.Holders.Take(MostHolders).SelectMany(holder => Rows(incident, holder)).ToList();
        AddRest(rows, incident);
        var unit = Words.Unit(incident.PoolKind, 2);
        // A pool that grows can hold more than it began with: the longest bar is the whole width then.
        var full = Math.Max(1, rows.Max(row => row.Share));
        var barWidth = BarWidth(page, rows, unit);
        page.Table(
            ["holder", "", unit, "share", "mappings", "oldest", "growth"],
            rows.Select(row => row.Cells(barWidth, full, page.Unicode)), 2, 3, 4, 5, 6);
    }

    public static void Failed(TextPage page, Incident incident)
    {
        if (incident.Reporters.Count == 0)
        {
            return;
        }

        page.Heading("Whose mappings failed");
        page.Table(["device", "driver", incident.FromTrace ? "failures" : "lines", "named in the log"],
            incident.Reporters.Take(MostReporters).Select(reporter => new[]
            {
                TextPage.Plain(reporter.Device.Length > 0 ? reporter.Device : "not told"),
                TextPage.Plain(reporter.Driver),
                Amounts.Count(reporter.Failures),
                reporter.Named > 0
                    ? TextPage.Plain(Words.Plural(reporter.Named, "line"))
                    : TextPage.Styled("yellow", "never: a silent victim"),
            }), 2);
        if (incident.Reporters.Count > MostReporters)
        {
            page.Paragraph(TextPage.Styled("grey",
                $"and {Words.Plural(incident.Reporters.Count - MostReporters, "further device")} with {Words.Plural(incident.Reporters.Skip(MostReporters).Sum(r => r.Failures), "failure")} (all in --format json)."));
        }

        if (incident.Suppressed > 0)
        {
            page.Paragraph(TextPage.Styled("grey",
                $"Rate limiting hid {Words.Plural(incident.Suppressed, "further line")} in the log."));
        }
    }

    public static void Blamed(TextPage page, Incident incident)
    {
        if (incident.Culprits.Count == 0)
        {
            return;
        }

        page.Heading("Who is to blame", "measured: the same events replayed without the device");
        page.Table(["device", "driver", "blame", $"failures without it (of {Amounts.Count(incident.Failures)})"],
            incident.Culprits.Select(culprit => new[]
            {
                TextPage.Styled("bold", culprit.Device), TextPage.Plain(culprit.Driver), Amounts.Percent(culprit.Blame),
                TextPage.Styled(culprit.FailuresWithout == 0 ? "green" : "default", Amounts.Count(culprit.FailuresWithout)),
            }), 2);
    }

    private static IEnumerable<HolderRow> Rows(Incident incident, Holder holder)
    {
        var blamed = holder.Device.Length > 0 && incident.Culprits.Any(culprit => culprit.Device == holder.Device);
        yield return new HolderRow(
            Summary.HolderName(holder), holder.Driver, blamed ? "red" : "blue", holder.Share,
            Amounts.Count(holder.Units), holder.Mappings > 0 ? Amounts.Count(holder.Mappings) : string.Empty,
            holder.OldestAgeSeconds is { } age ? Amounts.Duration(age) : string.Empty,
            holder.GrowthUnitsPerSecond is { } growth ? Amounts.Growth(growth) : string.Empty);
        foreach (var part in holder.Consumers.Take(MostConsumers))
        {
            var name = part.Alias.Length > 0 ? $"{part.Alias} ({part.Consumer})" : part.Consumer;
            yield return new HolderRow(
                $"· {name}", string.Empty, string.Empty, holder.Units > 0 ? holder.Share * part.Units / holder.Units : 0,
                Amounts.Count(part.Units), Amounts.Count(part.Mappings), string.Empty, string.Empty);
        }

        if (holder.Consumers.Count > MostConsumers)
        {
            yield return new HolderRow(
                $"· and {Amounts.Count(holder.Consumers.Count - MostConsumers)} more", string.Empty, string.Empty, 0,
                Amounts.Count(holder.Consumers.Skip(MostConsumers).Sum(part => part.Units)), string.Empty, string.Empty,
                string.Empty);
        }
    }

    private static void AddRest(List<HolderRow> rows, Incident incident)
    {
        if (incident.Holders.Count > MostHolders)
        {
            var rest = incident.Holders.Skip(MostHolders).ToArray();
            rows.Add(new HolderRow($"{Amounts.Count(rest.Length)} more", string.Empty, "blue", rest.Sum(holder => holder.Share),
                Amounts.Count(rest.Sum(holder => holder.Units)), Amounts.Count(rest.Sum(holder => holder.Mappings)),
                string.Empty, string.Empty));
        }

        if (incident.FirstFailure is { FreeUnits: { } free, TotalUnits: > 0 and var total })
        {
            rows.Add(new HolderRow("free", string.Empty, "grey", (double)free / total, Amounts.Count(free), string.Empty,
                string.Empty, string.Empty));
        }
    }

    private static int BarWidth(TextPage page, List<HolderRow> rows, string unit)
    {
        var name = Math.Max(6, rows.Max(row => row.NameWidth));
        var numbers = Math.Max(unit.Length, rows.Max(row => row.Units.Length)) + 8
            + Math.Max(6, rows.Max(row => Amounts.Percent(row.Share).Length))
            + Math.Max(6, rows.Max(row => row.Oldest.Length)) + Math.Max(6, rows.Max(row => row.Growth.Length));
        return Math.Clamp(page.InnerWidth - name - numbers - 14, 6, 40);
    }

    private readonly record struct HolderRow(
        string Name, string Driver, string Color, double Share, string Units, string Mappings, string Oldest, string Growth)
    {
        private bool IsPart => Color.Length == 0;

        public int NameWidth => Core.Terminal.Escape(Name).Length + (Driver.Length > 0 ? Core.Terminal.Escape(Driver).Length + 1 : 0);

        public string[] Cells(int barWidth, double full, bool unicode)
        {
            var style = IsPart ? "grey" : "default";
            var name = Color == "red" ? TextPage.Styled("bold", Name) : TextPage.Styled(style, Name);
            return
            [
                Driver.Length > 0 ? $"{name} {TextPage.Styled("grey", Driver)}" : name,
                IsPart ? string.Empty : TextPage.Styled(Color, Bar.Draw(Share / full, barWidth, unicode).PadRight(barWidth)),
                TextPage.Styled(style, Units),
                Share > 0 ? TextPage.Styled(style, Amounts.Percent(Share)) : string.Empty,
                TextPage.Styled(style, Mappings), Oldest, TextPage.Plain(Growth),
            ];
        }
    }
}
