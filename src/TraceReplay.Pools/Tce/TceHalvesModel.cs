using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Tce;

/// <summary>The ppc64 TCE table of 2.6.9 to 3.4: one bitmap, small requests from the lower three quarters, large ones
/// from the rest, each spilling into the other. Mirrors <c>iommu_range_alloc</c> of arch/ppc64/kernel/iommu.c (to
/// 2.6.15) and arch/powerpc/kernel/iommu.c; spec/iommu-pools.md 1.2 to 1.6 (P1, P2, P3).</summary>
internal sealed class TceHalvesModel : IPoolModel
{
    private readonly TceRules _rules;
    private readonly TceTable _table;
    private readonly int _half;
    private long _hint;
    private long _largeHint;
    private long _usedAbove;

    /// <summary>An empty table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a table.</exception>
    public TceHalvesModel(TceRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        Geometry = geometry;
        _table = new TceTable(rules, geometry);
        _half = (int)(geometry.Units * 3 / 4);
        _largeHint = _half;
    }

    /// <inheritdoc/>
    public PoolKind Kind => PoolKind.Tce;

    /// <inheritdoc/>
    public string Name => "tce-" + _rules.Generation;

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <inheritdoc/>
    public long UsedUnits => _table.Used;

    /// <inheritdoc/>
    public int Areas => 2;

    /// <inheritdoc/>
    public long MaxRequestUnits => _table.Units - 1;

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
    {
        var n = _table.PagesOf(request);
        var handle = _table.HandleOf(request);
        if (n <= 0)
        {
            return MapResult.Failed;
        }

        var found = Search(request, n, handle);
        if (found < 0)
        {
            return found == BoundarySearch.Endless ? MapResult.Livelock : MapResult.Failed;
        }

        if (n > TceTable.MostSmallPages)
        {
            _largeHint = found + n;
        }
        else
        {
            _hint = _table.ToBlock(found + n);
        }

        _usedAbove += Above(found, (int)n);
        return _table.Take(request, found, (int)n);
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu)
    {
        var (first, count) = _table.Map.Clip(firstUnit, units);
        var lower = count - Above(first, count);
        var given = lower > 0 ? _table.Map.Release(first, lower) : 0;
        var givenAbove = lower < count ? _table.Map.Release(first + lower, count - lower) : 0;
        _table.Used -= given + givenAbove;
        _usedAbove -= givenAbove;
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        var (first, count) = _table.Map.Clip(firstUnit, units);
        var lower = count - Above(first, count);
        var takenAbove = _table.Map.Take(first + lower, count - lower);
        var taken = _table.Map.Take(first, lower) + takenAbove;
        _table.Used += taken;
        _usedAbove += takenAbove;
        return taken;
    }

    /// <inheritdoc/>
    public bool IsFree(long firstUnit, long units)
    {
        var (first, count) = _table.Map.Clip(firstUnit, units);
        return count == units && _table.Map.IsFree(first, count);
    }

    /// <summary>Area 0 is the lower three quarters, area 1 the rest.</summary>
    public long AreaUsed(int area) => area == 0 ? _table.Used - _usedAbove : _usedAbove;

    /// <summary>The hint of small requests (area 0) or of large ones (area 1); a large request that spilled leaves its
    /// hint below area 1, which is negative here.</summary>
    public long SearchIndex(int area) => area == 0 ? _hint : _largeHint - _half;

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index)
    {
        if (area == 0)
        {
            _hint = Math.Max(0, index);
        }
        else
        {
            _largeHint = Math.Max(0, _half + index);
        }
    }

    /// <inheritdoc/>
    public long LargestFreeRun() => _table.Map.LongestRun(0, _table.Units - 1);

    /// <inheritdoc/>
    public long UnitsFor(in MapRequest request) => _table.PagesOf(request);

    /// <inheritdoc/>
    public void WriteState(TextWriter output) => output.Write(string.Create(CultureInfo.InvariantCulture,
        $"used={_table.Used} hint={_hint} largehint={_largeHint} map_fnv={_table.Map.HashOfUsed():x16}"));

    private int Above(int first, int count) => Math.Clamp(first + count - _half, 0, count);

    /// <summary>Three passes: small [hint,half), [0,half), [half,size); large [hint,size), [half,size),
    /// [0,size).</summary>
    private int Search(in MapRequest request, long n, long handle)
    {
        var isLarge = n > TceTable.MostSmallPages;
        var start = handle != 0 ? handle : isLarge ? _largeHint : _hint;
        long limit = isLarge ? _table.Units : _half;
        start = isLarge && start < _half ? _half : start;
        start = start >= limit ? (isLarge ? _largeHint : _hint) : start;
        var search = _table.SearchOf(request);
        var mask = _table.MaskOf(request);
        var alignMask = TceTable.AlignMaskOf(request);
        for (var pass = 0; ; pass++)
        {
            var isMasked = limit + _table.Offset > mask;
            if (isMasked)
            {
                limit = mask - _table.Offset + 1;
                start = limit <= 0 || (start & mask) >= limit || pass > 0 ? 0 : start & mask;
            }

            var found = isMasked && pass > 0 && _rules.RestartsAtZero
                ? FirstHole(limit, n, alignMask)
                : search.Find(_table.Map, start, limit, n, alignMask);
            if (found != -1 || pass == 2)
            {
                return found;
            }

            start = isLarge == (pass == 0) ? _half : 0;
            limit = pass != 0 ? _table.Units : limit;
        }
    }

    /// <summary>The only place P2 looks at in a later pass under a mask: where the first free entry is. If the request
    /// does not fit there, the search begins at 0 again and finds the same.</summary>
    private int FirstHole(long limit, long n, long alignMask)
    {
        var end = (int)Math.Clamp(limit, 0, _table.Units);
        var hole = (_table.Map.FirstFree(0, end) + alignMask) & ~alignMask;
        if (hole + n >= end)
        {
            return -1;
        }

        return _table.Map.IsFree((int)hole, (int)n) ? (int)hole : BoundarySearch.Endless;
    }
}
