using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>A static swiotlb pool of 2.4.21 to 7.x (spec/swiotlb.md section 2, G1a to G6b): segments of 128 slots,
/// areas from 6.0 on. Mirrors lib/swiotlb.c and kernel/dma/swiotlb.c of the kernels in
/// <see cref="SwiotlbGenerations"/>.</summary>
internal sealed class SwiotlbModel : IPoolModel
{
    private readonly SwiotlbRules _rules;
    private readonly SlotPool _pool;

    /// <summary>An empty pool.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a pool.</exception>
    public SwiotlbModel(SwiotlbRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        Geometry = geometry;
        _pool = new SlotPool(rules, SwiotlbGeometry.Check(geometry, rules.HasAreas));
    }

    /// <inheritdoc/>
    public PoolKind Kind => Geometry.Kind;

    /// <inheritdoc/>
    public string Name => "swiotlb-" + _rules.Generation;

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <inheritdoc/>
    public long UsedUnits => _pool.Used;

    /// <inheritdoc/>
    public int Areas => _pool.Place.Areas;

    /// <inheritdoc/>
    public long MaxRequestUnits => Math.Min(Slot.SegmentSlots, _pool.Place.AreaSlots);

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
    {
        if (request.Bytes <= 0)
        {
            return MapResult.Failed;
        }

        var plan = _rules.PlanOf(request, _pool.Place.PageBytes);
        var slot = _pool.TryTakeInTurn(request.Cpu, plan, _rules.BoundaryOf(request));
        return slot switch
        {
            >= 0 => new MapResult(MapOutcome.Mapped, slot, plan.Units, ((long)slot << Slot.Shift) + plan.Offset),
            SteppedSearch.Endless => MapResult.Livelock,
            _ => MapResult.Failed,
        };
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu) => _pool.Release(firstUnit, units);

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units) => _pool.Occupy(firstUnit, units);

    /// <inheritdoc/>
    public bool IsFree(long firstUnit, long units) => _pool.IsFree(firstUnit, units);

    /// <inheritdoc/>
    public long AreaUsed(int area) => _pool.UsedIn(area);

    /// <inheritdoc/>
    public long SearchIndex(int area) => _pool.Hint(area);

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _pool.Place.AreaSlots);
        _pool.Hint(area) = (int)index;
    }

    /// <inheritdoc/>
    public long LargestFreeRun() => _pool.LongestRun();

    /// <inheritdoc/>
    public long UnitsFor(in MapRequest request) =>
        request.Bytes <= 0 ? 0 : _rules.PlanOf(request, _pool.Place.PageBytes).Units;

    /// <inheritdoc/>
    public void WriteState(TextWriter output)
    {
        var hash = Fnv64.Empty;
        _pool.AddTo(ref hash);
        var areas = Enumerable.Range(0, Areas)
            .Select(area => string.Create(CultureInfo.InvariantCulture, $"{_pool.UsedIn(area)}:{_pool.Hint(area)}"));
        var place = _rules.HasAreas
            ? "areas=" + string.Join(',', areas)
            : string.Create(CultureInfo.InvariantCulture, $"index={_pool.Hint(0)}");
        output.Write(string.Create(CultureInfo.InvariantCulture, $"used={_pool.Used} {place} list_fnv={hash.Value:x16}"));
    }
}
