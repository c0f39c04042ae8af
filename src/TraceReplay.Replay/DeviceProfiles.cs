using TraceReplay.Core;

namespace TraceReplay.Replay;

/// <summary>What the allocator knows of each device beside the request: the min_align_mask its driver sets.</summary>
public sealed class DeviceProfiles
{
    /// <summary>NVMe sets dma_set_min_align_mask(dev, NVME_CTRL_PAGE_SIZE - 1) from 5.12 on (drivers/nvme/host/pci.c).</summary>
    private const ulong NvmeMinAlignMask = 0xfff;
    private const ulong SlotMask = 0x7ff;
    private readonly Dictionary<int, ulong> _minAlign = [];

    private DeviceProfiles()
    {
    }

    /// <summary>Learns the profiles from the drivers' names and from the answers: only with a min_align_mask does the
    /// kernel keep the buffer's offset within a slot (spec swiotlb.md, G2).</summary>
    /// <param name="log">The operations.</param>
    /// <param name="driverOf">Driver of a device, null if not known.</param>
    /// <returns>The profiles.</returns>
    public static DeviceProfiles Learn(OperationLog log, Func<string, string?> driverOf)
    {
        var profiles = new DeviceProfiles();
        if (log.Pools.All(pool => pool.Kind != PoolKind.Swiotlb))
        {
            return profiles;
        }

        var seen = new HashSet<int>();
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Kind != OperationKind.Map || log.Pools[operation.Pool].Kind != PoolKind.Swiotlb)
            {
                continue;
            }

            if (seen.Add(operation.Device) && driverOf(log.Names.Text(operation.Device)) == "nvme")
            {
                profiles._minAlign[operation.Device] = NvmeMinAlignMask;
            }

            var offset = operation.BusAddr & SlotMask;
            if (operation.Result == OperationResult.Mapped && offset != 0 && offset == (operation.PhysAddr & SlotMask))
            {
                profiles._minAlign[operation.Device] = NvmeMinAlignMask;
            }
        }

        return profiles;
    }

    /// <summary>The device's dma_get_min_align_mask().</summary>
    /// <param name="device">Device id.</param>
    /// <returns>The mask, 0 if none.</returns>
    public ulong MinAlignMask(int device) => _minAlign.GetValueOrDefault(device);
}
