namespace TraceReplay.Pools.Bitmaps;

/// <summary>The search of lib/iommu-helper.c, <c>iommu_area_alloc</c> (spec/iommu-pools.md 0.2 and 0.3): the lowest
/// aligned run in a window whose last unit is never handed out, and which does not cross the device's segment
/// boundary.</summary>
/// <param name="Shift">Units from a boundary to unit 0 of the table.</param>
/// <param name="Boundary">Units between boundaries, a power of two; 0 = none.</param>
/// <param name="Jumps">After a run that crosses, go on at the next boundary (5.10 on) instead of the next unit.</param>
internal readonly record struct BoundarySearch(ulong Shift, ulong Boundary, bool Jumps)
{
    /// <summary>Answer for a search that never ends.</summary>
    public const int Endless = -2;

    /// <summary>The place, -1 if none, <see cref="Endless"/> if the kernel's search never ends.</summary>
    /// <param name="map">The table.</param>
    /// <param name="from">First unit of the window, at least 0.</param>
    /// <param name="limit">Unit after the window.</param>
    /// <param name="n">Units wanted.</param>
    /// <param name="alignMask">Alignment in units, minus 1.</param>
    public int Find(FreeMap map, long from, long limit, long n, long alignMask)
    {
        if (Boundary != 0 && (ulong)n > Boundary && !Jumps)
        {
            return -1; // every place crosses
        }

        var end = (int)Math.Min(limit, map.Units) - 1;
        while (from < end)
        {
            var found = map.Find((int)from, end, n, alignMask);
            if (found < 0 || Boundary == 0 || !IsCrossedBy((ulong)found, (ulong)n))
            {
                return found;
            }

            from = After(found);
            if (from == found)
            {
                return Endless;
            }
        }

        return -1;
    }

    /// <summary>Where the search goes on: every place up to the next boundary crosses it too, so that the two ways
    /// differ only for a request longer than the boundary, found on a boundary.</summary>
    private long After(int found)
    {
        var isPowerOfTwo = (Boundary & (Boundary - 1)) == 0;
        return Jumps || isPowerOfTwo ? (long)(((Shift + (ulong)found + Boundary - 1) & ~(Boundary - 1)) - Shift) : found + 1;
    }

    private bool IsCrossedBy(ulong unit, ulong n) => ((Shift + unit) & (Boundary - 1)) + n > Boundary;
}
