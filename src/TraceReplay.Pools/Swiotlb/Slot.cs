namespace TraceReplay.Pools.Swiotlb;

/// <summary>Constants of every generation (spec section 1): <c>IO_TLB_SHIFT</c> 11, <c>IO_TLB_SEGSIZE</c>
/// 128.</summary>
internal static class Slot
{
    /// <summary>log2 of the bytes of a slot.</summary>
    public const int Shift = 11;

    /// <summary>Bytes of a slot.</summary>
    public const ulong Bytes = 1UL << Shift;

    /// <summary>log2 of <see cref="SegmentSlots"/>.</summary>
    public const int SegmentShift = 7;

    /// <summary>Slots of a segment: the most one mapping can take (256 KiB). Not in 2.4.0.</summary>
    public const int SegmentSlots = 1 << SegmentShift;

    /// <summary>Largest size looked at, bytes; anything above it fails alike, and sums stay far from
    /// overflow.</summary>
    public const ulong HugeBytes = 1UL << 40;

    /// <summary>Slots for a number of bytes, up to <see cref="HugeBytes"/> times four.</summary>
    public static int Count(ulong bytes) => (int)((bytes + Bytes - 1) >> Shift);
}
