using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>Between which kernels one must be that prints a message in a wording: known even where no line tells the version.</summary>
public static class KernelWording
{
    // ppc64 puts the device in front of "iommu_alloc failed" since 3.4 (arch/powerpc/kernel/iommu.c; spec iommu-pools.md 1.9).
    private static readonly KernelVersion TceNamesDevice = new(3, 4);

    // "total %lu (slots), used %lu (slots)" came in the cycle of 4.19 (kernel/dma/swiotlb.c; spec swiotlb.md 3).
    private static readonly KernelVersion SwiotlbTellsUse = new(4, 19);

    /// <summary>Reads the bounds off the messages of a case.</summary>
    /// <param name="messages">Its messages.</param>
    /// <returns>The bounds, null if no wording tells any, or if they contradict each other (several kernels).</returns>
    public static KernelRange? Of(IEnumerable<LogMessageFact> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        KernelVersion? from = null;
        KernelVersion? to = null;
        foreach (var message in messages)
        {
            switch (message)
            {
                case { Family: "tce-alloc-failed", Device.Length: 0 }:
                    to = TceNamesDevice;
                    break;
                case { Family: "tce-alloc-failed" } when from is null:
                    from = TceNamesDevice;
                    break;
                case { Family: "swiotlb-full", TotalUnits: not null }:
                    from = SwiotlbTellsUse;
                    break;
            }
        }

        return (from is null && to is null) || (from is { } first && to is { } last && first >= last) ? null : new KernelRange(from, to, []);
    }
}
