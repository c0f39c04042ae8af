using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Iova;

/// <summary>The ranges of an IOVA domain in ascending order, as the kernel's red-black tree holds them, in blocks of up
/// to 64. Each block knows a bound of the gap below any of its ranges, so that a search downwards passes over blocks
/// instead of ranges.</summary>
internal sealed class IovaTree
{
    /// <summary>Stands for the anchor, the tree's highest node, which holds no pages.</summary>
    public const ulong Anchor = ulong.MaxValue;

    private readonly List<Block> _blocks = [new()];

    /// <summary>Number of ranges.</summary>
    public int Count { get; private set; }

    /// <summary>Pages in all ranges.</summary>
    public ulong Pages { get; private set; }

    /// <summary>Whether a range begins at a page; if so its last page.</summary>
    public bool TryGet(ulong low, out ulong high)
    {
        var (block, at) = AtOrAbove(low);
        var found = at < _blocks[block].Count && _blocks[block].Low[at] == low;
        high = found ? _blocks[block].High[at] : 0;
        return found;
    }

    /// <summary>Where the lowest range at or above a page begins, <see cref="Anchor"/> if there is none.</summary>
    public ulong FirstFrom(ulong pfn)
    {
        var (block, at) = AtOrAbove(pfn);
        return at < _blocks[block].Count ? _blocks[block].Low[at] : Anchor;
    }

    /// <summary>The highest range that begins at or below a page.</summary>
    public bool TryGetLastTo(ulong pfn, out ulong low, out ulong high)
    {
        var (block, at) = pfn == Anchor ? End : AtOrAbove(pfn + 1);
        var found = TryStepDown(ref block, ref at);
        (low, high) = found ? (_blocks[block].Low[at], _blocks[block].High[at]) : (0, 0);
        return found;
    }

    /// <summary>Adds a range that overlaps no other.</summary>
    public void Insert(ulong low, ulong high)
    {
        var (block, at) = AtOrAbove(low);
        if (_blocks[block].Count == Block.Size)
        {
            _blocks.Insert(block + 1, _blocks[block].SplitUpperHalf());
            (block, at) = AtOrAbove(low);
        }

        _blocks[block].Insert(at, low, high);
        Count++;
        Pages += high - low + 1;
    }

    /// <summary>Removes the range that begins at a page.</summary>
    public void Remove(ulong low)
    {
        var (block, at) = AtOrAbove(low);
        var pages = _blocks[block].High[at] - low + 1;
        _blocks[block].RemoveAt(at);
        if (_blocks[block].Count == 0 && _blocks.Count > 1)
        {
            _blocks.RemoveAt(block);
            at = 0;
        }

        Count--;
        Pages -= pages;
        RaiseGap(block, at);
    }

    /// <summary>The kernel's walk down from a range: the highest aligned place below <paramref name="limit"/> with
    /// <paramref name="size"/> free pages just below a range at or under the starting one.</summary>
    /// <param name="from">Where the starting range begins, or <see cref="Anchor"/>.</param>
    /// <param name="limit">Page after the last allowed.</param>
    /// <param name="low">Lowest page allowed.</param>
    /// <param name="size">Pages, at least 1.</param>
    /// <param name="alignMask">Bits a place may have.</param>
    /// <param name="found">The place.</param>
    /// <returns>False if there is none.</returns>
    public bool TryFindBelow(ulong from, ulong limit, ulong low, ulong size, ulong alignMask, out ulong found)
    {
        // Ranges above the limit only hand the walk on, until the last one before it.
        var (block, at) = AtOrAbove(Math.Min(from, limit));
        while (true)
        {
            var high = at < _blocks[block].Count ? Math.Min(limit, _blocks[block].Low[at]) : limit;
            found = (high - size) & alignMask;
            if (high < size || found < low)
            {
                return false;
            }

            if (!TryStepDown(ref block, ref at) || found > _blocks[block].High[at])
            {
                return true;
            }

            if (!TryFindGapDown(ref block, ref at, size))
            {
                return false;
            }
        }
    }

    /// <summary>The largest gap in [low, end).</summary>
    public ulong LargestGap(ulong low, ulong end)
    {
        ulong largest = 0;
        var begin = low;
        foreach (var block in _blocks)
        {
            for (var i = 0; i < block.Count; i++)
            {
                var gapEnd = Math.Min(block.Low[i], end);
                largest = gapEnd > begin ? Math.Max(largest, gapEnd - begin) : largest;
                begin = Math.Max(begin, block.High[i] + 1);
            }
        }

        return end > begin ? Math.Max(largest, end - begin) : largest;
    }

    /// <summary>Hash of all ranges in ascending order, lowest and highest page of each.</summary>
    public ulong Hash()
    {
        var hash = Fnv64.Empty;
        foreach (var block in _blocks)
        {
            for (var i = 0; i < block.Count; i++)
            {
                hash.AddInt64(block.Low[i]);
                hash.AddInt64(block.High[i]);
            }
        }

        return hash.Value;
    }

    private (int Block, int At) End => (_blocks.Count - 1, _blocks[^1].Count);

    /// <summary>Place of the lowest range that begins at or above a page; past the last range of the last block if
    /// none.</summary>
    private (int Block, int At) AtOrAbove(ulong pfn)
    {
        var (first, last) = (0, _blocks.Count - 1);
        while (first < last)
        {
            var middle = (first + last) >> 1;
            var block = _blocks[middle];
            if (block.Count > 0 && block.Low[block.Count - 1] >= pfn)
            {
                last = middle;
            }
            else
            {
                first = middle + 1;
            }
        }

        return (first, _blocks[first].AtOrAbove(pfn));
    }

    private bool TryStepDown(ref int block, ref int at)
    {
        if (at == 0)
        {
            if (block == 0)
            {
                return false;
            }

            at = _blocks[--block].Count;
        }

        at--;
        return true;
    }

    /// <summary>From a range downwards to the first one with a gap of a size below it.</summary>
    private bool TryFindGapDown(ref int block, ref int at, ulong size)
    {
        while (true)
        {
            var ranges = _blocks[block];
            if (ranges.GapBound >= size)
            {
                var isWhole = at == ranges.Count - 1;
                ulong largest = 0;
                for (; at >= 0; at--)
                {
                    var gap = GapBelow(block, at);
                    if (gap >= size)
                    {
                        return true;
                    }

                    largest = Math.Max(largest, gap);
                }

                ranges.GapBound = isWhole ? largest : ranges.GapBound;
            }

            if (block == 0)
            {
                return false;
            }

            at = _blocks[--block].Count - 1;
        }
    }

    private ulong GapBelow(int block, int at)
    {
        var low = _blocks[block].Low[at];
        return TryStepDown(ref block, ref at) ? low - _blocks[block].High[at] - 1 : low;
    }

    private void RaiseGap(int block, int at)
    {
        if (block < _blocks.Count && at == _blocks[block].Count && block + 1 < _blocks.Count)
        {
            (block, at) = (block + 1, 0);
        }

        if (block < _blocks.Count && at < _blocks[block].Count)
        {
            _blocks[block].GapBound = Math.Max(_blocks[block].GapBound, GapBelow(block, at));
        }
    }

    /// <summary>Up to 64 ranges.</summary>
    private sealed class Block
    {
        public const int Size = 64;

        public readonly ulong[] Low = new ulong[Size];
        public readonly ulong[] High = new ulong[Size];

        public int Count { get; private set; }

        /// <summary>No gap below a range of this block is larger.</summary>
        public ulong GapBound { get; set; } = ulong.MaxValue;

        public int AtOrAbove(ulong pfn)
        {
            var (first, last) = (0, Count);
            while (first < last)
            {
                var middle = (first + last) >> 1;
                (first, last) = Low[middle] >= pfn ? (first, middle) : (middle + 1, last);
            }

            return first;
        }

        public void Insert(int at, ulong low, ulong high)
        {
            Array.Copy(Low, at, Low, at + 1, Count - at);
            Array.Copy(High, at, High, at + 1, Count - at);
            (Low[at], High[at]) = (low, high);
            Count++;
            GapBound = at == Count - 1 ? ulong.MaxValue : GapBound; // a gap above the block's ranges was not in the bound
        }

        public void RemoveAt(int at)
        {
            Array.Copy(Low, at + 1, Low, at, Count - at - 1);
            Array.Copy(High, at + 1, High, at, Count - at - 1);
            Count--;
        }

        public Block SplitUpperHalf()
        {
            var upper = new Block { Count = Size / 2, GapBound = GapBound };
            Array.Copy(Low, Size / 2, upper.Low, 0, Size / 2);
            Array.Copy(High, Size / 2, upper.High, 0, Size / 2);
            Count = Size / 2;
            return upper;
        }
    }
}
