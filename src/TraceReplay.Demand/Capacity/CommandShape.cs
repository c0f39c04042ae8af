namespace TraceReplay.Demand.Capacity;

/// <summary>What one command maps.</summary>
/// <param name="Segments">Segments of its scatter-gather list, at least 1.</param>
/// <param name="SegmentBytes">Bytes of each, at least 1.</param>
/// <param name="ScatterlistBytes">sizeof(struct scatterlist), which the SCSI pool of 2.4 holds one of per segment: 20 i386
/// (24 with PAE), 32 x86_64 and ppc64, 40 ia64 and x86_64 with swiotlb (spec demand-side.md 1.1).</param>
public readonly record struct CommandShape(long Segments, long SegmentBytes, int ScatterlistBytes = 32);
