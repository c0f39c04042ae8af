using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Reads results back, for reports from a stored database.</summary>
public sealed class ResultReader
{
    private readonly Connection _connection;

    internal ResultReader(Connection connection) => _connection = connection;

    /// <summary>All pools in order of id.</summary>
    /// <returns>The pools.</returns>
    public IReadOnlyList<PoolRow> Pools() => Rows(
        "SELECT id, kind, model, unit_bytes, units, areas, geometry, geometry_from FROM pool ORDER BY id", r => new PoolRow
        {
            Id = r.Int64(0), Kind = EnumText.Pool(r.Text(1)), Model = r.NullableText(2), UnitBytes = r.NullableInt64(3),
            Units = r.NullableInt64(4), Areas = r.NullableInt32(5), GeometryJson = r.NullableText(6),
            GeometryFrom = r.IsNull(7) ? null : EnumText.Origin(r.Text(7)),
        });

    /// <summary>All runs in order of id.</summary>
    /// <returns>The runs.</returns>
    public IReadOnlyList<RunRow> Runs() => Rows(
        "SELECT id, pool_id, spec, what_if, events, failures, peak_used_units, peak_time_ns, fidelity_compared, fidelity_equal, "
        + "units, areas, case_name FROM run ORDER BY id", r => new RunRow
        {
            Id = r.Int64(0), PoolId = r.Int64(1), Spec = r.NullableText(2), WhatIf = r.NullableText(3),
            Events = r.NullableInt64(4), Failures = r.NullableInt64(5), PeakUsedUnits = r.NullableInt64(6),
            PeakTimeNs = r.NullableInt64(7), FidelityCompared = r.NullableInt64(8), FidelityEqual = r.NullableInt64(9),
            Units = r.NullableInt64(10), Areas = r.NullableInt32(11), CaseName = r.NullableText(12),
        });

    /// <summary>The mappings of a run, streamed in the order in which they were written.</summary>
    /// <param name="runId"><c>run.id</c>.</param>
    /// <returns>The mappings.</returns>
    public IEnumerable<MappingRow> Mappings(long runId)
    {
        using var r = _connection.Prepare(
            "SELECT map_event_id, unmap_event_id, device_id, first_unit, units, bytes, map_time_ns, unmap_time_ns FROM mapping "
            + "WHERE run_id = ? ORDER BY id");
        r.Bind(1, runId);
        while (r.Step())
        {
            yield return new MappingRow
            {
                MapEventId = r.Int64(0), UnmapEventId = r.Int64(1), DeviceId = r.Int64(2), FirstUnit = r.Int64(3, -1),
                Units = r.Int64(4), Bytes = r.Int64(5), MapTimeNs = r.Int64(6, TraceEvent.NoTime),
                UnmapTimeNs = r.Int64(7, TraceEvent.NoTime),
            };
        }
    }

    /// <summary>Failures, streamed in order of id.</summary>
    /// <param name="runId">Of this run; null = those read from logs.</param>
    /// <returns>The failures.</returns>
    public IEnumerable<FailureRow> Failures(long? runId)
    {
        using var r = _connection.Prepare(
            "SELECT id, run_id, source_id, line, time_ns, pool_kind, family, device, driver, bytes, pages, total_units, "
            + "used_units, free_units, largest_free_run, reason FROM failure WHERE run_id IS ? ORDER BY id");
        r.Bind(1, runId);
        while (r.Step())
        {
            yield return new FailureRow
            {
                Id = r.Int64(0), RunId = r.NullableInt64(1), SourceId = r.NullableInt64(2), Line = r.NullableInt64(3),
                TimeNs = r.NullableInt64(4), PoolKind = r.IsNull(5) ? PoolKind.Unknown : EnumText.Pool(r.Text(5)),
                Family = r.NullableText(6), Device = r.NullableText(7), Driver = r.NullableText(8), Bytes = r.NullableInt64(9),
                Pages = r.NullableInt64(10), TotalUnits = r.NullableInt64(11), UsedUnits = r.NullableInt64(12),
                FreeUnits = r.NullableInt64(13), LargestFreeRun = r.NullableInt64(14), Reason = r.NullableText(15),
            };
        }
    }

    /// <summary>The use of the pool over time in a run.</summary>
    /// <param name="runId"><c>run.id</c>.</param>
    /// <returns>Slices in order of time.</returns>
    public IReadOnlyList<OccupancyRow> Occupancy(long runId) => Rows(
        "SELECT time_ns, used_units, largest_free_run, failures FROM occupancy WHERE run_id = ? ORDER BY rowid",
        r => new OccupancyRow(r.Int64(0), r.Int64(1), r.NullableInt64(2), (int)r.Int64(3)), runId);

    /// <summary>All findings with all that belongs to them, in order of id.</summary>
    /// <returns>The incidents.</returns>
    public IReadOnlyList<IncidentRow> Incidents() => [.. IncidentHeads().Select(WithParts)];

    /// <summary>The report of the last diagnosis.</summary>
    /// <returns>A <c>tracereplay.report/1</c> document, null if there is none.</returns>
    public string? Report() => Rows("SELECT json FROM report WHERE id = 1", r => r.Text(0)).FirstOrDefault();

    private List<IncidentRow> IncidentHeads() => Rows(
        "SELECT id, run_id, pool_id, pool_kind, level, cause, confidence, failures, suppressed, last_failure_time_ns, "
        + "explanation, report_json, first_time_ns, first_device, first_driver, first_bytes, first_units, first_used_units, "
        + "first_free_units, first_largest_free_run, first_path, first_line, least_units, least_bytes, least_bound, "
        + "recommended_units, boot_parameter, case_name FROM incident ORDER BY id", r => new IncidentRow
        {
            Id = r.Int64(0), RunId = r.NullableInt64(1), PoolId = r.NullableInt64(2),
            PoolKind = r.IsNull(3) ? PoolKind.Unknown : EnumText.Pool(r.Text(3)),
            FromTrace = string.Equals(r.Text(4), "trace", StringComparison.Ordinal), Cause = r.Text(5),
            Confidence = r.Double(6), Failures = r.Int64(7), Suppressed = r.Int64(8), LastFailureTimeNs = r.NullableInt64(9),
            CaseName = r.NullableText(27), Explanation = r.NullableText(10), ReportJson = r.NullableText(11), FirstFailure = FirstFailure(r),
            LeastSize = r.IsNull(22) ? null : new LeastSizeRow(
                r.Int64(22), r.Int64(23), string.Equals(r.Text(24), "exact", StringComparison.Ordinal), r.Int64(25), r.Text(26)),
        });

    private static FirstFailureRow? FirstFailure(Statement r) => r.IsNull(21) ? null : new FirstFailureRow
    {
        TimeNs = r.NullableInt64(12), Device = r.NullableText(13), Driver = r.NullableText(14), Bytes = r.NullableInt64(15),
        Units = r.NullableInt64(16), UsedUnits = r.NullableInt64(17), FreeUnits = r.NullableInt64(18),
        LargestFreeRun = r.NullableInt64(19), Source = new SourceRef(r.Text(20), r.Int64(21)),
    };

    private IncidentRow WithParts(IncidentRow head) => head with
    {
        Causes = Rows(
            "SELECT cause, failures FROM incident_cause WHERE incident_id = ? ORDER BY rowid",
            r => new CauseRow(r.Text(0), r.Int64(1)), head.Id),
        Reporters = Rows(
            "SELECT device, driver, failures, named FROM reporter WHERE incident_id = ? ORDER BY rowid",
            r => new ReporterRow(r.Text(0), r.Text(1), r.Int64(2), r.Int64(3)), head.Id),
        Holders = Rows(
            "SELECT device, driver, consumer, bytes, units, mappings, share, oldest_age_seconds, growth_units_per_second "
            + "FROM holder WHERE incident_id = ? ORDER BY id",
            r => new HolderRow(
                r.Text(0), r.Text(1), r.Text(2), r.Int64(3), r.Int64(4), r.Int64(5), r.Double(6), r.NullableDouble(7),
                r.NullableDouble(8)), head.Id),
        Culprits = Rows(
            "SELECT device, driver, blame, failures_without FROM culprit WHERE incident_id = ? ORDER BY rowid",
            r => new CulpritRow(r.Text(0), r.Text(1), r.Double(2), r.NullableInt64(3)), head.Id),
        Evidence = Rows(
            "SELECT text, path, line FROM evidence WHERE incident_id = ? ORDER BY id",
            r => new EvidenceRow(r.Text(0), new SourceRef(r.Text(1), r.Int64(2))), head.Id),
        Remedies = Rows(
            "SELECT change, kind, proven, failures_after, note, basis, risk FROM remedy WHERE incident_id = ? ORDER BY id",
            r => new RemedyRow(r.Text(0), r.Text(1), r.Int64(2) != 0, r.NullableInt64(3), r.Text(4))
            {
                Basis = r.NullableText(5), Risk = r.NullableText(6),
            }, head.Id),
        KnownIssues = Rows(
            "SELECT issue, title, confidence, why, fix, workaround, source FROM known_issue WHERE incident_id = ? ORDER BY id",
            r => new KnownIssueRow(r.Text(0), r.Text(1), r.Double(2), r.Text(3), r.Text(4), r.Text(5), r.Text(6)), head.Id),
        NextCapture = Rows(
            "SELECT text FROM next_capture WHERE incident_id = ? ORDER BY rowid", r => r.Text(0), head.Id),
    };

    private List<T> Rows<T>(string sql, Func<Statement, T> make, long? parameter = null)
    {
        var all = new List<T>();
        using var rows = _connection.Prepare(sql);
        if (parameter is { } value)
        {
            rows.Bind(1, value);
        }

        while (rows.Step())
        {
            all.Add(make(rows));
        }

        return all;
    }
}
