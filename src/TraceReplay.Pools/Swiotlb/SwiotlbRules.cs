namespace TraceReplay.Pools.Swiotlb;

/// <summary>What distinguishes one swiotlb generation with segments from another (spec section 2).</summary>
internal sealed record SwiotlbRules
{
    /// <summary>Generation (<c>G4</c>).</summary>
    public required string Generation { get; init; }

    /// <summary>How a request becomes a plan.</summary>
    public required SlotPlanner Plan { get; init; }

    /// <summary>Whether the search counts slots (6.3 on) or runs until its start comes up again.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Whether requests larger than what is free fail before the search (5.4 on).</summary>
    public bool ChecksFreeFirst { get; init; } = true;

    /// <summary>Whether the device's segment boundary is respected (2.6.25 on).</summary>
    public bool HasBoundary { get; init; } = true;

    /// <summary>Boundary of a device that set none: 4 GiB up to 5.4, none from 5.10 on.</summary>
    public ulong DefaultBoundary { get; init; } = ulong.MaxValue;

    /// <summary>Whether the pool is split into areas (6.0 on).</summary>
    public bool HasAreas { get; init; }
}
