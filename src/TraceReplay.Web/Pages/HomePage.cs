using System.Globalization;
using TraceReplay.Report;
using TraceReplay.Report.Wording;

namespace TraceReplay.Web.Pages;

/// <summary>The incidents, the pools and the sources.</summary>
internal static class HomePage
{
    public static string? Write(PageContext data) => Layout.Page(Path.GetFileName(data.Database), "/", page =>
    {
        var report = data.Report;
        if (report is null)
        {
            page.Open("p", ("class", "loss")).Text("Nothing was diagnosed yet: run ").Element("code", $"tracereplay diagnose --db {data.Database}").Text(" and load this page again.").Close("p");
        }
        else if (report.Incidents.Count == 0)
        {
            page.Element("p", Summary.NoIncident(report), ("class", "verdict calm"));
        }
        else
        {
            page.Element("h3", "Incidents");
            Layout.Table(page, "incidents", ["incident", "case", "cause", "basis", "failures", "first at", "confidence"], 4, report.Incidents.Select(i => (
                $"/incident?id={i.Id.ToString(CultureInfo.InvariantCulture)}",
                new[]
                {
                    $"{i.Id}. {i.PoolKind.Name()}", i.CaseName, i.Cause.Name(), i.FromTrace ? "trace" : "log", Amounts.Count(i.Failures),
                    i.FirstFailure is { } first ? Summary.Moment(report, i, first.TimeNs) : string.Empty, i.Confidence.ToString("0.00", CultureInfo.InvariantCulture),
                })));
        }

        HtmlAdvice.KnownIssues(page, report?.KnownIssues ?? []);
        if (report is not null)
        {
            HtmlAdvice.Machines(page, report);
        }

        page.Element("h3", "Runs");
        Layout.Table(page, "runs", ["run", "pool", "what if", "units", "peak", "failures"], 3, data.Rows(
            "SELECT r.id, p.kind, coalesce(r.what_if, 'as it happened'), coalesce(r.units, p.units), r.peak_used_units, r.failures, (SELECT count(*) FROM occupancy o WHERE o.run_id = r.id) "
            + "FROM run r JOIN pool p ON p.id = r.pool_id ORDER BY r.id").Select(r => (
                r[6] is > 0L ? $"/use?run={Layout.Cell(r[0])}" : string.Empty, r[..6].Select(Layout.Cell).ToArray())));
        page.Element("h3", "Sources");
        Layout.Table(page, "sources", ["file", "format", "bytes", "records", "events", "skipped", "lost"], 2, data.Rows(
            "SELECT path, format, bytes, records, events, skipped, lost FROM source ORDER BY id LIMIT 500").Select(r => (string.Empty, r.Select(Layout.Cell).ToArray())));
    });

    private static string Name(this Core.PoolKind kind) => Core.PoolKindNames.Name(kind);

    private static string Name(this Diagnosis.Cause cause) => Diagnosis.CauseNames.Name(cause);
}
