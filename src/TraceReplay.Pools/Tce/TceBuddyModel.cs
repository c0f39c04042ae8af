using System.Globalization;
using System.Numerics;
using TraceReplay.Core;
using TraceReplay.Pools.Bitmaps;
using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.Tce;

/// <summary>The ppc64 TCE table of 2.4: a buddy allocator of blocks of 1 to 512 entries. Mirrors
/// <c>alloc_tce_range_nolock</c> and <c>free_tce_range_nolock</c> of arch/ppc64/kernel/pci_dma.c (2.4.21);
/// spec/iommu-pools.md 1.1 (P0). A failure is a panic there.</summary>
internal sealed class TceBuddyModel : IPoolModel
{
    private const int Levels = 10; // NUM_TCE_LEVELS
    private const int PageShift = 12;

    private readonly FreeMap[] _blocks = new FreeMap[Levels]; // by level: which blocks are free as such
    private readonly FreeMap _entries;
    private long _used;

    /// <summary>An empty table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a table.</exception>
    public TceBuddyModel(PoolGeometry geometry)
    {
        Geometry = geometry;
        GeometryCheck.Range(geometry.Units, 1 << (Levels - 1), 1L << 30, "entries");
        _entries = new FreeMap((int)geometry.Units);
        for (var level = 0; level < Levels; level++)
        {
            var count = (int)geometry.Units >> level;
            _blocks[level] = new FreeMap(count);
            if (level < Levels - 1)
            {
                // Only the block that no larger one covers is free as such.
                _blocks[level].Take(0, count & ~1);
            }
        }
    }

    /// <inheritdoc/>
    public PoolKind Kind => PoolKind.Tce;

    /// <inheritdoc/>
    public string Name => "tce-P0";

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <inheritdoc/>
    public long UsedUnits => _used;

    /// <inheritdoc/>
    public int Areas => 1;

    /// <inheritdoc/>
    public long MaxRequestUnits => 1 << (Levels - 1);

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
    {
        var n = UnitsFor(request);
        if (n <= 0 || n > MaxRequestUnits)
        {
            return MapResult.Failed;
        }

        var order = BitOperations.Log2((ulong)n);
        var level = order;
        int block;
        while ((block = _blocks[level].Find(0, _blocks[level].Units, 1, 0)) < 0)
        {
            if (++level == Levels)
            {
                return MapResult.Failed;
            }
        }

        Split(level, block, order, block << (level - order));
        var first = block << level;
        _entries.Take(first, (int)n);
        _used += n;
        return new MapResult(MapOutcome.Mapped, first, n, (long)first << PageShift);
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu)
    {
        var (first, count) = _entries.Clip(firstUnit, units);
        var order = count > 0 ? OrderOf(count) : 0;
        var isBlock = count > 0 && order < Levels && count == 1 << order && (first & (count - 1)) == 0;
        if (isBlock && _entries.LongestRun(first, first + count) == 0)
        {
            Free(order, first >> order);
            _used -= _entries.Release(first, count);
            return;
        }

        for (var entry = first; entry < first + count; entry++)
        {
            if (_entries.Release(entry, 1) == 1)
            {
                _used--;
                Free(0, entry);
            }
        }
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        var (first, count) = _entries.Clip(firstUnit, units);
        var taken = 0;
        for (var entry = first; entry < first + count; entry++)
        {
            if (_entries.Take(entry, 1) == 0)
            {
                continue;
            }

            taken++;
            var level = 0;
            while (!_blocks[level].IsFree(entry >> level, 1))
            {
                level++;
            }

            Split(level, entry >> level, 0, entry);
        }

        _used += taken;
        return taken;
    }

    /// <inheritdoc/>
    public bool IsFree(long firstUnit, long units)
    {
        var (first, count) = _entries.Clip(firstUnit, units);
        return count == units && _entries.IsFree(first, count);
    }

    /// <inheritdoc/>
    public long AreaUsed(int area) => _used;

    /// <summary>There is no search index: always the lowest free block.</summary>
    public long SearchIndex(int area) => 0;

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index)
    {
        // First fit has none.
    }

    /// <summary>The largest free block.</summary>
    public long LargestFreeRun()
    {
        var level = Levels - 1;
        while (level >= 0 && _blocks[level].Find(0, _blocks[level].Units, 1, 0) < 0)
        {
            level--;
        }

        return level < 0 ? 0 : 1 << level;
    }

    /// <summary>A power of two: the order of the pages asked for.</summary>
    public long UnitsFor(in MapRequest request)
    {
        var pages = request.Units > 0
            ? Math.Min(request.Units, 1L << 30)
            : (Math.Clamp(request.Bytes, 0, 1L << 42) + (1L << PageShift) - 1) >> PageShift;
        return pages <= 0 ? 0 : 1L << OrderOf(pages);
    }

    /// <inheritdoc/>
    public void WriteState(TextWriter output) => output.Write(string.Create(CultureInfo.InvariantCulture,
        $"used={_used} map_fnv={_entries.HashOfUsed():x16}"));

    private static int OrderOf(long pages) => pages <= 1 ? 0 : BitOperations.Log2((ulong)pages - 1) + 1;

    /// <summary>Takes a free block and gives back halves until only one small block of it is taken.</summary>
    private void Split(int level, int block, int order, int kept)
    {
        _blocks[level].Take(block, 1);
        while (--level >= order)
        {
            _blocks[level].Release((kept >> (level - order)) ^ 1, 1);
        }
    }

    /// <summary>Frees a block and joins it with its buddy, but never in the lowest quarter of a level.</summary>
    private void Free(int level, int block)
    {
        while (true)
        {
            var blocks = _blocks[level];
            blocks.Release(block, 1);
            var isOddLast = (blocks.Units & 1) != 0 && block == blocks.Units - 1;
            if (level == Levels - 1 || block <= blocks.Units / 4 || isOddLast || !blocks.IsFree(block ^ 1, 1))
            {
                return;
            }

            blocks.Take(block & ~1, 2);
            block >>= 1;
            level++;
        }
    }
}
