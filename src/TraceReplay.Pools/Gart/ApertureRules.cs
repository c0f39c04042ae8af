using TraceReplay.Core;

namespace TraceReplay.Pools.Gart;

/// <summary>What distinguishes one GART or Calgary allocator from another (spec/iommu-pools.md section 2).</summary>
internal sealed record ApertureRules
{
    /// <summary>Kind of pool.</summary>
    public PoolKind Kind => IsGart ? PoolKind.Gart : PoolKind.Calgary;

    /// <summary>Generation (<c>A2</c>).</summary>
    public required string Generation { get; init; }

    /// <summary>Whether a device's segment boundary is respected.</summary>
    public bool HasBoundary { get; init; } = true;

    /// <summary>After a run that crosses the boundary the search goes to the next boundary instead of the next
    /// page.</summary>
    public bool JumpsToBoundary { get; init; }

    /// <summary>Whether the second search ends at the next bit, so that a hole across it is missed (2.6.15).</summary>
    public bool SecondSearchEndsAtNextBit { get; init; }

    /// <summary>Whether giving back pages at or above the next bit moves it behind them (2.6.32 on).</summary>
    public bool FreeMovesNextBit { get; init; }

    /// <summary>Whether an alignment, the flush and the wrap of the next bit exist (GART), or only a hint that may stay
    /// at the table's end (Calgary).</summary>
    public bool IsGart { get; init; } = true;

    /// <summary>Pages reserved at the start (EMERGENCY_PAGES).</summary>
    public int EmergencyPages { get; init; }
}
