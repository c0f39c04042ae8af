namespace TraceReplay.Pools.Swiotlb;

/// <summary>Requests up to 5.11: no offset, no alignment but the page stride. Mirrors <c>map_single</c> of
/// arch/ia64/lib/swiotlb.c (to 2.6.14) and lib/swiotlb.c (2.6.15 to 4.18), <c>swiotlb_tbl_map_single</c> of
/// kernel/dma/swiotlb.c (4.19 to 5.11); spec section 2, G0 to G1e.</summary>
internal static class EarlyPlans
{
    /// <summary>2.4.0 (G0): up to a page the stride is the request itself.</summary>
    public static SlotPlan WholePool(in MapRequest request, ulong pageBytes)
    {
        var bytes = (ulong)request.Bytes;
        var units = Slot.Count(bytes);
        return new SlotPlan { Units = units, Stride = bytes > pageBytes ? PageSlots(pageBytes) : units };
    }

    /// <summary>G1a to G1c: more than a page begins on a page.</summary>
    public static SlotPlan AboveAPage(in MapRequest request, ulong pageBytes) =>
        Stepped((ulong)request.Bytes, (ulong)request.Bytes > pageBytes, pageBytes);

    /// <summary>G1d and G1e: a page or more begins on a page.</summary>
    public static SlotPlan FromAPage(in MapRequest request, ulong pageBytes) =>
        Stepped((ulong)request.Bytes, (ulong)request.Bytes >= pageBytes, pageBytes);

    private static SlotPlan Stepped(ulong bytes, bool onPages, ulong pageBytes) =>
        new() { Units = Slot.Count(bytes), Stride = onPages ? PageSlots(pageBytes) : 1 };

    private static long PageSlots(ulong pageBytes) => (long)(pageBytes >> Slot.Shift);
}
