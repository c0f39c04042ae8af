using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Pools.Swiotlb;

namespace TraceReplay.Replay;

/// <content>Requests that the kernel served.</content>
public sealed partial class PoolReplay
{
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
            var next = _log[i];
            if (next.Pid == operation.Pid && next.Kind == OperationKind.Map && next.Pool == operation.Pool)
            {
                return next.Units == operation.Units && next.Limit > operation.Limit;
            }
        }

        return false;
    }

    private void Mapped(int index, in DmaOperation operation, in MapRequest request)
    {
        if (_setup.Geometry.Kind == PoolKind.Swiotlb && operation.Extra == 1 && _setup.Geometry.BaseKnown
            && _places.UnitOf(operation.BusAddr) < 0)
        {
            // Translated, but not by this pool.
            return;
        }

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
