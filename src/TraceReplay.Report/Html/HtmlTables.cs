using TraceReplay.Diagnosis;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>The tables of the HTML report.</summary>
internal static class HtmlTables
{
    private const int MostHolders = 20;
    private const int MostConsumers = 8;

    public static void Held(HtmlPage page, Incident incident)
    {
        if (incident.Holders.Count == 0)
        {
            return;
        }

        page.Open("h3").Text("Who held the pool").Element("small", incident.FirstFailure is { } first
            ? $"just before the first failure, at {Amounts.Moment(first.TimeNs)}" : string.Empty).Close("h3");
        page.Open("table").Open("tr").Element("th", "holder").Open("th").Close("th");
        foreach (var head in new[] { Words.Unit(incident.PoolKind, 2), "share", "mappings", "oldest", "growth" })
        {
            page.Element("th", head, ("class", "n"));
        }

        page.Close("tr");
        foreach (var holder in incident.Holders.Take(MostHolders))
        {
            HolderRow(page, incident, holder);
        }

        if (incident.FirstFailure is { FreeUnits: { } free, TotalUnits: > 0 and var total })
        {
            Row(page, string.Empty, "free", string.Empty, (double)free / total, "rest", [Amounts.Count(free),
                Amounts.Percent((double)free / total), string.Empty, string.Empty, string.Empty]);
        }

        page.Close("table");
    }

    public static void Failed(HtmlPage page, Incident incident)
    {
        Simple(page, "Whose mappings failed", string.Empty, ["device", "driver", "failures", "named in the log"],
            incident.Reporters.Select(reporter => new[]
            {
                reporter.Device.Length > 0 ? reporter.Device : "not told", reporter.Driver, Amounts.Count(reporter.Failures),
                reporter.Named > 0 ? Words.Plural(reporter.Named, "line") : "never: a silent victim",
            }));
        if (incident.Suppressed > 0)
        {
            page.Element("p", $"Rate limiting hid {Words.Plural(incident.Suppressed, "further line")} in the log.", ("class", "soft"));
        }
    }

    public static void Blamed(HtmlPage page, Incident incident) =>
        Simple(page, "Who is to blame", "measured: the same events replayed without the device",
            ["device", "driver", "blame", $"failures without it (of {Amounts.Count(incident.Failures)})"],
            incident.Culprits.Select(culprit => new[]
            {
                culprit.Device, culprit.Driver, Amounts.Percent(culprit.Blame), Amounts.Count(culprit.FailuresWithout),
            }));

    /// <summary>A plain table; the third column and those after it align to the right.</summary>
    public static void Simple(HtmlPage page, string heading, string remark, string[] heads, IEnumerable<string[]> rows)
    {
        var lines = rows.ToArray();
        if (lines.Length == 0)
        {
            return;
        }

        page.Open("h3").Text(heading).Element("small", remark).Close("h3").Open("table").Open("tr");
        for (var i = 0; i < heads.Length; i++)
        {
            page.Open("th", ("class", i >= 2 ? "n" : string.Empty)).Text(heads[i]).Close("th");
        }

        page.Close("tr");
        foreach (var line in lines)
        {
            page.Open("tr");
            for (var i = 0; i < line.Length; i++)
            {
                page.Open("td", ("class", i >= 2 ? "n" : string.Empty)).Text(line[i]).Close("td");
            }

            page.Close("tr");
        }

        page.Close("table");
    }

    private static void HolderRow(HtmlPage page, Incident incident, Holder holder)
    {
        var blamed = holder.Device.Length > 0 && incident.Culprits.Any(culprit => culprit.Device == holder.Device);
        Row(page, string.Empty, Summary.HolderName(holder), holder.Driver, holder.Share, blamed ? "blamed" : "held",
            [
                Amounts.Count(holder.Units), Amounts.Percent(holder.Share),
                holder.Mappings > 0 ? Amounts.Count(holder.Mappings) : string.Empty,
                holder.OldestAgeSeconds is { } age ? Amounts.Duration(age) : string.Empty,
                holder.GrowthUnitsPerSecond is { } growth ? Amounts.Growth(growth) : string.Empty,
            ]);
        foreach (var part in holder.Consumers.Take(MostConsumers))
        {
            var share = holder.Units > 0 ? holder.Share * part.Units / holder.Units : 0;
            Row(page, "part", part.Alias.Length > 0 ? $"{part.Alias} ({part.Consumer})" : part.Consumer, string.Empty, -1, string.Empty,
                [Amounts.Count(part.Units), Amounts.Percent(share), Amounts.Count(part.Mappings), string.Empty, string.Empty]);
        }
    }

    private static void Row(
        HtmlPage page, string kind, string name, string driver, double share, string bar, ReadOnlySpan<string> numbers)
    {
        page.Open("tr", ("class", kind)).Open("td").Text(name);
        if (driver.Length > 0)
        {
            page.Text(" ").Element("span", driver, ("class", "soft"));
        }

        page.Close("td").Open("td", ("class", "bar"));
        if (share >= 0)
        {
            HtmlChart.Bar(page, share, bar);
        }

        page.Close("td");
        foreach (var number in numbers)
        {
            page.Open("td", ("class", "n")).Text(number).Close("td");
        }

        page.Close("tr");
    }
}
