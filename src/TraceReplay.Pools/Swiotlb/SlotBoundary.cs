namespace TraceReplay.Pools.Swiotlb;

/// <summary>The segment boundary of a device (<c>dma_get_seg_boundary</c>), in slots, against a pool's base. Mirrors
/// <c>iommu_is_span_boundary</c> as swiotlb calls it from 2.6.25 on (lib/swiotlb.c, kernel/dma/swiotlb.c; spec section
/// 2).</summary>
internal readonly struct SlotBoundary
{
    private readonly ulong _shift;
    private readonly ulong _max;

    /// <summary>Makes the test for a pool and a device.</summary>
    /// <param name="poolBase">Bus address of slot 0.</param>
    /// <param name="mask">The device's boundary mask.</param>
    public SlotBoundary(ulong poolBase, ulong mask)
    {
        _shift = ((poolBase & mask) + Slot.Bytes - 1) >> Slot.Shift;
        _max = (mask >> Slot.Shift) + 1;
        NeverInsideSegment = _max >= Slot.SegmentSlots && (_max & (_max - 1)) == 0
            && (_shift & (Slot.SegmentSlots - 1)) == 0;
    }

    /// <summary>No boundary at all (before 2.6.25).</summary>
    public static SlotBoundary None => new(0, ulong.MaxValue);

    /// <summary>Whether no run inside a segment can cross the boundary.</summary>
    public bool NeverInsideSegment { get; }

    /// <summary>Whether any run of <paramref name="n"/> slots can keep within the boundary.</summary>
    public bool Allows(int n) => (ulong)n <= _max;

    /// <summary>Whether slots [slot, slot + n) cross the boundary.</summary>
    public bool IsCrossedBy(long slot, int n) => ((_shift + (ulong)slot) & (_max - 1)) + (ulong)n > _max;
}
