using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Replay;

/// <summary>Where the areas of a pool lie: equal parts for swiotlb (6.0 and later); for a TCE table of 3.6 and later equal
/// small pools and a large one that takes the last quarter (spec iommu-pools.md 1.7).</summary>
internal sealed class AreaMap
{
    private const long TceBlock = 16;
    private readonly long[] _starts;
    private readonly bool _tce;

    public AreaMap(IPoolModel model)
    {
        var units = model.Geometry.Units;
        var areas = Math.Max(1, model.Areas);
        _tce = model.Kind == PoolKind.Tce;
        _starts = new long[areas + 1];
        var size = _tce && areas > 1 ? units * 3 / 4 / (areas - 1) : units / areas;
        for (var area = 0; area < areas; area++)
        {
            _starts[area] = area * size;
        }

        _starts[areas] = units;
    }

    /// <summary>The area of a unit.</summary>
    public int AreaOf(long unit)
    {
        var area = 0;
        while (area + 2 < _starts.Length && unit >= _starts[area + 1])
        {
            area++;
        }

        return area;
    }

    /// <summary>Units in an area.</summary>
    public long SizeOf(int area) => _starts[area + 1] - _starts[area];

    /// <summary>The search index the kernel leaves after it took units, relative to the area's start.</summary>
    public long IndexAfter(int area, long firstUnit, long units)
    {
        var end = firstUnit + units - _starts[area];
        if (_tce)
        {
            return area == _starts.Length - 2 ? end : (end + TceBlock - 1) / TceBlock * TceBlock;
        }

        return end >= SizeOf(area) ? 0 : end;
    }
}
