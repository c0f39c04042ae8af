namespace TraceReplay.Pools.Tests.Twins;

/// <summary>Bit by bit: the searches of lib/iommu-helper.c (spec/iommu-pools.md section 0).</summary>
public abstract class PlainTable(int n) : PlainPool
{
    protected bool[] Used { get; } = new bool[n];

    public override bool IsUsed(long unit) => Used[unit];

    public override void Unmap(long first, long units, int cpu)
    {
        for (var i = Math.Max(0, first); i < Math.Min(first + units, Used.Length); i++)
        {
            Used[i] = IsReserved(i);
        }
    }

    protected virtual bool IsReserved(long unit) => false;

    protected long NextZero(long from, long limit)
    {
        while (from < limit && Used[from])
        {
            from++;
        }

        return Math.Min(from, limit);
    }

    protected long NextSet(long from, long limit)
    {
        while (from < limit && !Used[from])
        {
            from++;
        }

        return from;
    }

    /// <summary>iommu_area_alloc; -1 none, -2 endless. boundary 0 = none.</summary>
    protected long Area(long start, long limit, long size, long alignMask, ulong shift, ulong boundary, bool jumps)
    {
        limit--;
        while (true)
        {
            var i = start < limit ? NextZero(start, limit) : limit;
            i = (i + alignMask) & ~alignMask;
            if (i + size > limit)
            {
                return -1;
            }

            var j = NextSet(i, i + size);
            if (j < i + size)
            {
                start = j + 1;
                continue;
            }

            if (boundary == 0 || ((shift + (ulong)i) & (boundary - 1)) + (ulong)size <= boundary)
            {
                return i;
            }

            var before = start;
            start = jumps ? (long)(((shift + (ulong)i + boundary - 1) / boundary * boundary) - shift) : i + 1;
            if (start == before && start == i)
            {
                return -2;
            }
        }
    }
}
