namespace TraceReplay.Pools.Tce;

/// <summary>What distinguishes one TCE generation with a bitmap from another (spec/iommu-pools.md section 1).</summary>
internal sealed record TceRules
{
    /// <summary>Generation (<c>P1</c>).</summary>
    public required string Generation { get; init; }

    /// <summary>Whether a device's DMA mask limits the search (2.6.17 on).</summary>
    public bool HasMask { get; init; }

    /// <summary>Whether a device's segment boundary is respected (2.6.25 on).</summary>
    public bool HasBoundary { get; init; }

    /// <summary>P2's retry: with a mask in force every retry after the first pass begins at entry 0 again, so the first
    /// hole that is too short is found for ever (2.6.17 to 2.6.24; vectors/README.md fact 2).</summary>
    public bool RestartsAtZero { get; init; }

    /// <summary>After a run that crosses the boundary the search goes to the next boundary instead of the next entry; a
    /// request longer than the boundary then never ends (5.10 on; vectors/README.md fact 3).</summary>
    public bool JumpsToBoundary { get; init; }

    /// <summary>A handle counts only inside the pool, and the large pool is the last resort of small requests
    /// (P5).</summary>
    public bool HasLastResort { get; init; }

    /// <summary>Whether entry 0 is never used in a table that begins at bus address 0 (3.4 on).</summary>
    public bool ReservesEntryZero { get; init; }

    /// <summary>Factor of <c>hash_32</c>, by which a CPU picks its pool (P4 and P5).</summary>
    public uint HashFactor { get; init; }
}
