namespace TraceReplay.Replay.Paging;

/// <summary>Order statistics of numbers that may be too many for memory.</summary>
public static class PagedSort
{
    /// <summary>So many numbers are sorted in memory.</summary>
    private const int Most = 1 << 18;

    /// <summary>Sorts a range.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="from">First index.</param>
    /// <param name="count">How many.</param>
    public static void Sort(PagedArray<long> values, int from, int count)
    {
        ArgumentNullException.ThrowIfNull(values);
        while (count > Most)
        {
            var (less, equal) = Partition(values, from, count, Pivot(values, from, count));
            var greater = count - less - equal;
            if (less < greater)
            {
                Sort(values, from, less);
                (from, count) = (from + less + equal, greater);
            }
            else
            {
                Sort(values, from + less + equal, greater);
                count = less;
            }
        }

        var buffer = new long[count];
        for (var i = 0; i < count; i++)
        {
            buffer[i] = values[from + i];
        }

        Array.Sort(buffer);
        for (var i = 0; i < count; i++)
        {
            values[from + i] = buffer[i];
        }
    }

    /// <summary>How many numbers of a sorted range are not above a number.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="from">First index.</param>
    /// <param name="count">How many.</param>
    /// <param name="most">The number.</param>
    /// <returns>0 to <paramref name="count"/>.</returns>
    public static int CountUpTo(PagedArray<long> values, int from, int count, long most)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = values[from + middle] <= most ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The middle of numbers from all over the range.</summary>
    private static long Pivot(PagedArray<long> values, int from, int count)
    {
        const int samples = 129;
        var some = new long[samples];
        for (var i = 0; i < samples; i++)
        {
            some[i] = values[from + (int)((long)i * (count - 1) / (samples - 1))];
        }

        Array.Sort(some);
        return some[samples / 2];
    }

    /// <summary>Puts the lesser numbers before those equal to the pivot, and the greater ones behind.</summary>
    private static (int Less, int Equal) Partition(PagedArray<long> values, int from, int count, long pivot)
    {
        var (less, at, greater) = (from, from, from + count);
        while (at < greater)
        {
            var value = values[at];
            if (value < pivot)
            {
                values[at++] = values[less];
                values[less++] = value;
            }
            else if (value > pivot)
            {
                greater--;
                values[at] = values[greater];
                values[greater] = value;
            }
            else
            {
                at++;
            }
        }

        return (less - from, greater - less);
    }
}
