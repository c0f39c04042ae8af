using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Pools.Swiotlb;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay;

/// <summary>Replays the operations of one pool as they happened: the model predicts each answer, the trace tells what the
/// kernel did, and the model's state follows the trace, so that one difference does not make the next.</summary>
public sealed partial class PoolReplay
{
    /// <summary>Bytes of partners, and of places, kept in memory: of a million operations and more.</summary>
    private const long PlaceRoomBytes = 8L << 20;

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

        var mates = new PagedArray<int>(PlaceRoomBytes, fill: -1);
        mates.Resize(_log.Count);
        var firsts = new PagedArray<long>(PlaceRoomBytes, fill: -1);
        firsts.Resize(_log.Count);
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
            var operation = replay._log[i];
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
            if (_log[i] is { Kind: OperationKind.Map, Result: OperationResult.Mapped } operation && operation.Pool == _setup.Pool
                && (_result.Mates[i] < 0 || _result.Mates[i] > peakOperation))
            {
                live.Add(i);
            }
        }

        _result.LiveAtMoment = [.. live];
        _result.PriorAtMoment = [.. _prior.Values.OrderBy(h => h.FirstUnit)];
    }
}
