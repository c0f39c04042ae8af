namespace TraceReplay.Pools.ScsiDma;

/// <summary>How large the SCSI mid-layer of 2.4 makes its DMA pool: scatter-gather tables for every command every LUN
/// could have at once. Mirrors <c>scsi_resize_dma_pool</c> of drivers/scsi/scsi_dma.c (2.4.21); spec/demand-side.md
/// 1.1.</summary>
public static class ScsiDmaSizing
{
    /// <summary>Most sectors the pool can have: 65,520 of 512 bytes, 32 MiB less 8 KiB. Beyond it the pool stops
    /// growing without a message.</summary>
    public const int MostSectors = 65520;

    private const int SectorBytes = 512;

    /// <summary>Sectors one LUN path adds to the need.</summary>
    /// <param name="tableSegments">The host's sg_tablesize, segments, 0 to 65,535.</param>
    /// <param name="scatterlistBytes">sizeof(struct scatterlist): 20 i386 (24 with PAE), 32 x86_64 and ppc64, 40 ia64
    /// and x86_64 with swiotlb.</param>
    /// <param name="queueDepth">Commands the LUN may have at once, at least 1.</param>
    /// <returns>Sectors.</returns>
    public static long SectorsOfLun(int tableSegments, int scatterlistBytes, int queueDepth) =>
        (((long)tableSegments * scatterlistBytes) + SectorBytes - 1) / SectorBytes * queueDepth;

    /// <summary>Size the pool is brought to.</summary>
    /// <param name="lunSectors">Sum of <see cref="SectorsOfLun"/> over all LUN paths.</param>
    /// <param name="hosts">SCSI hosts, 0 while no upper driver is registered.</param>
    /// <param name="pageShift">log2 of the CPU page, 12 to 14.</param>
    /// <returns>Sectors, rounded as the kernel does and never above <see cref="MostSectors"/>.</returns>
    public static int PoolSectors(long lunSectors, int hosts, int pageShift)
    {
        var pageSectors = 1L << (pageShift - 9);
        var need = (2 * pageSectors) + (pageSectors * hosts) + lunSectors;
        return (int)(Math.Min(need + 15, 65535) & 0xfff0);
    }
}
