using System.Globalization;
using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>The swiotlb of 2.4.0, before segments: a run may be as long as the pool. Mirrors <c>swiotlb_map_single</c>
/// of arch/ia64/lib/swiotlb.c (2.4.0); spec/swiotlb.md section 2, G0. A failure is a panic there.</summary>
internal sealed class WholePoolModel : BitmapPool
{
    private readonly SwiotlbGeometry _place;
    private int _hint;

    /// <summary>An empty pool.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a pool.</exception>
    public WholePoolModel(PoolGeometry geometry)
        : this(geometry, SwiotlbGeometry.Check(geometry, hasAreas: false))
    {
    }

    private WholePoolModel(PoolGeometry geometry, SwiotlbGeometry place)
        : base(geometry, "G0") => _place = place;

    /// <summary>The whole pool: there are no segments yet.</summary>
    public override long MaxRequestUnits => _place.Slots;

    /// <inheritdoc/>
    public override MapResult Map(in MapRequest request)
    {
        if (request.Bytes <= 0)
        {
            return MapResult.Failed;
        }

        var plan = PlanOf(request);
        var found = Search(plan.Units, (int)Math.Min(plan.Stride, int.MaxValue));
        if (found < 0)
        {
            return found == SteppedSearch.Endless ? MapResult.Livelock : MapResult.Failed;
        }

        var next = found + plan.Units;
        _hint = next < _place.Slots ? next : 0;
        return Take(found, plan.Units, Slot.Shift);
    }

    /// <inheritdoc/>
    public override long SearchIndex(int area) => _hint;

    /// <inheritdoc/>
    public override void SetSearchIndex(int area, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _place.Slots);
        _hint = (int)index;
    }

    /// <inheritdoc/>
    protected override long MeasureFreeRun() => Table.LongestRun(0, _place.Slots);

    /// <inheritdoc/>
    public override long UnitsFor(in MapRequest request) => request.Bytes <= 0 ? 0 : PlanOf(request).Units;

    /// <inheritdoc/>
    public override void WriteState(TextWriter output)
    {
        var hash = Fnv64.Empty;
        var end = 0;
        for (var slot = 0; slot < _place.Slots; slot++)
        {
            end = slot >= end ? Table.RunEnd(slot, _place.Slots) : end;
            hash.AddInt32(end - slot);
            end = end == slot ? slot + 1 : end;
        }

        output.Write(string.Create(CultureInfo.InvariantCulture, $"used={UsedUnits} index={_hint} list_fnv={hash.Value:x16}"));
    }

    private SlotPlan PlanOf(in MapRequest request)
    {
        var limited = request;
        limited.Bytes = Math.Min(request.Bytes, (long)Slot.HugeBytes);
        return EarlyPlans.WholePool(limited, _place.PageBytes);
    }

    /// <summary>The start is rounded by a bit mask even when the stride is 3, 5, 6 or 7, so it may not be a multiple of
    /// it; the rounds after the first begin at 0 and then never meet the start.</summary>
    private int Search(int n, int stride)
    {
        var start = (int)(((long)_hint + stride - 1) & ~((long)stride - 1));
        start = start >= _place.Slots ? 0 : start;
        var meetsStart = start % stride == 0;
        var found = FindInSteps(start, _place.Slots, n, stride);
        if (found < 0 && start > 0)
        {
            found = FindInSteps(0, meetsStart ? start : _place.Slots, n, stride);
        }

        return found < 0 && !meetsStart ? SteppedSearch.Endless : found;
    }

    /// <summary>The first of from, from + stride, ... below <paramref name="to"/> that begins n free slots.</summary>
    private int FindInSteps(int from, int to, int n, int stride)
    {
        long at = from;
        while (at < to)
        {
            var found = Table.Find((int)at, _place.Slots, n, 0);
            if (found < 0 || found >= to)
            {
                return -1;
            }

            if ((found - from) % stride == 0)
            {
                return found;
            }

            at = from + (((found - from) / stride) + 1L) * stride;
        }

        return -1;
    }
}
