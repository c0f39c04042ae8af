using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>A swiotlb that grows (CONFIG_SWIOTLB_DYNAMIC, 6.6 on): the first pool, pools that a worker adds, and
/// transient pools of one mapping each. Mirrors <c>swiotlb_find_slots</c> and <c>swiotlb_dyn_alloc</c> of
/// kernel/dma/swiotlb.c; spec/swiotlb.md section 2 (G5, G5b) and 8.</summary>
/// <remarks>Units go on from pool to pool in the order of their making; a transient pool has units of its own from
/// <see cref="FirstTransientUnit"/> on. When the worker runs and whether a transient pool can be had depends on the
/// machine's memory, so a replay says it (<see cref="AddPool"/>, <see cref="CanHaveTransient"/>); without a trace,
/// <c>growth_delay</c> in <see cref="PoolGeometry.More"/> is the number of requests between need and new pool (default
/// 0, -1 = only <see cref="AddPool"/>).</remarks>
public sealed class DynamicSwiotlb : IPoolModel
{
    /// <summary>Name in <see cref="PoolGeometry.More"/> that asks for this model with the value 1.</summary>
    public const string Key = "dynamic";

    /// <summary>Name in <see cref="PoolGeometry.More"/> of the requests between need and new pool.</summary>
    public const string DelayKey = "growth_delay";

    /// <summary>Units from here on belong to transient pools.</summary>
    public const long FirstTransientUnit = TransientPools.FirstUnit;

    private const int LargestBlockOrder = 10; // the page allocator's largest block: 4 MiB with 4 KiB pages
    private const int LeastAddedSlots = 512; // IO_TLB_MIN_SLABS

    private readonly SwiotlbRules _rules;
    private readonly ulong _pageBytes;
    private readonly List<SlotPool> _pools = [];
    private readonly List<long> _firstUnits = [];
    private readonly TransientPools _transient = new();
    private readonly long _delay;
    private long _added;
    private long _waited;

    /// <summary>The first pool, empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a pool.</exception>
    internal DynamicSwiotlb(SwiotlbRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        Geometry = geometry;
        var place = SwiotlbGeometry.Check(geometry, rules.HasAreas);
        _pageBytes = place.PageBytes;
        _delay = geometry.More.GetValueOrDefault(DelayKey);
        _pools.Add(new SlotPool(rules, place));
        _firstUnits.Add(0);
    }

    /// <inheritdoc/>
    public PoolKind Kind => Geometry.Kind;

    /// <inheritdoc/>
    public string Name => "swiotlb-" + _rules.Generation + "-dynamic";

    /// <summary>Geometry of the first pool.</summary>
    public PoolGeometry Geometry { get; }

    /// <summary>Slots in use, with transient ones, as the kernel counts; so it may exceed
    /// <see cref="TotalUnits"/>.</summary>
    public long UsedUnits => _added + TransientUnits;

    /// <summary>Slots of all pools but the transient ones (<c>io_tlb_nslabs</c>).</summary>
    public long TotalUnits => _firstUnits[^1] + _pools[^1].Place.Slots;

    /// <summary>Slots in transient pools (<c>io_tlb_transient_nslabs</c>).</summary>
    public long TransientUnits => _transient.Units;

    /// <summary>Transient pools made so far.</summary>
    public long TransientPoolsMade => _transient.Made;

    /// <summary>Pools but the transient ones.</summary>
    public int PoolCount => _pools.Count;

    /// <summary>Whether a transient pool can be had: memory of the size asked for, without waiting.</summary>
    public bool CanHaveTransient { get; set; } = true;

    /// <summary>Whether the worker was asked for a pool that has not come yet.</summary>
    public bool IsGrowthScheduled { get; private set; }

    /// <summary>Areas of all pools but the transient ones, first pool first.</summary>
    public int Areas => _pools.Sum(pool => pool.Place.Areas);

    /// <inheritdoc/>
    public long MaxRequestUnits => Slot.SegmentSlots;

    /// <summary>First unit of a pool.</summary>
    /// <param name="pool">Number of the pool, 0 the first.</param>
    /// <returns>The unit.</returns>
    public long FirstUnitOf(int pool) => _firstUnits[pool];

    /// <summary>Bus address of a pool's first slot, as far as known.</summary>
    /// <param name="pool">Number of the pool, 0 the first.</param>
    /// <returns>The address.</returns>
    public ulong BaseOf(int pool) => _pools[pool].Place.Base;

    /// <summary>The worker added a pool.</summary>
    /// <param name="poolBase">Bus address of its first slot; 0 stands for any, as such a pool is aligned to its
    /// size.</param>
    /// <param name="units">Slots, 1 to 2^26.</param>
    /// <param name="areas">Areas, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could add such a pool.</exception>
    public void AddPool(ulong poolBase, long units, int areas)
    {
        var geometry = Geometry with { Base = poolBase, Units = units, Areas = areas };
        var first = TotalUnits;
        _pools.Add(new SlotPool(_rules, SwiotlbGeometry.Check(geometry, _rules.HasAreas)));
        _firstUnits.Add(first);
        IsGrowthScheduled = false;
    }

    /// <summary>A transient pool that the machine made, whatever the model says.</summary>
    /// <param name="units">Slots, 1 to 1024.</param>
    /// <returns>Its first unit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No transient pool has that size.</exception>
    public long AddTransient(long units) => _transient.Add(units);

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
    {
        Grow();
        if (request.Bytes <= 0)
        {
            return MapResult.Failed;
        }

        var plan = _rules.PlanOf(request, _pageBytes);
        if (_rules.SearchesAreaByArea && plan.Units > Slot.SegmentSlots)
        {
            return MapResult.Failed;
        }

        var mask = _rules.BoundaryOf(request);
        var (pool, slot) = _rules.SearchesAreaByArea
            ? SearchAreaByArea(request.Cpu, plan, mask)
            : SearchPoolByPool(request.Cpu, plan, mask);
        if (slot < 0)
        {
            return MapTransient(plan, mask);
        }

        _added += plan.Units;
        return Mapped(_firstUnits[pool] + slot, plan);
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu)
    {
        if (firstUnit >= FirstTransientUnit)
        {
            _transient.Remove(firstUnit);
            return;
        }

        for (var i = 0; i < _pools.Count; i++)
        {
            _added -= _pools[i].Release(firstUnit - _firstUnits[i], units);
        }
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        var taken = 0L;
        for (var i = 0; i < _pools.Count && firstUnit < FirstTransientUnit; i++)
        {
            taken += _pools[i].Occupy(firstUnit - _firstUnits[i], units);
        }

        _added += taken;
        return taken;
    }

    /// <summary>Whether every unit lies in one pool and is free; units of transient pools are never free.</summary>
    public bool IsFree(long firstUnit, long units) =>
        _pools.Where((pool, i) => pool.IsFree(firstUnit - _firstUnits[i], units)).Any();

    /// <inheritdoc/>
    public long AreaUsed(int area)
    {
        var (pool, inPool) = AreaOf(area);
        return pool.UsedIn(inPool);
    }

    /// <inheritdoc/>
    public long SearchIndex(int area)
    {
        var (pool, inPool) = AreaOf(area);
        return pool.Hint(inPool);
    }

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index)
    {
        var (pool, inPool) = AreaOf(area);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, pool.Place.AreaSlots);
        pool.Hint(inPool) = (int)index;
    }

    /// <inheritdoc/>
    public long LargestFreeRun() => _pools.Max(pool => pool.LongestRun());

    /// <inheritdoc/>
    public long UnitsFor(in MapRequest request) => request.Bytes <= 0 ? 0 : _rules.PlanOf(request, _pageBytes).Units;

    /// <inheritdoc/>
    public void WriteState(TextWriter output)
    {
        var hash = Fnv64.Empty;
        foreach (var pool in _pools)
        {
            pool.AddTo(ref hash);
        }

        var areas = Enumerable.Range(0, Areas)
            .Select(area => string.Create(CultureInfo.InvariantCulture, $"{AreaUsed(area)}:{SearchIndex(area)}"));
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"used={UsedUnits} total={TotalUnits} transient={TransientUnits} areas={string.Join(',', areas)} "
            + $"list_fnv={hash.Value:x16}"));
    }

    private static MapResult Mapped(long unit, in SlotPlan plan) =>
        new(MapOutcome.Mapped, unit, plan.Units, (unit << Slot.Shift) + plan.Offset);

    /// <summary>6.8 on: the CPU's area of every pool, newest pool first, then the next area of every pool.</summary>
    private (int Pool, int Slot) SearchAreaByArea(int cpu, in SlotPlan plan, ulong mask)
    {
        for (var turn = 0; turn < _pools[0].Place.Areas; turn++)
        {
            for (var i = _pools.Count - 1; i >= 0; i--)
            {
                var areas = _pools[i].Place.Areas;
                var slot = turn < areas ? _pools[i].TryTake((cpu + turn) & (areas - 1), plan, mask) : -1;
                if (slot >= 0)
                {
                    return (i, slot);
                }
            }
        }

        return (0, -1);
    }

    /// <summary>6.6 and 6.7: all areas of a pool, newest pool first.</summary>
    private (int Pool, int Slot) SearchPoolByPool(int cpu, in SlotPlan plan, ulong mask)
    {
        for (var i = _pools.Count - 1; i >= 0; i--)
        {
            var slot = _pools[i].TryTakeInTurn(cpu, plan, mask);
            if (slot >= 0)
            {
                return (i, slot);
            }
        }

        return (0, -1);
    }

    /// <summary>Asks for growth, then makes a pool of exactly the slots wanted. It begins on a page, so a buffer that
    /// needs an odd slot does not fit in and fails.</summary>
    private MapResult MapTransient(in SlotPlan plan, ulong mask)
    {
        if (!IsGrowthScheduled)
        {
            IsGrowthScheduled = true;
            _waited = 0;
        }

        if (!CanHaveTransient || plan.Units > Slot.SegmentSlots)
        {
            return MapResult.Failed;
        }

        var pool = new SlotPool(_rules, new SwiotlbGeometry(plan.Units, 1, 0, _pageBytes));
        return pool.TryTake(0, plan, mask) < 0 ? MapResult.Failed : Mapped(AddTransient(plan.Units), plan);
    }

    /// <summary>The worker, where no trace says when it ran.</summary>
    private void Grow()
    {
        if (!IsGrowthScheduled || _delay < 0 || _waited++ < _delay)
        {
            return;
        }

        var first = _pools[0].Place;
        var most = (int)(_pageBytes >> Slot.Shift) << LargestBlockOrder;
        var slots = Math.Max(LeastAddedSlots, Math.Min(first.Slots, most));
        AddPool(0, slots, Math.Min(first.Areas, slots / Slot.SegmentSlots));
    }

    private (SlotPool Pool, int Area) AreaOf(int area)
    {
        foreach (var pool in _pools)
        {
            if (area < pool.Place.Areas)
            {
                return (pool, area);
            }

            area -= pool.Place.Areas;
        }

        throw new ArgumentOutOfRangeException(nameof(area));
    }
}
