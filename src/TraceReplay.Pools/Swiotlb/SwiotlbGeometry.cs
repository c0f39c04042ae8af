using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>A swiotlb geometry that was found possible.</summary>
/// <param name="Slots">Slots, 1 to 2^26.</param>
/// <param name="Areas">Areas, a power of two; 1 in generations without areas.</param>
/// <param name="Base">Bus address of slot 0.</param>
/// <param name="PageBytes">Bytes of a CPU page.</param>
internal readonly record struct SwiotlbGeometry(int Slots, int Areas, ulong Base, ulong PageBytes)
{
    private const long MostSlots = 1L << 26; // 128 GiB of bounce buffers

    /// <summary>Slots of an area.</summary>
    public int AreaSlots => Slots / Areas;

    /// <summary>Checks a geometry.</summary>
    /// <param name="geometry">What was asked for.</param>
    /// <param name="hasAreas">Whether the generation has areas.</param>
    /// <returns>The geometry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a pool.</exception>
    public static SwiotlbGeometry Check(PoolGeometry geometry, bool hasAreas)
    {
        GeometryCheck.Range(geometry.Units, 1, MostSlots, "slots");
        GeometryCheck.Range(geometry.PageShift, 12, 18, "page shift");
        GeometryCheck.Range(geometry.UnitBytes is 0 ? (long)Slot.Bytes : geometry.UnitBytes, (long)Slot.Bytes,
            (long)Slot.Bytes, "bytes of a slot");
        var areas = hasAreas ? geometry.Areas : 1;
        GeometryCheck.Range(areas, 1, geometry.Units, "areas");
        GeometryCheck.PowerOfTwo(areas, "areas");
        return new SwiotlbGeometry((int)geometry.Units, areas, geometry.Base, 1UL << geometry.PageShift);
    }
}
