using System.Globalization;
using System.Numerics;
using TraceReplay.Core;
using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>A static swiotlb pool of 2.4.21 to 7.x (spec/swiotlb.md section 2, G1a to G6b): segments of 128 slots, areas
/// from 6.0 on. Mirrors lib/swiotlb.c and kernel/dma/swiotlb.c of the kernels in <see cref="SwiotlbGenerations"/>.</summary>
internal sealed class SwiotlbModel : IPoolModel
{
    private readonly SwiotlbRules _rules;
    private readonly SwiotlbGeometry _place;
    private readonly SlotMap _map;
    private readonly int[] _used;
    private readonly int[] _hint;
    private readonly int _areaShift;
    private long _usedTotal;

    /// <summary>An empty pool.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a pool.</exception>
    public SwiotlbModel(SwiotlbRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        Geometry = geometry;
        _place = SwiotlbGeometry.Check(geometry, rules.HasAreas);
        _map = new SlotMap(_place.Slots);
        _used = new int[_place.Areas];
        _hint = new int[_place.Areas];
        _areaShift = BitOperations.IsPow2(_place.AreaSlots) ? BitOperations.Log2((uint)_place.AreaSlots) : -1;
    }

    /// <inheritdoc/>
    public PoolKind Kind => Geometry.Kind;

    /// <inheritdoc/>
    public string Name => "swiotlb-" + _rules.Generation;

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <inheritdoc/>
    public long UsedUnits => _usedTotal;

    /// <inheritdoc/>
    public int Areas => _place.Areas;

    /// <inheritdoc/>
    public long MaxRequestUnits => Math.Min(Slot.SegmentSlots, _place.AreaSlots);

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
    {
        if (request.Bytes <= 0)
        {
            return MapResult.Failed;
        }

        var plan = PlanOf(request);
        var mask = request.SegmentBoundary == 0 ? _rules.DefaultBoundary : request.SegmentBoundary;
        var boundary = _rules.HasBoundary ? new SlotBoundary(_place.Base, mask) : SlotBoundary.None;
        var area = request.Cpu & (_place.Areas - 1);
        for (var tried = 0; tried < _place.Areas; tried++)
        {
            var index = Search(area, plan, _place.Base & mask, boundary);
            if (index >= 0)
            {
                return Take(area, index, plan);
            }

            if (index == SteppedSearch.Endless)
            {
                return MapResult.Livelock;
            }

            area = (area + 1) & (_place.Areas - 1);
        }

        return MapResult.Failed;
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu)
    {
        var (slot, end) = Inside(firstUnit, units);
        while (slot < end)
        {
            var n = SlotMap.PieceLength(slot, end);
            var given = _map.Release(slot, n);
            _used[AreaOf(slot)] -= given;
            _usedTotal -= given;
            slot += n;
        }
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        var (slot, end) = Inside(firstUnit, units);
        var before = _usedTotal;
        while (slot < end)
        {
            var n = SlotMap.PieceLength(slot, end);
            var taken = _map.Take(slot, n);
            _used[AreaOf(slot)] += taken;
            _usedTotal += taken;
            slot += n;
        }

        return _usedTotal - before;
    }

    /// <inheritdoc/>
    public bool IsFree(long firstUnit, long units)
    {
        var (slot, end) = Inside(firstUnit, units);
        if (end - slot != units)
        {
            return false;
        }

        while (slot < end)
        {
            var n = SlotMap.PieceLength(slot, end);
            if (_map.CountFree(slot, n) != n)
            {
                return false;
            }

            slot += n;
        }

        return true;
    }

    /// <inheritdoc/>
    public long AreaUsed(int area) => _used[area];

    /// <inheritdoc/>
    public long SearchIndex(int area) => _hint[area];

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _place.AreaSlots);
        _hint[area] = (int)index;
    }

    /// <inheritdoc/>
    public long LargestFreeRun() => _map.LongestRun();

    /// <inheritdoc/>
    public long UnitsFor(in MapRequest request) => request.Bytes <= 0 ? 0 : PlanOf(request).Units;

    /// <inheritdoc/>
    public void WriteState(TextWriter output)
    {
        output.Write(string.Create(CultureInfo.InvariantCulture, $"used={_usedTotal} "));
        if (_rules.HasAreas)
        {
            output.Write("areas=");
            for (var area = 0; area < Areas; area++)
            {
                output.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{(area == 0 ? "" : ",")}{_used[area]}:{_hint[area]}"));
            }
        }
        else
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"index={_hint[0]}"));
        }

        output.Write(string.Create(CultureInfo.InvariantCulture, $" list_fnv={HashOfRuns():x16}"));
    }

    private SlotPlan PlanOf(in MapRequest request)
    {
        if ((ulong)request.Bytes <= Slot.HugeBytes && request.AlignMask < Slot.HugeBytes)
        {
            return _rules.Plan(request, _place.PageBytes);
        }

        var limited = request;
        limited.Bytes = Math.Min(request.Bytes, (long)Slot.HugeBytes);
        limited.AlignMask = Math.Min(request.AlignMask, Slot.HugeBytes - 1);
        return _rules.Plan(limited, _place.PageBytes);
    }

    private int Search(int area, in SlotPlan plan, ulong tableBase, in SlotBoundary boundary)
    {
        if (_rules.ChecksFreeFirst && plan.Units > _place.AreaSlots - _used[area])
        {
            return -1;
        }

        var window = new SlotWindow
        {
            Map = _map,
            First = area * _place.AreaSlots,
            Length = _place.AreaSlots,
            Hint = _hint[area],
            Base = tableBase,
            Boundary = boundary,
            Plan = plan,
        };
        return _rules.IsCounted ? CountedSearch.Find(window) : SteppedSearch.Find(window);
    }

    private MapResult Take(int area, int index, in SlotPlan plan)
    {
        var slot = (area * _place.AreaSlots) + index;
        _map.Take(slot, plan.Units);
        _used[area] += plan.Units;
        _usedTotal += plan.Units;
        var next = index + plan.Units;
        _hint[area] = next < _place.AreaSlots ? next : 0;
        return new MapResult(MapOutcome.Mapped, slot, plan.Units, ((long)slot << Slot.Shift) + plan.Offset);
    }

    private int AreaOf(int slot) =>
        Math.Min(_areaShift >= 0 ? slot >> _areaShift : slot / _place.AreaSlots, _place.Areas - 1);

    private (int First, int End) Inside(long firstUnit, long units)
    {
        var first = Math.Clamp(firstUnit, 0, _place.Slots);
        var last = firstUnit > _place.Slots - units ? _place.Slots : firstUnit + units;
        return ((int)first, (int)Math.Clamp(last, first, _place.Slots));
    }

    private ulong HashOfRuns()
    {
        var hash = Fnv64.Empty;
        for (var slot = 0; slot < _place.Slots; slot++)
        {
            hash.AddSmallInt32((byte)_map.FreeRunAt(slot));
        }

        return hash.Value;
    }
}
