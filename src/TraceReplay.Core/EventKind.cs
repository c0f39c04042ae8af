namespace TraceReplay.Core;

/// <summary>What one trace event says, independent of the format it was read from. The database text is
/// <see cref="EventKindNames.Name(EventKind)"/>.</summary>
public enum EventKind : byte
{
    /// <summary>An event this version has no meaning for; kept by name and counted.</summary>
    Other = 0,

    /// <summary>DMA API: a streaming mapping was attempted (<c>dma_map_page/phys/sg</c>). All-ones address = it failed.</summary>
    Map,

    /// <summary>DMA API: a streaming mapping was given back.</summary>
    Unmap,

    /// <summary>DMA API: a coherent allocation.</summary>
    Alloc,

    /// <summary>DMA API: a coherent allocation was freed.</summary>
    Free,

    /// <summary>A bounce was decided (<c>swiotlb_bounced</c>): emitted before the slot search, says nothing of success.</summary>
    Bounce,

    /// <summary>Ownership handed over without mapping or unmapping (<c>dma_sync_*</c>).</summary>
    Sync,

    /// <summary>An explicit failure event (<c>dma_map_sg_err</c>).</summary>
    Fail,

    /// <summary>Allocator probe: a request entered the pool's allocator.</summary>
    PoolMap,

    /// <summary>Allocator probe: the allocator returned (address, or all ones / 0 = failed).</summary>
    PoolMapReturn,

    /// <summary>Allocator probe: a mapping is given back to the pool.</summary>
    PoolUnmap,

    /// <summary>Allocator probe that carries request and result in one event (ppc64 <c>alloc_ok</c>).</summary>
    PoolMapped,

    /// <summary>Allocator probe that says a request was refused (ppc64 <c>alloc_fail</c>).</summary>
    PoolMapFailed,

    /// <summary>IOMMU page-table map (<c>iommu:map</c>).</summary>
    IommuMap,

    /// <summary>IOMMU page-table unmap (<c>iommu:unmap</c>).</summary>
    IommuUnmap,

    /// <summary>A SCSI command was handed to the host driver.</summary>
    ScsiStart,

    /// <summary>A SCSI command completed.</summary>
    ScsiDone,

    /// <summary>The host driver refused a SCSI command (often because a mapping failed).</summary>
    ScsiError,

    /// <summary>A SCSI command timed out.</summary>
    ScsiTimeout,

    /// <summary>A block request was handed to its driver.</summary>
    BlockIssue,

    /// <summary>A block request completed.</summary>
    BlockComplete,

    /// <summary>A block request was put back to the queue.</summary>
    BlockRequeue,

    /// <summary>A network packet was handed to its driver.</summary>
    NetXmit,

    /// <summary>Text written to the trace by a person or script.</summary>
    Marker,

    /// <summary>A stack trace that belongs to the event before it on the same CPU and task.</summary>
    Stack,

    /// <summary>The tracer lost events here; <see cref="TraceEvent.Bytes"/> is how many (0 = unknown).</summary>
    Lost,

    /// <summary>A pool was created at run time (dynamic swiotlb) or its geometry was read.</summary>
    PoolGrow,

    /// <summary>A pool created at run time was freed.</summary>
    PoolShrink,

    /// <summary>Allocator probe: one area of one pool is about to be searched (dynamic swiotlb).</summary>
    PoolSearch,

    /// <summary>Allocator probe: result of that search, <see cref="TraceEvent.Arg"/> = index or -1.</summary>
    PoolSearchReturn,
}

/// <summary>The database and JSON spelling of <see cref="EventKind"/>.</summary>
public static class EventKindNames
{
    private static readonly string[] Names =
    [
        "other", "map", "unmap", "alloc", "free", "bounce", "sync", "fail",
        "pool-map", "pool-map-return", "pool-unmap", "pool-mapped", "pool-map-failed",
        "iommu-map", "iommu-unmap", "scsi-start", "scsi-done", "scsi-error", "scsi-timeout",
        "block-issue", "block-complete", "block-requeue", "net-xmit", "marker", "stack", "lost",
        "pool-grow", "pool-shrink", "pool-search", "pool-search-return",
    ];

    /// <summary>All names, indexed by the value of <see cref="EventKind"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The stable text of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Lower-case text with hyphens.</returns>
    public static string Name(this EventKind kind) => Names[(int)kind];
}
