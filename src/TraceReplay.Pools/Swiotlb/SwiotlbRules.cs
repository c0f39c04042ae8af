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

    /// <summary>Whether pools can be added and transient pools made (6.6 on, with SWIOTLB_DYNAMIC).</summary>
    public bool CanGrow { get; init; }

    /// <summary>With SWIOTLB_DYNAMIC: the first area of all pools before the next area of any, and no growth for more
    /// than a segment (6.8 on); before, all areas of one pool before the next pool.</summary>
    public bool SearchesAreaByArea { get; init; }

    /// <summary>The plan of a request; sizes and alignments beyond <see cref="Slot.HugeBytes"/> count as
    /// that.</summary>
    public SlotPlan PlanOf(in MapRequest request, ulong pageBytes)
    {
        if ((ulong)request.Bytes <= Slot.HugeBytes && request.AlignMask < Slot.HugeBytes)
        {
            return Plan(request, pageBytes);
        }

        var limited = request;
        limited.Bytes = Math.Min(request.Bytes, (long)Slot.HugeBytes);
        limited.AlignMask = Math.Min(request.AlignMask, Slot.HugeBytes - 1);
        return Plan(limited, pageBytes);
    }

    /// <summary>The boundary mask of a request's device.</summary>
    public ulong BoundaryOf(in MapRequest request) =>
        request.SegmentBoundary == 0 ? DefaultBoundary : request.SegmentBoundary;
}
