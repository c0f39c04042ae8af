namespace TraceReplay.Pools.Bitmaps;

/// <summary>For each block of a pool an upper bound of the free run that can begin in it, with a second level over 64
/// blocks, so that the next block that may serve a request is found by comparing bytes 32 at a time instead of by
/// scanning units. Bounds are raised when units are freed and lowered only when a look at the block finds less; so
/// taking units costs nothing here, and every wasted look is paid for by an earlier free.</summary>
internal sealed class RunBounds
{
    /// <summary>Greatest bound; it stands for this length or more.</summary>
    public const int Most = byte.MaxValue;

    private const int GroupShift = 6;

    private readonly byte[] _blocks;
    private readonly byte[] _groups;

    /// <summary>Bounds that rule nothing out.</summary>
    /// <param name="blocks">Number of blocks.</param>
    public RunBounds(int blocks)
    {
        _blocks = new byte[blocks];
        _groups = new byte[(blocks + (1 << GroupShift) - 1) >> GroupShift];
        _blocks.AsSpan().Fill(Most);
        _groups.AsSpan().Fill(Most);
    }

    /// <summary>The first block of [from, end) whose bound is at least <paramref name="run"/>, -1 if none.</summary>
    /// <param name="from">First block to look at.</param>
    /// <param name="end">Block after the last.</param>
    /// <param name="run">Length wanted; lengths above <see cref="Most"/> count as that.</param>
    public int Next(int from, int end, int run)
    {
        if (from >= end)
        {
            return -1;
        }

        var least = (byte)Math.Min(run, Most);
        var group = from >> GroupShift;
        var groupEnd = Math.Min(end, (group + 1) << GroupShift);
        if (_groups[group] >= least)
        {
            var at = _blocks.AsSpan(from, groupEnd - from).IndexOfAnyInRange(least, (byte)Most);
            if (at >= 0)
            {
                return from + at;
            }
        }

        return groupEnd >= end ? -1 : NextInLaterGroups(group + 1, end, least);
    }

    /// <summary>Raises a bound to a run that was just freed.</summary>
    public void Raise(int block, int run)
    {
        var bound = (byte)Math.Min(run, Most);
        if (_blocks[block] < bound)
        {
            _blocks[block] = bound;
            ref var group = ref _groups[block >> GroupShift];
            group = Math.Max(group, bound);
        }
    }

    /// <summary>States what a look at a block found.</summary>
    public void Lower(int block, int run) => _blocks[block] = (byte)Math.Min(run, Most);

    private int NextInLaterGroups(int group, int end, byte least)
    {
        var groupsEnd = (end + (1 << GroupShift) - 1) >> GroupShift;
        while (true)
        {
            var skip = _groups.AsSpan(group, groupsEnd - group).IndexOfAnyInRange(least, (byte)Most);
            if (skip < 0)
            {
                return -1;
            }

            group += skip;
            var from = group << GroupShift;
            var to = Math.Min(end, from + (1 << GroupShift));
            var at = _blocks.AsSpan(from, to - from).IndexOfAnyInRange(least, (byte)Most);
            if (at >= 0)
            {
                return from + at;
            }

            if (to == Math.Min(_blocks.Length, from + (1 << GroupShift)))
            {
                _groups[group] = Highest(_blocks.AsSpan(from, to - from));
            }

            if (++group >= groupsEnd)
            {
                return -1;
            }
        }
    }

    private static byte Highest(ReadOnlySpan<byte> bounds)
    {
        byte most = 0;
        foreach (var bound in bounds)
        {
            most = Math.Max(most, bound);
        }

        return most;
    }
}
