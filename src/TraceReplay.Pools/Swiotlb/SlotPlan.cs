namespace TraceReplay.Pools.Swiotlb;

/// <summary>What one request asks of the search, the same for every area.</summary>
internal readonly record struct SlotPlan
{
    /// <summary>Slots to take.</summary>
    public required int Units { get; init; }

    /// <summary>Bytes from the first slot taken to the address the caller gets.</summary>
    public long Offset { get; init; }

    /// <summary>Slots from one tested start to the next.</summary>
    public required long Stride { get; init; }

    /// <summary>Address bits a start must have equal to <see cref="Value"/>; 0 = any start.</summary>
    public ulong Mask { get; init; }

    /// <summary>See <see cref="Mask"/>.</summary>
    public ulong Value { get; init; }
}

/// <summary>Makes the plan of a request as one generation does.</summary>
/// <param name="request">The request, sizes limited to <see cref="Slot.HugeBytes"/>.</param>
/// <param name="pageBytes">Bytes of a CPU page.</param>
/// <returns>The plan.</returns>
internal delegate SlotPlan SlotPlanner(in MapRequest request, ulong pageBytes);
