using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Pools.Swiotlb;

namespace TraceReplay.Replay;

/// <summary>Replays the operations of one pool as they happened: the model predicts each answer, the trace tells what the
/// kernel did, and the model's state follows the trace, so that one difference does not make the next.</summary>
public sealed class PoolReplay
{
    private readonly PoolSetup _setup;
    private readonly OperationLog _log;
    private readonly IPoolModel _model;
    private readonly PoolReplayResult _result;
    private readonly Dictionary<long, int> _live = [];
    private readonly Dictionary<long, PriorHolding> _prior = [];
    private readonly Dictionary<ulong, int> _liveByAddress = [];
    private readonly Func<long> _largestRun;
    /// <summary>Before 5.14 an unmap frees what its caller says, not what was mapped (spec swiotlb.md, G1e and G3).</summary>
    private readonly bool _sizeFromCaller;
    private readonly DynamicSwiotlb? _dynamic;
    private readonly UnitPlaces _places;
    private long[] _indices;
    private readonly AreaMap _areas;
    private readonly long _reserved;

    private PoolReplay(PoolSetup setup)
    {
        _setup = setup;
        _log = setup.Log;
        _model = setup.NewModel();
        _largestRun = _model.LargestFreeRun;
        _indices = new long[_model.Areas];
        _areas = new AreaMap(_model);
        _dynamic = _model as DynamicSwiotlb;
        _sizeFromCaller = setup.Geometry.Kind == PoolKind.Swiotlb
            && KernelVersion.TryParse(setup.Geometry.Kernel, out var version) && version < new KernelVersion(5, 14);
        _places = new UnitPlaces(setup);
        _reserved = setup.ReservedUnits();
        foreach (var holding in setup.Prior.Holdings)
        {
            _prior[holding.FirstUnit] = holding;
        }

        var mates = new int[_log.Count];
        Array.Fill(mates, -1);
        var firsts = new long[_log.Count];
        Array.Fill(firsts, -1);
        _result = new PoolReplayResult { Setup = setup, Model = _model.Name, Mates = mates, FirstUnits = firsts };
    }

    /// <summary>Replays one pool.</summary>
    /// <param name="setup">The pool.</param>
    /// <returns>What happened.</returns>
    public static PoolReplayResult Run(PoolSetup setup)
    {
        var replay = new PoolReplay(setup);
        var peakOperation = -1;
        for (var i = 0; i < replay._log.Count; i++)
        {
            ref var operation = ref replay._log[i];
            if (operation.Pool != setup.Pool)
            {
                continue;
            }

            if (operation.Kind == OperationKind.Unmap)
            {
                replay.Unmap(i, in operation);
            }
            else if (operation.Kind == OperationKind.Grow)
            {
                replay.Grow(in operation);
            }
            else
            {
                replay.Map(i, in operation);
            }

            if (replay.NoteUse(in operation))
            {
                peakOperation = i;
            }
        }

        replay.Finish(peakOperation);
        return replay._result;
    }

    private void Map(int index, in DmaOperation operation)
    {
        var request = _setup.Request(in operation);
        switch (operation.Result)
        {
            case OperationResult.Mapped:
                Mapped(index, in operation, in request);
                break;
            case OperationResult.Failed when _setup.Counts(in operation) && !IsFirstTry(index, in operation):
                Failed(index, in operation, in request);
                break;
        }
    }

    /// <summary>dma-iommu asks below 4 GiB first and then, if that fails, up to the device's mask (drivers/iommu/dma-iommu.c):
    /// only the last try is a failed mapping.</summary>
    private bool IsFirstTry(int index, in DmaOperation operation)
    {
        if (_setup.Geometry.Kind != PoolKind.Iova)
        {
            return false;
        }

        for (var i = index + 1; i < Math.Min(_log.Count, index + 64); i++)
        {
            ref var next = ref _log[i];
            if (next.Pid == operation.Pid && next.Kind == OperationKind.Map && next.Pool == operation.Pool)
            {
                return next.Units == operation.Units && next.Limit > operation.Limit;
            }
        }

        return false;
    }

    private void Mapped(int index, in DmaOperation operation, in MapRequest request)
    {
        _result.Mapped++;
        SaveIndices();
        var actual = _places.UnitOf(operation.BusAddr);
        if (actual < 0 && _dynamic is not null)
        {
            MappedTransient(index, in operation, in request);
            return;
        }

        var answer = _model.Map(in request);
        if (actual < 0)
        {
            // The trace does not show the place: the model's own answer stands.
            _result.FirstUnits[index] = answer.Ok ? answer.FirstUnit : -1;
            _liveByAddress[operation.BusAddr] = index;
            return;
        }

        _result.Compared++;
        if (answer.Ok && answer.FirstUnit == actual)
        {
            _result.Equal++;
        }
        else
        {
            Follow(in answer, in request, in operation, actual);
        }

        EndStale(index, actual);
        _result.FirstUnits[index] = actual;
        _live[actual] = index;
    }

    /// <summary>No pool holds the address: the kernel made a transient pool for this mapping alone.</summary>
    private void MappedTransient(int index, in DmaOperation operation, in MapRequest request)
    {
        _dynamic!.CanHaveTransient = true;
        var answer = _model.Map(in request);
        _result.Compared++;
        var first = answer.FirstUnit;
        if (answer.Ok && first >= DynamicSwiotlb.FirstTransientUnit)
        {
            _result.Equal++;
        }
        else
        {
            if (answer.Ok)
            {
                _model.Unmap(answer.FirstUnit, answer.Units, request.Cpu);
                RestoreIndices();
            }

            first = _dynamic.AddTransient(_model.UnitsFor(in request));
            _result.ExplainedByConcurrency++;
        }

        _result.TransientPools++;
        _result.FirstUnits[index] = first;
        _liveByAddress[operation.BusAddr] = index;
    }

    private void Grow(in DmaOperation operation)
    {
        if (_dynamic is null)
        {
            return;
        }

        _places.Add(operation.BusAddr, operation.Units, _dynamic.TotalUnits);
        _dynamic.AddPool(operation.BusAddr, operation.Units, operation.Extra);
        _indices = new long[_model.Areas];
        _result.AddedPools++;
    }

    /// <summary>The kernel chose another place: undo the model's choice and take the kernel's.</summary>
    private void Follow(in MapResult answer, in MapRequest request, in DmaOperation operation, long actual)
    {
        if (answer.Ok)
        {
            _model.Unmap(answer.FirstUnit, answer.Units, request.Cpu);
        }

        RestoreIndices();
        if (_model.Areas > 1 || EntryStateDiffers(in operation))
        {
            _result.ExplainedByConcurrency++;
        }

        var units = Math.Min(_model.UnitsFor(in request), TotalUnits - actual);
        _model.Occupy(actual, units);
        if (_dynamic is not null && actual >= _model.Geometry.Units)
        {
            return;
        }

        var area = _areas.AreaOf(actual);
        _model.SetSearchIndex(area, _areas.IndexAfter(area, actual, units));
    }

    private bool EntryStateDiffers(in DmaOperation operation)
    {
        var state = _setup.AreaState(in operation);
        for (var area = 0; (area * 2) + 1 < state.Length && area < _indices.Length; area++)
        {
            if (state[(area * 2) + 1] != _indices[area])
            {
                return true;
            }
        }

        return operation.UsedUnits >= 0 && operation.UsedUnits != _model.UsedUnits;
    }

    /// <summary>A mapping at a place that was thought taken: its release came late in the trace.</summary>
    private void EndStale(int index, long actual)
    {
        if (_live.TryGetValue(actual, out var stale))
        {
            _result.Mates[stale] = index;
        }

        _prior.Remove(actual);
    }

    private void Failed(int index, in DmaOperation operation, in MapRequest request)
    {
        if (_result.Failures.Count == 0)
        {
            Snapshot(index);
        }

        SaveIndices();
        if (_dynamic is not null)
        {
            _dynamic.CanHaveTransient = false;
        }

        var answer = _model.Map(in request);
        if (answer.Ok)
        {
            // The kernel refused it: undo. A search that failed in the model too leaves its marks, as in the kernel.
            _model.Unmap(answer.FirstUnit, answer.Units, request.Cpu);
            _result.FailuresModelWouldServe++;
            RestoreIndices();
        }

        var used = operation.UsedUnits >= 0 ? operation.UsedUnits : _model.UsedUnits + _reserved;
        _result.Failures.Add(new PoolFailure
        {
            Operation = index,
            Units = _model.UnitsFor(in request),
            UsedUnits = used,
            TotalUnits = TotalUnits,
            FreeUnits = Math.Max(0, TotalUnits - used),
            LargestFreeRun = _model.LargestFreeRun(),
            LargestAreaFree = LargestAreaFree(),
            ModelAgrees = !answer.Ok,
            Livelock = answer.Outcome == MapOutcome.Livelock,
        });
    }

    private long TotalUnits => _dynamic?.TotalUnits ?? _model.Geometry.Units;

    private long LargestAreaFree()
    {
        if (_dynamic is not null)
        {
            return Math.Max(0, _dynamic.TotalUnits - _dynamic.UsedUnits);
        }

        long most = 0;
        for (var area = 0; area < _model.Areas; area++)
        {
            most = Math.Max(most, _areas.SizeOf(area) - _model.AreaUsed(area));
        }

        return most;
    }

    private void Unmap(int index, in DmaOperation operation)
    {
        var first = _places.UnitOf(operation.BusAddr);
        if (first < 0)
        {
            UnmapByAddress(index, in operation);
            return;
        }

        if (operation.Units > 0)
        {
            UnmapRange(index, first, operation.Units, operation.Cpu);
        }
        else if (_live.Remove(first, out var map))
        {
            Release(index, map, first, operation.Cpu);
        }
        else if (_prior.Remove(first, out var holding))
        {
            _result.Mates[index] = -2;
            _model.Unmap(holding.FirstUnit, holding.Units, operation.Cpu);
        }
        else
        {
            _result.UnknownReleases++;
        }
    }

    /// <summary>A release that counts units may cover several mappings: ppc_iommu_map_sg merges neighbours.</summary>
    private void UnmapRange(int index, long first, long units, int cpu)
    {
        List<int>? released = null;
        for (var unit = first; unit < first + units;)
        {
            if (_live.Remove(unit, out var map))
            {
                unit += Math.Max(1, _model.UnitsFor(_setup.Request(in _log[map])));
                _result.Mates[map] = index;
                (released ??= []).Add(map);
            }
            else
            {
                _result.Mates[index] = _prior.Remove(unit) ? -2 : _result.Mates[index];
                unit++;
            }
        }

        _result.UnknownReleases += released is null && _result.Mates[index] != -2 ? 1 : 0;
        _model.Unmap(first, Math.Min(units, _model.Geometry.Units - first), cpu);
        if (released is not null)
        {
            _result.Mates[index] = released[0];
            if (released.Count > 1)
            {
                _result.MergedReleases[index] = [.. released];
            }
        }
    }

    private void UnmapByAddress(int index, in DmaOperation operation)
    {
        if (!_liveByAddress.Remove(operation.BusAddr, out var map))
        {
            _result.UnknownReleases++;
            return;
        }

        if (_result.FirstUnits[map] >= 0)
        {
            Release(index, map, _result.FirstUnits[map], operation.Cpu);
        }
        else
        {
            _result.Mates[index] = map;
            _result.Mates[map] = index;
        }
    }

    private void Release(int index, int map, long first, int cpu)
    {
        _result.Mates[index] = map;
        _result.Mates[map] = index;
        var units = _model.UnitsFor(_setup.Request(in _log[map]));
        if (_sizeFromCaller && _log[index].Bytes > 0)
        {
            // The driver says what it gives back: a smaller size leaves slots behind for ever.
            var given = _model.UnitsFor(_setup.Request(in _log[index]));
            _result.LeftBehindUnits += Math.Max(0, units - given);
            units = Math.Min(units, given);
        }

        _model.Unmap(first, _dynamic is null ? Math.Min(units, _model.Geometry.Units - first) : units, cpu);
    }

    /// <summary>Returns true at a new peak.</summary>
    private bool NoteUse(in DmaOperation operation)
    {
        var used = _model.UsedUnits;
        var failed = operation is { Kind: OperationKind.Map, Result: OperationResult.Failed };
        _result.Occupancy.Note(operation.TimeNs, used, failed, _largestRun);
        used += _reserved;
        if (used <= _result.PeakUsedUnits)
        {
            return false;
        }

        _result.PeakUsedUnits = used;
        _result.PeakTimeNs = operation.TimeNs;
        return true;
    }

    private void Snapshot(int operation)
    {
        _result.MomentOperation = operation;
        _result.LiveAtMoment = [.. _live.Values.Concat(_liveByAddress.Values).Order()];
        _result.PriorAtMoment = [.. _prior.Values.OrderBy(h => h.FirstUnit)];
    }

    private void Finish(int peakOperation)
    {
        _result.Occupancy.Close(_model.LargestFreeRun());
        if (_result.Failures.Count > 0 || peakOperation < 0)
        {
            return;
        }

        // Nothing failed: the moment of interest is the peak; who was alive then follows from the mates.
        _result.MomentOperation = peakOperation;
        var live = new List<int>();
        for (var i = 0; i <= peakOperation; i++)
        {
            if (_log[i].Kind == OperationKind.Map && _log[i].Pool == _setup.Pool
                && _log[i].Result == OperationResult.Mapped
                && (_result.Mates[i] < 0 || _result.Mates[i] > peakOperation))
            {
                live.Add(i);
            }
        }

        _result.LiveAtMoment = [.. live];
        _result.PriorAtMoment = [.. _prior.Values.OrderBy(h => h.FirstUnit)];
    }

    private void SaveIndices()
    {
        for (var area = 0; area < _indices.Length; area++)
        {
            _indices[area] = _model.SearchIndex(area);
        }
    }

    private void RestoreIndices()
    {
        for (var area = 0; area < _indices.Length; area++)
        {
            _model.SetSearchIndex(area, _indices[area]);
        }
    }
}
