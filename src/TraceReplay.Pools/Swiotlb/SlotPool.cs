using System.Numerics;
using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>One pool of slots with its areas (<c>struct io_tlb_mem</c> to 6.5, <c>struct io_tlb_pool</c> from 6.6): the
/// slots, and for each area its use and its next index.</summary>
internal sealed class SlotPool
{
    private readonly SwiotlbRules _rules;
    private readonly SlotMap _map;
    private readonly int[] _used;
    private readonly int[] _hint;
    private readonly int _areaShift;

    /// <summary>An empty pool.</summary>
    public SlotPool(SwiotlbRules rules, SwiotlbGeometry place)
    {
        _rules = rules;
        Place = place;
        _map = new SlotMap(place.Slots);
        _used = new int[place.Areas];
        _hint = new int[place.Areas];
        _areaShift = BitOperations.IsPow2(place.AreaSlots) ? BitOperations.Log2((uint)place.AreaSlots) : -1;
    }

    /// <summary>Size, areas and place.</summary>
    public SwiotlbGeometry Place { get; }

    /// <summary>Slots in use.</summary>
    public long Used { get; private set; }

    /// <summary>Slots in use in one area.</summary>
    public int UsedIn(int area) => _used[area];

    /// <summary>Next index of an area.</summary>
    public ref int Hint(int area) => ref _hint[area];

    /// <summary>Searches the areas in turn, the CPU's first, and takes what the first that can serve finds.</summary>
    /// <param name="cpu">CPU of the call.</param>
    /// <param name="plan">The request.</param>
    /// <param name="boundaryMask">The device's boundary mask.</param>
    /// <returns>As <see cref="TryTake"/>.</returns>
    public int TryTakeInTurn(int cpu, in SlotPlan plan, ulong boundaryMask)
    {
        var first = cpu & (Place.Areas - 1);
        for (var turn = 0; turn < Place.Areas; turn = NextTurn(first, turn + 1, plan))
        {
            var slot = TryTake((first + turn) & (Place.Areas - 1), plan, boundaryMask);
            if (slot != -1)
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>Searches one area and takes what it finds.</summary>
    /// <param name="area">Area.</param>
    /// <param name="plan">The request.</param>
    /// <param name="boundaryMask">The device's boundary mask.</param>
    /// <returns>First slot, -1 if the area cannot serve it, <see cref="SteppedSearch.Endless"/> if the search never
    /// ends.</returns>
    public int TryTake(int area, in SlotPlan plan, ulong boundaryMask)
    {
        if (_rules.ChecksFreeFirst && plan.Units > Place.AreaSlots - _used[area])
        {
            return -1;
        }

        var window = new SlotWindow
        {
            Map = _map,
            First = area * Place.AreaSlots,
            Length = Place.AreaSlots,
            Hint = _hint[area],
            Base = Place.Base & boundaryMask,
            Boundary = _rules.HasBoundary ? new SlotBoundary(Place.Base, boundaryMask) : SlotBoundary.None,
            Plan = plan,
        };
        var index = _rules.IsCounted ? CountedSearch.Find(window) : SteppedSearch.Find(window);
        if (index < 0)
        {
            return index;
        }

        var slot = window.First + index;
        _map.Take(slot, plan.Units);
        _used[area] += plan.Units;
        Used += plan.Units;
        var next = index + plan.Units;
        _hint[area] = next < Place.AreaSlots ? next : 0;
        return slot;
    }

    /// <summary>Frees slots; those free already stay so, those outside the pool are ignored.</summary>
    /// <returns>How many were in use.</returns>
    public long Release(long first, long units)
    {
        var (slot, end) = Inside(first, units);
        var before = Used;
        while (slot < end)
        {
            var n = SlotMap.PieceLength(slot, end);
            var given = _map.Release(slot, n);
            _used[AreaOf(slot)] -= given;
            Used -= given;
            slot += n;
        }

        return before - Used;
    }

    /// <summary>Takes slots whatever the search would say; those in use stay so.</summary>
    /// <returns>How many were free.</returns>
    public long Occupy(long first, long units)
    {
        var (slot, end) = Inside(first, units);
        var before = Used;
        while (slot < end)
        {
            var n = SlotMap.PieceLength(slot, end);
            var taken = _map.Take(slot, n);
            _used[AreaOf(slot)] += taken;
            Used += taken;
            slot += n;
        }

        return Used - before;
    }

    /// <summary>Whether every slot of a range is in the pool and free.</summary>
    public bool IsFree(long first, long units)
    {
        var (slot, end) = Inside(first, units);
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

    /// <summary>The longest free run inside a segment.</summary>
    public long LongestRun() => _map.LongestRun();

    /// <summary>Feeds the free run at every slot to a hash: the kernel's <c>list[]</c>.</summary>
    public void AddTo(ref Fnv64 hash)
    {
        for (var slot = 0; slot < Place.Slots; slot++)
        {
            hash.AddSmallInt32((byte)_map.FreeRunAt(slot));
        }
    }

    /// <summary>The next turn whose area can have a run long enough; the areas between fail without a trace. A search
    /// that may never end is not passed over.</summary>
    private int NextTurn(int first, int turn, in SlotPlan plan)
    {
        var mayNeverEnd = !_rules.IsCounted && (plan.Mask != 0 || !BitOperations.IsPow2(plan.Stride));
        if (turn >= Place.Areas || mayNeverEnd || (Place.AreaSlots & (Slot.SegmentSlots - 1)) != 0)
        {
            return turn;
        }

        if (first + turn < Place.Areas)
        {
            var area = _map.NextArea(first + turn, Place.Areas, Place.AreaSlots, plan.Units);
            if (area >= 0)
            {
                return area - first;
            }

            turn = Place.Areas - first;
        }

        var wrapped = _map.NextArea(first + turn - Place.Areas, first, Place.AreaSlots, plan.Units);
        return wrapped >= 0 ? wrapped + Place.Areas - first : Place.Areas;
    }

    private int AreaOf(int slot) =>
        Math.Min(_areaShift >= 0 ? slot >> _areaShift : slot / Place.AreaSlots, Place.Areas - 1);

    private (int First, int End) Inside(long firstUnit, long units)
    {
        var first = Math.Clamp(firstUnit, 0, Place.Slots);
        var last = firstUnit > Place.Slots - units ? Place.Slots : firstUnit + units;
        return ((int)first, (int)Math.Clamp(last, first, Place.Slots));
    }
}
