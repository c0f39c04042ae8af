namespace TraceReplay.Replay;

/// <summary>The driver's function in a call chain: the first frame that is not the DMA layer's own.</summary>
public static class CallSite
{
    private static readonly string[] LayerPrefixes =
    [
        "iommu_", "__iommu_", "ppc_iommu_", "dma_", "__dma_", "swiotlb_", "__swiotlb_", "alloc_iova", "intel_map", "intel_alloc",
        "amd_iommu", "__map_single", "map_single", "pci_map_", "pci_alloc_consistent", "scsi_dma_map", "vring_", "virtqueue_",
        "kprobe", "__kprobe", "trace_", "ftrace_", "debug_dma", "tce_", "xen_swiotlb", "fprobe", "rethook", "arch_rethook",
    ];

    /// <summary>Finds it.</summary>
    /// <param name="frames">Frames from the innermost outwards, with <c>|</c> between.</param>
    /// <returns>The function, empty if every frame is the DMA layer's.</returns>
    public static string Of(string frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        foreach (var frame in frames.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var end = frame.IndexOfAny(['+', ' ']);
            var name = end > 0 ? frame[..end] : frame;
            if (!LayerPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)))
            {
                return name;
            }
        }

        return string.Empty;
    }
}
