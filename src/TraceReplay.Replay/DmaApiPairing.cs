using TraceReplay.Core;

namespace TraceReplay.Replay;

/// <summary>How often one device bounced.</summary>
/// <param name="Mappings">Bounces decided.</param>
/// <param name="Bytes">Their sizes together.</param>
/// <param name="Forced">Those that were forced, not needed for the device's mask.</param>
/// <param name="Mask">The device's mask as the last of them states it, 0 = not told.</param>
public readonly record struct BounceCount(long Mappings, long Bytes, long Forced, ulong Mask);

/// <summary>Operations from the DMA API's events (<c>dma_map_*</c>, 6.12 and later): a mapping used the software IO TLB if
/// a <c>swiotlb_bounced</c> of the same task and buffer came just before it (spec formats.md 3.1).</summary>
internal sealed class DmaApiPairing(OperationLog log)
{
    private readonly Dictionary<int, BounceCount> _bounces = log.Bounces;
    private readonly Dictionary<(int Task, ulong PhysAddr), long> _pending = [];
    private readonly HashSet<(int Device, ulong BusAddr)> _live = [];

    /// <summary>Bounces per device.</summary>
    public IReadOnlyDictionary<int, BounceCount> Bounces => _bounces;

    /// <summary>An IOMMU translates on this machine: an address that differs from the buffer's is no bounce.</summary>
    public bool IommuSeen { get; set; }

    /// <summary>A bounce was decided.</summary>
    /// <param name="item">The event.</param>
    /// <param name="device">Its device in the log's names.</param>
    public void Bounce(in TraceEvent item, int device)
    {
        var count = _bounces.GetValueOrDefault(device);
        var forced = item.Fields.HasFlag(EventFields.Forced) ? 1 : 0;
        _bounces[device] = new BounceCount(count.Mappings + 1, count.Bytes + item.Bytes, count.Forced + forced, item.Limit != 0 ? item.Limit : count.Mask);
        if (_pending.Count > 4096)
        {
            _pending.Clear();
        }

        // swiotlb_bounced prints the address it was decided for, which is the buffer's own.
        _pending[(Task(item.Pid, item.Cpu), item.PhysAddr)] = item.Bytes;
    }

    /// <summary>The DMA API tried a mapping.</summary>
    /// <param name="operation">The request with its answer.</param>
    public void Map(DmaOperation operation)
    {
        var bounced = _pending.Remove((Task(operation.Pid, operation.Cpu), operation.PhysAddr));
        var failed = operation.BusAddr is TraceEvent.MappingError or uint.MaxValue;
        if (!bounced && !failed && (_bounces.Count > 0 || IommuSeen || operation.BusAddr == operation.PhysAddr))
        {
            return;
        }

        // Without bounce events only the address tells whether the pool was used: the replay looks at it.
        operation.Extra = (byte)(bounced || failed ? 0 : 1);
        operation.Result = operation.BusAddr is TraceEvent.MappingError or uint.MaxValue
            ? OperationResult.Failed
            : OperationResult.Mapped;
        if (operation.Result == OperationResult.Mapped)
        {
            _live.Add((operation.Device, operation.BusAddr));
        }

        log.Add(in operation);
    }

    /// <summary>The DMA API gave a mapping back.</summary>
    /// <param name="operation">The release.</param>
    public void Unmap(in DmaOperation operation)
    {
        if (_live.Remove((operation.Device, operation.BusAddr)))
        {
            log.Add(in operation);
        }
    }

    private static int Task(int pid, int cpu) => pid > 0 ? pid : -1 - cpu;
}
