namespace TraceReplay.Pools.Iova;

/// <summary>The tree of a domain with its cursors. Mirrors <c>__alloc_and_insert_iova_range</c> and
/// <c>__cached_rbnode_delete_update</c> of drivers/iommu/iova.c (4.15 on); spec/iommu-pools.md 3.2 and 3.3.</summary>
internal sealed class IovaDomain
{
    private readonly IovaRules _rules;
    private readonly ulong _start;

    /// <summary>An empty domain.</summary>
    /// <param name="rules">Generation.</param>
    /// <param name="start">Lowest page handed out.</param>
    /// <param name="dma32">First page above 4 GiB.</param>
    public IovaDomain(IovaRules rules, ulong start, ulong dma32)
    {
        _rules = rules;
        _start = start;
        Dma32 = dma32;
        FailedSize32 = dma32;
    }

    /// <summary>All ranges.</summary>
    public IovaTree Tree { get; } = new();

    /// <summary>First page above 4 GiB.</summary>
    public ulong Dma32 { get; }

    /// <summary>Where the last range allocated at or above 4 GiB begins (<c>cached_node</c>).</summary>
    public ulong Cursor { get; private set; } = IovaTree.Anchor;

    /// <summary>Where the last range allocated below 4 GiB begins (<c>cached32_node</c>).</summary>
    public ulong Cursor32 { get; set; } = IovaTree.Anchor;

    /// <summary>Requests below 4 GiB of this size or more fail at once (<c>max32_alloc_size</c>).</summary>
    public ulong FailedSize32 { get; private set; }

    /// <summary>Adds a range without moving a cursor: a reservation, or pages held before a trace.</summary>
    public void Reserve(ulong low, ulong high) => Tree.Insert(low, high);

    /// <summary>Allocates.</summary>
    /// <param name="size">Pages, at least 1.</param>
    /// <param name="limitPfn">Highest page allowed.</param>
    /// <param name="isAligned">Whether the place must be a multiple of the size rounded up to a power of two.</param>
    /// <param name="low">The place.</param>
    /// <returns>False if the kernel finds none.</returns>
    public bool TryAllocate(ulong size, ulong limitPfn, bool isAligned, out ulong low)
    {
        low = 0;
        var limit = limitPfn + 1; // wraps to 0 for all ones, as in the kernel, and then nothing is found
        var is32 = limit <= Dma32;
        if (_rules.RemembersFailedSize && is32 && size >= FailedSize32)
        {
            return false;
        }

        var alignMask = isAligned ? AlignMask(size) : ulong.MaxValue;
        var from = is32 ? Cursor32 : Cursor;
        if (!Tree.TryFindBelow(from, limit, _start, size, alignMask, out low) && !TryAbove(from, limit, size, alignMask, out low))
        {
            FailedSize32 = _rules.RemembersFailedSize ? size : FailedSize32;
            return false;
        }

        var high = low + size - 1;
        Tree.Insert(low, high);
        if (high < Dma32)
        {
            Cursor32 = low;
        }
        else
        {
            Cursor = low;
        }

        return true;
    }

    /// <summary>Frees the range that begins at a page.</summary>
    public void Free(ulong low)
    {
        Tree.TryGet(low, out var high);
        var next = Tree.FirstFrom(low + 1);
        var movesCursor32 = low == Cursor32 || (high < Dma32 && low >= Cursor32);
        if (_rules.RemembersFailedSize && (_rules.RetriesFromTop ? low < Dma32 : movesCursor32))
        {
            FailedSize32 = Dma32;
        }

        Cursor32 = movesCursor32 ? next : Cursor32;
        Cursor = low >= Cursor ? next : Cursor;
        Tree.Remove(low);
    }

    /// <summary>The one further search, from the limit down to the cursor where the first began (after 5.10).</summary>
    private bool TryAbove(ulong from, ulong limit, ulong size, ulong alignMask, out ulong low)
    {
        low = 0;
        var retry = from != IovaTree.Anchor && Tree.TryGet(from, out var high) ? high : ulong.MaxValue;
        return _rules.RetriesFromTop && retry < limit
            && Tree.TryFindBelow(IovaTree.Anchor, limit, retry + 1, size, alignMask, out low);
    }

    private static ulong AlignMask(ulong size) =>
        size <= 1 ? ulong.MaxValue : ulong.MaxValue << (64 - System.Numerics.BitOperations.LeadingZeroCount(size - 1));
}
