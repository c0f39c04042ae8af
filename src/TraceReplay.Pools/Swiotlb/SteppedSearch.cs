using System.Numerics;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>The search of 2.4.21 to 6.2: from the hint rounded up to the stride, in strides, round the area until the
/// start comes up again (spec section 2, G1a to G4).</summary>
internal static class SteppedSearch
{
    /// <summary>Answer for a search that never comes back to its start.</summary>
    public const int Endless = -2;

    /// <summary>Finds the index the kernel would.</summary>
    /// <returns>The index, -1 if the kernel gives up, <see cref="Endless"/> if it never does.</returns>
    public static int Find(in SlotWindow window)
    {
        var stride = window.Plan.Stride;
        var start = (window.Hint + stride - 1) & ~(stride - 1);
        start = start >= window.Length ? 0 : start;
        if (!window.TryGetPeriod(out var period, out var first) || !BitOperations.IsPow2(stride)
            || stride > Slot.SegmentSlots || stride < period)
        {
            return Walk(window, start);
        }

        if (first >= window.Length)
        {
            return -1;
        }

        // Aligned starts are first, first + stride, ... in both rounds, as the start is a multiple of the stride.
        var found = window.Find((int)start, window.Length, (int)stride, (int)first);
        if (found < 0 && start > 0)
        {
            found = window.Find(0, (int)start, (int)stride, (int)first);
        }

        // The second round goes first, first + stride, ... and meets the start only if it is in that row itself.
        return found < 0 && first != 0 && start != 0 ? Endless : found;
    }

    /// <summary>Index by index as the kernel goes: for masks with holes and strides that are no power of two.</summary>
    private static int Walk(in SlotWindow window, long start)
    {
        var i = start;
        var steps = 0L;
        do
        {
            if (!window.IsAligned(i))
            {
                i++;
            }
            else if (window.Fits(i))
            {
                return (int)i;
            }
            else
            {
                i += window.Plan.Stride;
            }

            i = i >= window.Length ? 0 : i;
            if (++steps > window.Length)
            {
                return Endless; // every index was seen and none led back to the start
            }
        }
        while (i != start);
        return -1;
    }
}
