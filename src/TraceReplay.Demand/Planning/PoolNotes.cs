using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Planning;

/// <summary>What a reader should know of a pool before he trusts the numbers.</summary>
internal static class PoolNotes
{
    /// <summary>The notes that apply.</summary>
    public static IReadOnlyList<string> Of(PoolGeometry geometry, CornerFit most, IReadOnlyList<HostInput> hosts)
    {
        var notes = new List<string>();
        var lost = geometry.Units - most.Usable;
        if (!most.ExceedsRequestLimit && lost > geometry.Units / 8)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{lost:#,0} of {geometry.Units:#,0} units are out of reach for requests of this size{WhyLost(geometry)}"));
        }

        switch (geometry.Kind)
        {
            case PoolKind.Swiotlb:
                if (HostDemand.KeepsRequestsWithin(geometry))
                {
                    notes.Add("kernels from 5.4 on keep requests within the 256 KiB that one mapping can have, so commands are counted no larger");
                }

                notes.Add("only mappings that bounce take slots: buffers that the device cannot reach, or all of them where bouncing is forced or the guest's memory is encrypted");
                break;
            case PoolKind.Tce when PoolModels.Find(PoolKind.Tce, geometry.Kernel)?.Generation == "P0":
                notes.Add("2.4 panics when this table is full");
                break;
            case PoolKind.Tce when HasDirectWindows(geometry):
                notes.Add("a device with a 64-bit mask and a direct window (DDW) goes past this window, unless disable_ddw is on the command line");
                break;
            case PoolKind.Iova:
                notes.Add("unmapped ranges wait for the flush queue and in per-CPU caches before they are free again: leave room beyond the peak");
                break;
        }

        if (hosts.Any(host => host.CanQueue is null))
        {
            notes.Add("what the host itself allows at once (can_queue) is not known: the depths of all LUN paths are added up");
        }

        return notes;
    }

    /// <summary>Direct windows came with 2.6.38 (memory; 2.6.32 and earlier, which were read, have none).</summary>
    private static bool HasDirectWindows(PoolGeometry geometry) =>
        !KernelVersion.TryParse(geometry.Kernel, out var version) || version >= new KernelVersion(2, 6, 38);

    private static string WhyLost(PoolGeometry geometry) =>
        geometry.Kind == PoolKind.Tce && PoolModels.Find(PoolKind.Tce, geometry.Kernel)?.Generation.StartsWith("P4", StringComparison.Ordinal) == true
            ? ": kernels from 3.6 to about 5.12 keep a quarter of the window for requests of 16 pages and more"
            : string.Empty;
}
