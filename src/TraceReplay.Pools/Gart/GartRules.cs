namespace TraceReplay.Pools.Gart;

/// <summary>What distinguishes one GART or Calgary allocator from another (spec/iommu-pools.md section 2).</summary>
internal sealed record GartRules
{
    /// <summary>Generation (<c>A2</c>).</summary>
    public required string Generation { get; init; }

    /// <summary>Whether a device's segment boundary is respected.</summary>
    public bool HasBoundary { get; init; } = true;

    /// <summary>After a run that crosses the boundary the search goes to the next boundary instead of the next page.</summary>
    public bool JumpsToBoundary { get; init; }

    /// <summary>Whether the second search ends at the next bit, so that a hole across it is missed (2.6.15).</summary>
    public bool SecondSearchEndsAtNextBit { get; init; }

    /// <summary>Whether giving back pages at or above the next bit moves it behind them (2.6.32 on).</summary>
    public bool FreeMovesNextBit { get; init; }

    /// <summary>Pages reserved at the start (EMERGENCY_PAGES).</summary>
    public int EmergencyPages { get; init; }
}
