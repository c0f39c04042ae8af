namespace TraceReplay.Parsers.Ftrace;

/// <summary>How the body of an event is to be read.</summary>
internal enum BodyKind
{
    /// <summary>Not at all: the event is counted by name.</summary>
    Other,

    /// <summary>A kprobe, kretprobe or fprobe event.</summary>
    Probe,

    /// <summary><c>swiotlb_bounced</c>.</summary>
    Bounced,

    /// <summary><c>dma_map_page</c>, <c>dma_map_phys</c>, <c>dma_map_resource</c>.</summary>
    DmaMap,

    /// <summary>Their counterparts.</summary>
    DmaUnmap,

    /// <summary><c>dma_map_sg</c>.</summary>
    DmaMapSg,

    /// <summary><c>dma_unmap_sg</c>.</summary>
    DmaUnmapSg,

    /// <summary><c>dma_map_sg_err</c>.</summary>
    DmaMapSgError,

    /// <summary><c>dma_alloc</c> and its variants.</summary>
    DmaAlloc,

    /// <summary><c>dma_free</c> and its variants.</summary>
    DmaFree,

    /// <summary><c>dma_sync_single_*</c>.</summary>
    DmaSync,

    /// <summary><c>dma_sync_sg_*</c>.</summary>
    DmaSyncSg,

    /// <summary><c>scsi_dispatch_cmd_start</c>.</summary>
    ScsiStart,

    /// <summary><c>scsi_dispatch_cmd_done</c>.</summary>
    ScsiDone,

    /// <summary><c>scsi_dispatch_cmd_error</c>.</summary>
    ScsiError,

    /// <summary><c>scsi_dispatch_cmd_timeout</c>.</summary>
    ScsiTimeout,

    /// <summary><c>block_rq_issue</c>.</summary>
    BlockIssue,

    /// <summary><c>block_rq_complete</c>.</summary>
    BlockComplete,

    /// <summary><c>block_rq_requeue</c>.</summary>
    BlockRequeue,

    /// <summary><c>net_dev_start_xmit</c>.</summary>
    NetXmit,

    /// <summary><c>tracing_mark_write</c>, <c>print</c>.</summary>
    Marker,

    /// <summary>A stack trace's first line.</summary>
    Stack,

    /// <summary>A record of the function tracers: says nothing of pools, and there are very many.</summary>
    Function,
}

/// <summary>An event name of this trace.</summary>
internal sealed class EventDescriptor
{
    /// <summary>Name as it stands in the line.</summary>
    public required byte[] Name { get; init; }

    /// <summary>Interned name without the system.</summary>
    public required int NameId { get; init; }

    /// <summary>How the body is read.</summary>
    public required BodyKind Body { get; init; }

    /// <summary><c>map</c> or <c>unmap</c>: bodies that begin with <c>IOMMU:</c> belong to the iommu events.</summary>
    public required bool MayBeIommu { get; init; }

    /// <summary>How the fields of a probe are read; made at its first line.</summary>
    public ProbePlan? Plan { get; set; }

    /// <summary>How often the event was seen.</summary>
    public long Count { get; set; }
}
