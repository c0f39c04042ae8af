using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis;

/// <summary>How a larger pool of each kind is got (spec iommu-pools.md 1.9, 2.6, 3.5; demand-side.md 3).</summary>
internal static class LargerPool
{
    /// <summary>The change and a note on it.</summary>
    /// <param name="geometry">The pool as it is.</param>
    /// <param name="units">Units it should have.</param>
    /// <returns>Words for a remedy.</returns>
    public static (string Change, string Note) Words(PoolGeometry geometry, long units)
    {
        var bytes = units * geometry.UnitBytes;
        var size = Wording.Bytes(bytes);
        return geometry.Kind switch
        {
            PoolKind.Gart => ($"an IOMMU area of {size} in the aperture (iommu=memaper={ApertureOrder(bytes)}, or the BIOS)",
                "iommu=SIZE (in bytes) sets the part of the aperture that is used, iommu=noagp leaves all of it to DMA."),
            PoolKind.Calgary => ($"a table for {size} (calgary=)", "calgary=64k to 8M is the size of the table itself: 64k map 32 MiB, 8M map 4 GiB."),
            PoolKind.Iova => ($"{size} of addresses: above 4 GiB (iommu.forcedac=1), for a device whose mask reaches there",
                "Up to 6.11 each mapping tries below 4 GiB first; from 6.12 on, one failure there switches a device to its whole mask."),
            _ => ($"a DMA window of {size} ({units} entries)",
                "Set by the firmware or hypervisor (slot or LPAR settings). A driver with a 64-bit mask gets a direct window past the table, unless disable_ddw is on the command line."),
        };
    }

    // memaper=N makes an aperture of 32 MiB << N (spec iommu-pools.md 2.6).
    private static int ApertureOrder(long bytes)
    {
        var order = 0;
        while (32L << (20 + order) < bytes)
        {
            order++;
        }

        return order;
    }
}
