namespace TraceReplay.Pools.Swiotlb;

/// <summary>Requests from 6.9 on, where alloc_align_mask (L) and min_align_mask (M) are tested apart. Mirrors
/// <c>swiotlb_search_pool_area</c> and <c>swiotlb_tbl_map_single</c> of kernel/dma/swiotlb.c; spec section 2, G6a and
/// G6b.</summary>
internal static class PaddedPlans
{
    private const ulong InSlot = Slot.Bytes - 1;

    /// <summary>G6a (6.9): a page or more is stepped in pages but not forced onto one.</summary>
    public static SlotPlan Apart(in MapRequest request, ulong pageBytes)
    {
        var offset = request.PhysAddr & request.MinAlignMask & InSlot;
        var need = AlignedPlans.RoundUp((ulong)request.Bytes, request.AlignMask) + offset;
        var allocAlign = request.AlignMask | InSlot;
        var minAlign = request.MinAlignMask & ~allocAlign;
        var stride = AlignedPlans.StepOf(Math.Max(allocAlign, minAlign));
        if (need >= pageBytes)
        {
            // The kernel adds the shift difference where a step was meant: 2 with 4 KiB pages, 6 with 64 KiB.
            stride = Math.Max(stride, System.Numerics.BitOperations.Log2(pageBytes) - Slot.Shift + 1);
        }

        return Make(request, need, offset, stride, allocAlign, minAlign);
    }

    /// <summary>G6b (6.10 on): whole slots of padding in front take the offset that L forbids.</summary>
    public static SlotPlan Padded(in MapRequest request, ulong pageBytes)
    {
        var offset = request.PhysAddr & request.MinAlignMask & (request.AlignMask | InSlot);
        var need = AlignedPlans.RoundUp((ulong)request.Bytes + offset, request.AlignMask);
        var onPage = request.AlignMask == 0 && request.MinAlignMask == 0 && need >= pageBytes;
        var allocAlign = (onPage ? pageBytes - 1 : request.AlignMask) | InSlot;
        var minAlign = request.MinAlignMask & ~allocAlign;
        var stride = AlignedPlans.StepOf(Math.Max(allocAlign, minAlign));
        return Make(request, need, offset, stride, allocAlign, minAlign);
    }

    private static SlotPlan Make(
        in MapRequest request, ulong need, ulong offset, long stride, ulong allocAlign, ulong minAlign)
    {
        var minTested = request.PhysAddr == 0 ? 0 : minAlign;
        return new SlotPlan
        {
            Units = Slot.Count(need),
            Offset = (long)offset,
            Stride = stride,
            Mask = allocAlign | minTested,
            Value = request.PhysAddr & minTested,
        };
    }
}
