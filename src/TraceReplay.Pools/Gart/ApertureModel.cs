using System.Globalization;
using TraceReplay.Pools.Bitmaps;
using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.Gart;

/// <summary>The aperture of the x86-64 GART, or the table of a Calgary bridge: one bitmap, a ring that goes on where it
/// last stopped. Mirrors <c>alloc_iommu</c> and <c>free_iommu</c> of arch/x86_64/kernel/pci-gart.c,
/// arch/x86/kernel/pci-gart_64.c and amd_gart_64.c; spec/iommu-pools.md 2.2; <c>iommu_range_alloc</c> of
/// pci-calgary_64.c (2.7). GART's flush after each request is part of the model.</summary>
internal sealed class ApertureModel : BitmapPool
{
    private const int PageShift = 12;
    private const ulong DefaultBoundary = 0xffffffff; // dma_get_seg_boundary of a device that set none

    private readonly ApertureRules _rules;
    private readonly ulong _firstPage;
    private readonly bool _flushesAlways;
    private int _nextBit;
    private long _flushes;

    /// <summary>An empty aperture with its emergency pages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such an aperture.</exception>
    public ApertureModel(ApertureRules rules, PoolGeometry geometry)
        : base(Check(geometry), rules.Generation)
    {
        _rules = rules;
        var emergency = geometry.More.GetValueOrDefault("emergency_pages", rules.EmergencyPages);
        GeometryCheck.Range(emergency, 0, geometry.Units - 1, "emergency pages");
        Table.Pin(0, (int)emergency);
        _firstPage = rules.IsGart ? geometry.Base >> PageShift : 0;
        _flushesAlways = geometry.More.GetValueOrDefault("fullflush", 1) != 0;
    }

    /// <inheritdoc/>
    public override long MaxRequestUnits => Table.Units - 1;

    /// <inheritdoc/>
    public override MapResult Map(in MapRequest request)
    {
        var n = UnitsFor(request);
        if (n <= 0)
        {
            return MapResult.Failed;
        }

        var needsFlush = _flushesAlways;
        var found = Search(request, n, ref needsFlush);
        if (found >= 0)
        {
            _nextBit = found + (int)n;
            if (_rules.IsGart && _nextBit >= Table.Units)
            {
                _nextBit = 0;
                needsFlush = true;
            }
        }

        _flushes += needsFlush ? 1 : 0;
        return found switch
        {
            >= 0 => Take(found, n, PageShift),
            BoundarySearch.Endless => MapResult.Livelock,
            _ => MapResult.Failed,
        };
    }

    /// <inheritdoc/>
    public override void Unmap(long firstUnit, long units, int cpu)
    {
        var before = UsedUnits;
        base.Unmap(firstUnit, units, cpu);
        if (_rules.FreeMovesNextBit && UsedUnits < before && firstUnit >= _nextBit)
        {
            _nextBit = (int)Math.Min(firstUnit + units, Table.Units);
        }
    }

    /// <inheritdoc/>
    public override long SearchIndex(int area) => _nextBit;

    /// <inheritdoc/>
    public override void SetSearchIndex(int area, long index) => _nextBit = (int)Math.Clamp(index, 0, Table.Units);

    /// <inheritdoc/>
    protected override long MeasureFreeRun() => Table.LongestRun(0, Table.Units - 1);

    /// <inheritdoc/>
    public override long UnitsFor(in MapRequest request) => Count(request, PageShift);

    /// <inheritdoc/>
    public override void WriteState(TextWriter output) => output.Write(string.Create(CultureInfo.InvariantCulture,
        $"used={UsedUnits} next_bit={_nextBit} flushes={_flushes} map_fnv={Table.HashOfUsed():x16}"));

    private static PoolGeometry Check(PoolGeometry geometry)
    {
        GeometryCheck.Range(geometry.Units, 2, 1L << 30, "pages");
        const int Page = 1 << PageShift;
        GeometryCheck.Range(geometry.UnitBytes is 0 ? Page : geometry.UnitBytes, Page, Page, "bytes of a page");
        return geometry;
    }

    private int Search(in MapRequest request, long n, ref bool needsFlush)
    {
        var boundaryMask = request.SegmentBoundary == 0 ? DefaultBoundary : request.SegmentBoundary;
        var boundary = _rules.HasBoundary ? (boundaryMask >> PageShift) + 1 : 0;
        var search = new BoundarySearch(_firstPage, boundary, _rules.JumpsToBoundary);
        var alignMask = _rules.IsGart ? (long)Math.Min(request.AlignMask, int.MaxValue >> 1) : 0;
        var found = search.Find(Table, _nextBit, Table.Units, n, alignMask);
        if (found != -1)
        {
            return found;
        }

        needsFlush = true;
        return search.Find(Table, 0, _rules.SecondSearchEndsAtNextBit ? _nextBit : Table.Units, n, alignMask);
    }
}
