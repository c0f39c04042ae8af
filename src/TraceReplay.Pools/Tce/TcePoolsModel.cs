using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools.Bitmaps;
using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.Tce;

/// <summary>The TCE table of 3.6 on: one or four pools that CPUs are spread over, and a large pool for more than 15
/// pages. Mirrors <c>iommu_range_alloc</c> of arch/powerpc/kernel/iommu.c; spec/iommu-pools.md 1.7 (P4, P5). On several
/// CPUs the kernel drops its lock between passes; a replay is sequential.</summary>
internal sealed class TcePoolsModel : IPoolModel
{
    private const long WindowOfFourPools = 1L << 30;
    private const int MostPools = 64;

    private readonly TceRules _rules;
    private readonly TceTable _table;
    private readonly TcePool[] _pools; // the last is the large pool
    private readonly int _small;
    private readonly int _poolSize;

    /// <summary>An empty table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a table.</exception>
    public TcePoolsModel(TceRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        Geometry = geometry;
        _table = new TceTable(rules, geometry);
        GeometryCheck.Range(geometry.Areas, 0, MostPools, "pools");
        _small = geometry.Areas > 1 ? geometry.Areas : geometry.Units << _table.PageShift >= WindowOfFourPools ? 4 : 1;
        GeometryCheck.PowerOfTwo(_small, "pools");
        _poolSize = (int)(geometry.Units * 3 / 4) / _small;
        GeometryCheck.Range(_poolSize, 1, int.MaxValue, "entries of a pool");
        _pools = new TcePool[_small + 1];
        for (var i = 0; i <= _small; i++)
        {
            var start = i * _poolSize;
            _pools[i] = new TcePool { Start = start, End = i < _small ? start + _poolSize : _table.Units, Hint = start };
        }
    }

    /// <inheritdoc/>
    public PoolKind Kind => PoolKind.Tce;

    /// <inheritdoc/>
    public string Name => "tce-" + _rules.Generation;

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <inheritdoc/>
    public long UsedUnits => _table.Used;

    /// <summary>The pools; the last one is the large pool.</summary>
    public int Areas => _pools.Length;

    /// <inheritdoc/>
    public long MaxRequestUnits => _pools.Max(pool => pool.End - pool.Start) - 1;

    private TcePool Large => _pools[^1];

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
    {
        var n = _table.PagesOf(request);
        var handle = _table.HandleOf(request);
        if (n <= 0)
        {
            return MapResult.Failed;
        }

        var found = Search(request, n, handle, out var pool);
        if (found < 0)
        {
            return found == BoundarySearch.Endless ? MapResult.Livelock : MapResult.Failed;
        }

        pool.Hint = n > TceTable.MostSmallPages ? found + n : _table.ToBlock(found + n);
        var result = _table.Take(request, found, (int)n);
        CountTaken(found, (int)n);
        return result;
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu)
    {
        var (first, count) = _table.Map.Clip(firstUnit, units);
        while (count > 0)
        {
            var pool = PoolOf(first);
            var n = Math.Min(count, pool.End - first);
            var given = _table.Map.Release(first, n);
            pool.Used -= given;
            _table.Used -= given;
            (first, count) = (first + n, count - n);
        }
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        var (first, count) = _table.Map.Clip(firstUnit, units);
        var before = _table.Used;
        while (count > 0)
        {
            var pool = PoolOf(first);
            var n = Math.Min(count, pool.End - first);
            var taken = _table.Map.Take(first, n);
            pool.Used += taken;
            _table.Used += taken;
            (first, count) = (first + n, count - n);
        }

        return _table.Used - before;
    }

    /// <inheritdoc/>
    public bool IsFree(long firstUnit, long units)
    {
        var (first, count) = _table.Map.Clip(firstUnit, units);
        return count == units && _table.Map.IsFree(first, count);
    }

    /// <inheritdoc/>
    public long AreaUsed(int area) => _pools[area].Used;

    /// <inheritdoc/>
    public long SearchIndex(int area) => _pools[area].Hint - _pools[area].Start;

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index) =>
        _pools[area].Hint = Math.Clamp(_pools[area].Start + index, 0, 2L * _table.Units);

    /// <inheritdoc/>
    public long LargestFreeRun() => _pools.Max(pool => _table.Map.LongestRun(pool.Start, pool.End - 1));

    /// <inheritdoc/>
    public long UnitsFor(in MapRequest request) => _table.PagesOf(request);

    /// <inheritdoc/>
    public void WriteState(TextWriter output)
    {
        var hints = string.Join(',', _pools.Select(pool => pool.Hint.ToString(CultureInfo.InvariantCulture)));
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"used={_table.Used} hints={hints} map_fnv={_table.Map.HashOfUsed():x16}"));
    }

    private int Search(in MapRequest request, long n, long handle, out TcePool pool)
    {
        var number = PoolOfCpu(request.Cpu);
        var search = _table.SearchOf(request);
        var mask = _table.MaskOf(request);
        var alignMask = TceTable.AlignMaskOf(request);
        pool = n > TceTable.MostSmallPages ? Large : _pools[number];
        for (var pass = 0; ; pass++)
        {
            var (start, limit) = Window(ref pool, pass == 0 ? handle : 0, mask, pass);
            var found = search.Find(_table.Map, start, limit, n, alignMask);
            if (found != -1)
            {
                return found;
            }

            if (!TryNextPool(ref pool, ref number, pass))
            {
                return -1;
            }

            pool.Hint = pool.Start;
        }
    }

    private (long Start, long Limit) Window(ref TcePool pool, long handle, long mask, int pass)
    {
        var takesHandle = handle != 0 && (!_rules.HasLastResort || (handle >= pool.Start && handle < pool.End));
        var start = takesHandle ? handle : pool.Hint;
        long limit = pool.End;
        start = start >= limit ? pool.Start : start;
        if (limit + _table.Offset > mask)
        {
            limit = mask - _table.Offset + 1;
            if ((start & mask) >= limit || pass > 0)
            {
                // The limit stays that of the mask: the scan may run on through all pools below it.
                pool = _pools[0];
                start = pool.Start;
            }
            else
            {
                start &= mask;
            }
        }

        return (start, limit);
    }

    /// <summary>First the same pool from its start, then the others in turn, then (P5) the large pool.</summary>
    private bool TryNextPool(ref TcePool pool, ref int number, int pass)
    {
        if (pass > 0 && pass <= _small)
        {
            number = (number + 1) & (_small - 1);
            pool = _pools[number];
        }
        else if (pass > _small)
        {
            pool = Large;
            return _rules.HasLastResort && pass == _small + 1;
        }

        return true;
    }

    /// <summary><c>hash_32(cpu, 2)</c>, cut to the number of pools.</summary>
    private int PoolOfCpu(int cpu) => (int)(unchecked((uint)cpu * _rules.HashFactor) >> 30) & (_small - 1);

    private TcePool PoolOf(int entry) => entry >= Large.Start ? Large : _pools[entry / _poolSize];

    private void CountTaken(int first, int n)
    {
        var pool = PoolOf(first);
        if (first + n <= pool.End)
        {
            pool.Used += n;
            return;
        }

        // Only under a DMA mask can a run cross from one pool into the next.
        for (var i = first; i < first + n; i++)
        {
            PoolOf(i).Used++;
        }
    }
}
