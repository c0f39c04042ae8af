namespace TraceReplay.Core;

/// <summary>The kinds of finite pool a DMA mapping can come out of.</summary>
public enum PoolKind : byte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Software IO TLB: bounce buffers of 2 KiB slots.</summary>
    Swiotlb,

    /// <summary>Software IO TLB of a Xen domain.</summary>
    SwiotlbXen,

    /// <summary>ppc64 TCE table.</summary>
    Tce,

    /// <summary>x86-64 GART aperture.</summary>
    Gart,

    /// <summary>IBM Calgary table.</summary>
    Calgary,

    /// <summary>IO virtual address space of an IOMMU domain.</summary>
    Iova,

    /// <summary>parisc/ia64 SBA.</summary>
    Sba,

    /// <summary>Coherent or atomic pool.</summary>
    Coherent,

    /// <summary>Contiguous memory allocator.</summary>
    Cma,

    /// <summary>The entries of dma-debug.</summary>
    DmaDebug,

    /// <summary>The SCSI mid-layer's private DMA pool of 2.4.</summary>
    ScsiDma,

    /// <summary>A driver's own failure line: the pool is not known.</summary>
    Driver,
}

/// <summary>The contract's spelling of <see cref="PoolKind"/>.</summary>
public static class PoolKindNames
{
    private static readonly string[] Names =
    [
        "unknown", "swiotlb", "swiotlb-xen", "tce", "gart", "calgary", "iova", "sba", "coherent", "cma", "dma-debug",
        "scsi-dma", "driver",
    ];

    /// <summary>The stable text of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The name used in reports, database and specs.</returns>
    public static string Name(this PoolKind kind) => Names[(int)kind];

    /// <summary>Reads the contract's spelling.</summary>
    /// <param name="name">A name as <see cref="Name(PoolKind)"/> gives it.</param>
    /// <returns>The kind, or null if the name is not one.</returns>
    public static PoolKind? Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index < 0 ? null : (PoolKind)index;
    }
}
