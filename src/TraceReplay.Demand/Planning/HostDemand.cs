using TraceReplay.Core;
using TraceReplay.Demand.Capacity;
using TraceReplay.Demand.Drivers;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Planning;

/// <summary>What a host could ask of a pool at once (spec/demand-side.md 1.2 and 5): commands in flight are the sum of the
/// queue depths of its LUN paths, ended by the host's own can_queue; each maps its segments; the driver's coherent memory
/// comes on top.</summary>
internal static class HostDemand
{
    private const long UnlimitedCommands = Estimate.Ceiling;

    // 128 slots of 2 KiB (IO_TLB_SEGSIZE).
    private const long MostBounceBytes = 256 << 10;

    // lpfc_slave_alloc adds two to the depth and stops LPFC_DISC_IOCB_BUFF_COUNT short of the queue (lpfc_scsi.c, lpfc.h,
    // 2.6.18; spec demand-side.md 1.2).
    private const int ExtraBuffersOfLun = 2;
    private const int BuffersKeptBack = 20;

    /// <summary>Commands that the host could have in flight at once.</summary>
    public static Estimate Commands(HostInput host) => host.CanQueue is { } limit ? Depths(host).AtMost(limit) : Depths(host);

    /// <summary>The depths of all LUN paths together.</summary>
    public static Estimate Depths(HostInput host) => host.TotalDepth ?? host.LunPaths.Times(host.QueueDepth);

    /// <summary>Whether can_queue ends the demand before the depths of the LUNs do.</summary>
    public static bool IsLimitedByHost(HostInput host) =>
        host.CanQueue is { } limit && limit.Most < Depths(host).Most;

    /// <summary>The commands at the lower or the upper bound, as the kernel lets them reach this pool.</summary>
    public static CommandShape Shape(PoolGeometry geometry, HostInput host, bool most, int scatterlistBytes)
    {
        var shape = new CommandShape(
            Math.Max(1, most ? host.Segments.Most : host.Segments.Least),
            Math.Max(1, most ? host.SegmentBytes.Most : host.SegmentBytes.Least), scatterlistBytes);
        if (!KeepsRequestsWithin(geometry))
        {
            return shape;
        }

        var bytes = Math.Min(shape.SegmentBytes, MostBounceBytes);
        return shape with { SegmentBytes = bytes, Segments = Math.Min(shape.Segments, MostBounceBytes / bytes) };
    }

    /// <summary>Whether the block layer keeps requests within what the pool serves at once: dma_max_mapping_size of a
    /// swiotlb, 5.4 and later (spec swiotlb.md sections 1 and 4).</summary>
    public static bool KeepsRequestsWithin(PoolGeometry geometry) => geometry.Kind is PoolKind.Swiotlb or PoolKind.SwiotlbXen
        && (!KernelVersion.TryParse(geometry.Kernel, out var version) || version >= new KernelVersion(5, 4));

    /// <summary>The demand on a pool.</summary>
    public static HostPlan On(IPoolModel model, HostInput host, int scatterlistBytes)
    {
        var commands = Commands(host);
        var least = UsablePool.UnitsOf(model, Shape(model.Geometry, host, most: false, scatterlistBytes), out _);
        var most = UsablePool.UnitsOf(model, Shape(model.Geometry, host, most: true, scatterlistBytes), out _);
        var each = new Estimate(Math.Min(least, most), Math.Max(least, most), Worse(host.Segments.Basis, host.SegmentBytes.Basis),
            "segments of a command times units of a segment");
        var permanent = Permanent(model.Geometry, host);
        return new HostPlan(host, commands, each, permanent, commands.Times(each).Plus(permanent), IsLimitedByHost(host));
    }

    /// <summary>Pages of the driver's coherent memory. A bounce buffer pool and the SCSI pool are not where it comes
    /// from.</summary>
    private static Estimate Permanent(PoolGeometry geometry, HostInput host)
    {
        var bytes = host.Defaults?.CoherentBytes ?? 0;
        if (bytes == 0 || geometry.Kind is PoolKind.Swiotlb or PoolKind.SwiotlbXen or PoolKind.ScsiDma)
        {
            return Estimate.Exactly(0, Basis.KernelRule, "no coherent memory known to come from this pool");
        }

        var perPage = Math.Max(1, geometry.UnitBytes / bytes);
        var kept = (host.CanQueue?.Most ?? UnlimitedCommands) + DriverDefaults.ReservedCommands - BuffersKeptBack;
        var least = Pages(host.LunPaths.Least, host.QueueDepth.Least, kept, perPage);
        var most = Pages(host.LunPaths.Most, host.QueueDepth.Most, kept, perPage);
        return new Estimate(least, most, Basis.DriverDefault,
            "command buffers of the driver, preallocated per LUN: about 1 KiB each (spec demand-side.md 1.2; sizes estimated)");
    }

    private static long Pages(long paths, long depth, long kept, long perPage)
    {
        var buffers = Int128.Min((Int128)paths * (depth + ExtraBuffersOfLun), Math.Max(0, kept));
        return (long)((buffers + perPage - 1) / perPage);
    }

    private static Basis Worse(Basis one, Basis other) => (Basis)Math.Max((int)one, (int)other);
}
