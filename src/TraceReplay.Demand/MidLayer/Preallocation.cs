using TraceReplay.Pools.ScsiDma;

namespace TraceReplay.Demand.MidLayer;

/// <summary>What the SCSI mid-layer of 2.4 sets aside when LUNs are attached: a pool of scatter-gather tables for every
/// command that every LUN path could have, whether in flight or not. Mirrors <c>scsi_resize_dma_pool</c> of
/// drivers/scsi/scsi_dma.c (2.4.21); spec/demand-side.md 1.1.</summary>
/// <param name="WantedSectors">Sectors of 512 bytes it wants, before its cap.</param>
/// <param name="PoolSectors">Sectors the pool is brought to.</param>
public readonly record struct Preallocation(long WantedSectors, int PoolSectors)
{
    private const int PageShift = 12;
    private const int PageSectors = 1 << (PageShift - 9);
    private const int MostTries = 20;

    /// <summary>Whether the pool stopped growing at its cap, which the kernel says nowhere.</summary>
    public bool IsCapped => WantedSectors > ScsiDmaSizing.MostSectors;

    /// <summary>The pool of hosts whose LUN paths are disks.</summary>
    /// <param name="lunSectors">Sum over LUN paths of <see cref="ScsiDmaSizing.SectorsOfLun"/>.</param>
    /// <param name="hosts">SCSI hosts.</param>
    /// <returns>What it wants and gets.</returns>
    public static Preallocation Of(long lunSectors, int hosts) => new(
        Fixed(hosts) + lunSectors, ScsiDmaSizing.PoolSectors(lunSectors, hosts, PageShift));

    /// <summary>Most LUN paths for which the whole pool fits below its cap.</summary>
    /// <param name="sectorsOfLun">Sectors of one path.</param>
    /// <param name="hosts">SCSI hosts.</param>
    /// <returns>Paths.</returns>
    public static long PathsBelowCap(long sectorsOfLun, int hosts) =>
        Math.Max(0, ScsiDmaSizing.MostSectors - Fixed(hosts)) / Math.Max(1, sectorsOfLun);

    /// <summary>The sizes that the kernel tries in turn while memory is short: three quarters each time, at most 20
    /// times, as long as the pool would still grow and hold eight pages.</summary>
    /// <param name="present">Sectors the pool has, 0 for a new one.</param>
    /// <param name="wanted">Sectors it was to be brought to.</param>
    /// <returns>Sizes in sectors, the wanted one first.</returns>
    public static IEnumerable<int> Tries(int present, int wanted)
    {
        var size = wanted;
        for (var i = 0; i < MostTries && size >= 8 * PageSectors && size > present; i++)
        {
            yield return size;
            size = ((size * 3 / 4) + 15) & 0xfff0;
        }
    }

    private static long Fixed(int hosts) => (2L * PageSectors) + ((long)PageSectors * hosts);
}
