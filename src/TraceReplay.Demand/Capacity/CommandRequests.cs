using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Capacity;

/// <summary>The requests that one command makes of a pool: each kind of pool is asked in its own way.</summary>
public static class CommandRequests
{
    private const int SectorBytes = 512;

    /// <summary>Whether a pool serves the whole list of a command with one run of units: IOVA (dma-iommu since 5.x,
    /// spec iommu-pools.md 3.5), the buddy table of 2.4 (1.1), the SCSI pool's tables (demand-side.md 1.1).</summary>
    /// <param name="geometry">The pool.</param>
    /// <returns>True if a list is one request.</returns>
    public static bool TakesWholeLists(PoolGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        return geometry.Kind is PoolKind.Iova or PoolKind.ScsiDma
            || (geometry.Kind == PoolKind.Tce && PoolModels.Find(PoolKind.Tce, geometry.Kernel)?.Generation == "P0");
    }

    /// <summary>Number of requests of one command.</summary>
    /// <param name="geometry">The pool.</param>
    /// <param name="shape">The command.</param>
    /// <returns>1, or one for each segment.</returns>
    public static long Count(PoolGeometry geometry, CommandShape shape) => TakesWholeLists(geometry) ? 1 : shape.Segments;

    /// <summary>One of a command's requests. Buffers begin on a page; a segment of the block layer does where its size is
    /// a multiple of a page.</summary>
    /// <param name="geometry">The pool.</param>
    /// <param name="shape">The command.</param>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <returns>The request.</returns>
    public static MapRequest Of(PoolGeometry geometry, CommandShape shape, long index)
    {
        var request = new MapRequest { Bytes = shape.SegmentBytes, SegmentBoundary = ulong.MaxValue };
        switch (geometry.Kind)
        {
            case PoolKind.ScsiDma:
                request.Bytes = TableBytes(shape);
                break;
            case PoolKind.Tce when !TakesWholeLists(geometry):
                request.Units = Pages(shape.SegmentBytes, geometry.UnitBytes);
                request.SegmentBoundary = uint.MaxValue;
                request.Extra = index == 0 ? 1 : 2;
                break;
            case PoolKind.Iova:
                request.Units = shape.Segments * Pages(shape.SegmentBytes, geometry.UnitBytes);
                request.AlignMask = 1;
                request.Limit = (ulong)geometry.Units - 1;
                request.Extra = 1;
                break;
            case PoolKind.Tce:
                request.Units = shape.Segments * Pages(shape.SegmentBytes, geometry.UnitBytes);
                break;
            case PoolKind.Gart or PoolKind.Calgary:
                request.Units = Pages(shape.SegmentBytes, geometry.UnitBytes);
                break;
        }

        return request;
    }

    /// <summary>Bytes of a command's scatter-gather table, rounded as <c>scsi_malloc</c> needs it, and never above a page:
    /// 2.4.21 caps a request at what a page of tables describes (spec demand-side.md 1.1).</summary>
    private static long TableBytes(CommandShape shape)
    {
        const int Page = 4096;
        var segments = Math.Min(shape.Segments, Page / shape.ScatterlistBytes);
        return ((segments * shape.ScatterlistBytes) + SectorBytes - 1) / SectorBytes * SectorBytes;
    }

    /// <summary>Pages that a segment touches: what is no multiple of a page can begin and end inside one
    /// (<c>iommu_num_pages</c>, spec iommu-pools.md 0.4).</summary>
    private static long Pages(long bytes, long pageBytes) => bytes % pageBytes == 0
        ? bytes / pageBytes
        : ((bytes - 2 + (2 * pageBytes)) / pageBytes);
}
