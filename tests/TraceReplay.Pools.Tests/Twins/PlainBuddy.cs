namespace TraceReplay.Pools.Tests.Twins;

/// <summary>P0, the buddy allocator of 2.4, recursively as spec/iommu-pools.md 1.1 says it.</summary>
public sealed class PlainBuddy : PlainPool
{
    private readonly bool[][] _free = new bool[10][];
    private readonly bool[] _used;

    public PlainBuddy(int n)
    {
        _used = new bool[n];
        for (var level = 0; level < 10; level++)
        {
            _free[level] = new bool[n >> level];
            if (level == 9)
            {
                Array.Fill(_free[level], true);
            }
            else if (_free[level].Length % 2 == 1)
            {
                _free[level][^1] = true;
            }
        }
    }

    public override bool IsUsed(long unit) => _used[unit];

    public override string Hints() => "";

    public override string Map(MapRequest request)
    {
        var order = 0;
        while (1 << order < request.Units)
        {
            order++;
        }

        var entry = order >= 10 ? -1 : Allocate(order);
        if (entry < 0)
        {
            return Fail;
        }

        Array.Fill(_used, true, entry, 1 << order);
        return $"{entry} {1 << order} {(long)entry << 12}";
    }

    public override void Unmap(long first, long units, int cpu)
    {
        Array.Fill(_used, false, (int)first, (int)units);
        Free((int)first, System.Numerics.BitOperations.Log2((ulong)units));
    }

    private int Allocate(int order)
    {
        var block = Array.IndexOf(_free[order], true);
        if (block >= 0)
        {
            _free[order][block] = false;
            return block << order;
        }

        if (order == 9)
        {
            return -1;
        }

        var entry = Allocate(order + 1);
        if (entry >= 0)
        {
            Free(entry + (1 << order), order);
        }

        return entry;
    }

    private void Free(int entry, int order)
    {
        var block = entry >> order;
        var bits = _free[order];
        bits[block] = true;
        var isOddLast = bits.Length % 2 == 1 && block == bits.Length - 1;
        if (order < 9 && block > bits.Length / 4 && !isOddLast && bits[block ^ 1])
        {
            (bits[block], bits[block ^ 1]) = (false, false);
            Free((block >> 1) << (order + 1), order + 1);
        }
    }
}
