using System.Globalization;
using Microsoft.AspNetCore.Http;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Report;
using TraceReplay.Store;

namespace TraceReplay.Web;

/// <summary>What a page needs: the values of its address, and the database, which is opened for reading and closed after the page.</summary>
internal sealed class PageContext : IDisposable
{
    private static readonly QueryLimits Limits = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly IQueryCollection _query;
    private readonly QueryRunner _runner;
    private readonly CancellationToken _stop;
    private readonly Lazy<AnalysisReport?> _report;

    public PageContext(string database, IQueryCollection query, CancellationToken stop)
    {
        Database = database;
        _query = query;
        _stop = stop;
        _runner = QueryRunner.Open(database);
        _report = new Lazy<AnalysisReport?>(ReadReport);
    }

    /// <summary>The database file.</summary>
    public string Database { get; }

    /// <summary>The report of the last diagnosis, null if there was none.</summary>
    public AnalysisReport? Report => _report.Value;

    /// <summary>A value of the address, empty if it is not there.</summary>
    public string Text(string name) => _query[name].ToString();

    /// <summary>A whole number of the address.</summary>
    public long? Number(string name) => long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A time of the address: <c>NAME</c> in nanoseconds, or <c>NAME_s</c> in seconds as a person writes it.</summary>
    public long? Time(string name)
    {
        if (Number(name) is { } ns)
        {
            return ns;
        }

        return decimal.TryParse(Text(name + "_s"), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < 9_000_000_000m ? (long)(seconds * 1_000_000_000m) : null;
    }

    /// <summary>Values of the address whose names begin so.</summary>
    public IEnumerable<(string Name, string Value)> Values(string prefix) => _query.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(v => (v.Key[prefix.Length..], v.Value.ToString()));

    /// <summary>Rows of a statement.</summary>
    public IReadOnlyList<object?[]> Rows(string sql, params (string Name, object? Value)[] parameters)
    {
        using var result = Run(sql, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal), Limits);
        return [.. result.Rows];
    }

    /// <summary>Runs a statement.</summary>
    public QueryResult Run(string sql, IReadOnlyDictionary<string, object?> parameters, QueryLimits limits) => _runner.Run(sql, parameters, limits, _stop);

    /// <summary>The pool of a run, with its use over time.</summary>
    public PoolReport? PoolOf(long run)
    {
        var rows = Rows("SELECT p.kind, p.model, p.unit_bytes, coalesce(r.units, p.units), coalesce(r.areas, p.areas), r.peak_used_units, r.peak_time_ns, r.failures "
            + "FROM run r JOIN pool p ON p.id = r.pool_id WHERE r.id = :run", ("run", run));
        if (rows is not [var pool])
        {
            return null;
        }

        return new PoolReport
        {
            Id = 1, Kind = PoolKindNames.Parse(pool[0] as string ?? string.Empty) ?? PoolKind.Unknown, Model = pool[1] as string ?? string.Empty,
            UnitBytes = pool[2] as long? ?? 0, Units = pool[3] as long? ?? 0, Areas = (int)Math.Clamp(pool[4] as long? ?? 1, 0, int.MaxValue),
            PeakUsedUnits = pool[5] as long? ?? -1, PeakTimeNs = pool[6] as long? ?? TraceEvent.NoTime, Failures = pool[7] as long? ?? 0,
            Occupancy = [.. Rows("SELECT time_ns, used_units, largest_free_run, failures FROM occupancy WHERE run_id = :run ORDER BY rowid", ("run", run))
                .Select(o => new OccupancyPoint(o[0] as long? ?? 0, o[1] as long? ?? 0, o[2] as long? ?? -1, (int)(o[3] as long? ?? 0)))],
        };
    }

    public void Dispose() => _runner.Dispose();

    private AnalysisReport? ReadReport() =>
        Rows("SELECT json FROM report WHERE id = 1") is [[string json]] ? JsonReportReader.Read(json) : null;
}
