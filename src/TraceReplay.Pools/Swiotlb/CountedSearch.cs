using System.Numerics;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>The search from 6.3 on: from the hint itself, and no further than a count of the area's slots
/// (spec section 2, G4b to G6b).</summary>
internal static class CountedSearch
{
    /// <summary>Finds the index the kernel would.</summary>
    /// <returns>The index, -1 if the kernel gives up.</returns>
    public static int Find(in SlotWindow window)
    {
        if (!window.TryGetPeriod(out var period, out var first) || period > Slot.SegmentSlots)
        {
            return Walk(window);
        }

        // From an aligned index the kernel adds its stride and then ones up to the next aligned index.
        var stride = window.Plan.Stride;
        var step = (stride + period - 1) & ~(period - 1);
        if (!BitOperations.IsPow2(step) || step > Slot.SegmentSlots)
        {
            return Walk(window);
        }

        var begin = window.Hint + ((first - window.Hint) & (period - 1));
        var found = window.Find(window.Hint, window.Length, (int)step, (int)begin);
        return found >= 0
            ? found
            : window.Find(0, EndOfSecondRound(window, begin, step), (int)step, (int)first);
    }

    /// <summary>The count goes on where the first round left the area, beyond its end by what the last stride went too
    /// far; so that much of the second round is never looked at.</summary>
    private static int EndOfSecondRound(in SlotWindow window, long begin, long step)
    {
        if (begin >= window.Length)
        {
            return window.Hint;
        }

        var last = begin + ((window.Length - 1 - begin) & ~(step - 1));
        var beyond = last + window.Plan.Stride - window.Length;
        return (int)Math.Max(0, window.Hint - Math.Max(0, beyond));
    }

    /// <summary>Index by index as the kernel goes: for masks with holes and strides that are no power of two.</summary>
    private static int Walk(in SlotWindow window)
    {
        long i = window.Hint;
        var seen = 0L;
        while (seen < window.Length)
        {
            var step = 1L;
            if (window.IsAligned(i))
            {
                if (window.Fits(i))
                {
                    return (int)i;
                }

                step = window.Plan.Stride;
            }

            i += step;
            seen += step;
            i = i >= window.Length ? 0 : i;
        }

        return -1;
    }
}
