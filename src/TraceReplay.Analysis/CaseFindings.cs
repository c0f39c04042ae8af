using TraceReplay.Diagnosis;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>The findings of all cases of a job, as one report and as rows.</summary>
/// <param name="cases">How many cases the job has.</param>
internal sealed class CaseFindings(int cases)
{
    private readonly List<PoolReport> _pools = [];
    private readonly List<Incident> _incidents = [];
    private readonly List<AnalysisReport> _reports = [];
    private readonly Dictionary<int, long> _runs = [];

    /// <summary>What a case is called in the report: nothing where it is the only one.</summary>
    /// <param name="caseName">Its name, empty = loose files.</param>
    /// <returns>The label.</returns>
    public string Label(string caseName) => cases == 1 ? string.Empty : caseName.Length > 0 ? caseName : "loose files";

    /// <summary>Adds a case: its pools and incidents are numbered through.</summary>
    /// <param name="caseName">Its name.</param>
    /// <param name="report">Its report.</param>
    /// <param name="runs"><c>run.id</c> of its replays in the order of its pools; empty = nothing is stored.</param>
    public void Add(string caseName, AnalysisReport report, IReadOnlyList<long> runs)
    {
        var before = _pools.Count;
        for (var i = 0; i < runs.Count; i++)
        {
            _runs.Add(before + i + 1, runs[i]);
        }

        _pools.AddRange(report.Pools.Select(p => p with { Id = before + p.Id }));
        _incidents.AddRange(report.Incidents.Select((incident, i) => incident with
        {
            Id = _incidents.Count + i + 1,
            CaseName = Label(caseName),
            Pool = before + incident.Pool,
        }).ToList());
        _reports.Add(report with { Machine = report.Machine with { CaseName = Label(caseName) } });
    }

    /// <summary>All cases in one report.</summary>
    /// <returns>The report.</returns>
    public AnalysisReport Report() => _reports.Count == 1 ? _reports[0] : _reports[0] with
    {
        Machines = [.. _reports.Select(r => r.Machine)],
        Sources = [.. _reports.SelectMany(r => r.Sources)],
        Pools = _pools,
        Incidents = _incidents,
        Fidelity = new Fidelity(_reports.Sum(r => r.Fidelity.Allocations), _reports.Sum(r => r.Fidelity.Compared),
            _reports.Sum(r => r.Fidelity.Equal),
            _reports.Select(r => r.Fidelity.Explanation).FirstOrDefault(e => e.Length > 0) ?? string.Empty),
        KnownIssues = [.. _reports.SelectMany(r => r.KnownIssues).DistinctBy(m => m.Id, StringComparer.Ordinal)],
        Warnings = [.. _reports.SelectMany(r => r.Warnings).Distinct()],
        Clocks = [.. _reports.SelectMany(r => r.Clocks)],
    };

    /// <summary>Stores the incidents in one transaction, in place of those of the last diagnosis; its runs stay, to be
    /// compared.</summary>
    /// <param name="database">The database.</param>
    /// <param name="report">The report.</param>
    /// <param name="reportJson">Writes the report's JSON, null = it is not stored.</param>
    public void Store(TraceDatabase database, AnalysisReport report, Func<AnalysisReport, string>? reportJson)
    {
        var runs = database.ReadResults().Runs().Select(r => r.Id).ToList();
        using var writer = database.BeginResults();
        var pools = report.Pools.ToDictionary(p => p.Id, p => writer.Add(PoolRows.Of(p)));
        writer.ReplaceIncidents(runs, report.Incidents.Select(incident => IncidentRows.Of(
            incident, pools[incident.Pool], incident.FromTrace ? _runs[incident.Pool] : null)), report.KnownIssues.Select(IncidentRows.Row));
        if (reportJson is not null)
        {
            writer.SetReport(reportJson(report));
        }

        writer.Complete();
    }
}
