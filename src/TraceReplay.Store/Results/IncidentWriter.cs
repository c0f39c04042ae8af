using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Writes incidents and the rows that belong to them.</summary>
internal sealed class IncidentWriter(Connection connection) : IDisposable
{
    private static readonly string[] Parts =
        ["incident_cause", "reporter", "holder", "culprit", "evidence", "remedy", "known_issue", "next_capture"];

    private readonly Dictionary<string, Statement> _inserts = new(StringComparer.Ordinal);

    /// <summary>Removes the incidents of some runs, and those from log messages.</summary>
    public void Remove(IReadOnlyCollection<long> runIds)
    {
        var runs = string.Join(',', runIds.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var gone = $"SELECT id FROM incident WHERE run_id IS NULL OR run_id IN ({runs})";
        foreach (var part in Parts)
        {
            connection.Execute($"DELETE FROM {part} WHERE incident_id IN ({gone})");
        }

        connection.Execute("DELETE FROM known_issue WHERE incident_id IS NULL");
        connection.Execute($"DELETE FROM incident WHERE id IN ({gone})");
    }

    public void Add(IncidentRow i)
    {
        var first = i.FirstFailure;
        Insert(
            "incident",
            "run_id, pool_id, pool_kind, level, cause, confidence, first_time_ns, first_device, first_driver, first_bytes, "
            + "first_units, first_used_units, first_free_units, first_largest_free_run, first_path, first_line, failures, "
            + "suppressed, last_failure_time_ns, explanation, least_units, least_bytes, least_bound, recommended_units, "
            + "boot_parameter, report_json, case_name")
            .Bind(1, i.RunId).Bind(2, i.PoolId).Bind(3, i.PoolKind.Name()).Bind(4, i.FromTrace ? "trace" : "log")
            .Bind(5, i.Cause).Bind(6, (double?)i.Confidence).Bind(7, first?.TimeNs).BindOrNull(8, first?.Device)
            .BindOrNull(9, first?.Driver).Bind(10, first?.Bytes).Bind(11, first?.Units).Bind(12, first?.UsedUnits)
            .Bind(13, first?.FreeUnits).Bind(14, first?.LargestFreeRun).BindOrNull(15, first?.Source.Path)
            .Bind(16, first?.Source.Line).Bind(17, i.Failures).Bind(18, i.Suppressed).Bind(19, i.LastFailureTimeNs)
            .Bind(20, i.Explanation).Bind(21, i.LeastSize?.Units).Bind(22, i.LeastSize?.Bytes)
            .Bind(23, i.LeastSize is { } least ? (least.Exact ? "exact" : "lower") : null)
            .Bind(24, i.LeastSize?.RecommendedUnits).Bind(25, i.LeastSize?.BootParameter).Bind(26, i.ReportJson).BindOrNull(27, i.CaseName).Run();
        AddParts(i, SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle));
    }

    /// <summary>Adds a known issue.</summary>
    /// <param name="issue">The match.</param>
    /// <param name="incidentId">Incident, null = the machine as a whole.</param>
    public void Add(KnownIssueRow issue, long? incidentId) =>
        Insert("known_issue", "incident_id, issue, title, confidence, why, fix, workaround, source").Bind(1, incidentId)
            .Bind(2, issue.Issue).Bind(3, issue.Title).Bind(4, (double?)issue.Confidence).BindOrNull(5, issue.Why)
            .BindOrNull(6, issue.Fix).BindOrNull(7, issue.Workaround).BindOrNull(8, issue.Source).Run();

    public void Dispose()
    {
        foreach (var insert in _inserts.Values)
        {
            insert.Dispose();
        }
    }

    private void AddParts(IncidentRow i, long id)
    {
        foreach (var c in i.Causes)
        {
            Insert("incident_cause", "incident_id, cause, failures").Bind(1, id).Bind(2, c.Cause).Bind(3, c.Failures).Run();
        }

        foreach (var r in i.Reporters)
        {
            Insert("reporter", "incident_id, device, driver, failures, named").Bind(1, id).Bind(2, r.Device)
                .BindOrNull(3, r.Driver).Bind(4, r.Failures).Bind(5, r.Named).Run();
        }

        foreach (var h in i.Holders)
        {
            Insert(
                "holder",
                "incident_id, device, driver, consumer, bytes, units, mappings, share, oldest_age_seconds, "
                + "growth_units_per_second")
                .Bind(1, id).Bind(2, h.Device).BindOrNull(3, h.Driver).BindOrNull(4, h.Consumer).Bind(5, h.Bytes).Bind(6, h.Units)
                .Bind(7, h.Mappings).Bind(8, (double?)h.Share).Bind(9, h.OldestAgeSeconds).Bind(10, h.GrowthUnitsPerSecond).Run();
        }

        foreach (var c in i.Culprits)
        {
            Insert("culprit", "incident_id, device, driver, blame, failures_without").Bind(1, id).Bind(2, c.Device)
                .BindOrNull(3, c.Driver).Bind(4, (double?)c.Blame).Bind(5, c.FailuresWithout).Run();
        }

        AddAdvice(i, id);
    }

    private void AddAdvice(IncidentRow i, long id)
    {
        foreach (var e in i.Evidence)
        {
            Insert("evidence", "incident_id, text, path, line").Bind(1, id).Bind(2, e.Text).BindOrNull(3, e.Source.Path)
                .Bind(4, e.Source.Line).Run();
        }

        foreach (var r in i.Remedies)
        {
            Insert("remedy", "incident_id, change, kind, proven, failures_after, note, basis, risk").Bind(1, id).Bind(2, r.Change)
                .BindOrNull(3, r.Kind).Bind(4, r.Proven).Bind(5, r.FailuresAfter).BindOrNull(6, r.Note).BindOrNull(7, r.Basis)
                .BindOrNull(8, r.Risk).Run();
        }

        foreach (var k in i.KnownIssues)
        {
            Add(k, id);
        }

        foreach (var text in i.NextCapture)
        {
            Insert("next_capture", "incident_id, text").Bind(1, id).Bind(2, text).Run();
        }
    }

    private Statement Insert(string table, string columns)
    {
        if (!_inserts.TryGetValue(table, out var insert))
        {
            var marks = string.Join(',', Enumerable.Repeat("?", columns.Count(c => c == ',') + 1));
            insert = connection.Prepare($"INSERT INTO {table}({columns}) VALUES({marks})");
            _inserts.Add(table, insert);
        }

        return insert;
    }
}
