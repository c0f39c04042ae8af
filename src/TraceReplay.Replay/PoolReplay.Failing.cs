using TraceReplay.Pools;

namespace TraceReplay.Replay;

/// <content>Requests that the kernel refused.</content>
public sealed partial class PoolReplay
{
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
}
