using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay;

/// <summary>One pool of a trace with all that a replay of it needs: geometry, device profiles, what was held before.</summary>
/// <param name="Log">The operations.</param>
/// <param name="Pool">Index into <see cref="OperationLog.Pools"/>.</param>
/// <param name="Geometry">Geometry of the pool that the trace was made on.</param>
/// <param name="Profiles">What devices ask of the allocator.</param>
public sealed record PoolSetup(OperationLog Log, int Pool, PoolGeometry Geometry, DeviceProfiles Profiles)
{
    /// <summary>Holdings from before the trace.</summary>
    public PriorHoldings Prior { get; init; } = PriorHoldings.None;

    /// <summary>Map operations whose device could have reached the buffer without the pool (<see cref="ReachableMappings"/>).</summary>
    public OperationSet Reachable { get; init; } = new();

    /// <summary>Which failures count.</summary>
    public FailureFilter Filter { get; init; } = FailureFilter.All;

    /// <summary>Whether a failure of an operation counts.</summary>
    /// <param name="operation">A map operation.</param>
    /// <returns>True if it counts.</returns>
    public bool Counts(in DmaOperation operation) =>
        ReferenceEquals(Filter, FailureFilter.All) || Filter.Counts(operation.TimeNs, Log.Names.Text(operation.Device));

    /// <summary>The request that an operation makes of a model.</summary>
    /// <param name="operation">A map operation.</param>
    /// <returns>The request.</returns>
    public MapRequest Request(in DmaOperation operation) => new()
    {
        Cpu = operation.Cpu,
        Bytes = operation.Bytes,
        Units = operation.Units,
        PhysAddr = operation.PhysAddr,
        AlignMask = operation.AlignMask,
        Limit = Geometry.Kind == PoolKind.Tce ? TceMask(operation.Limit) : operation.Limit,
        MinAlignMask = Profiles.MinAlignMask(operation.Device),
        SegmentBoundary = Geometry.Kind == PoolKind.Tce ? uint.MaxValue : ulong.MaxValue,
        Device = operation.Device,
        Extra = operation.Extra,
    };

    /// <summary>The kernel's own area state at the entry of an operation.</summary>
    /// <param name="operation">A map operation.</param>
    /// <returns>Pairs (used, next index); empty where the trace does not tell or the pool has none.</returns>
    public ReadOnlySpan<int> AreaState(in DmaOperation operation) =>
        Geometry.Kind == PoolKind.Swiotlb ? Log.StateOf(in operation) : [];

    /// <summary>Units that no request can ever get (entry 0 of a TCE table, its reserved range): in use in the kernel's
    /// bitmap, but not counted by the model.</summary>
    /// <returns>Units.</returns>
    public long ReservedUnits()
    {
        if (Geometry.Kind != PoolKind.Tce)
        {
            return 0;
        }

        var fresh = PoolModels.Create(Geometry);
        long reserved = 0;
        for (long unit = 0; unit < Geometry.Units; unit++)
        {
            reserved += fresh.IsFree(unit, 1) ? 0 : 1;
        }

        return reserved;
    }

    /// <summary>iommu_range_alloc sees the mask in pages (spec iommu-pools.md 1.7); a request carries it in bytes.</summary>
    private ulong TceMask(ulong pages)
    {
        var shift = System.Numerics.BitOperations.Log2((ulong)Geometry.UnitBytes);
        return pages == 0 || pages >> (64 - shift) != 0 ? ulong.MaxValue : (pages << shift) | ((1UL << shift) - 1);
    }

    /// <summary>First unit of a bus address, -1 if it is not in the pool or the pool's base is not known.</summary>
    /// <param name="busAddr">Address of a mapping.</param>
    /// <returns>The unit.</returns>
    public long UnitOf(ulong busAddr)
    {
        if (Geometry.Kind is not (PoolKind.Swiotlb or PoolKind.SwiotlbXen))
        {
            // The events of these allocators count units already.
            return (long)busAddr;
        }

        if (!Geometry.BaseKnown || busAddr < Geometry.Base)
        {
            return -1;
        }

        var unit = (long)((busAddr - Geometry.Base) / (ulong)Geometry.UnitBytes);
        return unit < Geometry.Units ? unit : -1;
    }

    /// <summary>A fresh model of this pool with the holdings from before the trace in place.</summary>
    /// <param name="geometry">Geometry, null = the trace's own.</param>
    /// <param name="withoutDevice">Leave out what this device held, 0 = none.</param>
    /// <returns>The model.</returns>
    public IPoolModel NewModel(PoolGeometry? geometry = null, int withoutDevice = 0) =>
        NewModel(geometry, withoutDevice, out _);

    /// <summary>A fresh model of this pool with the holdings from before the trace in place.</summary>
    /// <param name="geometry">Geometry, null = the trace's own.</param>
    /// <param name="withoutDevice">Leave out what this device held, 0 = none.</param>
    /// <param name="moved">Holdings that had to move.</param>
    /// <returns>The model.</returns>
    public IPoolModel NewModel(PoolGeometry? geometry, int withoutDevice, out IReadOnlyDictionary<long, long> moved)
    {
        var model = PoolModels.Create(geometry ?? Geometry);
        moved = Prior.ApplyTo(model, withoutDevice);
        return model;
    }
}
