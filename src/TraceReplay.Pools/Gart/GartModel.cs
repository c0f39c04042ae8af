using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools.Bitmaps;
using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.Gart;

/// <summary>The aperture of the x86-64 GART: one bitmap, a ring that goes on where it last stopped. Mirrors <c>alloc_iommu</c>
/// and <c>free_iommu</c> of arch/x86_64/kernel/pci-gart.c, arch/x86/kernel/pci-gart_64.c and amd_gart_64.c;
/// spec/iommu-pools.md 2.2. The driver's flush after each request is part of the model.</summary>
internal sealed class GartModel : IPoolModel
{
    private const int PageShift = 12;
    private const ulong DefaultBoundary = 0xffffffff; // dma_get_seg_boundary of a device that set none

    private readonly GartRules _rules;
    private readonly FreeMap _map;
    private readonly ulong _firstPage;
    private readonly bool _flushesAlways;
    private int _nextBit;
    private long _used;
    private long _flushes;

    /// <summary>An empty aperture with its emergency pages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such an aperture.</exception>
    public GartModel(GartRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        Geometry = geometry;
        GeometryCheck.Range(geometry.Units, 2, 1L << 30, "pages");
        GeometryCheck.Range(geometry.UnitBytes is 0 ? 1 << PageShift : geometry.UnitBytes, 1 << PageShift, 1 << PageShift, "bytes of a page");
        var emergency = geometry.More.GetValueOrDefault("emergency_pages", rules.EmergencyPages);
        GeometryCheck.Range(emergency, 0, geometry.Units - 1, "emergency pages");
        _map = new FreeMap((int)geometry.Units);
        _map.Pin(0, (int)emergency);
        _firstPage = geometry.Base >> PageShift;
        _flushesAlways = geometry.More.GetValueOrDefault("fullflush", 1) != 0;
    }

    /// <inheritdoc/>
    public PoolKind Kind => PoolKind.Gart;

    /// <inheritdoc/>
    public string Name => "gart-" + _rules.Generation;

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <inheritdoc/>
    public long UsedUnits => _used;

    /// <inheritdoc/>
    public int Areas => 1;

    /// <inheritdoc/>
    public long MaxRequestUnits => _map.Units - 1;

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
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
            if (_nextBit >= _map.Units)
            {
                _nextBit = 0;
                needsFlush = true;
            }

            _map.Take(found, (int)n);
            _used += n;
        }

        _flushes += needsFlush ? 1 : 0;
        return found switch
        {
            >= 0 => new MapResult(MapOutcome.Mapped, found, n, (long)found << PageShift),
            BoundarySearch.Endless => MapResult.Livelock,
            _ => MapResult.Failed,
        };
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu)
    {
        var (first, count) = Inside(firstUnit, units);
        if (count == 0)
        {
            return;
        }

        _used -= _map.Release(first, count);
        if (_rules.FreeMovesNextBit && first >= _nextBit)
        {
            _nextBit = first + count;
        }
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        var (first, count) = Inside(firstUnit, units);
        var taken = _map.Take(first, count);
        _used += taken;
        return taken;
    }

    /// <inheritdoc/>
    public bool IsFree(long firstUnit, long units)
    {
        var (first, count) = Inside(firstUnit, units);
        return count == units && _map.IsFree(first, count);
    }

    /// <inheritdoc/>
    public long AreaUsed(int area) => _used;

    /// <inheritdoc/>
    public long SearchIndex(int area) => _nextBit;

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index) => _nextBit = (int)Math.Clamp(index, 0, _map.Units);

    /// <inheritdoc/>
    public long LargestFreeRun() => _map.LongestRun(0, _map.Units - 1);

    /// <inheritdoc/>
    public long UnitsFor(in MapRequest request) => request.Units > 0
        ? request.Units
        : (Math.Clamp(request.Bytes, 0, 1L << 50) + (1L << PageShift) - 1) >> PageShift;

    /// <inheritdoc/>
    public void WriteState(TextWriter output) => output.Write(string.Create(CultureInfo.InvariantCulture,
        $"used={_used} next_bit={_nextBit} flushes={_flushes} map_fnv={_map.HashOfUsed():x16}"));

    private int Search(in MapRequest request, long n, ref bool needsFlush)
    {
        var boundaryMask = request.SegmentBoundary == 0 ? DefaultBoundary : request.SegmentBoundary;
        var boundary = _rules.HasBoundary ? (boundaryMask >> PageShift) + 1 : 0;
        var search = new BoundarySearch(_firstPage, boundary, _rules.JumpsToBoundary);
        var alignMask = (long)Math.Min(request.AlignMask, int.MaxValue >> 1);
        var found = search.Find(_map, _nextBit, _map.Units, n, alignMask);
        if (found != -1)
        {
            return found;
        }

        needsFlush = true;
        return search.Find(_map, 0, _rules.SecondSearchEndsAtNextBit ? _nextBit : _map.Units, n, alignMask);
    }

    private (int First, int Count) Inside(long first, long n)
    {
        var begin = Math.Clamp(first, 0, _map.Units);
        var end = first > _map.Units - n ? _map.Units : Math.Clamp(first + n, begin, _map.Units);
        return ((int)begin, (int)Math.Max(0, end - begin));
    }
}
