using System.Text;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;
using TraceReplay.Store.Writing;

namespace TraceReplay.Store;

/// <summary>Writes results of replay and diagnosis in one transaction: <see cref="Complete"/> keeps them, disposing
/// without it takes all back. One thread.</summary>
public sealed class ResultWriter : IDisposable
{
    private readonly TraceDatabase _database;
    private readonly Connection _connection;
    private readonly DeviceRows _devices;
    private BulkInsert? _mappings;
    private Statement? _failure;
    private bool _ended;

    internal ResultWriter(TraceDatabase database)
    {
        _database = database;
        _connection = database.Connection;
        _connection.Execute("BEGIN IMMEDIATE");
        _devices = new DeviceRows(_connection);
    }

    /// <summary>Adds a pool, or finds the equal one.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns><c>pool.id</c>.</returns>
    /// <exception cref="StoreException">The disk is full, or the file cannot be written: no result is kept.</exception>
    public long Add(PoolRow pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        const string Columns = "kind, model, unit_bytes, units, areas, geometry, geometry_from";
        using var find = _connection.Prepare($"SELECT id FROM pool WHERE ({Columns}) IS (?,?,?,?,?,?,?)");
        if (Bind(find, pool).Step())
        {
            return find.Int64(0);
        }

        using var insert = _connection.Prepare($"INSERT INTO pool({Columns}) VALUES(?,?,?,?,?,?,?)");
        Bind(insert, pool).Run();
        return LastId();
    }

    /// <summary>Adds a run.</summary>
    /// <param name="run">The run, with its totals.</param>
    /// <returns><c>run.id</c>.</returns>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public long Add(RunRow run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var insert = _connection.Prepare(
            "INSERT INTO run(pool_id, spec, what_if, events, failures, peak_used_units, peak_time_ns, fidelity_compared, "
            + "fidelity_equal, units, areas, case_name) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
        insert.Bind(1, run.PoolId).Bind(2, run.Spec).Bind(3, run.WhatIf).Bind(4, run.Events).Bind(5, run.Failures)
            .Bind(6, run.PeakUsedUnits).Bind(7, run.PeakTimeNs).Bind(8, run.FidelityCompared).Bind(9, run.FidelityEqual)
            .Bind(10, run.Units).Bind(11, run.Areas).BindOrNull(12, run.CaseName).Run();
        return LastId();
    }

    /// <summary>The id of a device, adding it where it is new.</summary>
    /// <param name="name">Device name; empty gives 0.</param>
    /// <returns><c>device.id</c>.</returns>
    public long DeviceId(string name) => string.IsNullOrEmpty(name) ? 0 : _devices.Row(Encoding.UTF8.GetBytes(name));

    /// <summary>Adds a mapping of a run.</summary>
    /// <param name="runId"><c>run.id</c>.</param>
    /// <param name="mapping">The mapping.</param>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public void Add(long runId, in MappingRow mapping)
    {
        _mappings ??= new BulkInsert(
            _connection, "mapping",
            "run_id, map_event_id, unmap_event_id, device_id, first_unit, units, bytes, map_time_ns, unmap_time_ns");
        _mappings.Put(0, runId);
        Put(1, mapping.MapEventId, 0);
        Put(2, mapping.UnmapEventId, 0);
        Put(3, mapping.DeviceId, 0);
        Put(4, mapping.FirstUnit, -1);
        _mappings.Put(5, mapping.Units);
        _mappings.Put(6, mapping.Bytes);
        Put(7, mapping.MapTimeNs, TraceEvent.NoTime);
        Put(8, mapping.UnmapTimeNs, TraceEvent.NoTime);
        _mappings.EndRow();
    }

    /// <summary>Adds a failure of a run; its <see cref="FailureRow.RunId"/> is set to that run.</summary>
    /// <param name="runId"><c>run.id</c>.</param>
    /// <param name="failure">The failure.</param>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public void Add(long runId, FailureRow failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var f = failure;
        _failure ??= _connection.Prepare(
            "INSERT INTO failure(origin, run_id, source_id, line, time_ns, pool_kind, family, device, driver, bytes, pages, "
            + "total_units, used_units, free_units, largest_free_run, reason) VALUES('replay',?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        _failure.Bind(1, runId).Bind(2, f.SourceId).Bind(3, f.Line).Bind(4, f.TimeNs).Bind(5, f.PoolKind.Name())
            .BindOrNull(6, f.Family).BindOrNull(7, f.Device).BindOrNull(8, f.Driver).Bind(9, f.Bytes).Bind(10, f.Pages)
            .Bind(11, f.TotalUnits).Bind(12, f.UsedUnits).Bind(13, f.FreeUnits).Bind(14, f.LargestFreeRun)
            .BindOrNull(15, f.Reason).Run();
    }

    /// <summary>Adds the use of the pool over time.</summary>
    /// <param name="runId"><c>run.id</c>.</param>
    /// <param name="slices">Slices in order of time.</param>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public void Add(long runId, IEnumerable<OccupancyRow> slices)
    {
        ArgumentNullException.ThrowIfNull(slices);
        using var insert = _connection.Prepare(
            "INSERT INTO occupancy(run_id, time_ns, used_units, largest_free_run, failures) VALUES(?,?,?,?,?)");
        foreach (var slice in slices)
        {
            insert.Bind(1, runId).Bind(2, slice.TimeNs).Bind(3, slice.UsedUnits).Bind(4, slice.LargestFreeRun)
                .Bind(5, slice.Failures).Run();
        }
    }

    /// <summary>Stores findings, in place of those of the same runs and of those from log messages.</summary>
    /// <param name="runIds">Runs that were diagnosed.</param>
    /// <param name="incidents">Their findings.</param>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public void ReplaceIncidents(IReadOnlyCollection<long> runIds, IEnumerable<IncidentRow> incidents) =>
        ReplaceIncidents(runIds, incidents, []);

    /// <summary>As <see cref="ReplaceIncidents(IReadOnlyCollection{long}, IEnumerable{IncidentRow})"/>, with known issues that belong to no incident.</summary>
    /// <param name="runIds">Runs that were diagnosed.</param>
    /// <param name="incidents">Their findings.</param>
    /// <param name="issues">Known issues of the machine as a whole.</param>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public void ReplaceIncidents(IReadOnlyCollection<long> runIds, IEnumerable<IncidentRow> incidents, IEnumerable<KnownIssueRow> issues)
    {
        ArgumentNullException.ThrowIfNull(issues);
        ArgumentNullException.ThrowIfNull(runIds);
        ArgumentNullException.ThrowIfNull(incidents);
        using var rows = new IncidentWriter(_connection);
        rows.Remove(runIds);
        foreach (var incident in incidents)
        {
            rows.Add(incident);
        }

        foreach (var issue in issues)
        {
            rows.Add(issue, null);
        }
    }

    /// <summary>Stores the whole report of the last diagnosis.</summary>
    /// <param name="json">A <c>tracereplay.report/1</c> document.</param>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public void SetReport(string json)
    {
        using var insert = _connection.Prepare("INSERT OR REPLACE INTO report(id, json) VALUES(1, ?)");
        insert.Bind(1, json).Run();
    }

    /// <summary>Keeps what was added.</summary>
    /// <exception cref="StoreException">As <see cref="Add(PoolRow)"/>.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _mappings?.Flush();
        _connection.Execute("COMMIT");
        _ended = true;
        Close();
    }

    /// <summary>Takes back what was not completed.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            Close();
            _database.Rollback();
        }
    }

    private static Statement Bind(Statement statement, PoolRow pool) => statement
        .Bind(1, pool.Kind.Name()).Bind(2, pool.Model).Bind(3, pool.UnitBytes).Bind(4, pool.Units).Bind(5, pool.Areas)
        .Bind(6, pool.GeometryJson).Bind(7, pool.GeometryFrom is { } from ? EnumText.Text(from) : null);

    private void Put(int column, long value, long absent)
    {
        if (value == absent)
        {
            _mappings!.PutNull(column);
        }
        else
        {
            _mappings!.Put(column, value);
        }
    }

    private long LastId() => SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);

    private void Close()
    {
        _mappings?.Dispose();
        _failure?.Dispose();
        _devices.Dispose();
        _database.ResultsClosed(this);
    }
}
