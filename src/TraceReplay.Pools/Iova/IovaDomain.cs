using System.Numerics;

namespace TraceReplay.Pools.Iova;

/// <summary>The tree of a domain with its cursors. Mirrors <c>__alloc_and_insert_iova_range</c> and
/// <c>__cached_rbnode_delete_update</c> of drivers/pci/iova.c and drivers/iommu/iova.c; spec/iommu-pools.md 3.1 to
/// 3.3.</summary>
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
        if (_rules.HasOneCursor)
        {
            return TryAllocateFromTop(size, limitPfn, isAligned, out low);
        }

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
        if (_rules.HasOneCursor)
        {
            // The cursor is never the anchor's unless it is unset; then nothing is at or above it.
            Cursor32 = low < Cursor32 ? Cursor32 : next < Dma32 - 1 ? next : IovaTree.Anchor;
            Tree.Remove(low);
            return;
        }

        var movesCursor32 = low == Cursor32 || (high < Dma32 && low >= Cursor32);
        if (_rules.RemembersFailedSize && (_rules.RetriesFromTop ? low < Dma32 : movesCursor32))
        {
            FailedSize32 = Dma32;
        }

        Cursor32 = movesCursor32 ? next : Cursor32;
        Cursor = low >= Cursor ? next : Cursor;
        Tree.Remove(low);
    }

    /// <summary>To 4.14: only requests with exactly the 32-bit limit begin at the cursor; all others walk down from the
    /// top. The lowest page allowed is never handed out.</summary>
    private bool TryAllocateFromTop(ulong size, ulong limitPfn, bool isAligned, out ulong low)
    {
        size = isAligned && _rules.RoundsAligned ? BitOperations.RoundUpToPowerOf2(size) : size;
        var is32 = limitPfn == Dma32 - 1;
        var from = is32 ? Cursor32 : IovaTree.Anchor;
        var limit = Math.Min(limitPfn + 1, from);
        if (!Tree.TryFindBelow(from, limit, 0, size, isAligned ? AlignMask(size) : ulong.MaxValue, out low)
            || (low <= _start && !Tree.TryGetLastTo(low, out _, out _)))
        {
            return false;
        }

        Tree.Insert(low, low + size - 1);
        Cursor32 = is32 ? low : Cursor32;
        return true;
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
        size <= 1 ? ulong.MaxValue : ulong.MaxValue << (64 - BitOperations.LeadingZeroCount(size - 1));
}
