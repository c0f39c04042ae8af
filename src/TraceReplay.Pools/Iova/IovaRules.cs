namespace TraceReplay.Pools.Iova;

/// <summary>What distinguishes one IOVA generation from another (spec/iommu-pools.md 3.2 to 3.4).</summary>
internal sealed record IovaRules
{
    /// <summary>Generation (<c>V2</c>).</summary>
    public required string Generation { get; init; }

    /// <summary>Before the anchor node (to 4.14): the walk begins at the highest range, or below the last range that
    /// was allocated under exactly the 32-bit limit.</summary>
    public bool HasOneCursor { get; init; }

    /// <summary>Whether an aligned request is rounded up to a power of two itself (to 4.8).</summary>
    public bool RoundsAligned { get; init; }

    /// <summary>Whether per-CPU caches stand in front of the tree (4.9 on).</summary>
    public bool HasCaches { get; init; } = true;

    /// <summary>Whether the last failed 32-bit size is remembered and larger ones fail at once (after 4.19).</summary>
    public bool RemembersFailedSize { get; init; }

    /// <summary>Whether a search that fails below the cursor starts again at the limit (after 5.10).</summary>
    public bool RetriesFromTop { get; init; }

    /// <summary>Pages a magazine holds: 128, later 127.</summary>
    public int MagazineSize { get; init; } = 128;

    /// <summary>Full magazines a depot holds: 32, later any number.</summary>
    public int DepotSize { get; init; } = 32;
}
