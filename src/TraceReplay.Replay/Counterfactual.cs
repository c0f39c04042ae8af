using TraceReplay.Pools;
using TraceReplay.Pools.Swiotlb;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay;

/// <summary>What is changed in a counterfactual replay; the default changes nothing.</summary>
public sealed record Change
{
    /// <summary>Geometry, null = the trace's own.</summary>
    public PoolGeometry? Geometry { get; init; }

    /// <summary>Leave this device out, 0 = none.</summary>
    public int WithoutDevice { get; init; }

    /// <summary>Replay this device alone, 0 = all.</summary>
    public int OnlyDevice { get; init; }

    /// <summary>Leave out mappings that their devices could have reached directly (<see cref="PoolSetup.Reachable"/>).</summary>
    public bool WithoutReachable { get; init; }

    /// <summary>Device whose live mappings are capped, 0 = none.</summary>
    public int CappedDevice { get; init; }

    /// <summary>Most live mappings of <see cref="CappedDevice"/>; what is above waits and is not mapped.</summary>
    public long MaxOutstanding { get; init; } = long.MaxValue;

    /// <summary>Most commands of one consumer (LUN) at once; what is above waits and is not mapped.</summary>
    public long MaxCommandsPerConsumer { get; init; } = long.MaxValue;

    /// <summary>Largest mapping in bytes: larger requests are split into pieces of this size, 0 = no limit.</summary>
    public long MaxMappingBytes { get; init; }

    /// <summary>A pool without layout: any free units serve any request. Tells capacity from fragmentation.</summary>
    public bool WithoutLayout { get; init; }

    /// <summary>Keep exactly the lifetimes of the trace and do not admit what failed in it (for open questions about the
    /// trace itself).</summary>
    public bool OnlyWhatWasMapped { get; init; }
}

/// <summary>What a counterfactual replay gave.</summary>
public sealed class CounterfactualResult
{
    /// <summary>Failing requests.</summary>
    public long Failures { get; set; }

    /// <summary>Failing requests per device.</summary>
    public Dictionary<int, long> FailuresByDevice { get; } = [];

    /// <summary>Map operations (indices) that failed here.</summary>
    public OperationSet FailedOperations { get; } = new();

    /// <summary>Highest use, units.</summary>
    public long PeakUsedUnits { get; set; }

    /// <summary>Requests that failed in reality and were admitted here with an estimated lifetime.</summary>
    public long Admitted { get; set; }

    /// <summary>Requests that waited because of a cap.</summary>
    public long Deferred { get; set; }

    /// <summary>Whether any search never ended.</summary>
    public bool Livelock { get; set; }
}

/// <summary>Replays the same demand through a changed world. Requests that succeeded keep their lifetimes. A request that
/// failed and was tried again (same device, buffer and size) is one demand: once admitted, its later tries are dropped.</summary>
public sealed class Counterfactual
{
    private readonly PoolReplayResult _actual;
    private readonly Lifetimes _lifetimes;
    private readonly Change _change;
    private readonly OperationLog _log;
    private readonly IPoolModel _model;
    private readonly CounterfactualResult _result = new();
    private readonly Dictionary<int, Placed> _placed = [];
    private readonly Dictionary<Demand, long> _admitted = [];
    private readonly Dictionary<long, (Demand Demand, Placed Placed)> _admittedLive = [];
    private readonly PriorityQueue<long, (long TimeNs, long Id)> _ending = new();
    private readonly Dictionary<int, long> _outstanding = [];
    private readonly Dictionary<(int Device, long Bytes), long> _ordinals = [];
    private readonly IReadOnlyDictionary<long, long> _moved;
    private readonly ConsumerLimit? _limit;
    private long _used;
    private long _nextId;

    private Counterfactual(PoolReplayResult actual, Lifetimes lifetimes, Change change)
    {
        _actual = actual;
        _lifetimes = lifetimes;
        _change = change;
        _log = actual.Setup.Log;
        _model = actual.Setup.NewModel(change.Geometry, change.WithoutDevice, out _moved);
        if (change.OnlyDevice != 0)
        {
            _model = PoolModels.Create(change.Geometry ?? actual.Setup.Geometry);
            foreach (var prior in actual.Setup.Prior.Holdings.Where(h => h.Device == change.OnlyDevice))
            {
                _model.Occupy(prior.FirstUnit, prior.Units);
            }
        }

        _used = _model.UsedUnits;
        _limit = change.MaxCommandsPerConsumer < long.MaxValue ? new ConsumerLimit(change.MaxCommandsPerConsumer) : null;
    }

    /// <summary>Replays a changed world.</summary>
    /// <param name="actual">The trace as it happened.</param>
    /// <param name="lifetimes">Its lifetimes.</param>
    /// <param name="change">What is changed.</param>
    /// <returns>What happens.</returns>
    public static CounterfactualResult Run(PoolReplayResult actual, Lifetimes lifetimes, Change change) =>
        new Counterfactual(actual, lifetimes, change).Run();

    private CounterfactualResult Run()
    {
        for (var i = 0; i < _log.Count; i++)
        {
            var operation = _log[i];
            if (operation.Pool != _actual.Setup.Pool || IsLeftOut(operation.Device)
                || (_change.WithoutReachable && operation.Kind == OperationKind.Map && _actual.Setup.Reachable.Contains(i)))
            {
                continue;
            }

            EndUntil(operation.TimeNs);
            if (operation.Kind == OperationKind.Grow)
            {
                (_model as DynamicSwiotlb)?.AddPool(operation.BusAddr, operation.Units, operation.Extra);
            }
            else if (operation.Kind == OperationKind.Unmap)
            {
                Unmap(i, in operation);
            }
            else if (operation.Result == OperationResult.Mapped)
            {
                EndAdmitted(i, in operation);
                TryMap(i, in operation);
            }
            else if (operation.Result == OperationResult.Failed && !_change.OnlyWhatWasMapped)
            {
                Retry(i, in operation);
            }

            _result.PeakUsedUnits = Math.Max(_result.PeakUsedUnits, _used);
        }

        return _result;
    }

    private bool IsLeftOut(int device) =>
        (_change.WithoutDevice != 0 && device == _change.WithoutDevice)
        || (_change.OnlyDevice != 0 && device != _change.OnlyDevice);

    /// <summary>A request that failed in reality.</summary>
    private void Retry(int index, in DmaOperation operation)
    {
        var demand = DemandOf(index, in operation);
        if (_admitted.ContainsKey(demand))
        {
            return;
        }

        if (TryMap(index, in operation) is not { } placed)
        {
            return;
        }

        _placed.Remove(index);
        _result.Admitted++;
        var kind = (operation.Device, operation.Bytes);
        var ordinal = _ordinals.GetValueOrDefault(kind);
        _ordinals[kind] = ordinal + 1;
        var id = ++_nextId;
        _admitted[demand] = id;
        var life = _lifetimes.Draw(operation.Device, operation.Bytes, ordinal);
        var end = life > long.MaxValue - Math.Max(0, operation.TimeNs) ? long.MaxValue : operation.TimeNs + life;
        _admittedLive[id] = (demand, placed);
        _ending.Enqueue(id, (end, id));
    }

    /// <summary>The real mapping of a demand that was admitted before: the admitted one ends here.</summary>
    private void EndAdmitted(int index, in DmaOperation operation)
    {
        if (_admitted.Remove(DemandOf(index, in operation), out var id)
            && _admittedLive.Remove(id, out var live))
        {
            Release(live.Placed, operation.Cpu);
        }
    }

    private void EndUntil(long timeNs)
    {
        while (_ending.TryPeek(out var item, out var at) && at.TimeNs <= timeNs)
        {
            _ending.Dequeue();
            if (_admittedLive.Remove(item, out var live))
            {
                _admitted.Remove(live.Demand);
                Release(live.Placed, 0);
            }
        }
    }

    private void Unmap(int index, in DmaOperation operation)
    {
        var mate = _actual.Mates[index];
        if (_actual.MergedReleases.TryGetValue(index, out var merged))
        {
            foreach (var map in merged)
            {
                if (_placed.Remove(map, out var part))
                {
                    Release(part, operation.Cpu);
                }
            }
        }
        else if (mate >= 0)
        {
            if (_placed.Remove(mate, out var placed))
            {
                Release(placed, operation.Cpu);
            }
        }
        else if (mate == -2)
        {
            ReleasePrior(in operation);
        }
    }

    private void ReleasePrior(in DmaOperation operation)
    {
        var first = _actual.Setup.UnitOf(operation.BusAddr);
        first = _moved.TryGetValue(first, out var elsewhere) ? elsewhere : first;
        var units = _model.UnitsFor(_actual.Setup.Request(in operation));
        if (first >= 0 && first + units <= _model.Geometry.Units)
        {
            var before = _model.UsedUnits;
            _model.Unmap(first, units, operation.Cpu);
            _used -= before - _model.UsedUnits;
        }
    }

    private Placed? TryMap(int index, in DmaOperation operation)
    {
        if (operation.Device == _change.CappedDevice && _change.CappedDevice != 0
            && _outstanding.GetValueOrDefault(operation.Device) >= _change.MaxOutstanding)
        {
            _result.Deferred++;
            return null;
        }

        if (_limit is not null && _limit.MustWait(in operation))
        {
            _result.Deferred++;
            return null;
        }

        var request = _actual.Setup.Request(in operation);
        var placed = _change.MaxMappingBytes > 0 && operation.Bytes > _change.MaxMappingBytes
            ? MapInPieces(request, operation.Result != OperationResult.Failed)
            : MapOne(in request, operation.Result != OperationResult.Failed);
        if (placed is not { } taken)
        {
            _limit?.Refused(in operation);
            if (!_actual.Setup.Counts(in operation))
            {
                return null;
            }

            _result.Failures++;
            _result.FailuresByDevice[operation.Device] =
                _result.FailuresByDevice.GetValueOrDefault(operation.Device) + 1;
            _result.FailedOperations.Add(index);
            return null;
        }

        taken = taken with { Device = operation.Device, Command = _limit?.Taken(in operation) ?? 0 };
        _outstanding[operation.Device] = _outstanding.GetValueOrDefault(operation.Device) + 1;
        _placed[index] = taken;
        return taken;
    }

    private Placed? MapOne(in MapRequest request, bool mayBeTransient)
    {
        if (_change.WithoutLayout)
        {
            var units = _model.UnitsFor(in request);
            if (_used + units > _model.Geometry.Units || units > _model.MaxRequestUnits)
            {
                return null;
            }

            _used += units;
            return new Placed(-1, units, null);
        }

        if (_model is DynamicSwiotlb dynamic)
        {
            // Where the real machine had no memory for a transient pool, none is to be had here either.
            dynamic.CanHaveTransient = mayBeTransient;
        }

        var answer = _model.Map(in request);
        _result.Livelock |= answer.Outcome == MapOutcome.Livelock;
        if (!answer.Ok)
        {
            return null;
        }

        _used += answer.Units;
        return new Placed(answer.FirstUnit, answer.Units, null);
    }

    private Placed? MapInPieces(MapRequest request, bool mayBeTransient)
    {
        var pieces = new List<Placed>();
        var (bytes, address) = (request.Bytes, request.PhysAddr);
        while (bytes > 0)
        {
            request.Bytes = Math.Min(bytes, _change.MaxMappingBytes);
            request.PhysAddr = address;
            if (MapOne(in request, mayBeTransient) is not { } piece)
            {
                pieces.ForEach(p => GiveBack(p, cpu: 0));
                return null;
            }

            pieces.Add(piece);
            bytes -= request.Bytes;
            address += (ulong)request.Bytes;
        }

        return new Placed(-1, 0, pieces);
    }

    private void Release(Placed placed, int cpu)
    {
        GiveBack(placed, cpu);
        _limit?.Released(placed.Command);
        _outstanding[placed.Device] = _outstanding.GetValueOrDefault(placed.Device) - 1;
    }

    private void GiveBack(Placed placed, int cpu)
    {
        if (placed.Pieces is { } pieces)
        {
            pieces.ForEach(p => GiveBack(p, cpu));
            return;
        }

        _used -= placed.Units;
        if (placed.First >= 0)
        {
            _model.Unmap(placed.First, placed.Units, cpu);
        }
    }

    /// <summary>What a request wants; the same wish is one, however often it is tried. Memory that is kept has no buffer of the caller's
    /// to know it by: each request is one of its own.</summary>
    private static Demand DemandOf(int index, in DmaOperation operation) => operation is { Coherent: true, PhysAddr: 0 }
        ? new Demand(operation.Device, (ulong)index, -operation.Bytes)
        : new Demand(operation.Device, operation.PhysAddr, operation.Bytes);

    private readonly record struct Demand(int Device, ulong PhysAddr, long Bytes);

    private readonly record struct Placed(long First, long Units, List<Placed>? Pieces)
    {
        public int Device { get; init; }

        public int Command { get; init; }
    }
}
