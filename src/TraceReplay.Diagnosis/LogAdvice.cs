using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis;

/// <summary>What to do and what to capture next where only a log is at hand.</summary>
internal static class LogAdvice
{
    public static List<Remedy> Remedies(Cause cause, PoolKind kind)
    {
        if (cause == Cause.SegmentLimit && kind is PoolKind.Swiotlb or PoolKind.SwiotlbXen)
        {
            return
            [
                new Remedy("keep mappings at or below 256 KiB (for a disk: echo 256 > /sys/block/DISK/queue/max_sectors_kb)",
                    "segment-size", Proven: false, null, "The driver must honour dma_max_mapping_size()."),
                new Remedy("a larger pool (swiotlb=)", "useless", Proven: false, null,
                    "No swiotlb= size helps: one mapping can never have more than 128 slots."),
            ];
        }

        return (kind, cause) switch
        {
            (PoolKind.DmaDebug, Cause.Leak) => [new Remedy("mend the driver: it must unmap everything before it lets go of the device", "driver-fix",
                Proven: false, null, "The details line after the message gives size, direction and kind of one leaked mapping.")],
            (PoolKind.Swiotlb, not (Cause.PoolUnavailable or Cause.MaskLimit)) => [new Remedy("a larger pool: swiotlb=N counts slots of 2 KiB", "pool-size",
                Proven: false, null, "Helps against demand; it only delays a leak. Not proven: nothing was replayed.")],
            _ => [],
        };
    }

    public static List<string> NextCapture(PoolKind kind, MachineFact machine) => kind switch
    {
        PoolKind.Swiotlb =>
        [
            "Record who maps and unmaps: cd /sys/kernel/tracing; echo 'p:map_in swiotlb_tbl_map_single dev=+0(+0(%di)):string orig=%si:x64 msize=%dx:u64' >> kprobe_events; echo 'r:map_ret swiotlb_tbl_map_single ret=$retval:x64' >> kprobe_events; echo 'p:unmap " + UnmapFunction(machine) + " dev=+0(+0(%di)):string tlb=%si:x64 msize=%dx:u64' >> kprobe_events; echo 1 > events/kprobes/enable; cat trace_pipe > trace.txt (arguments as on x86-64).",
            "Watch the use while the devices are idle: cat /sys/kernel/debug/swiotlb/io_tlb_used (5.4 and later): what stays is held or leaked.",
            "Keep the boot lines that give the geometry: dmesg | grep -i 'software IO TLB'.",
        ],
        PoolKind.Tce =>
        [
            "Record the allocator with probes on iommu_range_alloc and __iommu_free (device, table, entry, pages).",
            "Keep the table sizes: dmesg | grep -iE 'tce|dma window|iommu'.",
        ],
        PoolKind.DmaDebug => ["Which call made the leaked mappings: cat /sys/kernel/debug/dma-api/dump while the device is bound (5.1 and later)."],
        _ => ["Record the DMA events of the kernel while it happens: trace-cmd record -e dma -e iommu (6.12 and later)."],
    };

    /// <summary>The function to probe: the plain name became an inline wrapper with 6.12 (spec swiotlb.md, section 5).</summary>
    private static string UnmapFunction(MachineFact machine) =>
        KernelVersion.TryParse(machine.KernelVersion ?? machine.KernelRelease, out var version) && version >= new KernelVersion(6, 9)
            ? "__swiotlb_tbl_unmap_single"
            : "swiotlb_tbl_unmap_single";
}
