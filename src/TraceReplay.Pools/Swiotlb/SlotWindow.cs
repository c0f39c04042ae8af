namespace TraceReplay.Pools.Swiotlb;

/// <summary>Where one search goes: an area of a pool, its hint, the request's plan and the device's boundary.</summary>
internal readonly ref struct SlotWindow
{
    /// <summary>The slots.</summary>
    public required SlotMap Map { get; init; }

    /// <summary>First slot of the area.</summary>
    public required int First { get; init; }

    /// <summary>Slots of the area.</summary>
    public required int Length { get; init; }

    /// <summary>Next index of the area, 0 to <see cref="Length"/> - 1.</summary>
    public required int Hint { get; init; }

    /// <summary>Bus address of the pool's slot 0, with the device's boundary mask applied as the kernel does.</summary>
    public required ulong Base { get; init; }

    /// <summary>The device's boundary.</summary>
    public required SlotBoundary Boundary { get; init; }

    /// <summary>The request.</summary>
    public required SlotPlan Plan { get; init; }

    /// <summary>Whether the address of an index has the bits that the plan asks for.</summary>
    public bool IsAligned(long index) =>
        ((Base + ((ulong)(First + index) << Slot.Shift)) & Plan.Mask) == Plan.Value;

    /// <summary>Whether the request fits at an index.</summary>
    public bool Fits(long index)
    {
        var slot = First + (int)index;
        return !Boundary.IsCrossedBy(slot, Plan.Units) && Map.FreeRunAt(slot) >= Plan.Units;
    }

    /// <summary>The first index in [from, to) that fits, among those equal to <paramref name="residue"/> modulo
    /// <paramref name="step"/> (a power of two, at most 128); -1 if none.</summary>
    public int Find(int from, int to, int step, int residue)
    {
        var phase = Map.PhaseOf(step, (First + residue) & (step - 1));
        var slot = Map.Find(First + from, First + to, Plan.Units, phase, Boundary);
        return slot < 0 ? -1 : slot - First;
    }

    /// <summary>The alignment as one residue: index i is aligned iff i mod <paramref name="period"/> is
    /// <paramref name="residue"/>.</summary>
    /// <returns>False if the mask is not one run of bits from the slot size up; then only looking at each index
    /// tells.</returns>
    public bool TryGetPeriod(out long period, out long residue)
    {
        var slots = Plan.Mask >> Slot.Shift;
        period = (long)slots + 1;
        residue = (long)(((Plan.Value >> Slot.Shift) - (Base >> Slot.Shift) - (ulong)First) & slots);
        const ulong InSlot = Slot.Bytes - 1;
        return (slots & (slots + 1)) == 0 && ((Base ^ Plan.Value) & Plan.Mask & InSlot) == 0;
    }
}
