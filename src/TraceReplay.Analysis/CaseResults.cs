using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Pools;
using TraceReplay.Replay;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>Writes the replays of a case as rows: pools, runs with their mappings, failures and occupancy.</summary>
internal sealed class CaseResults(
    CaseDiagnosis diagnosis, AnalysisReport report, OperationLog log, IReadOnlyList<SourceRow> sources, string caseName)
{
    private readonly Dictionary<int, long> _deviceIds = [];

    /// <summary>Stores them in one transaction.</summary>
    /// <param name="database">The database.</param>
    /// <returns><c>run.id</c> of the replays as they happened, in the order of the report's pools.</returns>
    public IReadOnlyList<long> Store(TraceDatabase database)
    {
        using var writer = database.BeginResults();
        var runs = new List<long>();
        for (var i = 0; i < diagnosis.Replays.Count; i++)
        {
            runs.Add(StoreRun(writer, i, writer.Add(PoolRows.Of(report.Pools.Single(p => p.Id == i + 1)))));
        }

        writer.Complete();
        return runs;
    }

    private long StoreRun(ResultWriter writer, int replay, long poolId)
    {
        var result = diagnosis.Replays[replay];
        var geometry = result.Setup.Geometry;
        var runId = writer.Add(new RunRow
        {
            PoolId = poolId, CaseName = caseName, Spec = Spec(geometry), Units = geometry.Units, Areas = geometry.Areas,
            Events = log.Count, Failures = result.Failures.Count,
            PeakUsedUnits = result.PeakUsedUnits, PeakTimeNs = Time(result.PeakTimeNs),
            FidelityCompared = result.Compared, FidelityEqual = result.Equal,
        });
        StoreMappings(writer, runId, result);
        StoreFailures(writer, runId, result, diagnosis.Causes.GetValueOrDefault(replay));
        writer.Add(runId, result.Occupancy.Slices.Select(s => new OccupancyRow(s.TimeNs, s.UsedUnits, s.LargestFreeRun, s.Failures)));
        foreach (var (_, answer) in diagnosis.WhatIfs.Where(w => w.Replay == replay))
        {
            var changed = answer.Change.Geometry ?? geometry;
            writer.Add(new RunRow
            {
                PoolId = poolId, CaseName = caseName, Spec = Spec(changed), WhatIf = answer.Spec, Units = changed.Units, Areas = changed.Areas, Events = log.Count,
                Failures = answer.Failures, PeakUsedUnits = answer.PeakUsedUnits,
            });
        }

        return runId;
    }

    private void StoreMappings(ResultWriter writer, long runId, PoolReplayResult result)
    {
        foreach (var prior in result.Setup.Prior.Holdings)
        {
            writer.Add(runId, new MappingRow
            {
                DeviceId = DeviceId(writer, prior.Device), FirstUnit = prior.FirstUnit, Units = prior.Units,
                Bytes = prior.Units * result.Setup.Geometry.UnitBytes,
            });
        }

        for (var i = 0; i < log.Count; i++)
        {
            var map = log[i];
            if (map.Kind != OperationKind.Map || map.Result != OperationResult.Mapped || map.Pool != result.Setup.Pool)
            {
                continue;
            }

            var mate = result.Mates[i];
            var release = mate >= 0 ? log[mate] : default;
            var released = mate >= 0 && release.Kind == OperationKind.Unmap;
            writer.Add(runId, new MappingRow
            {
                MapEventId = EventId(in map),
                UnmapEventId = released ? EventId(in release) : 0,
                DeviceId = DeviceId(writer, map.Device),
                FirstUnit = result.FirstUnits[i],
                Units = result.UnitsOf(in map),
                Bytes = map.Bytes,
                MapTimeNs = map.TimeNs,
                UnmapTimeNs = mate >= 0 ? release.TimeNs : TraceEvent.NoTime,
            });
        }
    }

    private void StoreFailures(ResultWriter writer, long runId, PoolReplayResult result, Cause[]? causes)
    {
        for (var i = 0; i < result.Failures.Count; i++)
        {
            var failure = result.Failures[i];
            var operation = log[failure.Operation];
            var device = log.Names.Text(operation.Device);
            writer.Add(runId, new FailureRow
            {
                SourceId = operation.Source < sources.Count ? sources[operation.Source].Id : null,
                Line = operation.Line,
                TimeNs = Time(operation.TimeNs),
                PoolKind = result.Setup.Geometry.Kind,
                Device = device,
                Driver = diagnosis.DriverOf(device),
                Bytes = operation.Bytes > 0 ? operation.Bytes : failure.Units * result.Setup.Geometry.UnitBytes,
                TotalUnits = failure.TotalUnits,
                UsedUnits = failure.UsedUnits,
                FreeUnits = failure.FreeUnits,
                LargestFreeRun = failure.LargestFreeRun,
                Reason = causes is null ? null : causes[i].Name(),
            });
        }
    }

    private long EventId(in DmaOperation operation) =>
        operation.Source < sources.Count && sources[operation.Source].FirstEventId is { } first ? first + operation.Event : 0;

    private long DeviceId(ResultWriter writer, int device)
    {
        if (device == 0)
        {
            return 0;
        }

        if (!_deviceIds.TryGetValue(device, out var id))
        {
            id = writer.DeviceId(log.Names.Text(device));
            _deviceIds.Add(device, id);
        }

        return id;
    }

    private static string Spec(PoolGeometry geometry) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{geometry.Kind.Name()}(kernel={geometry.Kernel}, size={geometry.Units * geometry.UnitBytes}, areas={Math.Max(1, geometry.Areas)})");

    private static long? Time(long timeNs) => timeNs == TraceEvent.NoTime ? null : timeNs;
}
