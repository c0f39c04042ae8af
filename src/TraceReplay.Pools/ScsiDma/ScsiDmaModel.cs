using System.Globalization;
using TraceReplay.Pools.Bitmaps;
using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.ScsiDma;

/// <summary>The private DMA pool of the SCSI mid-layer of 2.4: sectors of 512 bytes out of single pages, first fit,
/// never across pages. Mirrors <c>scsi_malloc</c> and <c>scsi_free</c> of drivers/scsi/scsi_dma.c (2.4.0, 2.4.21);
/// spec/demand-side.md 1.1.</summary>
internal sealed class ScsiDmaModel : BitmapPool
{
    private const int SectorShift = 9;
    private const int MostPageShift = 14; // bitmaps hold 32 sectors; 64 KiB pages do not build

    private readonly int _pageSectors;

    /// <summary>An empty pool.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a pool.</exception>
    public ScsiDmaModel(PoolGeometry geometry)
        : base(Check(geometry), "S1") => _pageSectors = 1 << (geometry.PageShift - SectorShift);

    /// <summary>A page of sectors.</summary>
    public override long MaxRequestUnits => _pageSectors;

    /// <summary>Takes sectors; a size that is no multiple of 512 bytes fails, as in the kernel.</summary>
    public override MapResult Map(in MapRequest request)
    {
        var n = UnitsFor(request);
        if (n <= 0 || n > _pageSectors || (request.Units <= 0 && (request.Bytes & ((1 << SectorShift) - 1)) != 0))
        {
            return MapResult.Failed;
        }

        var found = Table.Find(0, Table.Units, n, 0);
        while (found >= 0 && (found & (_pageSectors - 1)) + n > _pageSectors)
        {
            found = Table.Find((found | (_pageSectors - 1)) + 1, Table.Units, n, 0);
        }

        return found < 0 ? MapResult.Failed : Take(found, n, SectorShift);
    }

    /// <summary>There is no search index that changes an answer: always the lowest run.</summary>
    public override long SearchIndex(int area) => 0;

    /// <inheritdoc/>
    public override void SetSearchIndex(int area, long index)
    {
        // First fit has none.
    }

    /// <inheritdoc/>
    protected override long MeasureFreeRun()
    {
        var longest = 0;
        for (var page = 0; page < Table.Units; page += _pageSectors)
        {
            longest = Math.Max(longest, Table.LongestRun(page, Math.Min(page + _pageSectors, Table.Units)));
        }

        return longest;
    }

    /// <inheritdoc/>
    public override long UnitsFor(in MapRequest request) => Count(request, SectorShift);

    /// <inheritdoc/>
    public override void WriteState(TextWriter output) => output.Write(string.Create(CultureInfo.InvariantCulture,
        $"used={UsedUnits} free={Table.Units - UsedUnits} map_fnv={Table.HashOfUsed():x16}"));

    private static PoolGeometry Check(PoolGeometry geometry)
    {
        GeometryCheck.Range(geometry.PageShift, 12, MostPageShift, "page shift");
        GeometryCheck.Range(geometry.Units, 1, ScsiDmaSizing.MostSectors, "sectors");
        return geometry;
    }
}
