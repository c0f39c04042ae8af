namespace TraceReplay.Pools.Swiotlb;

/// <summary>Requests from 5.12 to 6.5: the device's min_align_mask (M) and then the caller's alloc_align_mask (L) shape
/// the search. Mirrors <c>swiotlb_find_slots</c>, <c>swiotlb_do_find_slots</c> and <c>swiotlb_area_find_slots</c> of
/// kernel/dma/swiotlb.c; spec section 2, G2 to G4b. "orig" is the physical address of the caller's buffer, 0 for
/// swiotlb_alloc.</summary>
internal static class AlignedPlans
{
    private const ulong InSlot = Slot.Bytes - 1;

    /// <summary>G2 (5.12): M, tested whatever orig is.</summary>
    public static SlotPlan MinAlign(in MapRequest request, ulong pageBytes) =>
        Phased(request, pageBytes, allocAlign: 0, request.MinAlignMask & ~InSlot, skipIfNull: false);

    /// <summary>G3 (5.14): M, not tested for orig 0.</summary>
    public static SlotPlan MinAlignOfBuffer(in MapRequest request, ulong pageBytes) =>
        Phased(request, pageBytes, allocAlign: 0, request.MinAlignMask & ~InSlot, skipIfNull: true);

    /// <summary>G3b and G4 (5.15 stable, 5.16 to 6.0, 6.2): L changes the step and nothing else.</summary>
    public static SlotPlan AllocAlignStep(in MapRequest request, ulong pageBytes) =>
        Phased(request, pageBytes, request.AlignMask, request.MinAlignMask & ~InSlot, skipIfNull: true);

    /// <summary>G4 of 6.1 stable: as <see cref="AllocAlignStep"/>, but bits of L are taken out of M (vectors
    /// swiotlb-6.1.192).</summary>
    public static SlotPlan AllocAlignBeforeMinAlign(in MapRequest request, ulong pageBytes)
    {
        var allocAlign = request.AlignMask | InSlot;
        return Phased(request, pageBytes, request.AlignMask, request.MinAlignMask & ~allocAlign, skipIfNull: true);
    }

    /// <summary>G4b (6.3), and G5 (6.6) without dynamic growth: one mask K of M, L and, from a page on, the page;
    /// orig's bits in K are copied, so a page-sized request of an odd address begins at an odd slot.</summary>
    public static SlotPlan OneMask(in MapRequest request, ulong pageBytes)
    {
        var offset = request.PhysAddr & request.MinAlignMask & InSlot;
        var need = RoundUp((ulong)request.Bytes, request.AlignMask) + offset;
        var mask = request.MinAlignMask | request.AlignMask | (need >= pageBytes ? pageBytes - 1 : 0);
        mask &= ~InSlot;
        var tested = request.PhysAddr == 0 ? 0 : mask;
        return new SlotPlan
        {
            Units = Slot.Count(need),
            Offset = (long)offset,
            Stride = StepOf(mask),
            Mask = tested,
            Value = request.PhysAddr & tested,
        };
    }

    /// <summary>Slots from one address of a mask's alignment to the next.</summary>
    public static long StepOf(ulong mask) => (long)(mask >> Slot.Shift) + 1;

    /// <summary>Bytes rounded up to a multiple of <paramref name="mask"/> + 1.</summary>
    public static ulong RoundUp(ulong bytes, ulong mask) => (bytes + mask) & ~mask;

    private static SlotPlan Phased(
        in MapRequest request, ulong pageBytes, ulong allocAlign, ulong minAlign, bool skipIfNull)
    {
        var offset = request.PhysAddr & request.MinAlignMask & InSlot;
        var need = RoundUp((ulong)request.Bytes, request.AlignMask) + offset;
        var stride = StepOf(minAlign);
        if (need >= pageBytes)
        {
            stride = Math.Max(stride, stride * (long)(pageBytes >> Slot.Shift));
        }

        var tested = skipIfNull && request.PhysAddr == 0 ? 0 : minAlign;
        return new SlotPlan
        {
            Units = Slot.Count(need),
            Offset = (long)offset,
            Stride = Math.Max(stride, StepOf(allocAlign)),
            Mask = tested,
            Value = request.PhysAddr & tested,
        };
    }
}
