using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Store;

namespace TraceReplay.Analysis.Export;

/// <summary>The latest replay as a trace for ui.perfetto.dev: a process for each pool with its use as counters, a process for each device
/// with its mappings as slices from map to unmap, and an instant for each failure, also those read from logs.</summary>
internal sealed class PerfettoExport(TraceDatabase store)
{
    private const int LogProcess = 1;
    private const int FirstPool = 2;
    private const int FirstDevice = 10_000;

    private readonly Dictionary<string, int> _devices = new(StringComparer.Ordinal);

    /// <summary>Writes the trace.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What the user should know.</returns>
    public IReadOnlyList<Diagnostic> Write(Stream output, CancellationToken cancellation)
    {
        var results = store.ReadResults();
        var pools = results.Pools().ToDictionary(p => p.Id);
        var runs = Latest(results.Runs(), pools);
        using var trace = new PerfettoWriter(output);
        var names = store.ReadDeviceNames();
        var isEmpty = true;
        for (var i = 0; i < runs.Count; i++)
        {
            isEmpty = false;
            var pool = pools[runs[i].PoolId];
            Counters(trace, results, runs[i], pool, FirstPool + i);
            Mappings(trace, results, runs[i], pool, names, cancellation);
            Failures(trace, results.Failures(runs[i].Id), pool.Kind.Name(), cancellation);
        }

        foreach (var failure in results.Failures(null).Take(1))
        {
            isEmpty = false;
            trace.Process(LogProcess, "kernel log", 0);
        }

        LogFailures(trace, results.Failures(null), cancellation);
        return isEmpty
            ? [new Diagnostic("TR0006", Severity.Warning, "the database holds no replay and no failure of a log: the trace is empty",
                new SourceRef(store.Path, 0), "replay the stored events first: tracereplay replay --db " + store.Path)]
            : [];
    }

    /// <summary>Of the runs as it happened, the last of each pool and case.</summary>
    private static List<RunRow> Latest(IReadOnlyList<RunRow> runs, Dictionary<long, PoolRow> pools) =>
    [
        .. runs.Where(r => r.WhatIf is null && pools.ContainsKey(r.PoolId))
            .GroupBy(r => (pools[r.PoolId].Kind, pools[r.PoolId].GeometryJson, r.CaseName))
            .Select(g => g.Last()).OrderBy(r => r.Id),
    ];

    private static void Counters(PerfettoWriter trace, ResultReader results, RunRow run, PoolRow pool, int process)
    {
        var units = pool.Units is { } count ? string.Create(CultureInfo.InvariantCulture, $" of {count} units") : string.Empty;
        var label = run.CaseName is { Length: > 0 } name ? $" ({name})" : string.Empty;
        trace.Process(process, $"{pool.Kind.Name()} pool{units}{label}", process);
        foreach (var slice in results.Occupancy(run.Id))
        {
            trace.Counter(process, "units in use", slice.TimeNs, slice.UsedUnits);
            if (slice.LargestFreeRun is { } free)
            {
                trace.Counter(process, "longest free run, units", slice.TimeNs, free);
            }
        }
    }

    private void Mappings(
        PerfettoWriter trace, ResultReader results, RunRow run, PoolRow pool, IReadOnlyDictionary<long, (string Name, string Driver)> names,
        CancellationToken cancellation)
    {
        var number = run.Id << 40;
        foreach (var mapping in results.Mappings(run.Id))
        {
            cancellation.ThrowIfCancellationRequested();
            number++;
            if (mapping.MapTimeNs == TraceEvent.NoTime)
            {
                continue;
            }

            var (device, driver) = names.GetValueOrDefault(mapping.DeviceId, ("unknown device", string.Empty));
            var process = Device(trace, device, driver);
            trace.Begin(process, number, pool.Kind.Name() + " mappings", mapping.MapTimeNs, mapping);
            if (mapping.UnmapTimeNs != TraceEvent.NoTime)
            {
                trace.End(process, number, pool.Kind.Name() + " mappings", Math.Max(mapping.MapTimeNs, mapping.UnmapTimeNs));
            }
        }
    }

    private void Failures(PerfettoWriter trace, IEnumerable<FailureRow> failures, string pool, CancellationToken cancellation)
    {
        foreach (var failure in failures)
        {
            cancellation.ThrowIfCancellationRequested();
            if (failure.TimeNs is not null)
            {
                trace.Failure(Device(trace, failure.Device ?? "unknown device", failure.Driver ?? string.Empty), pool + " map failed", failure);
            }
        }
    }

    /// <summary>Failures that a log tells, and how full the pool was by its own words.</summary>
    private static void LogFailures(PerfettoWriter trace, IEnumerable<FailureRow> failures, CancellationToken cancellation)
    {
        foreach (var failure in failures)
        {
            cancellation.ThrowIfCancellationRequested();
            if (failure.TimeNs is not { } time)
            {
                continue;
            }

            trace.Failure(LogProcess, failure.Family ?? "map failed", failure);
            if (failure.UsedUnits is { } used)
            {
                trace.Counter(LogProcess, failure.PoolKind.Name() + " units in use, by the log", time, used);
            }
        }
    }

    private int Device(PerfettoWriter trace, string device, string driver)
    {
        if (!_devices.TryGetValue(device, out var process))
        {
            process = FirstDevice + _devices.Count;
            _devices.Add(device, process);
            trace.Process(process, driver.Length > 0 ? $"{device} {driver}" : device, process);
        }

        return process;
    }
}
