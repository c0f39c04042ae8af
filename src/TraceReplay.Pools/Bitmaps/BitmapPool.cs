using TraceReplay.Core;

namespace TraceReplay.Pools.Bitmaps;

/// <summary>What pools with one bitmap and no areas share: counting, releasing, occupying.</summary>
internal abstract class BitmapPool : IPoolModel
{
    /// <summary>An empty pool.</summary>
    /// <param name="geometry">A geometry found possible.</param>
    /// <param name="generation">Generation of the allocator.</param>
    protected BitmapPool(PoolGeometry geometry, string generation)
    {
        Geometry = geometry;
        Name = geometry.Kind.Name() + "-" + generation;
        Table = new FreeMap((int)geometry.Units);
    }

    /// <inheritdoc/>
    public PoolKind Kind => Geometry.Kind;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <inheritdoc/>
    public long UsedUnits { get; private set; }

    /// <inheritdoc/>
    public int Areas => 1;

    /// <inheritdoc/>
    public abstract long MaxRequestUnits { get; }

    // A pool that refuses does so many times in a row: nothing has changed between them. Below 0 = to be measured.
    private long _largestFreeRun = -1;

    /// <summary>The bitmap.</summary>
    protected FreeMap Table { get; }

    /// <inheritdoc/>
    public abstract MapResult Map(in MapRequest request);

    /// <inheritdoc/>
    public virtual void Unmap(long firstUnit, long units, int cpu)
    {
        var (first, count) = Table.Clip(firstUnit, units);
        if (count > 0)
        {
            UsedUnits -= Table.Release(first, count);
            _largestFreeRun = -1;
        }
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        var (first, count) = Table.Clip(firstUnit, units);
        var taken = Table.Take(first, count);
        UsedUnits += taken;
        _largestFreeRun = -1;
        return taken;
    }

    /// <inheritdoc/>
    public bool IsFree(long firstUnit, long units)
    {
        var (first, count) = Table.Clip(firstUnit, units);
        return count == units && Table.IsFree(first, count);
    }

    /// <inheritdoc/>
    public long AreaUsed(int area) => UsedUnits;

    /// <inheritdoc/>
    public abstract long SearchIndex(int area);

    /// <inheritdoc/>
    public abstract void SetSearchIndex(int area, long index);

    /// <inheritdoc/>
    public long LargestFreeRun() => _largestFreeRun < 0 ? _largestFreeRun = MeasureFreeRun() : _largestFreeRun;

    /// <inheritdoc/>
    public abstract long UnitsFor(in MapRequest request);

    /// <inheritdoc/>
    public abstract void WriteState(TextWriter output);

    /// <summary>Walks the bitmap for <see cref="LargestFreeRun"/>.</summary>
    /// <returns>Units.</returns>
    protected abstract long MeasureFreeRun();

    /// <summary>Takes units that a search found free.</summary>
    /// <returns>The answer.</returns>
    protected MapResult Take(int first, long n, int unitShift)
    {
        Table.Take(first, (int)n);
        UsedUnits += n;
        _largestFreeRun = -1;
        return new MapResult(MapOutcome.Mapped, first, n, (long)first << unitShift);
    }

    /// <summary>Units for a request in units or in bytes, 0 if it asks for nothing.</summary>
    protected static long Count(in MapRequest request, int unitShift) => request.Units > 0
        ? request.Units
        : (Math.Clamp(request.Bytes, 0, 1L << 50) + (1L << unitShift) - 1) >> unitShift;
}
